/** One clip by mediabunny and WebCodecs: every track encoded again, in one go. */

import { ClipwrightError } from '../rpc.js';
import { containerOf } from './containers.js';
import { encodeEdge } from './edge.js';
import { encodeVideo } from './encode.js';
import { encodeAudio } from './encodeaudio.js';
import { failure, incapable } from './failures.js';
import { Frames } from './frames.js';
import { assertComplete } from './lane.js';
import { withOpened } from './opened.js';
import { forgetOriginals } from './originals.js';
import { streamed } from './stream.js';
import { inheritedTags } from './tags.js';

/**
 * @import {Convert} from '../../web/protocol.gen.js'
 * @import {Call} from '../rpc.js'
 * @import {Place} from '../scratch/place.js'
 * @import {Container} from './containers.js'
 * @import {Lane, Task} from './lane.js'
 * @import {Opened} from './opened.js'
 */

/**
 * @param {{file: Blob, step: Convert, keep?: string[], scratch?: Place | null}} args `keep` names sources that will be asked for
 *   again; `scratch`: where the result may lie on disk
 * @param {Pick<Call, 'signal' | 'emit'>} call
 * @returns {Promise<{file: Blob, size: number}>}
 */
export async function convert({ file, step, keep = [], scratch = null }, call) {
    try {
        const kept = keep.find((id) => id === step.source);
        const result = await withOpened(file, call.signal, (opened) => work(opened, step, scratch, call), kept);
        call.signal.throwIfAborted();
        return { file: result, size: result.size };
    } catch (error) {
        forgetOriginals();
        throw await failure(error, file, 'write');
    }
}

/**
 * @param {Opened} opened
 * @param {Convert} step
 * @param {Place | null} scratch
 * @param {Pick<Call, 'signal' | 'emit'>} call
 */
async function work(opened, step, scratch, call) {
    const container = containerOf(step.container);
    const tasks = await tasksOf(opened, step, container);
    return streamed(
        container,
        {
            async *lanes(format) {
                for (const task of tasks) yield await laneOf({ ...task, format });
            },
            tags: (format) => inheritedTags(opened, format),
            check: async (furthest) => void (step.may_end || (await assertComplete(tasks, step.span, furthest))),
            length: (step.span.end - step.span.start) / 1e6,
            stage: 'encode',
            scratch,
        },
        call,
    );
}

/**
 * @param {Opened} opened
 * @param {Convert} step
 * @param {Container} container
 * @returns {Promise<Omit<Task, 'format'>[]>}
 */
async function tasksOf({ entries }, step, container) {
    if (step.tracks.length === 0) throw new ClipwrightError('bad_request', 'A clip needs at least one track.', { path: '$.step.tracks' });
    const tasks = [];
    for (const wanted of step.tracks) {
        const entry = entries[wanted.index];
        if (!entry) throw new ClipwrightError('bad_request', `There is no track ${wanted.index}.`, { path: '$.step.tracks' });
        if (!entry.track) throw incapable(`The browser cannot read track ${wanted.index}.`, entry.slot?.codec ?? '');
        const frames = await Frames.of(entry, entry.track);
        tasks.push({ wanted, entry, track: entry.track, frames, container, span: step.span });
    }
    return tasks;
}

/**
 * @param {Task} task
 * @returns {Promise<Lane>}
 */
async function laneOf(task) {
    const { track } = task;
    if (track.isAudioTrack()) return encodeAudio(task, track);
    if (track.isVideoTrack()) return task.wanted.edge ? encodeEdge(task, track) : encodeVideo(task, track);
    throw incapable('The browser can carry pictures and sound only.');
}
