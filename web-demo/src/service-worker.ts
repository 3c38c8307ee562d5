/**
 * @file Keeps the shell of the app on the device, so that it opens without a network. It answers for its own list of files alone:
 * whatever is talked about with the relay, blobs included, never passes a cache. A new version is fetched whole, waits, and takes
 * over only when the person says so.
 */
export {};

declare const self: ServiceWorkerGlobalScope & { readonly __WB_MANIFEST: readonly Entry[] };

interface Entry {
  readonly url: string;
  /** Absent where the name itself carries the hash. */
  readonly revision: string | null;
}

const entries = self.__WB_MANIFEST;
const cachePrefix = 'shell-';
const shellPath = '/index.html';
/** Path on our origin to the version this worker serves. */
const revisions = new Map(
  entries.map((entry) => [new URL(entry.url, self.location.origin).pathname, entry.revision ?? '']),
);

/** The cache's name follows from its content: the same build is the same cache. */
async function cacheName(): Promise<string> {
  const list = [...revisions]
    .map(([path, revision]) => `${path} ${revision}`)
    .sort()
    .join('\n');
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(list)));
  return cachePrefix + [...digest.slice(0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function fill(): Promise<void> {
  const cache = await caches.open(await cacheName());
  const jobs = [...revisions].map(async ([path, revision]) => {
    if (await cache.match(path)) return;
    // A file whose name carries its hash and that an older version holds need not travel again.
    const known = revision === '' ? await caches.match(path) : undefined;
    const answer = known ?? (await fetch(new Request(path, { cache: revision === '' ? 'default' : 'reload' })));
    if (!answer.ok || answer.redirected) throw new TypeError(`${path} was not served`);
    await cache.put(path, answer);
  });
  await Promise.all(jobs);
}

async function dropOlder(): Promise<void> {
  const own = await cacheName();
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name.startsWith(cachePrefix) && name !== own).map((name) => caches.delete(name)),
  );
}

async function serve(path: string, request: Request): Promise<Response> {
  const cache = await caches.open(await cacheName());
  return (await cache.match(path)) ?? fetch(request);
}

self.addEventListener('install', (event) => event.waitUntil(fill()));
self.addEventListener('activate', (event) => event.waitUntil(dropOlder()));

self.addEventListener('message', (event) => {
  // Sent by a page after the person asked for the new version; never by itself.
  if (event.data === 'activate') void self.skipWaiting();
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET') return;
  const address = new URL(request.url);
  if (address.origin !== self.location.origin) return;
  const path = request.mode === 'navigate' && address.pathname === '/' ? shellPath : address.pathname;
  if (revisions.has(path)) event.respondWith(serve(path, request));
});
