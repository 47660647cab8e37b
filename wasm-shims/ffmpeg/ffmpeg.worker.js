/**
 * The ffmpeg worker: FFmpeg's programs behind rpc. It is disposable: its owner terminates it to cancel, and replaces it
 * when a reply or error says so.
 *
 *     load {module, threads?}                                -> null      module: the compiled ffmpeg-core.wasm; with
 *                                                                         more than one of `threads` that of ffmpeg-mt/
 *     ffprobe {inputs, argv}                                 -> {stdout, ret, log, spent}
 *     run {inputs, assets?, output, argv, duration_us, presented_us?, numbered?, scratch?} -> {file, size, log, spent}
 *
 * `assets` is a list of {name, file}, which lie where the program runs, so that filters find them. With `numbered` the output's name stands for many files, and the reply has `files`, a list of {name, blob}, instead of `file`.
 * `inputs` is a list of {name, file}; an element of `argv` that equals the name of an input, or `output`, stands
 * for that file. `scratch` is where the output may lie on disk. `presented_us` is where the edit lists of an MP4 shall stop. `log` holds the last lines of FFmpeg's log;
 * `spent` says that this worker takes no further run, as it does not after an error. `ret` is ffprobe's exit status; with `-show_error` its stdout tells the cause.
 *
 * A run blocks the worker. Meanwhile it emits `progress`, and `heartbeat` {runs} at most four times a second
 * after any sign of life (a log line, or bytes read or written): an owner that hears neither for long has a worker that hangs.
 * Errors outside a request arrive as an unsolicited event `crashed` with a WireError.
 */

import { holdLife } from '../life.js';
import { ClipwrightError, serve, toWire } from '../rpc.js';
import { PagedFile } from '../scratch/paged.js';
import { startCore } from './core.js';
import { failure, hiddenFailure } from './failures.js';
import { pooled, threaded } from './pool.js';
import { presentedUntil } from './present.js';
import { ProgressReader } from './progress.js';

/**
 * @typedef {import('../rpc.js').Call} Call
 * @typedef {import('./core.js').Core} Core
 * @typedef {import('./blobfs.js').Input} Input
 * @typedef {import('./blobfs.js').Written} Written
 * @typedef {import('../scratch/place.js').Place} Place
 */

/** Next to the bundled worker; the cores ship as files of their own because they are large and rarely needed. */
const CORE_URL = new URL('./ffmpeg/ffmpeg-core.js', import.meta.url).href;
const THREADED_URL = new URL('./ffmpeg-mt/ffmpeg-core.js', import.meta.url).href;
const HEARTBEAT_MS = 250;
const LOG_LINES = 50;
const FFPROBE_FAILED = 1;

/** This core can open network protocols; no file may make it do so. */
const LOCAL_ONLY = ['-protocol_whitelist', 'file,pipe'];

/** What every run of ffmpeg begins with: machine-readable progress, no questions, an error instead of an empty file. */
const PREAMBLE = ['-hide_banner', '-nostdin', '-y', '-nostats', '-progress', 'pipe:1', '-stats_period', '0.25', '-loglevel', 'info', '-abort_on', 'empty_output'];

/** @type {Promise<Core> | null} */
let core = null;
/** How many the core may have for one thing; with 1 it is the core that has none but its own. */
let threads = 1;

async function load(/** @type {{module: WebAssembly.Module, threads?: number}} */ { module, threads: wanted = 1 }) {
    if (!(module instanceof WebAssembly.Module)) throw new ClipwrightError('bad_request', 'Loading needs a compiled module.');
    threads = wanted;
    core ??= start(module);
    await core;
    return null;
}

/** @param {WebAssembly.Module} module */
async function start(module) {
    try {
        const { default: createCore } = await import(threads > 1 ? THREADED_URL : CORE_URL);
        return await startCore(threads > 1 ? pooled(createCore, threads) : createCore, module);
    } catch (/** @type {any} */ cause) {
        throw new ClipwrightError('engine', 'The ffmpeg engine could not be loaded.', {
            hint: 'Check the connection and try again.',
            detail: String(cause?.stack ?? cause),
            cause,
        });
    }
}

async function loaded() {
    if (!core) throw new ClipwrightError('bad_request', 'Load the engine first.');
    return core;
}

async function ffprobe(/** @type {{inputs: Input[], argv: string[]}} */ { inputs, argv }, /** @type {Call} */ { emit }) {
    const program = await loaded();
    /** @type {string[]} */
    const stdout = [];
    const { ret, log } = program.run({
        program: 'ffprobe',
        argv: [...LOCAL_ONLY, ...argv],
        inputs,
        onLine: ({ type, message }) => type === 'stdout' && stdout.push(message),
        onActivity: heartbeat(emit, program),
    });
    if (ret > FFPROBE_FAILED || (ret !== 0 && stdout.length === 0)) throw failure({ log, ret });
    return { stdout: stdout.join('\n'), ret, log: log.slice(-LOG_LINES), spent: program.spent };
}

/** @typedef {{inputs: Input[], assets?: Input[], numbered?: boolean, output: string | null, argv: string[], duration_us: number, presented_us?: number | null, scratch?: Place | null}} RunArguments */

async function run(/** @type {RunArguments} */ args, /** @type {Call} */ { emit }) {
    const { inputs, assets = [], numbered = false, output: name, argv, duration_us, presented_us = null, scratch = null } = args;
    const program = await loaded();
    const progress = new ProgressReader(duration_us, stageOf(argv), (value) => emit('progress', value));
    const onActivity = heartbeat(emit, program);
    const output = name === null ? null : { name, file: new PagedFile(numbered ? null : scratch, onActivity) };
    // Nothing can be awaited while FFmpeg runs.
    await output?.file.prepare();
    try {
        const { ret, log, written } = program.run({
            program: 'ffmpeg',
            assets,
            argv: [...PREAMBLE, ...(threads > 1 ? threaded(argv, threads) : argv).flatMap((word) => (word === '-i' ? [...LOCAL_ONLY, word] : [word]))],
            inputs,
            output,
            onLine: ({ type, message }) => type === 'stdout' && progress.read(message),
            onActivity,
        });
        const problem = ret === 0 ? hiddenFailure(log) : failure({ log, ret });
        if (problem) throw problem;
        if (numbered) return { files: await numberedFiles(written, { log, ret }), log: log.slice(-LOG_LINES), spent: program.spent };
        if (output?.file.size === 0) throw failure({ log: [...log, 'nothing was written'], ret });
        const whole = (await output?.file.finish()) ?? null;
        const file = whole && presented_us !== null ? presentedUntil(whole, presented_us) : whole;
        return { file, size: file?.size ?? 0, log: log.slice(-LOG_LINES), spent: program.spent };
    } catch (error) {
        await output?.file.discard();
        throw error;
    }
}

/**
 * @param {Map<string, Written>} written
 * @param {{log: string[], ret: number}} ended
 * @returns {Promise<{name: string, blob: Blob}[]>} in the order of their names
 */
async function numberedFiles(written, { log, ret }) {
    if (written.size === 0) throw failure({ log: [...log, 'nothing was written'], ret });
    const names = [...written.keys()].sort();
    return Promise.all(names.map(async (name) => ({ name, blob: await /** @type {Written} */ (written.get(name)).finish() })));
}

/** @param {string[]} argv @returns {string} what the work mostly is */
function stageOf(argv) {
    const encodes = argv.some((word, index) => /^-c(?:odec)?(?::|$)/.test(word) && argv[index + 1] !== 'copy');
    return encodes ? 'encode' : 'copy';
}

/** @param {Call['emit']} emit @param {Core} program @returns {() => void} */
function heartbeat(emit, program) {
    let last = -Infinity;
    return () => {
        const now = performance.now();
        if (now - last < HEARTBEAT_MS) return;
        last = now;
        emit('heartbeat', { runs: program.runs });
    };
}

/** @param {any} error */
function crashed(error) {
    self.postMessage({ event: 'crashed', value: toWire(error) });
}

self.addEventListener('error', (event) => crashed(event.error ?? new Error(event.message)));
self.addEventListener('unhandledrejection', (event) => crashed(event.reason));

holdLife();
serve(self, { load, ffprobe, run });
