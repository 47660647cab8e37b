/** Whether a result shows what its sources show: frames around the joints, decoded on both sides and compared. */

import { ClipwrightError } from '../rpc.js';
import { failure } from './failures.js';
import { Frames } from './frames.js';
import { IDENTICAL, likeness } from './likeness.js';
import { withOpened } from './opened.js';
import { forgetOriginals, originalAt } from './originals.js';
import { comparePackets, isUntouched } from './samepackets.js';
import { NEAR_S, shown } from './shown.js';

/**
 * @import {EncodedPacket, InputVideoTrack, VideoSample} from 'mediabunny'
 * @import {Check, Verified} from '../../web/protocol.gen.js'
 * @import {Call} from '../rpc.js'
 * @import {Picture} from './likeness.js'
 * @import {Opened} from './opened.js'
 * @typedef {{frames: Frames, packets: EncodedPacket[]}} Side
 * @typedef {{check: Check, source: Side, result: Side, tolerance: number}} Pair
 * @typedef {{frames: number, psnr: number, shift: number, wrong: string[], unseen: Set<string>}} Findings
 */

/** Pictures less alike than this, in decibels, are not the same. */
const ALIKE = 38;
/** What is not the result's fault. */
const FOREIGN = new Set(['cancelled', 'media', 'resource', 'internal', 'bad_request']);

/**
 * @param {{file: Blob, files: Record<string, Blob>, checks: Check[], keep?: string[]}} args `file` is the result, `files` the sources by
 *   id, `keep` those that will be asked for again
 * @param {Pick<Call, 'signal'>} call
 * @returns {Promise<Verified>}
 */
export async function verify({ file, files, checks, keep = [] }, { signal }) {
    /** @type {Findings} */
    const found = { frames: 0, psnr: Infinity, shift: 0, wrong: [], unseen: new Set() };
    try {
        await withOpened(file, signal, async (result) => {
            for (const [source, some] of bySource(checks)) {
                if (!files[source]) throw new ClipwrightError('bad_request', `There is no file ${source}.`, { path: '$.checks' });
                await withOpened(files[source], signal, (opened) => compare(opened, result, some, found), keep.find((id) => id === source));
            }
        });
    } catch (error) {
        const cause = /** @type {any} */ (await failure(error, [file, ...Object.values(files)], 'read'));
        if (!(cause instanceof ClipwrightError) || FOREIGN.has(cause.code)) throw cause;
        found.wrong.push([cause.message, cause.detail].filter(Boolean).join(' '));
    } finally {
        forgetOriginals();
    }
    return {
        ok: found.wrong.length === 0,
        joints: checks.length,
        frames: found.frames,
        worst_psnr_db: Number.isFinite(found.psnr) ? Math.round(found.psnr * 100) / 100 : null,
        worst_shift_us: found.shift,
        detail: [...found.wrong, ...found.unseen].join(' '),
    };
}

/** The checks of each source in the order of the result, so that decoding goes on. @param {Check[]} checks */
function bySource(checks) {
    const sorted = [...checks].sort((a, b) => a.result_track - b.result_track || a.at - b.at);
    return Map.groupBy(sorted, ({ source }) => source);
}

/**
 * @param {Opened} source
 * @param {Opened} result
 * @param {Check[]} checks
 * @param {Findings} found
 */
async function compare(source, result, checks, found) {
    for (const some of Map.groupBy(checks, ({ track, result_track }) => `${track} ${result_track}`).values()) {
        const [theirs, ours] = [await framesOf(source, some[0].track), await framesOf(result, some[0].result_track)];
        const [before, after] = [theirs.track, ours.track];
        if (!before.isVideoTrack() || !after.isVideoTrack()) {
            await comparePackets({ frames: theirs, track: before }, { frames: ours, track: after }, some, found);
            continue;
        }
        const pairs = [];
        for (const check of some) pairs.push(await paired(check, theirs, ours));
        await compareFrames(pairs.filter((pair) => isTimely(pair, found)), before, after, found);
    }
}

/**
 * @param {Pair[]} pairs of frames that are at their times
 * @param {InputVideoTrack} before
 * @param {InputVideoTrack} after
 * @param {Findings} found
 */
async function compareFrames(pairs, before, after, found) {
    const codec = await before.getCodec();
    if (!(await before.canDecode())) {
        found.unseen.add(`Pictures in ${codec} cannot be decoded here; their number and times are right.`);
        return;
    }
    if (!(await after.canDecode())) {
        found.wrong.push('The pictures cannot be decoded.');
        return;
    }
    /** @type {Pair[]} */
    const looked = [];
    for (const [i, pair] of pairs.entries()) {
        // Where two parts meet, decoding on from one into the other is what has to be tried.
        const isJoint = [pairs[i - 1], pairs[i + 1]].some((other) => other && meet(pair.check, other.check));
        if (!isJoint && (await isUntouched(pair, before, after))) found.psnr = Math.min(found.psnr, IDENTICAL);
        else looked.push(pair);
    }
    if (looked.length === 0) return;
    const [theirs, ours] = [looked.map(({ source }) => source), looked.map(({ result }) => result)];
    const seen = shown(ours[0].frames, after, ours.map(({ packets }) => packets));
    await comparePictures(looked, originals(theirs, before), seen, found);
}

/**
 * What the source shows, decoded where it has not been kept.
 * @param {Side[]} sides
 * @param {InputVideoTrack} track
 * @returns {AsyncGenerator<VideoSample | Picture | null, void>}
 */
async function* originals(sides, track) {
    const { frames } = sides[0];
    const kept = sides.map(({ packets }) => {
        const ticks = packets.map((packet) => frames.tick(packet));
        // Of several pictures at one time only some may have been kept, so none is taken for another.
        return ticks.map((tick) => (ticks.indexOf(tick) === ticks.lastIndexOf(tick) ? originalAt(track, tick) : null));
    });
    const rest = shown(frames, track, sides.map(({ packets }, i) => packets.filter((_, j) => !kept[i][j])));
    const next = () => {
        const coming = rest.next();
        coming.catch(() => {});
        return coming;
    };
    // Its decoder starts beside the result's, even where what is kept comes first.
    let ahead = next();
    try {
        for (const picture of kept.flat()) {
            if (picture) {
                yield picture;
                continue;
            }
            const { value } = await ahead;
            ahead = next();
            yield value ?? null;
        }
    } finally {
        await ahead.then(({ value }) => value?.close(), () => {});
        await rest.return();
    }
}

/** Whether one stretch of the result ends about where the other begins: at a joint. @param {Check} a @param {Check} b */
function meet(a, b) {
    const gap = Math.max(a.at, b.at) - Math.min(a.at + a.span.end - a.span.start, b.at + b.span.end - b.span.start);
    return gap < NEAR_S * 1e6;
}

/** @param {Opened} opened @param {number} index */
async function framesOf({ entries }, index) {
    const entry = entries[index];
    if (!entry?.track) throw new ClipwrightError('corrupt_media', `There is no track ${index} to compare.`, { hint: 'Open the file again.' });
    return Frames.of(entry, entry.track);
}

/**
 * The frames that should be the same.
 * @param {Check} check
 * @param {Frames} source
 * @param {Frames} result
 * @returns {Promise<Pair>}
 */
async function paired(check, source, result) {
    const { span, at } = check;
    const packets = await source.between(source.clock.at(span.start), source.clock.at(span.end));
    const tolerance = Math.ceil(1e6 / Math.min(source.clock.scale, result.clock.scale)) + 1;
    // Half a frame at most: on a coarse clock one tick would be the next frame.
    const gaps = packets.slice(1).map((packet, i) => source.us(packet) - source.us(packets[i]));
    const slack = Math.floor(Math.min(tolerance, Math.min(span.end - span.start, ...gaps) / 2));
    const [first, last] = packets.length > 0 ? [packets[0], packets[packets.length - 1]].map((packet) => source.us(packet)) : [span.end, span.start];
    // The frame before the stretch, like the one behind it, may lie less than that away, and so may the first and the last.
    const [from, to] = [Math.min(span.start + slack, first - slack), Math.max(span.end - slack, last + slack + 1)].map((us) => us - span.start + at);
    const placed = await result.between(result.clock.at(from), result.clock.at(to));
    return { check, source: { frames: source, packets }, result: { frames: result, packets: placed }, tolerance };
}

/**
 * Whether there are as many frames as there should be, each at its time.
 * @param {Pair} pair
 * @param {Findings} found
 */
function isTimely({ check, source, result, tolerance }, found) {
    const where = `At ${(check.at / 1e6).toFixed(6)} s`;
    const [wanted, got] = [source.packets.length, result.packets.length];
    found.frames += Math.min(wanted, got);
    if (wanted !== got) {
        found.wrong.push(`${where} there are ${got} frames instead of ${wanted}.`);
        return false;
    }
    const shifts = source.packets.map((packet, i) => result.frames.us(result.packets[i]) - check.at - (source.frames.us(packet) - check.span.start));
    const worst = Math.max(0, ...shifts.map(Math.abs));
    found.shift = Math.max(found.shift, worst);
    if (worst > tolerance) found.wrong.push(`${where} a frame is ${worst} µs off its time.`);
    return true;
}

/**
 * @param {Pair[]} pairs
 * @param {ReturnType<typeof originals>} theirs
 * @param {ReturnType<typeof shown>} ours
 * @param {Findings} found
 */
async function comparePictures(pairs, theirs, ours, found) {
    const steps = pairs.flatMap(({ check, result }) => result.packets.map((packet) => ({ check, us: result.frames.us(packet) })));
    try {
        for (const { us } of steps) {
            const [{ value: one }, { value: other }] = await Promise.all([theirs.next(), ours.next()]);
            const alike = one && other ? await likeness(one, other) : 0;
            if (one && 'close' in one) one.close();
            other?.close();
            found.psnr = Math.min(found.psnr, alike);
            if (alike >= ALIKE) continue;
            const what = other ? (one ? `is unlike the source’s (${alike.toFixed(1)} dB)` : 'cannot be compared: the source’s cannot be decoded') : 'cannot be decoded';
            found.wrong.push(`The frame at ${(us / 1e6).toFixed(6)} s ${what}.`);
        }
    } finally {
        await Promise.all([theirs.return(), ours.return()]);
    }
}
