// A form that survives a lost connection: what is typed and photographed is kept on this device
// until the server has answered. Without this the form works the same, but forgets.
import { read, write } from "./form-values.js";
import { opened } from "./store.js";

const MONTH = 30 * 24 * 60 * 60 * 1000;
const store = opened("portal", "forms");
const form = document.querySelector("[data-kept-form]");
const key = form?.dataset.keptForm;

if (form) {
  let sending = false;
  let waiting;
  const keep = () => store("readwrite", (forms) => forms.put(read(form), key)).catch(() => {});
  const tell = (name, shown) => {
    form.querySelector(`[data-kept-${name}]`).hidden = !shown;
  };

  // What the server shows after an error, or from a draft, is newer than what is kept here.
  const kept = form.dataset.fresh
    ? await store("readonly", (forms) => forms.get(key)).catch(() => null)
    : null;
  if (kept && Date.now() - kept.kept < MONTH) {
    write(form, kept);
    tell("restored", true);
  }

  form.querySelector("[data-kept-forget]").addEventListener("click", () => {
    sending = true;
    localStorage.setItem("portal-sent", key);
  });

  for (const kind of ["input", "change"]) {
    form.addEventListener(kind, () => {
      clearTimeout(waiting);
      waiting = setTimeout(keep, 150);
    });
  }
  form.addEventListener("submit", async (event) => {
    if (navigator.onLine) {
      sending = true;
      localStorage.setItem("portal-sent", key);
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    delete form.dataset.sent;
    // It says that everything is kept, so it waits until that is so.
    await keep();
    tell("offline", true);
    form.querySelector("[data-kept-offline]").focus();
  });
  addEventListener("pagehide", () => sending || keep());
  addEventListener("online", () => {
    tell("offline", false);
    tell("online", true);
  });
  addEventListener("offline", () => {
    tell("online", false);
    tell("offline", true);
  });
  if (!navigator.onLine) tell("offline", true);
  form.dataset.ready = "yes";
}
