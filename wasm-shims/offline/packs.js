/** Optional packs: large files that few people need, kept once they were used or installed, each revision in a cache of its own. */

import { withHeaders } from './headers.js';
import { integrityOf } from './integrity.js';
import { SITE, cacheName, scope } from './site.js';

/** @import {File, Pack} from './site.js' */

const KIND = 'pack-';
/** The name of a pack's cache ends with its revision. */
const REVISION = /-[0-9a-f]+$/;

/** @param {File} file */
const addressOf = ({ url }) => new URL(url, scope).href;

/** @param {string} address @returns {Pack | undefined} the pack that a file belongs to */
export function packOf(address) {
    return SITE.packs.find(({ files }) => files.some((file) => addressOf(file) === address));
}

/**
 * A file of a pack: the kept one, or the host's, which is kept from then on.
 * @param {FetchEvent} event
 * @param {Pack} pack
 * @param {string} address
 */
export async function packFile(event, pack, address) {
    const kept = await caches.match(address, { cacheName: cacheName(pack.cache) });
    // What the page has installed is kept without the headers that a worker of an isolated page needs.
    if (kept) return event.request.destination === 'worker' ? withHeaders(kept) : kept;
    const file = pack.files.find((file) => addressOf(file) === address);
    const response = withHeaders(await fetch(address, { integrity: file?.integrity, cache: 'no-cache' }));
    // Without room for it, it is fetched again next time.
    if (response.status === 200) event.waitUntil(keep(pack, address, response.clone()).catch(() => {}));
    return response;
}

/** Get the new revision of every pack of which an old one is kept; one that does not arrive must not hold up the site. */
export async function renewPacks() {
    const names = await caches.keys();
    const stale = SITE.packs.filter(({ cache }) => !names.includes(cacheName(cache)) && names.some((name) => isRevisionOf(name, cache)));
    await Promise.allSettled(stale.map(renew));
}

/** @param {Pack} pack */
async function renew(pack) {
    for (const file of pack.files) {
        const response = await fetch(addressOf(file), { integrity: file.integrity, cache: 'no-cache' });
        if (response.status !== 200) throw new Error(`HTTP ${response.status} for ${file.url}`);
        await keep(pack, addressOf(file), withHeaders(response));
    }
}

/** Remove the packs, and the revisions of packs, that this version does not know. */
export async function dropOldPacks() {
    const known = SITE.packs.map(({ cache }) => cacheName(cache));
    const own = (await caches.keys()).filter((name) => name.startsWith(`clipwright-${KIND}`) && name.endsWith(`:${scope}`));
    await Promise.all(own.filter((name) => !known.includes(name)).map((name) => caches.delete(name)));
}

/** Remove what is damaged of a pack; it is fetched again when it is next needed. */
export async function dropDamagedPacks() {
    for (const pack of SITE.packs) {
        const name = cacheName(pack.cache);
        for (const file of pack.files) {
            const kept = await caches.match(addressOf(file), { cacheName: name });
            if (kept && (await integrityOf(kept)) !== file.integrity) await (await caches.open(name)).delete(addressOf(file));
        }
    }
}

/** @param {string} name of a cache @param {string} cache a pack's */
function isRevisionOf(name, cache) {
    const end = `:${scope}`;
    return name.endsWith(end) && name.slice('clipwright-'.length, -end.length).replace(REVISION, '') === cache.replace(REVISION, '');
}

/** @param {Pack} pack @param {string} address @param {Response} response */
async function keep(pack, address, response) {
    const cache = await caches.open(cacheName(pack.cache));
    await cache.put(address, response);
}
