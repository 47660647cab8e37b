/**
 * The element alone in a frame, for pages of other origins. Who may hold the frame stands in embed.json; nothing that a page
 * says changes that. The first message brings a port, from then on `wasm-shims/rpc.js` is spoken over it:
 *
 *     window message  {clipwright: 'connect'} with one port, from the parent itself, of an origin that is allowed
 *     events          connected {}; ready, change, progress, error; complete {report, file}; resize {height}
 *     requests        set {name, value} · open {file} · clip {options} · play · pause · cancel · close
 *
 * Until such a parent is known nothing is shown, so that no other page can put the element under somebody's pointer.
 */

import { ClipwrightError, serve, toWire } from '../wasm-shims/rpc.js';
import { ClipWrightElement } from './element.js';
import { fetchParents } from './embed/parents.js';

/** @import {ClipWrightEvents} from './element.js' */

const ATTRIBUTES = ['start', 'end', 'mode', 'accept', 'theme', 'lang'];

const parents = fetchParents(new URL('embed.json', import.meta.url));
const element = new ClipWrightElement();
/** @type {MessagePort | null} */
let port = null;

/** Every page around this one, where the browser tells. */
const around = /** @type {any} */ (location).ancestorOrigins;
const ancestors = around ? /** @type {string[]} */ ([...around]) : null;

/** @param {Set<string>} allowed */
function show(allowed) {
    if (element.isConnected) return;
    if (ancestors && !ancestors.every((origin) => allowed.has(origin))) throw refusal();
    document.body.append(element);
}

function refusal() {
    return new ClipwrightError('bad_request', 'This page may not embed Clipwright.', { hint: 'Whoever hosts it lists its origin in embed.json.' });
}

/** @param {MessageEvent} event */
async function receive({ source, origin, data, ports }) {
    if (source !== parent || source === window || data?.clipwright !== 'connect' || ports.length !== 1) return;
    const allowed = await parents;
    try {
        if (!allowed.has(origin)) throw refusal();
        show(allowed);
        connect(ports[0]);
    } catch (error) {
        ports[0].postMessage({ event: 'refused', value: toWire(error) });
        ports[0].close();
    }
}

/** @param {MessagePort} mine the last one counts */
function connect(mine) {
    port?.close();
    port = mine;
    serve(mine, {
        set({ name, value }) {
            if (!ATTRIBUTES.includes(name) || !(value === null || typeof value === 'string')) throw new ClipwrightError('bad_request', 'There is no such setting.', { hint: `Use one of ${ATTRIBUTES.join(', ')}.` });
            if (value === null) element.removeAttribute(name);
            else element.setAttribute(name, value);
            return null;
        },
        open({ file }) {
            if (!(file instanceof Blob)) throw new ClipwrightError('bad_request', 'Only a file can be opened.', { hint: 'Send a File or a Blob.' });
            return element.open(file);
        },
        async clip({ options }, { signal, emit }) {
            const wish = isRecord(options) ? options : {};
            const result = await element.clip({ ...wish, signal, onProgress: (value) => emit('progress', value) });
            return { report: result.report, file: await result.blob() };
        },
        play: () => element.play(),
        pause: () => element.pause(),
        cancel: () => element.cancel(),
        close: () => element.close(),
    });
    tell('connected', {});
    element.ready.then((ready) => tell('ready', ready), () => {});
    tell('resize', { height: Math.ceil(element.getBoundingClientRect().height) });
}

/** @param {string} event @param {any} value */
function tell(event, value) {
    port?.postMessage({ event, value });
}

/** @param {any} value */
function isRecord(value) {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @param {keyof ClipWrightEvents} type @param {(detail: any) => void} then */
const when = (type, then) => element.addEventListener(type, (/** @type {any} */ event) => then(event.detail));
when('change', (change) => tell('change', change));
when('progress', (progress) => tell('progress', progress));
when('error', (error) => tell('error', toWire(error)));
when('complete', async (result) => tell('complete', { report: result.report, file: await result.blob() }));
new ResizeObserver(([{ borderBoxSize }]) => tell('resize', { height: Math.ceil(borderBoxSize[0].blockSize) })).observe(element);
addEventListener('message', (event) => void receive(event));

const page = new CSSStyleSheet();
page.replaceSync('html { background: transparent } body { margin: 0; overflow: hidden }');
document.adoptedStyleSheets = [page];

const allowed = await parents;
// Alone, or where the browser says that every page around may: nobody has to ask.
if (parent === window || (ancestors?.length && ancestors.every((origin) => allowed.has(origin)))) show(allowed);
