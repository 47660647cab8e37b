/** The engine workers, and how a whole plan is carried out on them. */

import { createDisposable } from './disposable.js';
import { ClipwrightError } from './rpc.js';

/**
 * @import {Files} from './files.js'
 * @import {Progress} from './rpc.js'
 * @import {Assemble, Plan, Convert, RunFfmpeg} from '../web/protocol.gen.js'
 * @typedef {{signal: AbortSignal, emit: (event: string, value: any) => void}} Job
 * @typedef {ReturnType<typeof createEngines>} Engines
 */

/** The core leaks its argument strings and fails after a few dozen runs; it is replaced well before. */
const FFMPEG_MAX_RUNS = 9;
const MEDIA_GRACE_MS = 800;
const MEDIA_SILENCE_MS = 30_000;
/** FFmpeg is silent while it seeks or starts an encoder, so it gets longer. */
const FFMPEG_SILENCE_MS = 60_000;

/**
 * @param {Files} files
 * @param {URL} base where the workers and the core lie
 */
export function createEngines(files, base) {
    /** @type {Promise<WebAssembly.Module> | null} */
    let core = null;

    async function compiledCore() {
        core ??= WebAssembly.compileStreaming(fetch(new URL('ffmpeg/ffmpeg-core.wasm', base)));
        try {
            return await core;
        } catch (error) {
            core = null;
            throw new ClipwrightError('engine', 'FFmpeg could not be loaded.', { hint: 'Check the connection and try again.', detail: String(error) });
        }
    }

    const media = createDisposable({
        name: 'media',
        spawn: () => new Worker(new URL('media.worker.js', base), { type: 'module', name: 'clipwright media' }),
        graceMs: MEDIA_GRACE_MS,
        silenceMs: MEDIA_SILENCE_MS,
    });
    const ffmpeg = createDisposable({
        name: 'FFmpeg',
        spawn: () => new Worker(new URL('ffmpeg.worker.js', base), { type: 'module', name: 'clipwright ffmpeg' }),
        boot: async (request) => request('load', { module: await compiledCore() }),
        graceMs: 0,
        silenceMs: FFMPEG_SILENCE_MS,
        maxRuns: FFMPEG_MAX_RUNS,
        fragile: true,
    });

    /**
     * @param {Convert | RunFfmpeg | Assemble} step
     * @param {string[]} made ids of the files that earlier steps made
     * @param {AbortSignal} signal
     * @param {(value: Progress) => void} onProgress
     * @returns {Promise<{file: Blob}>}
     */
    function runStep(step, made, signal, onProgress) {
        if (step.do === 'convert') {
            return media.request('convert', { file: files.get(step.source), step }, { signal, onProgress });
        }
        if (step.do === 'assemble') {
            const ids = new Set(step.tracks.flatMap(({ pieces }) => pieces.map(({ source }) => source)));
            const named = Object.fromEntries([...ids].map((id) => [id, files.get(id)]));
            return media.request('assemble', { files: named, step, made: made.filter((id) => ids.has(id)) }, { signal, onProgress });
        }
        const inputs = step.inputs.map(({ id, name }) => ({ name, file: files.get(id) }));
        const { argv, duration_us, presented_us, output } = step;
        return ffmpeg.request('run', { inputs, argv, duration_us, presented_us, output: output.name }, { signal, onProgress });
    }

    return {
        media,
        ffmpeg,
        /**
         * Carry out the whole plan; the result is kept under `plan.output`, intermediate files are not.
         * @param {Plan} plan
         * @param {Job} job
         * @returns {Promise<{size: number}>}
         */
        async run(plan, { signal, emit }) {
            const total = plan.steps.reduce((sum, step) => sum + (step.weight ?? 1), 0);
            const started = performance.now();
            const parts = [];
            let before = 0;
            try {
                for (const step of plan.steps) {
                    const weight = (step.weight ?? 1) / total;
                    const { file } = await runStep(step, parts, signal, ({ done, stage }) => {
                        emit('progress', overall(before + weight * done, stage, started));
                    });
                    const id = step.do === 'ffmpeg' ? step.output.id : step.output;
                    files.put(id, file);
                    if (id !== plan.output) parts.push(id);
                    before += weight;
                }
            } finally {
                parts.forEach((id) => files.remove(id));
            }
            emit('progress', { done: 1, stage: 'done', eta_s: 0 });
            return { size: files.get(plan.output).size };
        },
        close() {
            media.stop();
            ffmpeg.stop();
        },
    };
}

/**
 * @param {number} done
 * @param {string} stage
 * @param {number} started
 * @returns {Progress}
 */
function overall(done, stage, started) {
    const elapsed = (performance.now() - started) / 1000;
    const bounded = Math.min(done, 0.999);
    return { done: bounded, stage, eta_s: bounded > 0.01 ? (elapsed * (1 - bounded)) / bounded : null };
}
