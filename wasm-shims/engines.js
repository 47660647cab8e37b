/** The engine workers, and how a whole plan is carried out on them. */

import { compiledOnce } from './cores.js';
import { createDisposable } from './disposable.js';
import { fetchWhole } from './integrity.js';
import { ClipwrightError } from './rpc.js';
import { spawn } from './spawn.js';
import { createThreads } from './threads.js';
import { workerOf } from './workers.js';
import { zip } from './zip.js';

/**
 * @import {Asking} from './disposable.js'
 * @import {Files} from './files.js'
 * @import {Progress} from './rpc.js'
 * @import {Place} from './scratch/place.js'
 * @import {Scratch} from './scratch/tab.js'
 * @import {Assemble, Convert, Plan, RunFfmpeg, Span, Verified} from '../web/protocol.gen.js'
 * @typedef {Convert | RunFfmpeg | Assemble} Step
 * @typedef {{
 *   signal: AbortSignal,
 *   emit: (event: string, value: any) => void,
 *   outputs: Set<string>,
 *   timings: Record<string, number>,
 *   probed?: Promise<any> | null,
 * }} Job `outputs` gathers the ids of results, finished or not, `timings` what took how long, in milliseconds, `probed` is what was seen of
 *   the file that came with the request
 * @typedef {{signal: AbortSignal, onProgress: (value: Progress) => void, timings: Record<string, number>}} Doing
 * @typedef {ReturnType<typeof createEngines>} Engines
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
 * @param {(paths: string[]) => void} [onFetched] hears of files that were fetched because they are needed
 */
export function createEngines(files, scratch, base, onFetched = () => {}) {
    const compiledCore = compiledOnce(CORE[0], base, () => onFetched(CORE));
    const media = createDisposable({
        name: 'media',
        spawn: () => spawn(workerOf('media.worker.js', base), 'clipwright media'),
        graceMs: MEDIA_GRACE_MS,
        silenceMs: MEDIA_SILENCE_MS,
    });
    const spawnFfmpeg = () => spawn(workerOf('ffmpeg.worker.js', base), 'clipwright ffmpeg');
    const threads = createThreads(base, spawnFfmpeg);
    const ffmpeg = createDisposable({
        name: 'FFmpeg',
        spawn: spawnFfmpeg,
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
     * @param {() => Place | null} place where the result of an attempt may lie on disk
     * @param {Doing} doing
     * @returns {Promise<{file: Blob, spliced?: boolean}>}
     */
    async function runStep(step, made, place, { timings, ...asking }) {
        /** @param {string[]} ids */
        const keep = (ids) => ids.filter((id) => !made.includes(id));
        if (step.do === 'convert') {
            const args = { file: files.get(step.source), step, keep: keep([step.source]), scratch: place() };
            return media.request('convert', args, asking);
        }
        if (step.do === 'assemble') {
            const sources = step.tracks.flatMap(({ pieces }) => pieces.map(({ source }) => source));
            const own = made.filter((id) => sources.includes(id));
            const args = { files: opened(sources), step, made: own, keep: keep(sources), scratch: place() };
            return media.request('assemble', args, asking);
        }
        return runFfmpeg(step, place, asking, timings);
    }

    /**
     * @param {RunFfmpeg} step
     * @param {() => Place | null} place
     * @param {Asking} asking
     * @param {Record<string, number>} timings
     * @returns {Promise<{file: Blob}>}
     */
    async function runFfmpeg(step, place, asking, timings) {
        const { inputs, assets = [], texts = [], argv, duration_us, presented_us, numbered = false, output } = step;
        const mounted = inputs.map(({ id, name }) => ({ name, file: files.get(id) }));
        const furniture = (await Promise.all(assets.map(({ id, name }) => (id === FONT_ID ? fontsAs(name) : { name, file: files.get(id) })))).flat();
        furniture.push(...texts.map(({ name, text }) => ({ name, file: new Blob([text]) })));
        const args = () => ({ inputs: mounted, assets: furniture, argv, duration_us, presented_us, numbered, output: output.name, scratch: place() });
        const made = (await threads.run(step, args, asking, timings)) ?? (await ffmpeg.request('run', args(), asking));
        return numbered ? { file: await zip(made.files, asking) } : made;
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
        return response.blob();
    }

    /**
     * Run a step and keep what it makes; nothing is left of it where it fails.
     * @param {Step} step
     * @param {string[]} made ids of the files that earlier steps made
     * @param {Doing} doing
     * @returns {Promise<string>} the id of the result
     */
    async function kept(step, made, doing) {
        /** @type {Place | null} */
        let place = null;
        // A worker that was terminated cannot do it itself, and may hold on to its file for a while.
        const drop = () => void scratch.remove(place, true);
        const next = () => (drop(), (place = scratch.place()));
        const id = step.do === 'ffmpeg' ? step.output.id : step.output;
        try {
            const { file, spliced = false } = await runStep(step, made, next, doing);
            const last = place;
            files.put(id, file, () => void scratch.remove(last));
            if (spliced) made.forEach((part) => files.build(id, part));
            return id;
        } catch (error) {
            drop();
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
        /** See probe.js. @param {string} source @param {AbortSignal} signal */
        probe(source, signal) {
            return media.request('probe', { file: files.get(source), source }, { signal });
        },
        /**
         * Carry out the whole plan and check it; the result is kept under `plan.output`, intermediate files are not.
         * @param {Plan} plan
         * @param {Span} share of the whole job, in millionths
         * @param {Job} job
         * @returns {Promise<{size: number, verified: Verified | null}>}
         */
        async run(plan, share, { signal, emit, outputs, timings }) {
            const total = plan.steps.reduce((sum, step) => sum + (step.weight ?? 1), 0);
            const started = performance.now();
            const parts = [];
            let before = 0;
            outputs.add(plan.output);
            try {
                for (const step of plan.steps) {
                    const weight = (step.weight ?? 1) / total;
                    const onProgress = (/** @type {Progress} */ { done, stage }) => {
                        emit('progress', overall(before + weight * done, share, stage, started));
                    };
                    const id = await kept(step, parts, { signal, onProgress, timings });
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
            threads.stop();
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
