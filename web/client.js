/** Typed calls to the app worker. */

import { ClipwrightError, connect, fromWire } from '../wasm-shims/rpc.js';
import { GIVEN, spawn } from '../wasm-shims/spawn.js';
import { PROTOCOL } from './protocol.gen.js';
import { holdScratch } from './scratch.js';

/**
 * @import {ClipRequest, ClipResult, CutPlan, CutRequest, CutResult, Document, EffectsInfo, Export, Made, Media, Plan, Project, Ready, Rendering, RenderResult, Requests, Segments, Source, TimeReading} from './protocol.gen.js'
 * @import {Progress} from '../wasm-shims/rpc.js'
 * @typedef {{signal?: AbortSignal, onProgress?: (value: Progress) => void, onMade?: (value: Made & {file: Blob}) => void}} Options
 *   `onMade` hears of every result as soon as it is there, before it has been compared with its source
 */

/**
 * Start the app worker. Requests may be sent at once; they wait until Python is ready.
 * @param {URL} base the folder that `dist/` was copied to
 * @param {Promise<WebAssembly.Module>} [interpreter] compiled here, where the page's policy lets it; otherwise the worker does it
 */
export function startClient(base, interpreter) {
    const worker = spawn(new URL('app.worker.js', base), interpreter ? GIVEN : 'clipwright');
    const give = (/** @type {WebAssembly.Module | null} */ value) => worker.postMessage({ event: 'interpreter', value });
    // What went wrong here the worker finds out, and tells.
    interpreter?.then(give, () => give(null));
    /** @type {PromiseWithResolvers<Ready>} */
    const ready = withResolvers();
    const rpc = connect(worker, {
        onEvent(event, value) {
            if (event === 'failed') die(fromWire(value));
            else if (event === 'fetched') keepLater(value.map((/** @type {string} */ path) => new URL(path, base)));
            else if (event === 'ready' && value.protocol === PROTOCOL) ready.resolve(value);
            else if (event === 'ready') die(new ClipwrightError('internal', 'Parts of this site are from different versions.', { hint: 'Reload the page.' }));
        },
    });

    void holdScratch().then((lock) => lock && worker.postMessage({ event: 'scratch', value: lock }));

    /** @param {ClipwrightError} error */
    function die(error) {
        worker.terminate();
        ready.reject(error);
        rpc.fail(error);
    }
    ready.promise.catch(() => {});
    worker.addEventListener('error', (event) => {
        event.preventDefault();
        die(new ClipwrightError('internal', 'Clipwright could not start.', { hint: 'Reload the page.', detail: event.message ?? '' }));
    });

    return {
        ready: ready.promise,
        /** @param {File | Blob} file @param {{reader: string, stills: boolean}} how @param {Options} options @returns {Promise<Media>} */
        open: (file, how, options) => rpc.request('open', { file, ...how }, options),
        /** @param {string} text @param {{frame_rate?: string | null, duration_us?: number | null}} facts @returns {Promise<TimeReading>} */
        parseTime: (text, facts) => rpc.request('parse_time', { text, ...facts }),
        /** @param {string | null} name @returns {Promise<EffectsInfo>} */
        effects: (name) => rpc.request('effects', { name }),
        /** @param {Media} media @param {ClipRequest} request @param {Options} options @returns {Promise<Plan>} */
        plan: (media, request, options) => rpc.request('plan', { media, request }, options),
        /** @param {Media} media @param {ClipRequest} request @param {Options} options @returns {Promise<ClipResult & {file: Blob}>} */
        clip: (media, request, options) => rpc.request('clip', { media, request }, options),
        /** @param {Media[]} media @param {CutRequest} request @param {Options} options @returns {Promise<CutPlan>} */
        planCut: (media, request, options) => rpc.request('plan_cut', { media, request }, options),
        /** @param {Media[]} media @param {CutRequest} request @param {Options} options @returns {Promise<CutResult & {files: Blob[]}>} */
        cut: (media, request, options) => rpc.request('cut', { media, request }, options),
        /** @param {Requests['segments']} edit @param {Options} options @returns {Promise<Segments>} */
        segments: (edit, options) => rpc.request('segments', edit, options),
        /** @param {Media} media @param {string} text @param {Options} options @returns {Promise<Segments>} */
        readSegments: (media, text, options) => rpc.request('read_segments', { media, text }, options),
        /** @param {File | Blob} file @param {Options} options @returns {Promise<Source>} */
        attach: (file, options) => rpc.request('attach', { file }, options),
        /** @param {Document} document @param {Requests['apply']['action']} action @param {Options} options @returns {Promise<Document>} */
        apply: (document, action, options) => rpc.request('apply', { document, action }, options),
        /** @param {string} text @param {Options} options @returns {Promise<Document>} */
        readProject: (text, options) => rpc.request('read_project', { text }, options),
        /** @param {Project} project @param {Export} wish @param {Options} options @returns {Promise<Rendering>} */
        planRender: (project, wish, options) => rpc.request('plan_render', { project, export: wish }, options),
        /** @param {Project} project @param {Export} wish @param {Options} options @returns {Promise<RenderResult & {file: Blob}>} */
        render: (project, wish, options) => rpc.request('render', { project, export: wish }, options),
        /** @param {Source} source @returns {Promise<null>} */
        release: (source) => rpc.request('close', { source }),
        /** @param {ClipResult | RenderResult} result whose bytes nobody needs any more @returns {Promise<null>} */
        forget: ({ output: id, report: { name, size } }) => rpc.request('close', { source: { id, name, size } }),
        close() {
            die(new ClipwrightError('cancelled', 'Clipwright was closed.'));
        },
    };
}

/**
 * A service worker that comes after files were fetched has not seen them; it keeps what is fetched again.
 * @param {URL[]} addresses
 */
function keepLater(addresses) {
    const { serviceWorker } = navigator;
    if (!serviceWorker || serviceWorker.controller) return;
    const again = () => addresses.forEach((address) => void fetch(address).catch(() => {}));
    serviceWorker.addEventListener('controllerchange', again, { once: true });
}

/**
 * Promise.withResolvers, which browsers from before 2024 lack.
 * @returns {PromiseWithResolvers<any>}
 */
function withResolvers() {
    /** @type {any} */
    const resolvers = {};
    resolvers.promise = new Promise((resolve, reject) => Object.assign(resolvers, { resolve, reject }));
    return resolvers;
}
