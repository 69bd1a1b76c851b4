// The part of the service worker that shows a notification, and opens its page when it is tapped.
self.addEventListener("push", (event) => {
  const { title, text, url, tag } = event.data?.json() ?? {};
  if (!text) return;
  event.waitUntil(
    self.registration.showNotification(title, {
      body: text,
      // One event is one notification: one that comes again takes the place of the first.
      tag,
      icon: "/favicon.ico",
      data: { url },
    }),
  );
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  // Only pages of our own, whatever a message says.
  const url = new URL(event.notification.data?.url ?? "/", location.origin);
  if (url.origin !== location.origin) return;
  event.waitUntil(
    self.clients.matchAll({ type: "window" }).then(async (windows) => {
      const [open] = windows.filter((each) => each.visibilityState === "visible");
      if (open) {
        // Not every browser lets a worker do that.
        await open.focus().catch(() => {});
        return open.navigate(url.href);
      }
      return self.clients.openWindow(url.href);
    }),
  );
});
