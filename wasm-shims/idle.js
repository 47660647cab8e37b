/** Work that can wait until nothing else is to be done. */

/** How long nothing may have been asked for. */
const IDLE_MS = 2000;

/**
 * @param {() => boolean} isIdle
 * @returns {Promise<void>} resolves when it has been so for a while
 */
export function whenIdle(isIdle) {
    return new Promise((resolve) => {
        let idleTicks = 0;
        const timer = setInterval(() => {
            idleTicks = isIdle() ? idleTicks + 1 : 0;
            if (idleTicks < 2) return;
            clearInterval(timer);
            resolve();
        }, IDLE_MS / 2);
    });
}
