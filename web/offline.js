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
        if (wasControlled && !asked) onReplaced();
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
         * Let the new version in and reload, unless something is being made in some tab.
         * @returns {Promise<boolean>} false: something is
         */
        async update() {
            const done = await alone(takeOver);
            if (done) location.reload();
            return done;
        },
    };

    async function takeOver() {
        const next = registration?.waiting;
        if (!next) return;
        asked = true;
        // An even newer version may have come in between, and is asked for after the reload.
        const decided = new Promise((resolve) => next.addEventListener('statechange', () => /activated|redundant/.test(next.state) && resolve(null)));
        next.postMessage({ do: 'take-over' });
        await decided;
    }
}

/** Wait until nothing is made in any tab, without holding off what somebody wants to make. */
export async function idle() {
    while (!(await alone(() => {}))) await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
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
