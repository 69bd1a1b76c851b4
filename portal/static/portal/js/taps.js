// Taps made without a connection: kept on this phone and sent, in the order in which they were made,
// until the server has answered each with yes or with a status of `final`.
import { opened } from "./store.js";

// How long to wait before the next try, in ms: as short as `SOONEST` and twice as long each time.
const SOONEST = 1_000;
const LATEST = 30_000;

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
  let again = false;
  let delay = SOONEST;
  let next;

  function tryLater() {
    clearTimeout(next);
    next = setTimeout(catchUp, delay);
    delay = Math.min(2 * delay, LATEST);
  }

  async function catchUp() {
    // A tap, or a connection, may come while an earlier try is under way, which does not see it.
    again = busy;
    if (busy) return;
    busy = true;
    try {
      for (const tap of await all()) {
        await send(tap);
        await store("readwrite", (taps) => taps.delete(tap[options.keyPath]));
      }
      delay = SOONEST;
    } catch {
      // A phone says that it is online before anything gets through.
      tryLater();
    } finally {
      busy = false;
      changed(await all());
    }
    if (again) await catchUp();
  }

  addEventListener("online", () => {
    delay = SOONEST;
    catchUp();
  });
  return { all, catchUp, keep: (tap) => store("readwrite", (taps) => taps.put(tap)) };
}
