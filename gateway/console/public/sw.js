// SPDX-License-Identifier: Apache-2.0
// Keeps the page itself (no data: never a word of the API) so that it can be loaded while the post does not answer: the roll
// call goes on. The network is always asked first; what it gives replaces what was kept.
const shell = "gapura-shell";

async function keepFiles(cache, paths) {
  for (const path of paths) if (!(await cache.match(path))) await cache.add(path);
}

// The page and the files that it names.
async function keep(page) {
  const text = await page.clone().text();
  const cache = await caches.open(shell);
  await keepFiles(
    cache,
    [...text.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map((found) => found[1]),
  );
  await cache.put("/", page);
}

// The files that an open page was made of, its language among them. Files of an older page go.
async function keepUsed(paths) {
  const cache = await caches.open(shell);
  await keepFiles(cache, paths);
  for (const request of await cache.keys()) {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith("/assets/") && !paths.includes(pathname)) await cache.delete(request);
  }
}

async function load(event) {
  try {
    const page = await fetch(event.request);
    if (page.ok && (page.headers.get("Content-Type") ?? "").startsWith("text/html")) event.waitUntil(keep(page.clone()).catch(() => {}));
    return page;
  } catch (error) {
    const kept = await caches.match("/");
    if (kept) return kept;
    throw error;
  }
}

self.addEventListener("install", (event) => {
  event.waitUntil(
    fetch("/")
      .then((page) => (page.ok ? keep(page) : undefined))
      .then(() => self.skipWaiting()),
  );
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", (event) => event.waitUntil(keepUsed(event.data).catch(() => {})));
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin || url.pathname.startsWith("/api/")) return;
  if (event.request.mode === "navigate") event.respondWith(load(event));
  // Names under /assets/ carry a hash of their content: what was kept is what was asked for.
  else event.respondWith(caches.match(event.request).then((kept) => kept ?? fetch(event.request)));
});
