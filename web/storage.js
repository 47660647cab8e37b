/** What this site keeps in the browser, and how all of it is removed. */

import { scope } from './offline.js';

const MARK = 'clipwright';
const ASKED = 'clipwright.asked-to-keep';
/** A worker that has just been ended may still hold a file for a moment. */
const TRIES = 10;
const PAUSE_MS = 200;

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

/** Remove everything that this site ever kept here. Nothing may run meanwhile. */
export async function clearEverything() {
    const registration = await navigator.serviceWorker?.getRegistration(scope);
    // A copy of the site higher up on the same host is another one's.
    if (registration?.scope === scope) await registration.unregister();
    if (globalThis.caches) {
        const names = (await caches.keys()).filter((name) => name.startsWith(`${MARK}-`) && name.endsWith(`:${scope}`));
        await Promise.all(names.map((name) => caches.delete(name)));
    }
    await clearFolders();
    await clearDatabases();
    for (const area of [localStorage, sessionStorage]) {
        for (const key of Object.keys(area)) if (key.startsWith(MARK)) area.removeItem(key);
    }
}

async function clearFolders() {
    if (!navigator.storage?.getDirectory) return;
    const root = await navigator.storage.getDirectory();
    /** @type {string[]} */
    const names = [];
    for await (const name of root.keys()) if (name.startsWith(`${MARK}-`)) names.push(name);
    for (const name of names) await insist(() => root.removeEntry(name, { recursive: true }));
}

async function clearDatabases() {
    const all = (await indexedDB?.databases?.()) ?? [];
    for (const { name } of all) {
        if (!name?.startsWith(MARK)) continue;
        await new Promise((resolve, reject) => {
            const request = indexedDB.deleteDatabase(name);
            request.onsuccess = resolve;
            request.onerror = () => reject(request.error);
        });
    }
}

/** @param {() => Promise<void>} work */
async function insist(work) {
    for (let left = TRIES; ; left -= 1) {
        try {
            return await work();
        } catch (error) {
            if (left === 0) throw error;
            await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
        }
    }
}
