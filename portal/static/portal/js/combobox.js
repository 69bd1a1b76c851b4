// Suggestions while typing, for every input with data-suggest="<address>": the ARIA combobox pattern
// with a list. Without JavaScript the input is a plain search field.

const WAIT = 120;
let number = 0;

for (const input of document.querySelectorAll("[data-suggest]")) enhance(input);

function enhance(input) {
  const id = `suggestions-${(number += 1)}`;
  const list = Object.assign(document.createElement("ul"), { id, className: "suggestions", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.dataset.suggestLabel);
  const status = Object.assign(document.createElement("p"), { className: "visually-hidden" });
  status.setAttribute("role", "status");
  input.parentElement.append(list, status);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", id);
  input.setAttribute("aria-expanded", "false");

  let timer, asking, found = [], active = -1;

  function close() {
    clearTimeout(timer);
    asking?.abort();
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function show() {
    list.replaceChildren(
      ...found.map(({ text }, index) => {
        const option = Object.assign(document.createElement("li"), { id: `${id}-${index}`, className: "suggestions__option", textContent: text });
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        return option;
      }),
    );
    active = -1;
    input.removeAttribute("aria-activedescendant");
    list.hidden = found.length === 0;
    input.setAttribute("aria-expanded", String(found.length > 0));
    const words = found.length === 1 ? input.dataset.suggestOne : input.dataset.suggestMany;
    status.textContent = found.length ? words.replace("#", found.length) : "";
  }

  async function ask() {
    asking?.abort();
    asking = new AbortController();
    const address = `${input.dataset.suggest}?${new URLSearchParams({ q: input.value })}`;
    try {
      const answer = await fetch(address, { signal: asking.signal });
      if (!answer.ok) return;
      found = (await answer.json()).suggestions;
      if (document.activeElement === input) show();
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  }

  function choose(index) {
    list.children[active]?.setAttribute("aria-selected", "false");
    active = (index + found.length + 1) % (found.length + 1);
    if (active === found.length) active = -1;
    const option = list.children[active];
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    if (input.value.trim().length < 2) close();
    else timer = setTimeout(ask, WAIT);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !list.hidden) {
      event.preventDefault();
      const last = active < 0 ? found.length : active;
      choose(event.key === "ArrowDown" ? active + 1 : last - 1);
    } else if (event.key === "Enter") {
      if (active >= 0 && !list.hidden) {
        event.preventDefault();
        location.assign(found[active].url);
      }
      close();
    }
  });
  input.addEventListener("blur", close);
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) location.assign(found[[...list.children].indexOf(option)].url);
  });
}
