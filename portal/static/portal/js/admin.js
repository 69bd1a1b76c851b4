// Wagtail saves drafts by itself, a moment after a change. Somebody who presses a button at that moment
// would send the same thing a second time: a listing would be there twice, a page would fail
// because its slug is taken. So the button waits until the draft is saved.

let saving = null;
let waiting = null;

document.addEventListener("w-autosave:save", ({ detail }) => {
  saving = detail.trigger;
});

for (const end of ["w-autosave:success", "w-autosave:error"]) {
  document.addEventListener(end, ({ detail }) => {
    if (detail.trigger !== saving) return;
    saving = null;
    waiting?.requestSubmit();
    waiting = null;
  });
}

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (!saving || !form.matches("[data-edit-form]")) return;
    event.preventDefault();
    event.stopPropagation();
    if (waiting) return;
    waiting = form;
    // The saved draft may bring new buttons, so what was pressed is kept as a field.
    const { name, value } = event.submitter ?? {};
    if (!name) return;
    const pressed = Object.assign(document.createElement("input"), { type: "hidden", name, value });
    form.append(pressed);
  },
  true,
);
