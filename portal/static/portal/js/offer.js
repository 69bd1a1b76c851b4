// What the offer form proposes: categories for the title that is being written, the usual weight.
const form = document.querySelector("[data-offer-form]");
const title = form?.querySelector("[name=title]");
const category = form?.querySelector("[name=category]");
const unit = form?.querySelector("[name=unit]");
const weight = form?.querySelector("[name=kg_per_unit]");
const box = form?.querySelector("[data-categories]");
const hint = form?.querySelector("[data-weight-hint]");
const base = form?.dataset.suggestions;

async function suggest() {
  const answer = await fetch(`${base}kategorier/?title=${encodeURIComponent(title.value)}`);
  if (answer.ok) box.innerHTML = await answer.text();
  mark();
}

function mark() {
  for (const button of box.querySelectorAll("[data-category]")) {
    button.ariaPressed = String(button.dataset.category === category.value);
  }
}

// A weight that somebody has written stays.
async function weigh() {
  if (!category.value) return;
  const asked = `?kategori=${category.value}&enhet=${encodeURIComponent(unit.value)}`;
  const answer = await fetch(`${base}vikt/${asked}`);
  if (!answer.ok) return;
  const { kg, hint: sentence } = await answer.json();
  const free = !weight.value || weight.dataset.proposed === weight.value;
  if (free) {
    weight.value = kg;
    weight.dataset.proposed = kg;
  }
  hint.textContent = free && kg ? hint.dataset.usual : sentence;
}

function changed() {
  mark();
  weigh().catch(() => {});
}

// The fields of a new place are needed only when one is chosen.
function place() {
  const chosen = form.querySelector("[name=place]:checked");
  form.querySelector("[data-new-place]").hidden = Boolean(chosen && chosen.value !== "new");
}

if (box && base) {
  let waiting;
  title.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => suggest().catch(() => {}), 250);
  });
  box.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-category]");
    if (!button) return;
    category.value = button.dataset.category;
    // What depends on the category hears of it; this event does not bubble.
    category.dispatchEvent(new Event("change"));
    // The form is to be kept as it is now (kept-form.js).
    form.dispatchEvent(new Event("change"));
    form.dispatchEvent(new Event("steps:forward"));
  });
  for (const field of [category, unit]) field.addEventListener("change", changed);
  form.addEventListener("change", place);
  if (!form.querySelector("[aria-invalid=true]")) place();
}
