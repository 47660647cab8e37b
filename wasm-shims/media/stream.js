/** Writing a result through mediabunny, packet by packet, in constant memory. */

import { Output } from 'mediabunny';
import { cancelled } from '../rpc.js';
import { PagedFile } from '../scratch/paged.js';
import { presented, shiftOffsets } from './edits.js';
import { drive } from './lane.js';
import { withChapters } from './mp4tags.js';
import { stored, targetOf } from './sink.js';
import { withLabels } from './tracklabels.js';

/**
 * @import {MetadataTags, OutputFormat} from 'mediabunny'
 * @import {Chapter} from '../../web/protocol.gen.js'
 * @import {Call} from '../rpc.js'
 * @import {Place} from '../scratch/place.js'
 * @import {Container, Index} from './containers.js'
 * @import {Lane} from './lane.js'
 * @import {Labels} from './tracklabels.js'
 *
 * @typedef {object} Job
 * @property {(format: OutputFormat) => AsyncGenerator<Lane, void>} lanes those to fill, one after the other
 * @property {(format: OutputFormat) => Promise<MetadataTags>} tags
 * @property {(furthest: number) => Promise<void>} check throws where the result, which reaches up to so many seconds, lacks something
 * @property {Chapter[]} [chapters] for containers that keep them in an index
 * @property {Labels[]} [labels] the same, track by track, where mediabunny does not write them all
 * @property {number} length seconds
 * @property {string} stage
 * @property {Place | null} scratch where the result may lie on disk
 */

/**
 * @param {Container} container
 * @param {Job} job
 * @param {Pick<Call, 'signal' | 'emit'>} call
 * @returns {Promise<Blob>}
 */
export async function streamed(container, job, { signal, emit }) {
    /** @type {Index} */
    const index = { moov: null, ftypSize: 0 };
    const format = container.format(index);
    const file = new PagedFile(job.scratch);
    const output = new Output({ format, target: targetOf(file) });
    /** @type {Lane[]} */
    const lanes = [];
    const write = async () => {
        for await (const lane of job.lanes(format)) lanes.push(lane);
        lanes.forEach((lane) => lane.addTo(output));
        output.setMetadataTags(await job.tags(format));
        await output.start();
        await job.check(await drive(lanes, progress(job, emit)));
        await output.finalize();
    };
    try {
        await Promise.race([write(), aborted(signal)]);
        const blob = await assembled(file, index, container, lanes, job);
        return await stored((await container.finish?.(blob, lanes)) ?? blob);
    } catch (error) {
        await file.discard();
        throw error;
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
 * @param {Job} job
 * @param {Call['emit']} emit
 */
function progress({ length, stage }, emit) {
    const started = performance.now();
    return (/** @type {number} */ at) => {
        const done = Math.min(0.999, Math.max(0, at / length));
        const elapsed = (performance.now() - started) / 1000;
        emit('progress', { done, stage, eta_s: done > 0.01 ? (elapsed * (1 - done)) / done : null });
    };
}

/**
 * The result, its index first: pieces of a Blob change places without being read.
 * @param {PagedFile} file
 * @param {Index} index
 * @param {Container} container
 * @param {Lane[]} lanes
 * @param {Job} job
 */
async function assembled(file, { moov, ftypSize }, { brand, mime: type }, lanes, { chapters = [], labels = [] }) {
    if (brand) file.write(new TextEncoder().encode(brand), 8);
    const whole = await file.finish();
    if (!moov) return new Blob([whole], { type });
    // mediabunny numbers tracks from 1, in the order in which they were added.
    const times = presented(moov.data, new Map(lanes.map(({ ends }, i) => [i + 1, ends])));
    const index = withChapters(withLabels(times, labels), chapters);
    if (shiftOffsets(index, index.length)) {
        return new Blob([whole.slice(0, ftypSize), index, whole.slice(ftypSize, moov.start)], { type });
    }
    return new Blob([whole.slice(0, moov.start), index], { type });
}
