/**
 * Keeps the shell of the application so that it opens without a network: the page itself and the hashed files it is made of. Nothing under /api is
 * ever looked at, so no data of a person is kept; what somebody has typed is kept by the pages themselves, on the device.
 */
const SHELL = 'changbai-shell-1'
/** The page is the same file for every address; one copy is kept. */
const PAGE = '/'
/** Files of several releases may stand side by side; older ones go first. */
const FILES_MAX = 400

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(SHELL)
      .then((cache) => cache.add(new Request(PAGE, { cache: 'no-cache', credentials: 'omit' })))
      .then(() => self.skipWaiting()),
  )
})
self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name !== SHELL).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  )
})

const isPage = (response) => response.ok && (response.headers.get('content-type') || '').startsWith('text/html')

/** The newest page while there is a network; the kept one, with the policy it came with, when there is none. */
async function page(request) {
  try {
    const fresh = await fetch(request)
    if (isPage(fresh)) {
      const cache = await caches.open(SHELL)
      await cache.put(PAGE, fresh.clone())
    }
    return fresh
  } catch (error) {
    const kept = await caches.match(PAGE)
    if (kept) return kept
    throw error
  }
}
/** A hashed file never changes under its name: the kept copy is right. */
async function file(request) {
  const cache = await caches.open(SHELL)
  const kept = await cache.match(request)
  if (kept) return kept
  const fresh = await fetch(request)
  if (fresh.ok) {
    await cache.put(request, fresh.clone())
    const keys = (await cache.keys()).filter((one) => new URL(one.url).pathname.startsWith('/assets/'))
    await Promise.all(keys.slice(0, Math.max(0, keys.length - FILES_MAX)).map((one) => cache.delete(one)))
  }
  return fresh
}

self.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== self.location.origin || pathname.startsWith('/api/')) return
  // pages the server writes itself are not the shell
  if (request.mode === 'navigate' && pathname !== '/reference') event.respondWith(page(request))
  else if (pathname.startsWith('/assets/')) event.respondWith(file(request))
})
