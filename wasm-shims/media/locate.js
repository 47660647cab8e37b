/** Where a track can be cut near wanted times. */

import { ClipwrightError } from '../rpc.js';
import { ends, firstClean } from './clean.js';
import { failure, incapable } from './failures.js';
import { Frames } from './frames.js';
import { withOpened } from './opened.js';

/**
 * @import {EncodedPacket} from 'mediabunny'
 * @import {CutPoint, Span} from '../../web/protocol.gen.js'
 * @import {Call} from '../rpc.js'
 */

const FACTS = { metadataOnly: true };
/** How long to work before listening for a cancel and giving a sign of life. */
const BREATH_MS = 100;

/**
 * @param {{file: Blob, source?: string, track: number, spans: Span[]}} args absolute presentation times
 * @param {Pick<Call, 'signal' | 'emit'>} call
 * @returns {Promise<{points: Partial<CutPoint>[]}>} one for each span, in their order
 */
export async function locate({ file, source, track: index, spans }, { signal, emit }) {
    try {
        return await withOpened(file, signal, async ({ entries }) => {
            const entry = entries[index];
            if (!entry) throw new ClipwrightError('bad_request', `There is no track ${index}.`, { path: '$.track' });
            if (!entry.track) throw incapable(`The browser cannot read track ${index}.`, entry.slot?.codec);
            const frames = await Frames.of(entry, entry.track);
            const points = [];
            let breath = performance.now();
            for (const span of spans) {
                points.push(await pointOf(frames, span));
                if (performance.now() - breath < BREATH_MS) continue;
                // What is in memory already is awaited without ever looking at messages.
                await new Promise((resume) => setTimeout(resume));
                signal.throwIfAborted();
                emit('heartbeat', {});
                breath = performance.now();
            }
            return { points };
        }, source);
    } catch (error) {
        throw await failure(error, file, 'read');
    }
}

/**
 * @param {Frames} frames
 * @param {Span} span
 * @returns {Promise<Partial<CutPoint>>}
 */
async function pointOf(frames, span) {
    const tick = frames.clock.at(span.start);
    const first = await frames.firstFrom(tick);
    const key = first && (await frames.keyFor(first, FACTS));
    const next = first && (await frames.keyFrom(key, tick, FACTS));
    const us = (/** @type {typeof first} */ packet) => packet && frames.us(packet);
    const keys = { first_frame: us(first), key_frame: us(key), next_key_frame: us(next) };
    if (!first || frames.us(first) >= span.end) return keys;
    const after = await frames.firstFrom(frames.clock.at(span.end));
    return { ...keys, next_frame: after ? us(after) : await lastEnd(frames, span), ...(await shares(frames, first, span)) };
}

/** Seconds before the end in which a track's last frames lie. */
const LAST_S = 2;

/**
 * When the last frame of all has been shown: as its packet says, or else as long after it as it comes after the one before.
 * @param {Frames} frames
 * @param {Span} span
 */
async function lastEnd(frames, span) {
    // An edit list knows better.
    if (frames.limit < Infinity) return null;
    const shown = await frames.between(frames.clock.at(span.end - LAST_S * 1e6), frames.clock.at(span.end));
    const last = shown[shown.length - 1];
    if (!last) return null;
    const length = last.duration || last.timestamp - (shown[shown.length - 2] ?? last).timestamp;
    return length > 0 ? Math.min(span.end, frames.clock.us(frames.tick({ timestamp: last.timestamp + length }))) : null;
}

/**
 * What of the span can be copied, and how many frames before and behind that cannot.
 * @param {Frames} frames
 * @param {EncodedPacket} first
 * @param {Span} span
 * @returns {Promise<Partial<CutPoint>>}
 */
async function shares(frames, first, span) {
    const end = Math.min(frames.clock.at(span.end), frames.limit);
    const clean = await firstClean(frames, first, end);
    const head = await frames.between(frames.tick(first), clean ? frames.tick(clean) : end);
    if (!clean) return { head_frames: head.length };
    const { at, left, beyond } = await ends(frames, clean, end);
    const us = (/** @type {number} */ tick) => (tick === Infinity ? span.end : frames.clock.us(tick));
    return {
        clean_frame: frames.us(clean),
        clean_end: us(at),
        closed_end: beyond === null ? null : us(beyond),
        head_frames: head.length,
        tail_frames: left,
    };
}
