/** Pyodide itself: what it consists of is fetched and compiled before it asks, and is what it was when the site was built. */

import { damaged, integrityOf, revisionOf } from './integrity.js';

const WASM = 'pyodide/pyodide.asm.wasm';
const LIBRARY = 'pyodide/python_stdlib.zip';

/** What tells this Pyodide from every other. */
export const REVISION = [WASM, LIBRARY].map(integrityOf).join(' ');

/**
 * @typedef {object} Early what is under way, and can be taken once
 * @property {Map<string, Promise<Response>>} responses by path in the site
 * @property {Map<unknown, Promise<WebAssembly.Module>>} modules by the response that they are compiled from
 */

/**
 * Begin to fetch Pyodide.
 * @param {URL} base the site's root
 * @returns {(options: object) => Promise<any>} starts it; only one at a time, and nothing else may fetch meanwhile
 */
export function fetchInterpreter(base) {
    const parts = Promise.all(['pyodide.mjs', 'pyodide.asm.mjs'].map((name) => import(new URL(`pyodide/${name}`, base).href)));
    parts.catch(() => {});
    const early = begin(base);
    return async (options) => {
        const [{ loadPyodide }, { default: createPyodideModule }] = await parts;
        return withEarly(base, early, () => loadPyodide({ indexURL: new URL('pyodide/', base).href, packages: [], createPyodideModule, ...options }));
    };
}

/** @param {URL} base @returns {Early} */
function begin(base) {
    const wasm = fetchCompiled(WASM, base);
    const responses = new Map([[WASM, wasm], [LIBRARY, fetch(new URL(LIBRARY, base), { integrity: integrityOf(LIBRARY) })]]);
    const modules = new Map([[wasm, WebAssembly.compileStreaming(wasm)]]);
    // Whoever takes one hears of it.
    [...responses.values(), ...modules.values()].forEach((coming) => coming.catch(() => {}));
    return { responses, modules };
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
    try {
        // The service worker leaves this one alone. What is of one revision cannot be out of date.
        const response = await fetch(address, { integrity, mode: 'same-origin', cache: 'only-if-cached' });
        if (response.ok) return response;
    } catch {
        // It is not there, or damaged.
    }
    return fetch(address, { integrity });
}

/**
 * Do what fetches and compiles by itself, so that it gets what is under way, and nothing that is other than it should be. It may
 * wait for ever for what it does not get; this does not.
 * @template T
 * @param {URL} base
 * @param {Early} early
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
async function withEarly(base, early, work) {
    const { fetch: plainFetch } = self;
    const { instantiateStreaming } = WebAssembly;
    /** @type {Promise<never>} */
    const broken = new Promise((_, reject) => {
        self.fetch = (address, options) => {
            const { href } = new URL(address instanceof Request ? address.url : address, base);
            const path = href.startsWith(base.href) ? href.slice(base.href.length) : '';
            const integrity = integrityOf(path);
            const response = early.responses.get(path) ?? plainFetch(address, integrity ? { ...options, integrity } : options);
            early.responses.delete(path);
            response.catch((cause) => reject(damaged(href, cause)));
            return response;
        };
    });
    WebAssembly.instantiateStreaming = async (response, imports) => {
        const module = await early.modules.get(response);
        if (!module) return instantiateStreaming(response, imports);
        return { module, instance: await WebAssembly.instantiate(module, imports) };
    };
    try {
        return await Promise.race([work(), broken]);
    } finally {
        self.fetch = plainFetch;
        WebAssembly.instantiateStreaming = instantiateStreaming;
    }
}
