// Looks again, every few seconds, at what is under way, until it is done.
const box = document.querySelector("[data-reload]");

async function look() {
  const response = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!response.ok) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = page.querySelector("[data-reload]");
  if (!fresh) return;
  if (!fresh.dataset.reload) {
    location.reload();
    return;
  }
  box.replaceChildren(...fresh.childNodes);
  wait();
}

function wait() {
  setTimeout(() => look().catch(wait), Number(box.dataset.reload) * 1000);
}

if (box?.dataset.reload) wait();
