/**
 * What this tab keeps on disk: one file for each result that is too large for memory, until it is not needed any more.
 *
 * What dead tabs left is removed by those that were started after them, and by the next one that starts. A tab lives while
 * its Web Lock is held, and its folder is called like that lock.
 */

import { removeFile, scratchRoot } from './place.js';

/** @import {Place} from './place.js' */
/** @typedef {ReturnType<typeof createScratch>} Scratch */

/** How often, and how long apart, to try to remove a file that a terminated worker has not let go of: Chromium gives it 2 s. */
const TRIES = 100;
const PAUSE_MS = 100;

export function createScratch() {
    /** @type {string | null} */
    let folder = null;
    let next = 1;

    return {
        /**
         * From now on results may lie on disk.
         * @param {string} lock the name of a Web Lock that is held for as long as anybody may read what this tab makes
         */
        begin(lock) {
            folder = lock;
        },
        /** @returns {Place | null} where nothing lies yet; null where nothing may be kept on disk */
        place() {
            return folder === null ? null : { folder, name: String(next++) };
        },
        remove,
        sweep: () => sweep(folder),
    };
}

/**
 * Never rejects: what cannot be removed goes with the next sweep.
 * @param {Place | null} place
 * @param {boolean} [isAwaited] a worker that is being ended may still make the file
 */
async function remove(place, isAwaited = false) {
    for (let left = place ? TRIES : 0; left > 0; left--) {
        try {
            return await removeFile(/** @type {Place} */ (place));
        } catch (/** @type {any} */ error) {
            const isHeld = error?.name === 'NoModificationAllowedError' || error?.name === 'InvalidStateError';
            if (!isHeld && !(isAwaited && error?.name === 'NotFoundError')) return;
            await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
        }
    }
}

/**
 * Remove what tabs left that do not live any more, and what those that do will leave, as soon as they have gone. Never rejects.
 * @param {string | null} own the folder that stays
 */
async function sweep(own) {
    try {
        const root = await scratchRoot();
        for await (const name of root.keys()) {
            if (name === own) continue;
            // Granted at once where the tab is dead, otherwise when it dies.
            const removed = navigator.locks.request(name, () => root.removeEntry(name, { recursive: true }));
            // Another tab may have been faster; what a worker still holds that is just being ended goes the next time.
            removed.catch(() => {});
        }
    } catch {
        // Where there is no such storage nothing was left in it.
    }
}
