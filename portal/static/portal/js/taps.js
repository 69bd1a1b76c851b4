// Taps made without a connection: kept on this phone and sent, in the order in which they were made,
// until the server has answered each with yes or with a status of `final`.
import { opened } from "./store.js";

// `ask(tap)` sends one and resolves to the response, `refused` is where a no is shown, and
// `changed(taps)` is called with those that still wait.
export function tapQueue({ database, options, final, ask, refused, changed }) {
  const store = opened(database, "taps", options);
  const all = () => store("readonly", (taps) => taps.getAll());

  async function send(tap) {
    const response = await ask(tap);
    if (response.ok) return;
    if (!final.includes(response.status)) throw new Error(response.status);
    const answer = await response.json().catch(() => ({}));
    refused.hidden = false;
    refused.querySelector("p").textContent = answer.error ?? response.status;
  }

  let busy = false;
  async function catchUp() {
    if (busy) return;
    busy = true;
    try {
      for (const tap of await all()) {
        await send(tap);
        await store("readwrite", (taps) => taps.delete(tap[options.keyPath]));
      }
    } catch {
      // There is no connection: the next tap, or the phone itself, tries again.
    } finally {
      busy = false;
      changed(await all());
    }
  }

  addEventListener("online", catchUp);
  return { all, catchUp, keep: (tap) => store("readwrite", (taps) => taps.put(tap)) };
}
