/** The Web Lock by which other tabs know that what this one keeps on disk is still needed. */

/**
 * Take a lock that is held until the page goes away, also when Clipwright is closed before: its results can be read till then.
 * @param {AbortSignal} [over] lets go of it earlier
 * @returns {Promise<string | null>} its name, which no other tab has; null where the browser gives none
 */
export async function holdScratch(over) {
    if (!navigator.locks) return null;
    const name = `clipwright-${crypto.randomUUID()}`;
    return new Promise((resolve) => {
        const held = navigator.locks.request(name, () => {
            resolve(name);
            return new Promise((end) => over?.addEventListener('abort', end));
        });
        // An embedded page may have locks but not the right to use them.
        held.catch(() => resolve(null));
    });
}
