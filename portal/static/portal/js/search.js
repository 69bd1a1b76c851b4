// The search page: what is open stays open, the focus is never lost, and clicks are counted.
// Without JavaScript the same form is sent and a new page comes.

const wide = matchMedia("(min-width: 56rem)");
let opened = null;
let focused = "";

function openWhereThereIsRoom() {
  if (!wide.matches) return;
  for (const details of document.querySelectorAll("[data-open-wide]")) details.open = true;
}

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id !== "search-body") return;
  focused = document.activeElement?.id ?? "";
  opened = new Map();
  for (const details of event.detail.target.querySelectorAll("details[id]")) {
    opened.set(details.id, details.open);
  }
  // Pressing the button means that the hits are wanted, not the filters above them.
  if (event.detail.requestConfig.triggeringEvent?.type === "submit" && !wide.matches) {
    opened.set("filters", false);
  }
});

// As soon as the new part is there, since what is folded away cannot have the focus.
document.addEventListener("htmx:afterSwap", () => {
  const body = document.getElementById("search-body");
  if (!opened || !body) return;
  for (const details of body.querySelectorAll("details[id]")) {
    if (opened.has(details.id)) details.open = opened.get(details.id) || hasChoice(details);
  }
  if (opened.get("filters") === false) body.querySelector("#filters").open = false;
  opened = null;
  keepFocus();
});

// What had the focus keeps it; when it is gone, the heading of the hits has it.
function keepFocus() {
  const same = document.getElementById(focused);
  const kept = same?.checkVisibility() ? same : document.getElementById("results-title");
  if (kept && kept !== document.activeElement) kept.focus();
}

function hasChoice(details) {
  return (
    details.matches(".facet") && details.querySelector("input:checked:not([value=''])") !== null
  );
}

document.addEventListener("click", (event) => {
  const card = event.target.closest("[data-position]");
  if (!card || !event.target.closest("a")) return;
  const { clicks, asked, asker } = card.closest("[data-clicks]").dataset;
  if (!asked) return;
  const seen = new URLSearchParams({ q: asked, kommun: asker, position: card.dataset.position });
  navigator.sendBeacon(clicks, seen);
});

// Who presses back twice in a row may leave an address before htmx listens: the address has then
// changed and the hits have not. `name` is the address that this page was asked for with.
function answerTheAddress() {
  const asked = new URL(performance.getEntriesByType("navigation")[0].name);
  if (asked.pathname + asked.search !== location.pathname + location.search) location.reload();
}

openWhereThereIsRoom();
// htmx listens from this event on, and it was asked first.
document.addEventListener("DOMContentLoaded", answerTheAddress);
