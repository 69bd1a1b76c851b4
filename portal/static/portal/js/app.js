// Makes the portal installable, and forgets a kept form once the server has answered it.
import { opened } from "./store.js";

const { worker, offline } = document.querySelector("meta[name=portal-app]")?.dataset ?? {};
if (worker && "serviceWorker" in navigator) {
  navigator.serviceWorker
    .register(`${worker}?offline=${encodeURIComponent(offline)}`)
    .catch(() => {});
}

const sent = localStorage.getItem("portal-sent");
if (sent) {
  localStorage.removeItem("portal-sent");
  // The page that says that there is no connection is no answer.
  const answered = navigator.onLine && !document.querySelector("[data-offline-page]");
  if (answered) {
    opened("portal", "forms")("readwrite", (forms) => forms.delete(sent)).catch(() => {});
  }
}
