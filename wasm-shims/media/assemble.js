/** Packets of several files, or of several parts of one, put together; none of them is encoded again. */

import { containerOf } from './containers.js';
import { copyVideo } from './copy.js';
import { leadOf } from './copying.js';
import { copyAudio } from './copysound.js';
import { failure, incapable } from './failures.js';
import { assertComplete } from './lane.js';
import { spliceMatroska } from './matroskasplice.js';
import { linesOf, withAllOpened } from './pieces.js';
import { stored } from './sink.js';
import { splice } from './splice.js';
import { streamed } from './stream.js';
import { resultTags } from './tags.js';

/**
 * @import {OutputFormat} from 'mediabunny'
 * @import {Assemble} from '../../web/protocol.gen.js'
 * @import {Call} from '../rpc.js'
 * @import {Place} from '../scratch/place.js'
 * @import {Container} from './containers.js'
 * @import {Line} from './pieces.js'
 */

/**
 * @param {{files: Record<string, Blob>, step: Assemble, made?: string[], keep?: string[], scratch?: Place | null}} args `made` names
 *   the files that earlier steps made, `keep` those that will be asked for again; `scratch`: where the result may lie on disk
 * @param {Pick<Call, 'signal' | 'emit'>} call
 * @returns {Promise<{file: Blob, size: number, spliced: boolean}>} `spliced`: the result refers to the files it was made of
 */
export async function assemble({ files, step, made = [], keep = [], scratch = null }, call) {
    try {
        const result = await withAllOpened(files, keep, call.signal, async (opened) => {
            const lines = await linesOf(step, files, opened, new Set(made));
            const container = containerOf(step.container);
            const spliced = (await splice(lines, container, step, scratch, call)) ?? (await splicedMatroska(lines, container, step));
            const file = spliced ? await stored(spliced) : await copied(lines, container, step, scratch, call);
            return { file, size: file.size, spliced: spliced !== null };
        });
        call.signal.throwIfAborted();
        return result;
    } catch (error) {
        throw await failure(error, Object.values(files), 'write');
    }
}

/**
 * @param {Line[]} lines
 * @param {Container} container
 * @param {Assemble} step
 * @returns {Promise<Blob | null>}
 */
async function splicedMatroska([{ parts: [{ file, opened }] }], { mime: type }, step) {
    const parts = await spliceMatroska(file, opened, step);
    return parts && new Blob(parts, { type });
}

/**
 * Packet by packet, for containers that the sources' bytes cannot be slices of.
 * @param {Line[]} lines
 * @param {Container} container
 * @param {Assemble} step
 * @param {Place | null} scratch
 * @param {Pick<Call, 'signal' | 'emit'>} call
 */
async function copied(lines, container, step, scratch, call) {
    const lead = container.hides ? 0 : await leadOf(lines);
    if (lead > 0 && !step.shift_lead_in) throw incapable('This container cannot hide what lies before the first frame.');
    const result = await streamed(
        container,
        {
            async *lanes(format) {
                for (const line of lines) yield await laneOf(line, container, format, lead);
            },
            tags: (format) => resultTags(lines[0].main.opened, format, step.container, step.metadata),
            chapters: step.metadata.chapters,
            labels: step.tracks,
            check: (furthest) => complete(lines, furthest),
            length: step.duration_us / 1e6,
            stage: 'copy',
            scratch,
        },
        call,
    );
    return container.label ? container.label(result, step) : result;
}

/**
 * @param {Line} line
 * @param {Container} container
 * @param {OutputFormat} format
 * @param {number} lead
 */
async function laneOf(line, container, format, lead) {
    if (line.kind === 'audio') return copyAudio(line, { container, format, lead });
    if (line.kind === 'video') return copyVideo(line, { container, format, lead });
    throw incapable('The browser can carry pictures and sound only.');
}

/** @param {Line[]} lines @param {number} furthest seconds of the result */
async function complete(lines, furthest) {
    const last = lines.map(({ parts }) => parts[parts.length - 1]).sort((a, b) => b.piece.at - a.piece.at)[0];
    const { span, at } = last.piece;
    const tracks = lines.flatMap(({ parts }) => parts.filter(({ piece }) => piece.source === last.piece.source)).flatMap(({ track }) => (track ? [{ track }] : []));
    await assertComplete(tracks, { start: span.start - at, end: span.end }, furthest);
}
