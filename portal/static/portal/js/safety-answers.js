// Fills in what a category of material answers by itself; what somebody has tapped stays.
const section = document.querySelector("[data-safety-answers]");

if (section) {
  const presets = JSON.parse(document.getElementById(section.dataset.safetyAnswers).textContent);
  const category = section.closest("form").elements.category;
  const tapped = new Set();

  section.addEventListener("change", ({ target }) => tapped.add(target.name));
  category.addEventListener("change", () => {
    const known = presets[category.value] ?? {};
    for (const radio of section.querySelectorAll("input[type=radio]")) {
      if (!tapped.has(radio.name)) radio.checked = radio.value === (known[radio.name] ?? "unknown");
    }
  });
}
