/**
 * How the end of a worker is noticed at once, whatever ends it: browsers say nothing when one runs out of memory or is closed, but give
 * back the lock that it held.
 */

/** Called by the worker: hold a lock as long as it lives, and tell its name. */
export function holdLife() {
    if (!navigator.locks) return;
    const name = `clipwright-life-${crypto.randomUUID()}`;
    const held = navigator.locks.request(name, () => {
        self.postMessage({ event: 'alive', value: name });
        return new Promise(() => {});
    });
    // An embedded page may have locks but not the right to use them; then silence tells, later.
    held.catch(() => {});
}

/**
 * @param {string} name the lock's
 * @param {() => void} onEnd called once the worker has ended
 * @returns {() => void} ends the watch
 */
export function watchLife(name, onEnd) {
    const watch = new AbortController();
    navigator.locks.request(name, { signal: watch.signal }, onEnd).catch(() => {});
    return () => watch.abort();
}
