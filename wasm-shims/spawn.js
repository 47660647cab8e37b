/**
 * Starting workers, wherever the page is that wants them.
 *
 * Browsers start a worker only from the page's own origin. Where the site lies on another one, a small worker
 * that belongs to the page imports the real one; that host must allow it (CORS). Under Trusted Types the only addresses that
 * ever become scripts are those that are called like the site's workers, by the policy `clipwright`.
 */

/** How a worker is called that gets its interpreter from whoever starts it. */
export const GIVEN = 'clipwright, given its interpreter';
const WORKERS = /\/(?:app|media|ffmpeg|saving|snapshot|ffmpeg-core)\.worker\.js$/;

/** What is posted before the real worker listens waits for it. Its address is the last word of the worker's name. */
const BOOTSTRAP = `
const early = [];
const hold = (event) => { event.stopImmediatePropagation(); early.push(event.data); };
self.addEventListener('message', hold);
import(self.name.split(' ').at(-1)).then(() => {
    self.removeEventListener('message', hold);
    for (const data of early) self.dispatchEvent(new MessageEvent('message', { data }));
}, (error) => setTimeout(() => { throw error; }));
`;

/** @type {string | undefined} */
let bootstrap;
/** @type {{createScriptURL: (address: string) => any} | undefined} */
let policy;

/**
 * @param {URL} address of one of the site's workers
 * @param {string} name what it is called in the browser's tools
 * @returns {Worker} one that tells an `error` where the page's policy forbids it
 */
export function spawn(address, name) {
    try {
        return started(address, name);
    } catch (error) {
        return stillborn(error);
    }
}

/** @param {URL} address @param {string} name */
function started(address, name) {
    if (address.origin === self.origin) return new Worker(trusted(address.href), { type: 'module', name });
    bootstrap ??= URL.createObjectURL(new Blob([BOOTSTRAP], { type: 'text/javascript' }));
    return new Worker(trusted(bootstrap), { type: 'module', name: `${name} ${address.href}` });
}

/**
 * Browsers tell of a forbidden address by an event, but throw where the policy's name is forbidden.
 * @param {any} error
 * @returns {Worker}
 */
function stillborn(error) {
    const worker = Object.assign(new EventTarget(), { postMessage() {}, terminate() {} });
    queueMicrotask(() => worker.dispatchEvent(new ErrorEvent('error', { message: String(error), cancelable: true })));
    return /** @type {any} */ (worker);
}

/** @param {string} address */
function trusted(address) {
    const types = /** @type {any} */ (globalThis).trustedTypes;
    if (!types) return address;
    policy ??= types.createPolicy('clipwright', { createScriptURL: allowed });
    return /** @type {NonNullable<typeof policy>} */ (policy).createScriptURL(address);
}

/** @param {string} address */
function allowed(address) {
    if (address !== bootstrap && !WORKERS.test(new URL(address).pathname)) throw new TypeError(`${address} is no worker of Clipwright.`);
    return address;
}
