// The driver's day without a connection: every tap is kept on this phone under a name of its own and
// sent until the server has answered, in the order in which they were made.
import { tapQueue } from "./taps.js";

const page = document.querySelector("[data-driver]");
const waiting = page.querySelector("[data-driver-waiting]");
const refused = page.querySelector("[data-driver-refused]");
const headers = { Accept: "application/json" };

function show({ stop, text }) {
  const item = page.querySelector(`[data-stop="${stop}"]`);
  item?.classList.add("driver__stop--done");
  const state = item?.querySelector("[data-stop-state]");
  if (!state) return;
  state.hidden = false;
  state.querySelector("span").textContent = text;
  item.querySelector("[data-stop-work]")?.remove();
}

function count(taps) {
  waiting.hidden = taps.length === 0;
  waiting.querySelector("[data-driver-count]").textContent = taps.length || "";
}

function ask(tap) {
  const body = new FormData();
  for (const [name, value] of tap.values) body.append(name, value);
  return fetch(tap.url, { method: "POST", body, headers });
}

const queue = tapQueue({
  database: "portal-driver",
  options: { keyPath: "number", autoIncrement: true },
  final: [409, 410, 422],
  ask,
  refused,
  changed: count,
});

page.addEventListener("submit", async (event) => {
  const form = event.target.closest("[data-driver-form]");
  if (!form || !window.indexedDB) return;
  event.preventDefault();
  const data = new FormData(form, event.submitter);
  data.set("at", new Date().toISOString());
  const stop = form.closest("[data-stop]").dataset.stop;
  const text = event.submitter.textContent.trim();
  const tap = { url: form.action, stop, text, values: [...data.entries()] };
  await queue.keep(tap);
  show(tap);
  queue.catchUp();
});

// An iPhone knows no geo: addresses.
if (/iPhone|iPad/.test(navigator.userAgent)) {
  for (const link of page.querySelectorAll("[data-map]")) {
    link.href = `https://maps.apple.com/?daddr=${encodeURIComponent(link.dataset.map)}`;
  }
}

const now = new Date().toLocaleDateString("sv-SE", { timeZone: "Europe/Stockholm" });
if (page.dataset.day !== now) {
  // Kept from a day that is over: nobody reads its addresses any more.
  page.querySelector(".driver__stops").remove();
  caches.delete("portal-driver-1");
}
const kept = await queue.all();
count(kept);
kept.forEach(show);
queue.catchUp();
