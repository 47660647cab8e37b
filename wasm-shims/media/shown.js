/** Chosen frames of a track, decoded as a player would: on from a key frame, across joints without a pause. */

import { VideoSampleSink } from 'mediabunny';

/**
 * @import {EncodedPacket, InputVideoTrack, VideoSample} from 'mediabunny'
 * @import {Frames} from './frames.js'
 */

/** Parts of a track nearer to each other than this, in seconds, are decoded in one go. */
export const NEAR_S = 0.1;

/**
 * @param {Frames} frames
 * @param {InputVideoTrack} track
 * @param {EncodedPacket[][]} groups packets of neighbouring frames, in order of presentation
 * @returns {AsyncGenerator<VideoSample | null, void>} each frame in order, null for one that did not come; to be closed by
 *   whoever takes it
 */
export async function* shown(frames, track, groups) {
    const sink = new VideoSampleSink(track);
    for (const packets of await runs(frames, groups)) {
        const ticks = packets.map((packet) => frames.tick(packet));
        const end = frames.time(ticks[ticks.length - 1] + 0.5);
        let next = 0;
        for await (const sample of sink.samples(packets[0].timestamp, end)) {
            const tick = frames.tick(sample);
            for (; next < ticks.length && ticks[next] < tick; next++) yield null;
            if (ticks[next] === tick) {
                next++;
                yield sample;
                // Or all up to the next key frame would be decoded.
                if (next === ticks.length) break;
            } else sample.close();
        }
        for (; next < ticks.length; next++) yield null;
    }
}

/**
 * Groups joined where one follows the other at once, or where decoding the second would begin no later than the first
 * ends.
 * @param {Frames} frames
 * @param {EncodedPacket[][]} groups
 */
async function runs(frames, groups) {
    /** @type {EncodedPacket[][]} */
    const joined = [];
    for (const group of groups.filter(({ length }) => length > 0)) {
        const last = joined[joined.length - 1]?.at(-1);
        if (last && (await goesOn(frames, last, group[0]))) joined[joined.length - 1].push(...group);
        else joined.push([...group]);
    }
    return joined;
}

/** @param {Frames} frames @param {EncodedPacket} last @param {EncodedPacket} next */
async function goesOn(frames, last, next) {
    const gap = frames.tick(next) - frames.tick(last);
    if (gap <= 0 || gap < NEAR_S * frames.clock.scale) return gap > 0;
    const key = await frames.trueKeyFor(next);
    return key !== null && frames.tick(key) <= frames.tick(last);
}
