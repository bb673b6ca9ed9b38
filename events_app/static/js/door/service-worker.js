// Keeps the door's pages and files, so that the door opens without a network. Before this text the server puts
// VERSION and FILES: the addresses of everything that the page loads.
/* global VERSION, FILES */

const CACHE = `convive-door-${VERSION}`;
const PAGE = /^\/door\/[^/.]+$/;
const PAGE_WITHIN_MS = 3000;

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("message", (event) => event.waitUntil(answer(event)));

async function install() {
  const cache = await caches.open(CACHE);
  await cache.addAll(FILES);
  // The pages that were kept name the files of their time: they are fetched anew with these.
  for (const name of await ours()) {
    for (const request of await (await caches.open(name)).keys()) {
      if (name !== CACHE && PAGE.test(new URL(request.url).pathname)) await keepPage(request.url);
    }
  }
  await self.skipWaiting();
}

async function activate() {
  for (const name of await ours()) if (name !== CACHE) await caches.delete(name);
  await self.clients.claim();
}

const ours = async () => (await caches.keys()).filter((name) => name.startsWith("convive-door-"));

async function keepPage(url) {
  const response = await fetch(url, { credentials: "same-origin", cache: "no-store" });
  if (response.ok && !response.redirected) await (await caches.open(CACHE)).put(url, response);
}

/** "keep": this page shall open without a network; "forget": the phone is given back. */
async function answer({ data, ports }) {
  if (data.keep) await keepPage(data.keep);
  if (data.forget) for (const name of await ours()) await caches.delete(name);
  ports[0]?.postMessage("done");
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate" && PAGE.test(url.pathname)) event.respondWith(page(request, url));
  else if (url.pathname.startsWith("/static/") || url.pathname.startsWith("/vendor/")) event.respondWith(file(request));
});

/** From the server where it answers in time, and kept; otherwise as it was. */
async function page(request, url) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(url.pathname);
  try {
    const signal = kept ? AbortSignal.timeout(PAGE_WITHIN_MS) : undefined;
    const response = await fetch(request, { signal });
    if (response.ok && !response.redirected) await cache.put(url.pathname, response.clone());
    return response.status < 500 || !kept ? response : kept;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

async function file(request) {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
}
