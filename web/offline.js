/** The site on this device, as the page sees it: kept for use without a network, and replaced by a new version when asked. */

/**
 * @typedef {'none' | 'preparing' | 'ready' | 'failed'} Kept `none`: this browser, or this address, cannot keep a site
 * @typedef {object} Events
 * @property {(kept: Kept) => void} onKept
 * @property {() => void} onUpdate a new version waits to be let in
 * @property {() => void} onReplaced another page has let it in: this page is of an older version now
 */

/** Where the site lies, with the last slash. */
export const scope = new URL('./', globalThis.document?.baseURI ?? globalThis.location?.href).href;

const UPDATE_CHECK_MS = 3_600_000;
/** How often it is tried to be alone. */
const RETRY_MS = 500;

/** @param {Events} events */
export function keepOffline({ onKept, onUpdate, onReplaced }) {
    const container = navigator.serviceWorker;
    /** @type {ServiceWorkerRegistration | null} */
    let registration = null;
    let wasControlled = Boolean(container?.controller);
    let asked = false;

    /** @param {ServiceWorker} worker that has been found just now */
    function follow(worker) {
        worker.addEventListener('statechange', () => {
            if (worker.state === 'installed' && registration?.active) onUpdate();
            else if (worker.state === 'redundant' && !registration?.active) onKept('failed');
            else if (worker.state === 'activated') onKept('ready');
        });
    }

    function replaced() {
        if (asked) location.reload();
        else if (wasControlled) onReplaced();
        wasControlled = true;
    }

    async function register() {
        if (!container) return onKept('none');
        onKept(container.controller ? 'ready' : 'preparing');
        container.addEventListener('controllerchange', replaced);
        try {
            registration = await container.register(new URL('sw.js', scope), { scope, updateViaCache: 'none' });
        } catch {
            return onKept('none');
        }
        if (registration.active) onKept('ready');
        if (registration.waiting && registration.active) onUpdate();
        if (registration.installing) follow(registration.installing);
        registration.addEventListener('updatefound', () => registration?.installing && follow(registration.installing));
        setInterval(() => void registration?.update().catch(() => {}), UPDATE_CHECK_MS);
    }

    return {
        register,
        /**
         * Let the new version in as soon as nothing is being made in any tab, and reload.
         * @param {() => void} onWait called when something is
         */
        async update(onWait) {
            asked = true;
            while (!(await alone(takeOver))) {
                onWait();
                await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
            }
        },
    };

    function takeOver() {
        if (!registration?.waiting) return location.reload();
        registration.waiting.postMessage({ do: 'take-over' });
        // Until the page is gone, nothing new may begin.
        return new Promise(() => {});
    }
}

/**
 * Do something that must not happen while clips are made, in this tab or another.
 * @param {() => unknown} work
 * @returns {Promise<boolean>} whether it was done; false while somebody makes something
 */
export async function alone(work) {
    if (!navigator.locks) return (await work(), true);
    return navigator.locks.request(`clipwright-jobs:${scope}`, { ifAvailable: true }, async (lock) => {
        if (lock) await work();
        return lock !== null;
    });
}
