// Suggestions while typing, for every input with data-suggest="<address>": the ARIA combobox pattern
// with a list. Without JavaScript the input is a plain search field.

import { Listbox } from "./listbox.js";

const WAIT = 120;

for (const input of document.querySelectorAll("[data-suggest]")) enhance(input);

function enhance(input) {
  const box = new Listbox(input);
  let timer;
  let asking;

  function close() {
    clearTimeout(timer);
    asking?.abort();
    box.close();
  }

  async function ask() {
    asking?.abort();
    asking = new AbortController();
    const address = `${input.dataset.suggest}?${new URLSearchParams({ q: input.value })}`;
    try {
      const answer = await fetch(address, { signal: asking.signal });
      if (!answer.ok) return;
      const { suggestions } = await answer.json();
      if (document.activeElement === input) box.show(suggestions);
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    if (input.value.trim().length < 2) close();
    else timer = setTimeout(ask, WAIT);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && box.isOpen) {
      event.preventDefault();
      close();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && box.isOpen) {
      event.preventDefault();
      box.move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter") {
      if (box.active >= 0 && box.isOpen) {
        event.preventDefault();
        location.assign(box.found[box.active].url);
      }
      close();
    }
  });
  input.addEventListener("blur", close);
  box.list.addEventListener("pointerdown", (event) => event.preventDefault());
  box.list.addEventListener("click", (event) => {
    const chosen = box.found[box.indexOf(event.target)];
    if (chosen) location.assign(chosen.url);
  });
}
