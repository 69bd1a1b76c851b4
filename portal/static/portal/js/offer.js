// What the offer form proposes: the usual weight of what is in the category; and which fields it asks.
const form = document.querySelector("[data-offer-form]");
const category = form?.querySelector("[name=category]");
const unit = form?.querySelector("[name=unit]");
const weight = form?.querySelector("[name=kg_per_unit]");
const hint = form?.querySelector("[data-weight-hint]");
const base = form?.dataset.suggestions;

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

// The fields of a new place are needed only when one is chosen.
function place() {
  const chosen = form.querySelector("[name=place]:checked");
  form.querySelector("[data-new-place]").hidden = Boolean(chosen && chosen.value !== "new");
}

if (base) {
  for (const field of [category, unit]) {
    field.addEventListener("change", () => weigh().catch(() => {}));
  }
  form.addEventListener("change", place);
  if (!form.querySelector("[aria-invalid=true]")) place();
}
