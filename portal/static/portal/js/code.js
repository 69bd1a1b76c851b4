// Sends the form for a code once the whole code is there, typed, pasted or filled in by the phone.
const LENGTH = 8;

const form = document.querySelector("[data-code-form]");
const input = form?.querySelector("[name=code]");

const isWhole = () => input.value.replace(/[^a-z0-9]/gi, "").length === LENGTH;

/** Whether the code was there before this script: not what the server gave back, or the way back. */
const wasFilledIn = () =>
  input.value !== input.defaultValue &&
  performance.getEntriesByType("navigation")[0]?.type !== "back_forward";

const sendWhole = () => {
  if (isWhole() && !form.dataset.sent) form.requestSubmit();
};

if (input) {
  const said = document.querySelector("[data-code-said]");
  input.closest(".field").after(said);
  said.hidden = false;
  input.addEventListener("input", sendWhole);
  if (wasFilledIn()) sendWhole();
}
