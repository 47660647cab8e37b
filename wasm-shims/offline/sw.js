/**
 * The service worker: keeps the site for use without a network, and adds the headers that many hosts cannot send.
 *
 * It answers for the site's own files and nothing else; other pages and files in its scope never notice it. A new version waits
 * until somebody asks for it: `{do: 'take-over'}`.
 */

import { PrecacheController } from 'workbox-precaching/PrecacheController.js';
import { keepable, withHeaders } from './headers.js';
import { dropOldPacks, packFile, packOf, renewPacks } from './packs.js';
import { part } from './ranges.js';
import { isShare, takeShare } from './share.js';
import { SITE, cacheName, scope } from './site.js';

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const HOME = new URL('index.html', scope).href;
/** Chunks are named after what they hold, so one of an older version is never taken for another. */
const CHUNK = /\/shared-[A-Z0-9]+\.js$/;

const site = new PrecacheController({ cacheName: cacheName('site'), plugins: [{ cacheWillUpdate: keepable }] });
site.addToCacheList(SITE.files.map(({ url, ...rest }) => ({ url: new URL(url, scope).href, ...rest })));

worker.addEventListener('install', (event) => {
    // All or nothing: one file that is missing or different, and this version is given up.
    site.install(event);
    event.waitUntil(renewPacks());
});

worker.addEventListener('activate', (event) => {
    event.waitUntil(Promise.all([worker.clients.claim(), dropOldPacks(), tidy(event)]));
});

worker.addEventListener('message', (event) => {
    if (event.data?.do === 'take-over') event.waitUntil(worker.skipWaiting());
});

worker.addEventListener('fetch', (event) => {
    const answer = answerTo(event);
    if (answer) event.respondWith(answer);
});

/** @param {FetchEvent} event @returns {Promise<Response> | null} null: none of ours, the browser goes on as if nobody listened */
function answerTo(event) {
    const { request } = event;
    const url = new URL(request.url);
    if (!url.href.startsWith(scope)) return null;
    if (isShare(request)) return takeShare(request);
    if (request.method !== 'GET') return null;
    const address = url.origin + url.pathname;
    if (address === scope || address === HOME) return home(event);
    if (site.getCacheKeyForURL(address)) return file(request, site.matchPrecache(address));
    if (CHUNK.test(address)) return file(request, caches.match(address, { cacheName: site.strategy.cacheName, ignoreSearch: true }));
    const pack = packOf(address);
    // The page asks past every cache when it installs a pack itself.
    return pack && request.cache !== 'no-store' ? packFile(event, pack, address) : null;
}

/** @param {FetchEvent} event */
async function home(event) {
    event.waitUntil(tidy(event));
    const kept = await site.matchPrecache(HOME);
    if (kept) return kept;
    restore(event);
    return withHeaders(await fetch(event.request));
}

/**
 * Fetch what somebody has cleared away under the page, by installing once more.
 * @param {FetchEvent} event
 */
function restore(event) {
    const again = { type: 'install', waitUntil: (/** @type {Promise<unknown>} */ work) => event.waitUntil(work) };
    // Where the host has another version by now, this fails, and that version comes as an update.
    site.install(/** @type {ExtendableEvent} */ (/** @type {unknown} */ (again))).catch(() => {});
}

/** @param {Request} request @param {Promise<Response | undefined>} kept */
async function file(request, kept) {
    return part(request, (await kept) ?? withHeaders(await fetch(request)));
}

/**
 * Remove the files of older versions, unless a page of one may still be open and want them.
 * @param {ExtendableEvent} event
 */
async function tidy(event) {
    const open = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
    if (open.length < 2 && worker.registration.active) await site.activate(event);
}
