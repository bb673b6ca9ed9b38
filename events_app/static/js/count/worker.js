// Keeps the counting page for when there is no network: the network first, what was kept otherwise.
const KEPT = "count-1";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", (event) => {
  event.waitUntil(caches.open(KEPT).then((kept) => kept.addAll(event.data)));
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).pathname.startsWith("/api/")) return;
  event.respondWith(
    fetch(request)
      .then((answer) => {
        if (answer.ok) {
          const copy = answer.clone();
          caches.open(KEPT).then((kept) => kept.put(request, copy));
        }
        return answer;
      })
      .catch(async () => (await caches.match(request, { ignoreVary: true })) ?? Response.error()),
  );
});
