/** While something is made, no new version may take over and nothing may be cleared away: both would end it. */

/**
 * Share the lock that the page asks for alone before it does either.
 * @param {URL} base where the site lies
 * @param {AbortSignal} signal ends waiting for it
 * @returns {Promise<() => void>} lets go of it
 */
export function holdJobLock(base, signal) {
    return new Promise((resolve) => {
        const nothing = () => resolve(() => {});
        if (!navigator.locks) return nothing();
        /** @param {unknown} _ the lock */
        const held = (_) => new Promise((release) => resolve(() => release(undefined)));
        // An opaque origin has no locks, and no other version either; what was cancelled ends without one.
        navigator.locks.request(`clipwright-jobs:${base.href}`, { mode: 'shared', signal }, held).catch(nothing);
    });
}
