/**
 * The service worker: keeps the site for use without a network, and adds the headers that many hosts cannot send.
 *
 * It answers for the site's own files and nothing else; other pages and files in its scope never notice it. A new version waits
 * until somebody asks for it: `{do: 'take-over'}`.
 */

import { withHeaders } from './headers.js';
import { addressOf, end, keepAll, keptFile, mend, tidy } from './keeping.js';
import { dropDamagedPacks, dropOldPacks, packFile, packOf, renewPacks } from './packs.js';
import { part } from './ranges.js';
import { isShare, takeShare } from './share.js';
import { scope } from './site.js';

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const HOME = addressOf('index.html');
/** What a page loads first goes before looking whether all that is kept is well. */
const CALM_MS = 5000;

worker.addEventListener('install', (event) => {
    // All or nothing: one file that is missing or different, and this version is given up.
    event.waitUntil(Promise.all([keepAll(event), renewPacks()]));
});

worker.addEventListener('activate', (event) => {
    // The page that has let this version in will reload.
    event.waitUntil(Promise.all([worker.clients.claim(), dropOldPacks(), tidy(event, 1)]));
});

worker.addEventListener('message', (event) => {
    if (event.data?.do === 'take-over') event.waitUntil(worker.skipWaiting());
    if (event.data?.do === 'end') event.waitUntil(end().then(() => event.ports[0]?.postMessage('ended')));
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
    // Who asks for the browser's own cache has compiled code in mind, which browsers do not keep for what is answered here.
    if (request.method !== 'GET' || request.cache === 'only-if-cached') return null;
    const address = url.origin + url.pathname;
    if (address === scope || address === HOME) return home(event);
    const kept = keptFile(address, url.searchParams.get('revision'));
    if (kept) return file(request, kept);
    const pack = packOf(address);
    // The page asks past every cache when it installs a pack itself.
    return pack && request.cache !== 'no-store' ? packFile(event, pack, address) : null;
}

/** @param {FetchEvent} event */
function home(event) {
    if (event.request.mode === 'navigate') {
        event.waitUntil(tidy(event, 0));
        // Nobody waits for this, and so an update has not to, either; if the browser stops the worker before, the next visit looks.
        setTimeout(() => void Promise.all([mend(), dropDamagedPacks()]).catch(() => {}), CALM_MS);
    }
    return file(event.request, /** @type {Promise<Response | undefined>} */ (keptFile(HOME)));
}

/** @param {Request} request @param {Promise<Response | undefined>} kept */
async function file(request, kept) {
    return part(request, (await kept) ?? withHeaders(await fetch(request)));
}
