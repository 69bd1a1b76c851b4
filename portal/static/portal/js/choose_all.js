// One box that ticks all others of its form with the given name.
for (const all of document.querySelectorAll("[data-choose-all]")) {
  all.addEventListener("change", () => {
    for (const box of all.form.querySelectorAll(`input[name="${all.dataset.chooseAll}"]`)) {
      box.checked = all.checked;
    }
  });
}
