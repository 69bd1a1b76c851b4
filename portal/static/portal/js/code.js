// Sends the form for a code once the whole code is there, typed, pasted or filled in by the phone.
const LENGTH = 8;

const form = document.querySelector("[data-code-form]");
const input = form?.querySelector("[name=code]");

if (input) {
  const said = document.querySelector("[data-code-said]");
  input.closest(".field").after(said);
  said.hidden = false;
  input.addEventListener("input", () => {
    if (input.value.replace(/[^a-z0-9]/gi, "").length !== LENGTH || form.dataset.sent) return;
    form.requestSubmit();
  });
}
