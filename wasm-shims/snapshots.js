/**
 * Memory snapshots of a freshly started Python, kept in the origin private file system between visits.
 *
 * A kept file holds a SHA-256 digest and what it is the digest of: the snapshot, packed. Whatever is wrong with it, the answer
 * is that there is none: starting without one only takes longer.
 */

import { pack, unpack } from './packing.js';

/** Also the name of the lock that is held while a snapshot may be written. */
export const FOLDER = 'clipwright-snapshots';
const DIGEST_BYTES = 32;
/** To be raised when something else is kept, or in another way. */
const LAYOUT = '2';

/**
 * The snapshot that is kept, whole, and what it is kept under; null where there is none, or none that can be trusted.
 * @returns {Promise<{key: string, snapshot: Uint8Array} | null>}
 */
export async function readSnapshot() {
    try {
        const folder = await openFolder(false);
        for await (const key of folder.keys()) {
            const bytes = await readWhole(await folder.getFileHandle(key));
            const packed = bytes.subarray(DIGEST_BYTES);
            const digest = await digestOf(packed);
            const snapshot = digest.every((byte, i) => byte === bytes[i]) ? unpack(packed) : null;
            if (snapshot) return { key, snapshot };
            await folder.removeEntry(key);
        }
    } catch {
        // There is none, or no file system to keep one in.
    }
    return null;
}

/**
 * Keep a snapshot, and nothing else of what was kept before: other keys are of other versions.
 * @param {string} key
 * @param {Uint8Array} snapshot
 */
export async function keepSnapshot(key, snapshot) {
    const folder = await openFolder(true);
    for await (const name of folder.keys()) if (name !== key) await folder.removeEntry(name);
    const packed = pack(snapshot);
    const handle = await (await folder.getFileHandle(key, { create: true })).createSyncAccessHandle();
    try {
        handle.truncate(0);
        handle.write(packed, { at: DIGEST_BYTES });
        // Last, so that a file that was not finished cannot be taken for one that was.
        handle.write(await digestOf(packed), { at: 0 });
        handle.flush();
    } catch (error) {
        handle.truncate(0);
        throw error;
    } finally {
        handle.close();
    }
}

/** Remove every snapshot. */
export async function forgetSnapshots() {
    const root = await navigator.storage.getDirectory();
    await root.removeEntry(FOLDER, { recursive: true }).catch(() => {});
}

/**
 * @param {string[]} parts whatever a snapshot depends on
 * @returns {Promise<string>} a file name
 */
export async function snapshotKey(parts) {
    const digest = await digestOf(new TextEncoder().encode(JSON.stringify([LAYOUT, ...parts])));
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
