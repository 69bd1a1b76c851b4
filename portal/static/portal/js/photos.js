// Photos in a form: shown before they are sent, and made smaller so that sending is quick.
// Without this the form works the same, only slower.
const MAX_SIDE = 2000;

async function shrink(file) {
  if (!/^image\/(jpeg|png|webp)$/.test(file.type) || file.size < 700_000) return file;
  try {
    const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, MAX_SIDE / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(bitmap.width * scale);
    canvas.height = Math.round(bitmap.height * scale);
    const context = canvas.getContext("2d");
    context.fillStyle = "#fff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.86));
    return new File([blob], file.name.replace(/\.\w+$/, ".jpg"), { type: "image/jpeg" });
  } catch {
    return file; // The server reads more kinds than the browser does.
  }
}

function preview(list, files) {
  list.replaceChildren(
    ...files.map((file) => {
      const item = document.createElement("li");
      const image = document.createElement("img");
      image.src = URL.createObjectURL(file);
      image.alt = file.name;
      image.width = 120;
      image.height = 90;
      image.onerror = () => image.replaceWith(file.name);
      item.append(image);
      return item;
    }),
  );
}

for (const box of document.querySelectorAll("[data-photos]")) {
  const input = box.querySelector("input[type=file]");
  const list = box.querySelector("[data-previews]");
  let chosen = [];
  input.addEventListener("change", async () => {
    // Choosing again adds to what was chosen, as people expect who photograph one thing at a time.
    const fresh = await Promise.all([...input.files].map(shrink));
    chosen = [...chosen, ...fresh].slice(0, Number(box.dataset.maximum));
    const transfer = new DataTransfer();
    for (const file of chosen) transfer.items.add(file);
    input.files = transfer.files;
    preview(list, chosen);
  });

  // Moving and removing photos that are kept needs no round trip.
  box.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=photo_first], button[name=photo_remove]");
    if (!button) return;
    event.preventDefault();
    const item = button.closest("[data-photo]");
    const items = item.parentElement;
    if (button.name === "photo_remove") item.remove();
    else items.prepend(item);
    (items.querySelector("button") ?? input).focus();
  });
}
