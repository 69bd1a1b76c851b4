// Small things that every page may use. All of them work without JavaScript too, by other means.

// The summary of a form's errors takes the focus, so that nobody has to look for it.
// The code of a mail is the one thing that its page is for.
const first = ["[data-focus]", "[aria-invalid=true]", "main [autocomplete=one-time-code]"]
  .map((each) => document.querySelector(each))
  .find(Boolean);
const folded = first?.closest("details");
if (folded) folded.open = true;
first?.focus();

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.dialog);
    if (dialog) {
      event.preventDefault();
      dialog.showModal();
    }
  }

  if (event.target.closest("[data-print]")) window.print();

  // A phone knows whom one shares with; elsewhere the link of a mail does.
  const share = event.target.closest("[data-share]");
  if (share && navigator.share) {
    event.preventDefault();
    navigator.share({ title: share.dataset.title, url: share.dataset.share }).catch(() => {});
  }

  const copier = event.target.closest("[data-copy]");
  if (copier) {
    navigator.clipboard.writeText(copier.dataset.copy).then(() => {
      copier.textContent = copier.dataset.copied;
    });
  }

  // A video is asked for from its host only after somebody wants to see it.
  const video = event.target.closest("[data-video]");
  if (video) {
    event.preventDefault();
    const frame = document.createElement("iframe");
    frame.src = video.dataset.video;
    frame.title = video.dataset.title;
    frame.allowFullscreen = true;
    frame.className = "video__frame";
    video.replaceWith(frame);
    frame.focus();
  }
});

// A form that has been sent is not sent again by an impatient thumb.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

// What was there when the page was opened is not read out; what comes a moment later is.
const said = document.querySelector("[data-said]");
if (said) {
  setTimeout(() => {
    said.textContent = document.querySelector(".messages").textContent.trim();
  }, 500);
  setTimeout(() => said.replaceChildren(), 10000);
}

// Filters are folded away on a phone and open where there is room beside the hits.
if (matchMedia("(min-width: 56rem)").matches) {
  for (const details of document.querySelectorAll("[data-open-wide]")) details.open = true;
}

for (const element of document.querySelectorAll("[data-needs-js]")) element.hidden = false;
