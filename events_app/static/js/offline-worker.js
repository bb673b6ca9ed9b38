// Keeps pages and their files, so that they open without a network: the door, and people's tickets. Before this
// text the server puts
// NAME: whose caches these are; VERSION; FILES: the addresses of everything that the pages load;
// PAGE: what is kept as it was last read; STAND_IN: pages instead of which a kept one is shown;
// AT_MOST: how many; GONE: the answers after which a page is kept no longer.
/* global NAME, VERSION, FILES, PAGE, STAND_IN, AT_MOST, GONE */

const CACHE = `${NAME}-${VERSION}`;
const PAGE_WITHIN_MS = 3000;
const INSTEAD = "x-kept-at";

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("message", (event) => event.waitUntil(answer(event)));

async function install() {
  const cache = await caches.open(CACHE);
  await cache.addAll(FILES);
  // The pages that were kept name the files of their time: they are fetched anew with these.
  for (const name of await ours()) {
    for (const request of await (await caches.open(name)).keys()) {
      const { pathname } = new URL(request.url);
      if (name === CACHE) continue;
      if (PAGE.test(pathname)) await keepPage(pathname).catch(() => {});
      else if (STAND_IN.test(pathname)) await standIn(pathname, (await caches.match(request)).headers.get(INSTEAD));
    }
  }
  await self.skipWaiting();
}

async function activate() {
  for (const name of await ours()) if (name !== CACHE) await caches.delete(name);
  await self.clients.claim();
}

const ours = async () => (await caches.keys()).filter((name) => name.startsWith(`${NAME}-`));

async function keepPage(path) {
  const response = await fetch(path, { credentials: "same-origin", cache: "no-store" });
  if (response.ok && !response.redirected) await put(path, response);
}

async function put(path, response) {
  const cache = await caches.open(CACHE);
  await cache.put(path, response); // the oldest stand first
  const pages = (await cache.keys()).filter(({ url }) => PAGE.test(new URL(url).pathname));
  for (const { url } of pages.slice(0, -AT_MOST)) await cache.delete(url);
}

/** Without a network, `path` leads to the page kept for `other`. */
async function standIn(path, other) {
  if (other) await (await caches.open(CACHE)).put(path, new Response("", { headers: { [INSTEAD]: other } }));
}

/** "keep": this page shall open without a network, "instead" of that one too; "forget": the phone is given back. */
async function answer({ data, ports }) {
  if (data.keep) await keepPage(data.keep);
  if (data.keep && data.instead) await standIn(data.instead, data.keep);
  if (data.forget) for (const name of await ours()) await caches.delete(name);
  ports[0]?.postMessage("done");
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate" && PAGE.test(url.pathname)) event.respondWith(page(request, url.pathname));
  else if (request.mode === "navigate" && STAND_IN.test(url.pathname)) event.respondWith(other(request, url.pathname));
  else if (url.pathname.startsWith("/static/") || url.pathname.startsWith("/vendor/")) event.respondWith(file(request));
});

/** From the server where it answers in time, and kept; otherwise as it was. */
async function page(request, path) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(path);
  try {
    const signal = kept ? AbortSignal.timeout(PAGE_WITHIN_MS) : undefined;
    const response = await fetch(request, { signal });
    if (response.ok && !response.redirected) await put(path, response.clone());
    if (GONE.includes(response.status)) await cache.delete(path);
    return response.status < 500 || !kept ? response : asKept(kept);
  } catch (error) {
    if (kept) return asKept(kept);
    throw error;
  }
}

/** A page that has something to say where it was not read anew has it in `data-kept hidden`. */
async function asKept(kept) {
  const headers = new Headers(kept.headers);
  headers.delete("content-encoding"); // it was undone when the answer was read
  headers.delete("content-length");
  return new Response((await kept.text()).replace("data-kept hidden", "data-kept"), { headers });
}

/** A page that is never kept: without a network, what stands in for it. */
async function other(request, path) {
  try {
    return await fetch(request);
  } catch (error) {
    const cache = await caches.open(CACHE);
    const at = (await cache.match(path))?.headers.get(INSTEAD);
    const kept = at && (await cache.match(at));
    if (kept) return asKept(kept);
    throw error;
  }
}

async function file(request) {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
}
