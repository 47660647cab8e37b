/** Optional packs: parts of the site that few people need, kept on the device once they are used or installed. */

import { ClipwrightError } from '../wasm-shims/rpc.js';
import { scope } from './offline.js';

/**
 * @typedef {{url: string, size: number, integrity: string}} PackFile
 * @typedef {{name: string, title: string, text: string, cache: string, files: PackFile[]}} Pack `cache`: the name of its revision
 */

/** @param {Pack} pack */
const nameOf = ({ cache }) => `clipwright-${cache}:${scope}`;
/** @param {PackFile} file */
const addressOf = ({ url }) => new URL(url, scope).href;

/** @returns {Promise<Pack[]>} */
export async function listPacks() {
    return (await fetch(new URL('packs.json', scope))).json();
}

/** @param {Pack} pack */
export function sizeOf({ files }) {
    return files.reduce((sum, { size }) => sum + size, 0);
}

/** @param {Pack} pack @returns {Promise<boolean>} whether all of it is kept on this device */
export async function isInstalled(pack) {
    const found = await Promise.all(pack.files.map((file) => caches.match(addressOf(file), { cacheName: nameOf(pack) })));
    return found.every(Boolean);
}

/**
 * Fetch all of a pack and keep it; a part that is damaged or missing leaves nothing behind.
 * @param {Pack} pack
 * @param {{onProgress: (done: number) => void, signal: AbortSignal}} options `done`: from 0 to 1
 */
export async function installPack(pack, { onProgress, signal }) {
    const total = sizeOf(pack);
    let arrived = 0;
    try {
        for (const file of pack.files) {
            const response = await fetch(addressOf(file), { cache: 'no-store', signal });
            if (!response.ok) throw new TypeError(`HTTP ${response.status} for ${file.url}`);
            const body = await received(response, (bytes) => onProgress((arrived += bytes) / total));
            if ((await integrityOf(body)) !== file.integrity) throw new TypeError(`${file.url} is not what it should be`);
            const cache = await caches.open(nameOf(pack));
            // The host's other headers are about how it was sent.
            await cache.put(addressOf(file), new Response(body, { headers: { 'content-type': response.headers.get('content-type') ?? '' } }));
        }
    } catch (/** @type {any} */ error) {
        await removePack(pack);
        if (error?.name === 'QuotaExceededError') {
            throw new ClipwrightError('resource', `There is not enough space left for ${pack.title}.`, { hint: 'Free some disk space and try again.', detail: String(error) });
        }
        if (error?.name !== 'TypeError') throw error;
        throw new ClipwrightError('resource', `${pack.title} could not be fetched whole.`, { hint: 'Check the connection and try again.', detail: String(error) });
    }
}

/** @param {Pack} pack */
export async function removePack(pack) {
    await caches.delete(nameOf(pack));
}

/** @param {Response} response @param {(bytes: number) => void} onBytes @returns {Promise<Blob>} */
async function received(response, onBytes) {
    /** @type {TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>} */
    const counter = new TransformStream({
        transform(chunk, controller) {
            onBytes(chunk.byteLength);
            controller.enqueue(chunk);
        },
    });
    return new Response(response.body?.pipeThrough(counter)).blob();
}

/** @param {Blob} body */
async function integrityOf(body) {
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await body.arrayBuffer()));
    return `sha256-${btoa(String.fromCharCode(...digest))}`;
}
