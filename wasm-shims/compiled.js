/** WebAssembly of the site, compiled while it arrives. */

import { damaged, integrityOf, revisionOf } from './integrity.js';

/** By its path in the site. */
export const INTERPRETER = 'pyodide/pyodide.asm.wasm';

/** What tells this interpreter from every other. */
export const REVISION = String(integrityOf(INTERPRETER));

/**
 * Python's interpreter. Pages begin with it before their worker can, where their policy lets them.
 * @param {URL} base the site's root
 * @returns {Promise<WebAssembly.Module>}
 */
export async function compileInterpreter(base) {
    return compiled(await fetchCompiled(INTERPRETER, base));
}

/** @param {Response} response @returns {Promise<WebAssembly.Module>} */
export async function compiled(response) {
    // Hosts that do not know WebAssembly call it something else, which browsers do not compile while it arrives.
    const isKnown = !response.ok || response.headers.get('content-type') === 'application/wasm';
    return isKnown ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}

/**
 * Fetch WebAssembly as browsers keep it together with the code that they have compiled from it: in their own cache. They compile
 * what a service worker answers with again each time.
 * @param {string} path
 * @param {URL} base
 */
async function fetchCompiled(path, base) {
    const address = new URL(`${path}?revision=${revisionOf(path)}`, base);
    const integrity = integrityOf(path);
    const kept = mayBeCovered() ? await fetchKept(address, integrity) : null;
    return kept ?? fetch(address, { integrity }).catch((cause) => { throw damaged(address.href, cause); });
}

/**
 * The service worker leaves this request alone. What is of one revision cannot be out of date.
 * @param {URL} address
 * @param {string} [integrity]
 * @returns {Promise<Response | null>} null: it is not there, or damaged
 */
async function fetchKept(address, integrity) {
    try {
        const response = await fetch(address, { integrity, mode: 'same-origin', cache: 'only-if-cached' });
        return response.ok ? response : null;
    } catch {
        return null;
    }
}

/** Pages know whether a service worker answers what they fetch, and where none does consoles would tell of a miss; workers do not. */
const mayBeCovered = () => !('document' in self) || Boolean(navigator.serviceWorker?.controller);
