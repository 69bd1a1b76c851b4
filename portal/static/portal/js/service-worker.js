// Keeps what is needed to open the portal without a connection: its looks, a page that says so, and
// the offer form and the driver's day as they were last opened, and an empty shelf of a hub.
// Everything else is always asked of the server.
const KEPT = "portal-1";
const PERSONAL = "portal-offer-1";
const SHELVES = "portal-shelf-1";
const SHELL = "/nav/hylla/";
const SHELF = /^\/(\w\w\/)?nav\/hylla\/[^/]+\/$/;
const DRIVER = "portal-driver-1";
const DAY = /^\/(\w\w\/)?kor\/[\w-]+\/$/;
const OFFLINE = new URL(location).searchParams.get("offline");
const OFFER = /^\/(\w\w\/)?material\/erbjud\/$/;
const SIGNING = /\/konto\/(login|logout)\/|\/mitt\/uppgifter\/bort\//;

// The page and the drawing on it, which nobody has seen while there was a connection.
async function keepOfflinePage(cache) {
  await cache.add(OFFLINE);
  const html = await (await cache.match(OFFLINE)).text();
  const drawing = html.match(/<img class="drawing[^>]* src="([^"]+)"/);
  if (drawing) await cache.add(drawing[1]);
}

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(KEPT)
      .then(keepOfflinePage)
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) =>
        Promise.all(
          names
            .filter((name) => ![KEPT, PERSONAL, SHELVES, DRIVER].includes(name))
            .map((name) => caches.delete(name)),
        ),
      )
      .then(() => self.clients.claim()),
  );
});

// The list of a driver's day, until the server says that it is over.
async function keepDay(pathname, response) {
  const cache = await caches.open(DRIVER);
  if (response.ok) await cache.put(pathname, response.clone());
  else await cache.delete(pathname);
}

async function page(request) {
  const { pathname } = new URL(request.url);
  try {
    const response = await fetch(request);
    if (request.method === "POST" && SIGNING.test(pathname)) await caches.delete(PERSONAL);
    if (request.method === "GET" && OFFER.test(pathname) && response.ok && !response.redirected) {
      const cache = await caches.open(PERSONAL);
      await cache.put(pathname, response.clone());
    }
    if (request.method === "GET" && DAY.test(pathname)) await keepDay(pathname, response);
    return response;
  } catch (error) {
    // Going back to what a form was answered with fails without any fault of the connection.
    if (request.method === "POST" && navigator.onLine) return Response.redirect(request.url, 303);
    const kept = OFFER.test(pathname) || DAY.test(pathname);
    const form = request.method === "GET" && kept && (await caches.match(pathname));
    const shelf = request.method === "GET" && SHELF.test(pathname) && (await caches.match(SHELL));
    const offline = form || shelf || (await caches.match(OFFLINE));
    if (offline) return offline;
    throw error;
  }
}

async function look(request) {
  const cache = await caches.open(KEPT);
  try {
    const response = await fetch(request);
    if (response.ok) await cache.put(request, response.clone());
    return response;
  } catch (error) {
    const kept = await cache.match(request);
    if (kept) return kept;
    throw error;
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (request.method === "GET" && url.pathname.startsWith("/static/")) {
    event.respondWith(look(request));
  }
});
