// A form that survives a lost connection: what is typed and photographed is kept on this device
// until the server has answered. Without this the form works the same, but forgets.
const MONTH = 30 * 24 * 60 * 60 * 1000;

function store(mode, act) {
  return new Promise((done, fail) => {
    const opening = indexedDB.open("portal", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("forms");
    opening.onerror = () => fail(opening.error);
    opening.onsuccess = () => {
      const transaction = opening.result.transaction("forms", mode);
      const request = act(transaction.objectStore("forms"));
      transaction.oncomplete = () => done(request.result);
      transaction.onerror = () => fail(transaction.error);
    };
  });
}

const skipped = (field) =>
  !field.name || field.type === "hidden" || field.type === "submit" || field.type === "file";

function read(form) {
  const values = [...form.elements]
    .filter((field) => !skipped(field))
    .map((field) => [field.name, field.type === "checkbox" || field.type === "radio" ? [field.value, field.checked] : field.value]);
  return { values, files: [...form.querySelector("input[type=file]").files], kept: Date.now() };
}

function write(form, { values, files }) {
  for (const [name, value] of values) {
    for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (skipped(field)) continue;
      if (!Array.isArray(value)) field.value = value;
      else if (field.value === value[0]) field.checked = value[1];
    }
  }
  if (!files.length) return;
  const input = form.querySelector("input[type=file]");
  const transfer = new DataTransfer();
  for (const file of files) transfer.items.add(file);
  input.files = transfer.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

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
  const kept = form.dataset.fresh ? await store("readonly", (forms) => forms.get(key)).catch(() => null) : null;
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
  form.addEventListener("submit", (event) => {
    if (navigator.onLine) {
      sending = true;
      localStorage.setItem("portal-sent", key);
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    delete form.dataset.sent;
    keep();
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
