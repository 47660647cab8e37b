/** What this site keeps in the browser, and how all of it is removed. */

import { scope } from './offline.js';

const MARK = 'clipwright';
const ASKED = 'clipwright.asked-to-keep';
/** How often, and how long apart, to try to remove what a worker has not let go of that has just been ended: Chromium gives it 2 s. */
const TRIES = 50;
const PAUSE_MS = 100;
/** The lock that a worker holds while it may write a snapshot of Python; one that has just been ended does so for a moment. */
const SNAPSHOTS = `${MARK}-snapshots`;
const PATIENCE_MS = 10_000;

/** @returns {Promise<{bytes: number, kept: boolean} | null>} `kept`: the browser does not remove it by itself; null where it does not say */
export async function stored() {
    try {
        const [{ usage = 0 }, kept] = await Promise.all([navigator.storage.estimate(), navigator.storage.persisted()]);
        return { bytes: usage, kept };
    } catch {
        return null;
    }
}

/** Ask the browser, once, not to remove anything by itself: somebody has begun to use it. Some browsers ask the person. */
export async function askToKeep() {
    try {
        if (localStorage.getItem(ASKED) || (await navigator.storage.persisted())) return;
        localStorage.setItem(ASKED, 'yes');
        await navigator.storage.persist();
    } catch {
        // No storage, or none that lasts: nothing is lost but speed.
    }
}

/**
 * Remove everything that this site ever kept here. Nothing may run meanwhile. What cannot be removed keeps nothing else from being
 * removed; then this rejects.
 */
export async function clearEverything() {
    await clearWorker();
    const cleared = await Promise.allSettled([clearCaches(), clearFolders(), clearDatabases(), clearSettings()]);
    for (const one of cleared) {
        // What the browser does not let this page have holds nothing of it.
        if (one.status === 'rejected' && one.reason?.name !== 'SecurityError') throw one.reason;
    }
}

async function clearWorker() {
    // Where there is none, as in a private window, it may be an error to ask.
    const registration = await navigator.serviceWorker?.getRegistration(scope).catch(() => undefined);
    // A copy of the site higher up on the same host is another one's.
    if (registration?.scope !== scope) return;
    const workers = [registration.installing, registration.waiting, registration.active];
    await Promise.all(workers.map((worker) => worker && ended(worker)));
    await registration.unregister();
}

/** @param {ServiceWorker} worker that shall let be what it is putting here @returns {Promise<unknown>} settles when it has, or does not say so */
function ended(worker) {
    const { port1, port2 } = new MessageChannel();
    const said = new Promise((resolve) => (port1.onmessage = resolve));
    worker.postMessage({ do: 'end' }, [port2]);
    return Promise.race([said, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]);
}

async function clearCaches() {
    if (!globalThis.caches) return;
    const names = (await caches.keys()).filter((name) => name.startsWith(`${MARK}-`) && name.endsWith(`:${scope}`));
    await Promise.all(names.map((name) => caches.delete(name)));
}

async function clearFolders() {
    if (!navigator.storage?.getDirectory) return;
    if (navigator.locks) await navigator.locks.request(SNAPSHOTS, { signal: AbortSignal.timeout(PATIENCE_MS) }, removeFolders);
    else await removeFolders();
}

async function removeFolders() {
    const root = await navigator.storage.getDirectory();
    /** @type {string[]} */
    const names = [];
    for await (const name of root.keys()) if (name.startsWith(`${MARK}-`)) names.push(name);
    await Promise.all(names.map((name) => removeFolder(root, name)));
}

/** @param {FileSystemDirectoryHandle} root @param {string} name */
async function removeFolder(root, name) {
    for (let left = TRIES; ; left -= 1) {
        try {
            return await root.removeEntry(name, { recursive: true });
        } catch (/** @type {any} */ error) {
            // Another tab has been faster.
            if (error?.name === 'NotFoundError') return;
            if (left === 0) throw error;
            await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
        }
    }
}

async function clearDatabases() {
    const all = (await globalThis.indexedDB?.databases?.()) ?? [];
    const names = all.flatMap(({ name }) => (name?.startsWith(MARK) ? [name] : []));
    await Promise.all(names.map(removeDatabase));
}

/** @param {string} name @returns {Promise<void>} */
function removeDatabase(name) {
    return new Promise((resolve, reject) => {
        const request = indexedDB.deleteDatabase(name);
        request.onsuccess = () => resolve();
        request.onerror = () => reject(request.error);
        request.onblocked = () => reject(new Error(`Another tab uses ${name}.`));
    });
}

async function clearSettings() {
    for (const area of [localStorage, sessionStorage]) {
        for (const key of Object.keys(area)) if (key.startsWith(MARK)) area.removeItem(key);
    }
}
