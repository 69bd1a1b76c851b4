// Proposes categories for the title that is being written, each chosen with a tap.
const box = document.querySelector("[data-categories]");
const form = box?.closest("form");
const title = form?.querySelector("[name=title]");
const category = form?.querySelector("[name=category]");

async function suggest() {
  const answer = await fetch(`${box.dataset.categories}?title=${encodeURIComponent(title.value)}`);
  if (answer.ok) box.innerHTML = await answer.text();
  mark();
}

function mark() {
  for (const button of box.querySelectorAll("[data-category]")) {
    button.ariaPressed = String(button.dataset.category === category.value);
  }
}

if (box) {
  let waiting;
  title.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => suggest().catch(() => {}), 250);
  });
  category.addEventListener("change", mark);
  box.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-category]");
    if (!button) return;
    category.value = button.dataset.category;
    // What depends on the category hears of it; this event does not bubble.
    category.dispatchEvent(new Event("change"));
    // The form is to be kept as it is now (kept-form.js, kept-text.js).
    form.dispatchEvent(new Event("change"));
    form.dispatchEvent(new Event("steps:forward"));
  });
}
