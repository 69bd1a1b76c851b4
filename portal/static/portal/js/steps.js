// A long form in steps on a phone, one screen each. Without this, and where there is room, it is one
// page. The browser's own way back goes a step back.
const form = document.querySelector("[data-steps]");
const steps = form ? [...form.querySelectorAll("[data-step]")] : [];
let at = 0;

function show(number, { focus = true } = {}) {
  at = Math.max(0, Math.min(number, steps.length - 1));
  for (const [index, step] of steps.entries()) step.hidden = index !== at;
  form.querySelector("[data-last-actions]").hidden = at !== steps.length - 1;
  if (!focus) return;
  const heading = steps[at].querySelector("h2");
  heading.focus({ preventScroll: true });
  heading.scrollIntoView({ block: "start" });
}

function forward() {
  const missing = steps[at].querySelector("input:invalid, select:invalid, textarea:invalid");
  if (missing) {
    missing.reportValidity();
    return;
  }
  history.pushState({ step: at + 1 }, "");
  show(at + 1);
}

if (steps.length && matchMedia("(max-width: 48rem)").matches) {
  form.classList.add("in-steps");
  const shown = "[data-step-actions], [data-step-place], [data-last-actions] [data-back]";
  for (const each of form.querySelectorAll(shown)) each.hidden = false;
  // What is filled in already is folded away, unless there is something to correct.
  for (const fold of form.querySelectorAll("[data-step-fold]")) {
    fold.open = Boolean(fold.querySelector("[aria-invalid=true]"));
  }
  const wrong = steps.findIndex((step) => step.querySelector("[aria-invalid=true]"));
  show(Math.max(0, wrong), { focus: false });
  addEventListener("popstate", (event) => show(event.state?.step ?? 0));
  form.addEventListener("click", ({ target }) => {
    if (target.closest("[data-next]")) forward();
    if (target.closest("[data-back]")) history.back();
  });
  form.addEventListener("steps:forward", forward);
  // The Enter key presses the first button of the form; before the last step it means: go on.
  form.addEventListener(
    "submit",
    (event) => {
      if (!event.submitter?.matches("[data-default]") || at === steps.length - 1) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      forward();
    },
    true,
  );
}
