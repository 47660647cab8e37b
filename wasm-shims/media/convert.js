/** One clip by mediabunny and WebCodecs: some tracks copied, others encoded again, in one go. */

import { Output } from 'mediabunny';
import { ClipwrightError, cancelled } from '../rpc.js';
import { containerOf } from './containers.js';
import { copyAudio, copyVideo } from './copy.js';
import { presented, shiftOffsets } from './edits.js';
import { encodeVideo } from './encode.js';
import { encodeAudio } from './encodeaudio.js';
import { failure, incapable } from './failures.js';
import { Frames } from './frames.js';
import { assertComplete, drive } from './lane.js';
import { withOpened } from './opened.js';
import { BlobSink, stored } from './sink.js';
import { canSplice, splice } from './splice.js';

/**
 * @import {EncodedPacket, OutputFormat} from 'mediabunny'
 * @import {Convert} from '../../web/protocol.gen.js'
 * @import {Call} from '../rpc.js'
 * @import {Container, Index} from './containers.js'
 * @import {Lane, Task} from './lane.js'
 * @import {Opened} from './opened.js'
 */

/**
 * @param {{file: Blob, step: Convert}} args
 * @param {Pick<Call, 'signal' | 'emit'>} call
 * @returns {Promise<{file: Blob, size: number}>}
 */
export async function convert({ file, step }, { signal, emit }) {
    try {
        const result = await withOpened(file, signal, (opened) => work(file, opened, step, { signal, emit }));
        signal.throwIfAborted();
        return { file: result, size: result.size };
    } catch (error) {
        throw await failure(error, file, 'write');
    }
}

/**
 * @param {Blob} file
 * @param {Opened} opened
 * @param {Convert} step
 * @param {Pick<Call, 'signal' | 'emit'>} call
 */
async function work(file, opened, step, { signal, emit }) {
    const container = containerOf(step.container);
    /** @type {Index} */
    const index = { moov: null, ftypSize: 0 };
    const format = container.format(index);
    const tasks = await tasksOf(opened, step, container, format);
    if (canSplice(container, opened.format, opened.index, step)) {
        const parts = await splice(file, { index: opened.index }, tasks, startOf);
        if (parts) return stored(new Blob(parts, { type: container.mime }));
    }
    const sink = new BlobSink();
    const output = new Output({ format, target: sink.target });
    /** @type {Lane[]} */
    const lanes = [];
    const write = async () => {
        for (const task of tasks) lanes.push(await laneOf(task));
        lanes.forEach((lane) => lane.addTo(output));
        output.setMetadataTags(await tagsOf(opened, output));
        await output.start();
        await assertComplete(tasks, await drive(lanes, progress(step, emit)));
        await output.finalize();
    };
    try {
        await Promise.race([write(), aborted(signal)]);
        const blob = assembled(sink, index, container, lanes);
        return await stored((await container.finish?.(blob, lanes)) ?? blob);
    } finally {
        lanes.forEach((lane) => lane.close?.());
        if (output.state !== 'finalized') void output.cancel().catch(() => {});
    }
}

/** @param {AbortSignal} signal @returns {Promise<never>} rejects when the signal says so */
function aborted(signal) {
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(cancelled()), { once: true }));
}

/**
 * @param {Opened} opened
 * @param {Convert} step
 * @param {Container} container
 * @param {OutputFormat} format
 * @returns {Promise<Task[]>}
 */
async function tasksOf({ entries }, step, container, format) {
    if (step.tracks.length === 0) throw new ClipwrightError('bad_request', 'A clip needs at least one track.', { path: '$.step.tracks' });
    const tasks = [];
    for (const wanted of step.tracks) {
        const entry = entries[wanted.index];
        if (!entry) throw new ClipwrightError('bad_request', `There is no track ${wanted.index}.`, { path: '$.step.tracks' });
        if (!entry.track) throw incapable(`The browser cannot read track ${wanted.index}.`, entry.slot?.codec ?? '');
        const frames = await Frames.of(entry, entry.track);
        tasks.push({ wanted, entry, track: entry.track, frames, container, format, span: step.span });
    }
    const span = { start: await zeroOf(tasks, step, container), end: step.span.end };
    return tasks.map((task) => ({ ...task, span }));
}

/**
 * What becomes 0 in the result: the start of the span, or the key frame before it where the lead-in will be seen.
 * @param {Task[]} tasks
 * @param {Convert} step
 * @param {Container} container
 */
async function zeroOf(tasks, step, container) {
    let zero = step.span.start;
    for (const task of tasks) {
        if (container.hides || task.wanted.action !== 'copy' || !task.track.isVideoTrack()) continue;
        const key = await startOf(task);
        if (key) zero = Math.min(zero, task.frames.us(key));
    }
    if (zero < step.span.start && !step.shift_lead_in) throw incapable('This container cannot hide what lies before the first frame.');
    return zero;
}

/**
 * The key frame from which a picture track is copied; null where no frame lies in the span.
 * @param {Task} task
 * @returns {Promise<EncodedPacket | null>}
 */
async function startOf({ frames, span }) {
    const first = await frames.firstFrom(frames.clock.at(span.start));
    if (!first || frames.us(first) >= span.end) return null;
    return (await frames.keyFor(first)) ?? frames.keyFrom(null, frames.tick(first));
}

/**
 * @param {Task} task
 * @returns {Promise<Lane>}
 */
async function laneOf(task) {
    const { track, wanted } = task;
    if (track.isAudioTrack()) return wanted.action === 'copy' ? copyAudio(task, track) : encodeAudio(task, track);
    if (!track.isVideoTrack()) throw incapable(`The browser can carry pictures and sound only.`);
    if (wanted.action === 'encode') return encodeVideo(task, track);
    return copyVideo(task, track, await startOf(task));
}

/**
 * @param {Opened} opened
 * @param {Output} output
 */
async function tagsOf({ input, format }, output) {
    const { raw, ...tags } = await input.getMetadataTags();
    return format.mimeType === output.format.mimeType ? { ...tags, raw } : tags;
}

/**
 * @param {Convert} step
 * @param {Call['emit']} emit
 */
function progress({ span, tracks }, emit) {
    const started = performance.now();
    const length = (span.end - span.start) / 1e6;
    const stage = tracks.some(({ action }) => action === 'encode') ? 'encode' : 'copy';
    return (/** @type {number} */ at) => {
        const done = Math.min(0.999, Math.max(0, at / length));
        const elapsed = (performance.now() - started) / 1000;
        emit('progress', { done, stage, eta_s: done > 0.01 ? (elapsed * (1 - done)) / done : null });
    };
}

/**
 * The result, its index first: pieces of a Blob change places without being read.
 * @param {BlobSink} sink
 * @param {Index} index
 * @param {Container} container
 * @param {Lane[]} lanes
 */
function assembled(sink, { moov, ftypSize }, { brand, mime: type }, lanes) {
    if (brand) sink.write(new TextEncoder().encode(brand), 8);
    const whole = sink.blob();
    if (!moov) return new Blob([whole], { type });
    // mediabunny numbers tracks from 1, in the order in which they were added.
    const index = presented(moov.data, new Map(lanes.map(({ ends }, i) => [i + 1, ends])));
    if (shiftOffsets(index, index.length)) {
        return new Blob([whole.slice(0, ftypSize), index, whole.slice(ftypSize, moov.start)], { type });
    }
    return new Blob([whole.slice(0, moov.start), index], { type });
}
