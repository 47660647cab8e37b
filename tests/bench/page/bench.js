/** The bench page: our own API and its peers side by side, each timed from the call to a finished Blob. */

import { FFmpeg } from '@ffmpeg/ffmpeg';
import { fetchFile } from '@ffmpeg/util';
import { ALL_FORMATS, BlobSource, BufferTarget, Conversion, Input, Mp4OutputFormat, OggOutputFormat, Output } from 'mediabunny';

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
    return new Blob([data]);
}

/**
 * The same with the file mounted, not copied.
 * @param {string[]} argv `input` stands for the file's name
 * @param {string} output
 */
async function runMounted(argv, output) {
    const engine = await ffmpeg();
    await engine.createDir('/in');
    await engine.mount(/** @type {any} */ ('WORKERFS'), { files: [picked()] }, '/in');
    const code = await engine.exec([...argv.map((word) => (word === 'input.mp4' ? `/in/${picked().name}` : word)), output]);
    if (code !== 0) throw new Error(`@ffmpeg/core ended with ${code}`);
    return new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (await engine.readFile(output))]);
}

/** @param {{start: number, end: number}} trim @param {object} more @param {string} [kind] */
async function convert(trim, more, kind = 'mp4') {
    const input = new Input({ source: new BlobSource(picked()), formats: ALL_FORMATS });
    const format = kind === 'ogg' ? new OggOutputFormat() : new Mp4OutputFormat();
    const output = new Output({ format, target: new BufferTarget() });
    const conversion = await Conversion.init({ input, output, trim, ...more });
    await conversion.execute();
    input.dispose();
    return new Blob([/** @type {ArrayBuffer} */ (output.target.buffer)]);
}

/** @param {object} request */
async function ourCut(request) {
    const clipwright = await ours();
    const media = await clipwright.open(picked());
    return timed(async () => {
        const { results } = await clipwright.cut(media, request);
        const blobs = await Promise.all(results.map((/** @type {any} */ result) => result.blob()));
        return blobs.length === 1 ? blobs[0] : new Blob(blobs);
    });
}

/**
 * The same until the first result is there, before it is compared with its source.
 * @param {object} request
 */
async function ourMade(request) {
    const clipwright = await ours();
    const media = await clipwright.open(picked());
    const started = performance.now();
    let [ms, size] = [NaN, 0];
    const onMade = (/** @type {{file: Blob}} */ { file }) => {
        if (size === 0) [ms, size] = [performance.now() - started, file.size];
    };
    await clipwright.cut(media, request, { onMade });
    return { ms, size };
}

/** @type {Record<string, (...args: any[]) => Promise<Blob>>} */
const making = {
    /** @param {object} request */
    async cut(request) {
        const clipwright = await ours();
        const { results } = await clipwright.cut(await clipwright.open(picked()), request);
        return results[0].blob();
    },
    mediabunny: convert,
    mounted: runMounted,
    /** What saving alone takes. @param {number} size bytes of the picked file as they are */
    sliced: async (size) => new Blob([picked().slice(0, size)]),
};

function endCore() {
    core?.terminate();
    core = null;
}

/** @param {() => Promise<Blob | number>} work */
async function timed(work) {
    const started = performance.now();
    const made = await work();
    const ms = performance.now() - started;
    return { ms, size: typeof made === 'number' ? made : made.size };
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
            const result = await timed(async () => (await clipwright.clip(media, request)).blob());
            await clipwright.release(media);
            return result;
        },
        cut: ourCut,
        made: ourMade,
        /** @param {{start: number, end: number}} trim @param {object} more @param {string} [kind] */
        mediabunny: (trim, more, kind) => timed(() => convert(trim, more, kind)),
        /** @param {string[]} argv */
        async core(argv) {
            await ffmpeg();
            const result = await timed(() => runCore(argv));
            endCore();
            return result;
        },
        /** @param {string[]} argv @param {string} output */
        async mounted(argv, output) {
            await ffmpeg();
            const result = await timed(() => runMounted(argv, output));
            endCore();
            return result;
        },
        /** Load what `save` will need. @param {string} method */
        warm: (method) => (method === 'mounted' ? ffmpeg() : ours()).then(() => null),
        /** Make it and hand it to the browser to save. @param {string} method @param {any[]} args */
        async save(method, args) {
            const url = URL.createObjectURL(await making[method](...args));
            Object.assign(document.createElement('a'), { href: url, download: 'saved.mp4' }).click();
            setTimeout(() => URL.revokeObjectURL(url), 60_000);
            endCore();
        },
        /**
         * From the picked file to a finished one on disk, in a folder of the page's own.
         * @param {object} request
         */
        async kept(request) {
            const clipwright = await ours();
            const root = await navigator.storage.getDirectory();
            const folder = await root.getDirectoryHandle('saved', { create: true });
            const result = await timed(async () => {
                const { results } = await clipwright.cut(await clipwright.open(picked()), request);
                const file = await folder.getFileHandle(await results[0].saveTo(folder));
                return file.getFile();
            });
            await root.removeEntry('saved', { recursive: true });
            return result;
        },
    },
});
