/** Files that come from outside the page: opened with the installed site, shared by another app, or a shortcut to the sample. */

import { ClipwrightError } from '../../wasm-shims/rpc.js';
import { scope } from '../offline.js';

const SHARED = `clipwright-shared:${scope}`;

/**
 * @param {object} events
 * @param {(file: File, more: File[]) => void} events.onFiles
 * @param {() => void} events.onSample
 * @param {(error: unknown) => void} events.onLost files were meant to arrive and did not
 */
export async function arrivals({ onFiles, onSample, onLost }) {
    /** @param {File[]} files */
    const take = ([file, ...more]) => file && onFiles(file, more);
    // How the operating system hands files over to an installed site; only Chromium has it.
    /** @type {any} */ (globalThis).launchQueue?.setConsumer(async (/** @type {{files?: FileSystemFileHandle[]}} */ { files = [] }) => {
        try {
            take(await Promise.all(files.map((handle) => handle.getFile())));
        } catch (error) {
            onLost(error);
        }
    });

    const query = new URLSearchParams(location.search);
    if (!query.has('shared') && !query.has('sample')) return;
    // Going back or reloading must not do it again.
    history.replaceState(null, '', location.pathname);
    if (query.has('sample')) return onSample();
    // Without room, or where nothing can be kept, it is not there.
    const files = await shared().catch(() => []);
    if (files.length > 0) take(files);
    else onLost(new ClipwrightError('resource', 'What was shared could not be taken in.', { hint: 'Choose it here instead.' }));
}

/** @returns {Promise<File[]>} what the service worker has laid down; it is not kept any longer */
async function shared() {
    const cache = await caches.open(SHARED);
    const files = await Promise.all(
        (await cache.keys()).map(async (request) => {
            const blob = await (await cache.match(request))?.blob();
            const name = decodeURIComponent(request.url.slice(request.url.lastIndexOf('/') + 1));
            return new File(blob ? [blob] : [], name, { type: blob?.type });
        }),
    );
    await caches.delete(SHARED);
    return files;
}
