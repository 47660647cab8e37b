/** The site's files as they are kept: all of a version or nothing of it, undamaged, and for as long as somebody may want them. */

import { PrecacheController } from 'workbox-precaching/PrecacheController.js';
import { keepable } from './headers.js';
import { integrityOf } from './integrity.js';
import { SITE, cacheName, scope } from './site.js';

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const CACHE = cacheName('site');
/** All versions share one cache, by their revisions: while one fetches its files, another must not tidy up. */
const LOCK = cacheName('keeping');
/** Chunks are named after what they hold, so one of an older version is never taken for another. */
const CHUNK = /\/shared-[A-Z0-9]+\.js$/;
/** What workbox tells one version of a file from another by. */
const REVISION = /=[0-9a-f]+$/;
/** Queries of other people mean something else. */
const IS_REVISION = /^[0-9a-f]{16}$/;

const site = new PrecacheController({ cacheName: CACHE, plugins: [{ cacheWillUpdate: async (fetched) => (isOver ? null : keepable(fetched)) }] });
site.addToCacheList(SITE.files.map(({ url, ...rest }) => ({ url: addressOf(url), ...rest })));
let isOver = false;

/** @param {string} url from the root of the site */
export function addressOf(url) {
    return new URL(url, scope).href;
}

/**
 * @param {string} address without a query
 * @param {string | null} [version] the revision that is wanted, where only that one will do
 * @returns {Promise<Response | undefined> | null} null: not one of the files that are kept
 */
export function keptFile(address, version = null) {
    const key = site.getCacheKeyForURL(address);
    if (key && version && IS_REVISION.test(version) && !key.endsWith(`=${version}`)) return olderFile(key, version);
    // Workbox itself would make the cache anew where it was cleared away.
    if (key) return caches.match(key, { cacheName: CACHE });
    return CHUNK.test(address) ? caches.match(address, { cacheName: CACHE, ignoreSearch: true }) : null;
}

/**
 * A file for a page of another version, which would not understand that of this one.
 * @param {string} key of this version's
 * @param {string} version
 */
async function olderFile(key, version) {
    return (await caches.match(key.replace(REVISION, `=${version}`), { cacheName: CACHE })) ?? Response.error();
}

/**
 * Fetch every file that is not kept yet. One that is missing or different, or for which there is no room, and it rejects.
 * @param {ExtendableEvent} event
 */
export async function keepAll(event) {
    await navigator.locks.request(LOCK, () => site.install(event));
}

/**
 * Remove the files of other versions, unless one waits to be let in, or a page of one may still be open and want them.
 * @param {ExtendableEvent} event
 * @param {number} open how many pages there may be that want none
 */
export async function tidy(event, open) {
    await navigator.locks.request(LOCK, { ifAvailable: true }, async (lock) => {
        const { installing, waiting } = worker.registration;
        if (!lock || installing || waiting) return;
        const pages = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
        if (pages.length <= open) await site.activate(event);
    });
}

/** Fetch again what is damaged, or was cleared away under the site. Where the host has another version by now, that one comes as an update. */
export async function mend() {
    await navigator.locks.request(LOCK, { ifAvailable: true }, async (lock) => {
        if (!lock || isOver) return;
        const cache = await caches.open(CACHE);
        for (const { url, integrity } of SITE.files) {
            if (isOver) return;
            const key = /** @type {string} */ (site.getCacheKeyForURL(addressOf(url)));
            const kept = await cache.match(key);
            if (kept && (await integrityOf(kept)) !== integrity) await cache.delete(key);
        }
        // Workbox asks for an event, to keep the worker alive; nobody waits for this.
        await site.install(/** @type {any} */ ({ type: 'install', waitUntil() {} }));
    });
}

/** All is being cleared away: nothing must come back. Resolves when nobody is fetching files any more, in any version's worker. */
export async function end() {
    isOver = true;
    await navigator.locks.request(LOCK, () => {});
}
