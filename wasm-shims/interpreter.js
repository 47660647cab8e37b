/** Pyodide itself: what it consists of is there before it asks, and is what it was when the site was built. */

import { INTERPRETER } from './compiled.js';
import { damaged, integrityOf } from './integrity.js';
import { ARCHIVES, EXTENSIONS } from './libraries.js';
import { ClipwrightError } from './rpc.js';

const [LIBRARY] = ARCHIVES;

/**
 * Begin to fetch Pyodide.
 * @param {URL} base the site's root
 * @param {Promise<WebAssembly.Module>} module its WebAssembly
 * @returns {(options: object, parts: Map<string, Promise<ArrayBuffer>>) => Promise<any>} starts it with the modules of compiled C, and,
 *   unless it is restored, its library; only one at a time, and nothing else may fetch meanwhile
 */
export function fetchInterpreter(base, module) {
    const code = Promise.all(['pyodide.mjs', 'pyodide.asm.mjs'].map((name) => import(new URL(`pyodide/${name}`, base).href)));
    // Whoever starts it hears of it.
    [code, module].forEach((coming) => coming.catch(() => {}));
    return async (options, parts) => {
        const [{ loadPyodide }, { default: create }] = await code;
        const createPyodideModule = (/** @type {any} */ settings) => create(linking(settings, base));
        const responses = new Map([LIBRARY, ...EXTENSIONS].map(({ file, place }) => [file, respond(parts.get(place))]));
        responses.set(INTERPRETER, respond());
        const pyodide = await withEarly(base, module, responses, () => loadPyodide({ indexURL: new URL('pyodide/', base).href, packages: [], createPyodideModule, ...options }));
        // It would hold on to the snapshot, which nobody needs any more, for as long as it lives.
        delete pyodide._api.config._loadSnapshot;
        return pyodide;
    };
}

/** An empty one where nothing is needed: whoever was restored has in memory what it started with. @param {Promise<ArrayBuffer>} [bytes] */
const respond = async (bytes) => new Response(await bytes);

/**
 * What Emscripten is to link before Python's memory is begun or restored: at the same addresses each time, so that a snapshot may
 * hold what was imported of it.
 * @param {{locateFile: (name: string) => string}} settings they stay the same object
 * @param {URL} base
 */
function linking(settings, base) {
    const { locateFile } = settings;
    const files = new Map(EXTENSIONS.map(({ place, file }) => [place, new URL(file, base).href]));
    return Object.assign(settings, { dynamicLibraries: [...files.keys()], locateFile: (/** @type {string} */ name) => files.get(name) ?? locateFile(name) });
}

/**
 * Do what fetches and compiles by itself, so that it gets what is under way, and nothing that is other than it should be. It may
 * wait for ever for what it does not get; this does not.
 * @template T
 * @param {URL} base
 * @param {Promise<WebAssembly.Module>} module
 * @param {Map<string, Promise<Response>>} responses by path in the site; each can be taken once
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
async function withEarly(base, module, responses, work) {
    const { fetch: plainFetch } = self;
    const { instantiateStreaming } = WebAssembly;
    /** @type {Promise<never>} */
    const broken = new Promise((_, reject) => {
        module.catch(reject);
        self.fetch = (address, options) => {
            const { href } = new URL(address instanceof Request ? address.url : address, base);
            const path = href.startsWith(base.href) ? href.slice(base.href.length) : '';
            const integrity = integrityOf(path);
            const response = responses.get(path) ?? plainFetch(address, integrity ? { ...options, integrity } : options);
            responses.delete(path);
            response.catch((cause) => reject(cause instanceof ClipwrightError ? cause : damaged(href, cause)));
            return response;
        };
    });
    // Pyodide compiles nothing else in this way.
    WebAssembly.instantiateStreaming = async (_, imports) => ({ module: await module, instance: await WebAssembly.instantiate(await module, imports) });
    try {
        return await Promise.race([work(), broken]);
    } finally {
        self.fetch = plainFetch;
        WebAssembly.instantiateStreaming = instantiateStreaming;
    }
}
