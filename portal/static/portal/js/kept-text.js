// What is typed is lost neither with the connection nor when the language is changed: it is kept on
// this device until the server has answered. The offer form keeps its photos too (kept-form.js).
const { user = "" } = document.querySelector("meta[name=portal-app]")?.dataset ?? {};
const path = location.pathname.replace(`/${document.documentElement.lang}/`, "/");
const SECRET = "[type=password], [autocomplete=one-time-code], [autocomplete^=username]";
const SKIPPED = ["hidden", "submit", "file", "button"];
const SENT = "portal-text-sent";
const DAY = 24 * 60 * 60 * 1000;

const fields = (form) =>
  [...form.elements].filter((field) => field.name && !SKIPPED.includes(field.type));
const isChoice = (field) => field.type === "checkbox" || field.type === "radio";
const read = (form) =>
  fields(form).map((field) => [field.name, field.value, isChoice(field) && field.checked]);

function write(form, values) {
  for (const [name, value, checked] of values) {
    for (const field of fields(form).filter((each) => each.name === name)) {
      if (!isChoice(field)) field.value = value;
      else if (field.value === value) field.checked = checked;
    }
  }
}

function note(form, name) {
  const notes = document.querySelector("#kept-notes");
  const alert = notes?.content.querySelector(`[data-note=${name}]`)?.cloneNode(true);
  if (!alert) return;
  form.querySelector(":scope > [data-note]")?.remove();
  form.prepend(alert);
  if (name === "offline") alert.focus();
}

function take(store, key) {
  const kept = JSON.parse(store.getItem(key) ?? "null");
  store.removeItem(key);
  return kept && Date.now() - kept.at < DAY ? kept.values : null;
}

// Somebody has got an answer to what was sent, unless it is that there is no connection.
const sent = localStorage.getItem(SENT);
if (sent && !document.querySelector("[data-offline-page]")) {
  localStorage.removeItem(SENT);
  localStorage.removeItem(sent);
}

const forms = [...document.querySelectorAll("main form[method=post]")].filter(
  (form) => !form.querySelector(SECRET) && fields(form).length,
);

for (const [index, form] of forms.entries()) {
  const key = `portal-text:${user}:${path}:${index}`;
  const keep = (store) =>
    store.setItem(key, JSON.stringify({ at: Date.now(), values: read(form) }));
  const carried = take(sessionStorage, key);
  if (carried) write(form, carried);
  for (const link of document.querySelectorAll("a.language")) {
    link.addEventListener("click", () => keep(sessionStorage));
  }
  // A script of the page itself keeps what is sent.
  if (form.matches("[data-kept-by-page]")) continue;

  const fresh = !form.querySelector("[aria-invalid=true]");
  const kept = fresh && take(localStorage, key);
  if (kept) {
    write(form, kept);
    note(form, "restored");
  }
  form.addEventListener("input", () => navigator.onLine || keep(localStorage));
  form.addEventListener("submit", (event) => {
    keep(localStorage);
    if (navigator.onLine) {
      localStorage.setItem(SENT, key);
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    note(form, "offline");
  });
}
