// What is typed, chosen and photographed in a form, as something to keep and to put back.
const skipped = (field) =>
  !field.name || field.type === "hidden" || field.type === "submit" || field.type === "file";

export function read(form) {
  const values = [...form.elements]
    .filter((field) => !skipped(field))
    .map((field) => [
      field.name,
      field.type === "checkbox" || field.type === "radio"
        ? [field.value, field.checked]
        : field.value,
    ]);
  const photos = [...form.querySelectorAll("[data-photos] [name=photo]")].map(({ value }) => value);
  const files = [...form.querySelector("input[type=file]").files];
  return { values, photos, files, kept: Date.now() };
}

// Photos that were sent are on the server; their references and texts bring them back.
function writePhotos(box, values, photos) {
  const texts = values.filter(([name]) => name.startsWith("alt_"));
  for (const [name, value] of [...photos.map((each) => ["photo", each]), ...texts]) {
    box.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
}

export function write(form, { values, photos = [], files }) {
  for (const [name, value] of values) {
    for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (skipped(field)) continue;
      if (!Array.isArray(value)) field.value = value;
      else if (field.value === value[0]) field.checked = value[1];
    }
  }
  const box = form.querySelector("[data-photos]");
  writePhotos(box, values, photos);
  if (!files.length) {
    if (photos.length) box.dispatchEvent(new Event("photos:show", { bubbles: true }));
    return;
  }
  const input = form.querySelector("input[type=file]");
  const transfer = new DataTransfer();
  for (const file of files) transfer.items.add(file);
  input.files = transfer.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}
