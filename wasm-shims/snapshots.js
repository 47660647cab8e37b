/**
 * Memory snapshots of a freshly started Python, kept in the origin private file system between visits.
 *
 * A kept file holds a SHA-256 digest and what it is the digest of: what else was known by then, as JSON in UTF-8 after its length in
 * bytes (32 bits, little-endian), and the snapshot, packed. Whatever is wrong with it, the answer is that there is none: starting
 * without one only takes longer.
 */

import { REVISION } from './compiled.js';
import { REVISION as OURS } from './libraries.js';
import { pack, unpack } from './packing.js';

/** Also the name of the lock that is held while a snapshot may be written. */
export const FOLDER = 'clipwright-snapshots';
const DIGEST_BYTES = 32;
const LENGTH_BYTES = 4;
/** To be raised when something else is kept, or in another way. */
const LAYOUT = '3';

/**
 * @typedef {object} Kept
 * @property {Uint8Array} snapshot
 * @property {any} known
 */

/**
 * What is kept for this very version, whole; null where there is nothing, or nothing that can be trusted.
 * @returns {Promise<Kept | null>}
 */
export async function readSnapshot() {
    try {
        const key = await ownKey();
        const folder = await openFolder(false);
        const bytes = await readWhole(await folder.getFileHandle(key));
        const body = bytes.subarray(DIGEST_BYTES);
        const digest = await digestOf(body);
        const kept = digest.every((byte, i) => byte === bytes[i]) ? opened(body) : null;
        if (!kept) await folder.removeEntry(key);
        return kept;
    } catch {
        // There is none, or no file system to keep one in.
        return null;
    }
}

/** @param {Uint8Array<ArrayBuffer>} body @returns {Kept | null} */
function opened(body) {
    const length = new DataView(body.buffer, body.byteOffset).getUint32(0, true);
    const end = LENGTH_BYTES + length;
    const snapshot = unpack(body.subarray(end));
    return snapshot && { snapshot, known: JSON.parse(new TextDecoder().decode(body.subarray(LENGTH_BYTES, end))) };
}

/**
 * Keep a snapshot, and nothing else of what was kept before: other keys are of other versions.
 * @param {Kept} kept
 */
export async function keepSnapshot({ snapshot, known }) {
    const [key, folder] = await Promise.all([ownKey(), openFolder(true)]);
    for await (const name of folder.keys()) if (name !== key) await folder.removeEntry(name);
    const body = await bodyOf(known, pack(snapshot));
    const handle = await (await folder.getFileHandle(key, { create: true })).createSyncAccessHandle();
    try {
        handle.truncate(0);
        handle.write(body, { at: DIGEST_BYTES });
        // Last, so that a file that was not finished cannot be taken for one that was.
        handle.write(await digestOf(body), { at: 0 });
        handle.flush();
    } catch (error) {
        handle.truncate(0);
        throw error;
    } finally {
        handle.close();
    }
}

/** @param {any} known @param {Uint8Array<ArrayBuffer>} packed */
async function bodyOf(known, packed) {
    const text = new TextEncoder().encode(JSON.stringify(known));
    const head = new DataView(new ArrayBuffer(LENGTH_BYTES));
    head.setUint32(0, text.length, true);
    return new Uint8Array(await new Blob([head, text, packed]).arrayBuffer());
}

/** Remove every snapshot. */
export async function forgetSnapshots() {
    const root = await navigator.storage.getDirectory();
    await root.removeEntry(FOLDER, { recursive: true }).catch(() => {});
}

/**
 * Another browser may number functions otherwise that memory knows by their numbers, and encodes other things.
 * @returns {Promise<string>} a file name, which tells whatever a snapshot depends on
 */
async function ownKey() {
    const digest = await digestOf(new TextEncoder().encode(JSON.stringify([LAYOUT, navigator.userAgent, REVISION, OURS])));
    return Array.from(digest.subarray(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * What a file holds; at once where the browser lets several tabs do so.
 * @param {FileSystemFileHandle} file
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
async function readWhole(file) {
    /** @type {FileSystemSyncAccessHandle} */
    let handle;
    try {
        handle = await /** @type {any} */ (file).createSyncAccessHandle({ mode: 'read-only' });
    } catch {
        return new Uint8Array(await (await file.getFile()).arrayBuffer());
    }
    try {
        const bytes = new Uint8Array(handle.getSize());
        return bytes.subarray(0, handle.read(bytes));
    } finally {
        handle.close();
    }
}

/** @param {boolean} create */
async function openFolder(create) {
    return (await navigator.storage.getDirectory()).getDirectoryHandle(FOLDER, { create });
}

/** @param {Uint8Array} bytes */
async function digestOf(bytes) {
    return new Uint8Array(await crypto.subtle.digest('SHA-256', /** @type {Uint8Array<ArrayBuffer>} */ (bytes)));
}
