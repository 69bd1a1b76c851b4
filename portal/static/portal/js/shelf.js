// A shelf without a connection: a tap is kept on this phone under its own key and sent until the
// server has answered, so that it counts once. With a connection, the form is sent as any other.
import { tapQueue } from "./taps.js";

const page = document.querySelector("[data-shelf]");
const waiting = page.querySelector("[data-shelf-waiting]");
const refused = page.querySelector("[data-shelf-refused]");
const SHELL = "/nav/hylla/";

async function token(url) {
  const html = await (await fetch(url)).text();
  const found = new DOMParser().parseFromString(html, "text/html");
  return found.querySelector("[name=csrfmiddlewaretoken]")?.value;
}

async function ask({ url, key, size, at }) {
  const secret = await token(url);
  const body = new URLSearchParams({ key, size, at, csrfmiddlewaretoken: secret ?? "" });
  return fetch(url, { method: "POST", body, headers: { Accept: "application/json" } });
}

const queue = tapQueue({
  database: "portal-shelf",
  options: { keyPath: "key" },
  final: [403, 404, 409, 422],
  ask,
  refused,
  changed(taps) {
    waiting.hidden = taps.length === 0;
  },
});

page.addEventListener("submit", async (event) => {
  const form = event.target.closest("[data-shelf-form]");
  if (!form || (navigator.onLine && !page.dataset.shelfOffline)) return;
  event.preventDefault();
  const tap = {
    url: location.pathname,
    key: crypto.randomUUID(),
    size: event.submitter.value,
    at: new Date().toISOString(),
  };
  await queue.keep(tap);
  form.hidden = true;
  waiting.hidden = false;
  queue.catchUp();
});

if ("caches" in window && navigator.onLine) {
  caches
    .open("portal-shelf-1")
    .then((cache) => cache.add(SHELL))
    .catch(() => {});
}
await queue.catchUp();
page.dataset.ready = "yes";
