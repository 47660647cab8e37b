/** The engine workers, and how a whole plan is carried out on them. */

import { createDisposable } from './disposable.js';
import { fetchWhole } from './integrity.js';
import { ClipwrightError } from './rpc.js';
import { spawn } from './spawn.js';
import { zip } from './zip.js';

/**
 * @import {Files} from './files.js'
 * @import {Progress} from './rpc.js'
 * @import {Place} from './scratch/place.js'
 * @import {Scratch} from './scratch/tab.js'
 * @import {Assemble, Convert, Plan, RunFfmpeg, Span, Verified} from '../web/protocol.gen.js'
 * @typedef {Convert | RunFfmpeg | Assemble} Step
 * @typedef {{signal: AbortSignal, emit: (event: string, value: any) => void, outputs: Set<string>}} Job `outputs` gathers the
 *   ids of results, finished or not
 * @typedef {ReturnType<typeof createEngines>} Engines
 * @typedef {{'media.worker.js': string, 'ffmpeg.worker.js': string}} Workers their addresses in the site, with what tells their version
 */

const CORE = ['ffmpeg/ffmpeg-core.wasm', 'ffmpeg/ffmpeg-core.js'];
/** What plans know the fonts by that come with the site: where one is asked for, its file; where a folder is, all of them. */
const FONT_ID = 'font';
const FONTS = ['fonts/DejaVuSans.ttf', 'fonts/DejaVuSans-Bold.ttf'];
/** The core leaks its argument strings and fails after a few dozen runs; it is replaced well before. */
const FFMPEG_MAX_RUNS = 9;
/** Shares of a job are counted in millionths. */
const WHOLE = 1_000_000;
const MEDIA_GRACE_MS = 800;
const MEDIA_SILENCE_MS = 30_000;
/** FFmpeg is silent while it seeks or starts an encoder, so it gets longer. */
const FFMPEG_SILENCE_MS = 60_000;

/**
 * @param {Files} files
 * @param {Scratch} scratch
 * @param {URL} base where the workers and the core lie
 * @param {Workers} workers
 * @param {(paths: string[]) => void} [onFetched] hears of files that were fetched because they are needed
 */
export function createEngines(files, scratch, base, workers, onFetched = () => {}) {
    /** @type {Promise<WebAssembly.Module> | null} */
    let core = null;

    async function compiledCore() {
        core ??= compileCore();
        try {
            return await core;
        } catch (error) {
            core = null;
            if (error instanceof ClipwrightError) throw error;
            throw new ClipwrightError('engine', 'FFmpeg could not be loaded.', { hint: 'Check the connection and try again.', detail: String(error) });
        }
    }

    async function compileCore() {
        const response = await fetchWhole(CORE[0], base).catch((error) => {
            if (error instanceof ClipwrightError) throw error;
            throw new ClipwrightError('resource', 'This needs FFmpeg, which is not on this device yet.', {
                hint: 'Connect to the network, and update Clipwright if it offers that, then try again. Once used, or installed under “Offline and storage”, FFmpeg works offline too.',
                detail: String(error),
            });
        });
        // Hosts that do not know WebAssembly call it something else, which browsers do not compile while it arrives.
        const isKnown = !response.ok || response.headers.get('content-type') === 'application/wasm';
        if (response.ok) onFetched(CORE);
        return isKnown ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
    }

    const media = createDisposable({
        name: 'media',
        spawn: () => spawn(new URL(workers['media.worker.js'], base), 'clipwright media'),
        graceMs: MEDIA_GRACE_MS,
        silenceMs: MEDIA_SILENCE_MS,
    });
    const ffmpeg = createDisposable({
        name: 'FFmpeg',
        spawn: () => spawn(new URL(workers['ffmpeg.worker.js'], base), 'clipwright ffmpeg'),
        boot: async (request) => request('load', { module: await compiledCore() }),
        graceMs: 0,
        silenceMs: FFMPEG_SILENCE_MS,
        maxRuns: FFMPEG_MAX_RUNS,
        fragile: true,
    });

    /** @param {Iterable<string>} ids */
    const opened = (ids) => Object.fromEntries([...new Set(ids)].map((id) => [id, files.get(id)]));

    /**
     * @param {Step} step
     * @param {string[]} made ids of the files that earlier steps made
     * @param {Place | null} place where the result may lie on disk
     * @param {AbortSignal} signal
     * @param {(value: Progress) => void} onProgress
     * @returns {Promise<{file: Blob, spliced?: boolean}>}
     */
    function runStep(step, made, place, signal, onProgress) {
        /** @param {string[]} ids */
        const keep = (ids) => ids.filter((id) => !made.includes(id));
        if (step.do === 'convert') {
            const args = { file: files.get(step.source), step, keep: keep([step.source]), scratch: place };
            return media.request('convert', args, { signal, onProgress });
        }
        if (step.do === 'assemble') {
            const sources = step.tracks.flatMap(({ pieces }) => pieces.map(({ source }) => source));
            const own = made.filter((id) => sources.includes(id));
            const args = { files: opened(sources), step, made: own, keep: keep(sources), scratch: place };
            return media.request('assemble', args, { signal, onProgress });
        }
        return runFfmpeg(step, place, signal, onProgress);
    }

    /**
     * @param {RunFfmpeg} step
     * @param {Place | null} place
     * @param {AbortSignal} signal
     * @param {(value: Progress) => void} onProgress
     * @returns {Promise<{file: Blob}>}
     */
    async function runFfmpeg({ inputs, assets = [], argv, duration_us, presented_us, numbered = false, output }, place, signal, onProgress) {
        const mounted = inputs.map(({ id, name }) => ({ name, file: files.get(id) }));
        const furniture = (await Promise.all(assets.map(({ id, name }) => (id === FONT_ID ? fontsAs(name) : { name, file: files.get(id) })))).flat();
        const args = { inputs: mounted, assets: furniture, argv, duration_us, presented_us, numbered, output: output.name, scratch: place };
        const made = await ffmpeg.request('run', args, { signal, onProgress });
        return numbered ? { file: await zip(made.files, { signal }) } : made;
    }

    /** @param {string} name of one file, or of the folder of all */
    async function fontsAs(name) {
        if (name !== 'fonts') return [{ name, file: await loadFont(FONTS[0]) }];
        return Promise.all(FONTS.map(async (path) => ({ name: path, file: await loadFont(path) })));
    }

    /** @param {string} path */
    async function loadFont(path) {
        const response = await fetchWhole(path, base).catch(() => null);
        if (!response?.ok) throw new ClipwrightError('resource', 'The font of texts could not be loaded.', { hint: 'Connect to the network, and try again.', detail: path });
        onFetched([path]);
        return response.blob();
    }

    /**
     * Run a step and keep what it makes; nothing is left of it where it fails.
     * @param {Step} step
     * @param {string[]} made ids of the files that earlier steps made
     * @param {AbortSignal} signal
     * @param {(value: Progress) => void} onProgress
     * @returns {Promise<string>} the id of the result
     */
    async function kept(step, made, signal, onProgress) {
        const place = scratch.place();
        const id = step.do === 'ffmpeg' ? step.output.id : step.output;
        try {
            const { file, spliced = false } = await runStep(step, made, place, signal, onProgress);
            files.put(id, file, () => void scratch.remove(place));
            if (spliced) made.forEach((part) => files.build(id, part));
            return id;
        } catch (error) {
            // A worker that was terminated could not do it itself.
            void scratch.remove(place, true);
            throw error;
        }
    }

    /**
     * @param {Plan} plan
     * @param {AbortSignal} signal
     * @returns {Promise<Verified | null>}
     */
    async function verify({ checks, output }, signal) {
        if (checks.length === 0) return null;
        const keep = checks.map(({ source }) => source);
        return media.request('verify', { file: files.get(output), files: opened(keep), checks, keep }, { signal });
    }

    return {
        media,
        ffmpeg,
        /**
         * Carry out the whole plan and check it; the result is kept under `plan.output`, intermediate files are not.
         * @param {Plan} plan
         * @param {Span} share of the whole job, in millionths
         * @param {Job} job
         * @returns {Promise<{size: number, verified: Verified | null}>}
         */
        async run(plan, share, { signal, emit, outputs }) {
            const total = plan.steps.reduce((sum, step) => sum + (step.weight ?? 1), 0);
            const started = performance.now();
            const parts = [];
            let before = 0;
            outputs.add(plan.output);
            try {
                for (const step of plan.steps) {
                    const weight = (step.weight ?? 1) / total;
                    const id = await kept(step, parts, signal, ({ done, stage }) => {
                        emit('progress', overall(before + weight * done, share, stage, started));
                    });
                    if (id !== plan.output) parts.push(id);
                    before += weight;
                }
                const made = files.get(plan.output);
                if (plan.checks.length > 0) emit('made', { output: plan.output, name: plan.name, size: made.size, file: made });
                const verified = await verify(plan, signal);
                emit('progress', share.end === WHOLE ? { done: 1, stage: 'done', eta_s: 0 } : overall(1, share, 'copy', started));
                return { size: made.size, verified };
            } finally {
                parts.forEach((id) => files.remove(id));
            }
        },
        close() {
            media.stop();
            ffmpeg.stop();
        },
    };
}

/**
 * @param {number} done how much of this plan, from 0 to 1
 * @param {Span} share of the whole job, in millionths
 * @param {string} stage
 * @param {number} started when this plan did
 * @returns {Progress} of the whole job
 */
function overall(done, share, stage, started) {
    const passed = (share.end - share.start) * done;
    const left = WHOLE - share.start - passed;
    const elapsed = (performance.now() - started) / 1000;
    return { done: Math.min(1 - left / WHOLE, 0.999), stage, eta_s: done > 0.01 ? (elapsed * left) / passed : null };
}
