// The queue by keys, while a row is marked and nothing is being written: one key approves, asks for
// changes or refuses, two go down and up. What a key does can be done by a button as well.

const list = document.querySelector("[data-queue]");
const rows = [...(list?.querySelectorAll("[data-queue-row]") ?? [])];

const mark = (row) => {
  for (const other of rows) other.tabIndex = other === row ? 0 : -1;
  row?.focus();
};

const writeIn = (row, answer) => {
  const button = row.querySelector(`[data-${answer}]`);
  const words = row.querySelector("textarea");
  if (words) words.focus();
  else if (button) button.click();
  // A row that is not open yet is opened where one writes.
  else location.assign(`${row.querySelector("[data-open]").href}#id_text`);
};

const keys = {
  [list?.dataset.approveKey]: (row) => row.querySelector("[data-approve]")?.click(),
  [list?.dataset.changesKey]: (row) => writeIn(row, "changes"),
  [list?.dataset.refuseKey]: (row) => writeIn(row, "refuse"),
  j: (row) => mark(rows[rows.indexOf(row) + 1] ?? row),
  k: (row) => mark(rows[rows.indexOf(row) - 1] ?? row),
};

list?.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const row = event.target;
  if (!row.matches("[data-queue-row]")) return;
  if (event.key === "Enter") {
    row.querySelector("[data-open]").click();
    return;
  }
  const act = keys[event.key.toLowerCase()];
  if (!act) return;
  event.preventDefault();
  act(row);
});

const words = document.querySelector(".queue-open textarea");
if (location.hash === "#id_text" && words) words.focus();
else mark(rows.find((row) => row.id === "oppen") ?? rows[0]);
