/** The bench page: our own API and its peers side by side, each timed from the call to a finished Blob. */

import { FFmpeg } from '@ffmpeg/ffmpeg';
import { fetchFile } from '@ffmpeg/util';
import { ALL_FORMATS, BlobSource, BufferTarget, Conversion, Input, Mp4OutputFormat, Output } from 'mediabunny';

/** @type {any} */
let app = null;
/** @type {FFmpeg | null} */
let core = null;

const here = (/** @type {string} */ path) => new URL(path, location.href).href;
const picked = () => /** @type {File} */ (document.querySelector('input')?.files?.[0]);

async function ours() {
    const { Clipwright } = await import(here('app/clipwright.js'));
    app ??= await Clipwright.start();
    return app;
}

async function ffmpeg() {
    if (core) return core;
    core = new FFmpeg();
    await core.load({ coreURL: here('ffmpeg-core.js'), wasmURL: here('ffmpeg-core.wasm'), classWorkerURL: here('peer.worker.js') });
    return core;
}

/** @param {string[]} argv */
async function runCore(argv) {
    const engine = await ffmpeg();
    await engine.writeFile('input.mp4', await fetchFile(picked()));
    await engine.exec([...argv, 'output.mp4']);
    const data = /** @type {Uint8Array<ArrayBuffer>} */ (await engine.readFile('output.mp4'));
    await engine.deleteFile('input.mp4');
    await engine.deleteFile('output.mp4');
    return new Blob([data]).size;
}

/** @param {{start: number, end: number}} trim @param {object} more */
async function convert(trim, more) {
    const input = new Input({ source: new BlobSource(picked()), formats: ALL_FORMATS });
    const output = new Output({ format: new Mp4OutputFormat(), target: new BufferTarget() });
    const conversion = await Conversion.init({ input, output, trim, ...more });
    await conversion.execute();
    input.dispose();
    return new Blob([/** @type {ArrayBuffer} */ (output.target.buffer)]).size;
}

/** @param {() => Promise<number>} work */
async function timed(work) {
    const started = performance.now();
    const size = await work();
    return { ms: performance.now() - started, size };
}

/** One method per case and peer; each gives {ms, size}. Loading an engine is never part of the time. */
Object.assign(globalThis, {
    bench: {
        async open() {
            const clipwright = await ours();
            return timed(async () => (await clipwright.open(picked())).source.size);
        },
        /** @param {object} request */
        async clipwright(request) {
            const clipwright = await ours();
            const media = await clipwright.open(picked());
            const result = await timed(async () => (await (await clipwright.clip(media, request)).blob()).size);
            await clipwright.release(media);
            return result;
        },
        /** @param {{start: number, end: number}} trim @param {object} more */
        mediabunny: (trim, more) => timed(() => convert(trim, more)),
        /** @param {string[]} argv */
        async core(argv) {
            await ffmpeg();
            const result = await timed(() => runCore(argv));
            core?.terminate();
            core = null;
            return result;
        },
        async boot() {
            const { Clipwright } = await import(here('app/clipwright.js'));
            return timed(async () => {
                const fresh = await Clipwright.start();
                const { us } = await fresh.parseTime('1:30');
                await fresh.close();
                return us;
            });
        },
        async stock() {
            return timed(
                () =>
                    new Promise((resolve, reject) => {
                        const worker = new Worker(here('stock.worker.js'), { type: 'module' });
                        worker.onmessage = ({ data }) => (worker.terminate(), resolve(data));
                        worker.onerror = (event) => reject(new Error(event.message));
                    }),
            );
        },
    },
});
