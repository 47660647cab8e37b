/** What a screen reader says besides what it finds: one polite region, so that messages never talk over each other. */

const PAUSE_MS = 700;

/**
 * @param {HTMLElement} region
 * @returns {(text: string) => void} say `text` once things have settled; the latest wins
 */
export function announcer(region) {
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    return (text) => {
        clearTimeout(timer);
        timer = setTimeout(() => {
            region.textContent = text;
        }, PAUSE_MS);
    };
}
