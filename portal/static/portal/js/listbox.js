// The list of an ARIA combobox: what is shown below an input, which option is active, and what a
// screen reader is told of it. The input's data-suggest-label, -one and -many are its words.
let number = 0;

const element = (name, properties) => Object.assign(document.createElement(name), properties);

function option({ text, type }, id) {
  const item = element("li", { id, className: "suggestions__option" });
  const label = element("span", { textContent: text });
  const note = element("span", { className: "suggestions__kind", textContent: type });
  item.append(label, " ", note);
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", "false");
  return item;
}

export class Listbox {
  found = [];
  active = -1;

  constructor(input) {
    number += 1;
    this.input = input;
    const id = `suggestions-${number}`;
    this.list = element("ul", { id, className: "suggestions", hidden: true });
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", input.dataset.suggestLabel);
    this.status = element("p", { className: "visually-hidden" });
    this.status.setAttribute("role", "status");
    input.parentElement.append(this.list, this.status);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", id);
    input.setAttribute("aria-expanded", "false");
  }

  get isOpen() {
    return !this.list.hidden;
  }

  #open(open) {
    this.active = -1;
    this.list.hidden = !open;
    this.input.setAttribute("aria-expanded", String(open));
    this.input.removeAttribute("aria-activedescendant");
  }

  close() {
    this.#open(false);
  }

  show(found) {
    this.found = found;
    const options = found.map((each, index) => option(each, `${this.list.id}-${index}`));
    this.list.replaceChildren(...options);
    this.#open(found.length > 0);
    const { suggestOne, suggestMany } = this.input.dataset;
    const words = found.length === 1 ? suggestOne : suggestMany;
    this.status.textContent = found.length ? words.replace("#", found.length) : "";
  }

  // Makes the next option active, or the one before; past either end none is.
  move(step) {
    const { list, found, input } = this;
    list.children[this.active]?.setAttribute("aria-selected", "false");
    const places = found.length + 1;
    const from = this.active < 0 ? found.length : this.active;
    this.active = (from + step + places) % places;
    if (this.active === found.length) this.active = -1;
    const chosen = list.children[this.active];
    chosen?.setAttribute("aria-selected", "true");
    chosen?.scrollIntoView({ block: "nearest" });
    if (chosen) input.setAttribute("aria-activedescendant", chosen.id);
    else input.removeAttribute("aria-activedescendant");
  }

  indexOf(target) {
    return [...this.list.children].indexOf(target.closest("[role=option]"));
  }
}
