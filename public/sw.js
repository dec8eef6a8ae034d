// Keeps what the desk is made of, so that a reload without a network shows it; what the desk knows is kept elsewhere, and
// nothing of the API passes through here.
//
// A page names everything it needs. Its files are put away first and the page last, so that a page that is found here
// has all it needs, whatever is interrupted.

const KEPT = "signalbox-desk";
const scope = new URL(registration.scope).pathname;
/** The addresses below the scope that are not the desk's. */
const OTHERS = ["api", "webhooks", "admin"];
/** What the program asks for by name, and the page does not name. */
const BY_NAME = ["icons.svg", "sounds/message.wav", "sounds/offer.wav"];
/** How long the relay may take for a page before the one that is kept is shown, in milliseconds. */
const PATIENCE = 4_000;

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(fetch(scope, { cache: "no-cache" }).then(keep));
});

addEventListener("activate", (event) => event.waitUntil(clients.claim()));

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin || !pathname.startsWith(scope)) return;
  if (OTHERS.includes(pathname.slice(scope.length).split("/")[0])) return;
  if (request.mode === "navigate") event.respondWith(page(event));
  else event.respondWith(file(request));
});

/** The relay's page, which is kept from then on; without the relay the one that is kept. */
async function page(event) {
  const asked = fetch(event.request);
  event.waitUntil(asked.then((answer) => keep(answer.clone())).catch(() => {}));
  const late = new Promise((_, reject) => setTimeout(reject, PATIENCE));
  try {
    return await Promise.race([asked, late]);
  } catch {
    return (await caches.match(scope, { cacheName: KEPT })) ?? asked;
  }
}

/** A file whose name follows its content never changes; any other is asked for while there is somebody to ask. */
async function file(request) {
  const kept = await caches.match(request, { cacheName: KEPT });
  if (kept && isNamedByContent(request.url)) return kept;
  try {
    const answer = await fetch(request);
    if (answer.status === 200) (await caches.open(KEPT)).put(request, answer.clone());
    return answer;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

/** Puts away a page and all it names, and lets go of what only an older page needed. */
async function keep(answer) {
  // A page that was led elsewhere is somebody else's: that of a proxy that asks who is there.
  if (answer.status !== 200 || answer.redirected || !answer.headers.get("content-type")?.startsWith("text/html")) return;
  const text = await answer.clone().text();
  const named = [...text.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, name]) => name);
  const names = [...named, ...BY_NAME].map((name) => new URL(name, registration.scope).href);
  const needed = new Set(names.filter((name) => name.startsWith(registration.scope) && name !== registration.scope));
  const cache = await caches.open(KEPT);
  await Promise.all([...needed].map(async (name) => {
    if (isNamedByContent(name) && (await cache.match(name))) return;
    await cache.add(name);
  }));
  await cache.put(scope, answer);
  for (const { url } of await cache.keys()) {
    if (isNamedByContent(url) && !needed.has(url)) await cache.delete(url);
  }
}

/** `desk-79e2407e478fbdaf.css`: eight or more hex digits before the ending. */
function isNamedByContent(address) {
  return /-[0-9a-f]{8,}(_bg)?\.[a-z0-9]+$/.test(new URL(address).pathname);
}
