// Turns notifications on for this device. The browser asks its own question after a tap, never before.
const form = document.querySelector("[data-push]");
const WAVED_AWAY = "portal-push-later";
const possible = "PushManager" in window && "Notification" in window;
const again = form?.querySelector("[data-push-later]");

if (form && possible && !(again && localStorage.getItem(WAVED_AWAY))) form.hidden = false;
// An iPhone shows notifications of what is on its home screen only, and a page can say so.
for (const hint of document.querySelectorAll("[data-push-impossible]")) hint.hidden = possible;

again?.addEventListener("click", () => {
  localStorage.setItem(WAVED_AWAY, "yes");
  form.hidden = true;
});

async function subscribe(applicationServerKey) {
  const { pushManager } = await navigator.serviceWorker.ready;
  const options = { userVisibleOnly: true, applicationServerKey };
  try {
    return await pushManager.subscribe(options);
  } catch (error) {
    // It was turned on with another key of the portal, which nobody can use any more.
    const old = await pushManager.getSubscription();
    if (!old) throw error;
    await old.unsubscribe();
    return pushManager.subscribe(options);
  }
}

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    if ((await Notification.requestPermission()) !== "granted") throw new Error("refused");
    const { endpoint, keys } = (await subscribe(form.dataset.push)).toJSON();
    Object.entries({ endpoint, ...keys }).forEach(([name, value]) => {
      if (form.elements[name]) form.elements[name].value = value;
    });
    form.submit();
  } catch {
    const refused = form.querySelector("[data-push-refused]");
    refused.textContent = refused.dataset.text;
    delete form.dataset.sent;
  }
});

// The browser forgets it too, so that its push service has nothing left to wake it for.
document.querySelector("[data-push-off]")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const worker = await navigator.serviceWorker.getRegistration();
  const subscription = await worker?.pushManager?.getSubscription();
  await subscription?.unsubscribe().catch(() => {});
  event.target.submit();
});
