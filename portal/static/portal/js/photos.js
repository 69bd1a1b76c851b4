// Photos in a form: made smaller and sent once they are chosen, to be seen (HEIC too), turned, moved
// and removed. Without this there are more pages; without a connection they wait in the form.
import { shrink } from "./shrink.js";

function preview(list, files) {
  list.replaceChildren(
    ...files.map((file) => {
      const item = document.createElement("li");
      const image = Object.assign(new Image(120, 90), { alt: file.name });
      image.src = URL.createObjectURL(file);
      image.onerror = () => image.replaceWith(file.name);
      item.append(image);
      return item;
    }),
  );
}

// Presses a button of the photos without leaving the page; returns the photos as they are then.
async function press(box, name, value, done) {
  const form = box.closest("form");
  const data = new FormData(form);
  data.append(name, value);
  const status = box.querySelector("[data-photo-status]");
  status.textContent = status.dataset.sending;
  const address = form.getAttribute("action") || location.href;
  const response = await fetch(address, { method: "POST", body: data });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = page.querySelector("[data-photos]");
  if (!fresh) throw new Error("The answer has no photos in it.");
  box.replaceWith(document.adoptNode(fresh));
  const count = fresh.querySelectorAll("[data-photo]").length;
  const said = fresh.querySelector("[data-photo-status]");
  // What is there when the region comes is not read out, what comes after is.
  requestAnimationFrame(() => {
    said.textContent = done ?? `${said.dataset.done}: ${count}`;
  });
  // The form is to be kept as it is now (kept-form.js).
  form.dispatchEvent(new Event("change"));
  return fresh;
}

async function send(input) {
  const box = input.closest("[data-photos]");
  const files = await Promise.all([...input.files].map(shrink));
  const transfer = new DataTransfer();
  for (const file of files) transfer.items.add(file);
  input.files = transfer.files;
  preview(box.querySelector("[data-previews]"), files);
  try {
    const fresh = await press(box, "photo_upload", "1");
    fresh.querySelector("input[type=file]").focus();
  } catch {
    box.querySelector("[data-photo-status]").textContent = "";
  }
}

const FILES = "[data-photos] input[type=file]";
document.addEventListener("change", ({ target }) => target.matches(FILES) && send(target));
// On a slow line a photo is chosen before this has come.
for (const input of document.querySelectorAll(FILES)) if (input.files.length) send(input);

document.addEventListener("photos:show", (event) => {
  press(event.target, "photo_upload", "1").catch(() => {});
});

// One press at a time: each needs the form as the one before has left it.
let presses = Promise.resolve();

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-photo] button[name^=photo_]");
  if (!button) return;
  event.preventDefault();
  const form = button.closest("form");
  const place = placeOf(button.closest("[data-photo]"));
  presses = presses.then(() => pressAgain(form, button, place));
});

const photosIn = (box) => [...box.querySelectorAll("[data-photo]")];
const placeOf = (item) => photosIn(item.closest("[data-photos]")).indexOf(item);

// Presses what stands where `button` stood: the answer to an earlier press may have replaced it.
async function pressAgain(form, button, place) {
  const box = form.querySelector("[data-photos]");
  const same = `button[name=${button.name}][value="${CSS.escape(button.value)}"]`;
  const current =
    box.querySelector(same) ?? photosIn(box)[place]?.querySelector(`button[name=${button.name}]`);
  if (!current) return;
  const steps = { photo_first: -Infinity, photo_earlier: -1, photo_later: 1 };
  const to = placeOf(current.closest("[data-photo]")) + (steps[current.name] ?? 0);
  try {
    const fresh = await press(box, current.name, current.value, current.dataset.said);
    const left = photosIn(fresh);
    const moved = left[Math.max(0, Math.min(left.length - 1, to))];
    const again = moved?.querySelector(`button[name=${current.name}]`);
    (again ?? moved?.querySelector("button") ?? fresh.querySelector("input[type=file]")).focus();
  } catch {
    form.requestSubmit(current);
  }
}
