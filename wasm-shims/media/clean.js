/**
 * Places where copying can begin and end: frames before which nothing is needed, and ends behind which nothing is.
 *
 * Both are found from packets' times alone, near the place that is asked about; only key frames are looked into.
 */

import { bytesOf } from './bytes.js';
import { REORDER, remembered } from './frames.js';
import { nalUnits } from './nal.js';

/**
 * @import {EncodedPacket, InputTrack} from 'mediabunny'
 * @import {Frames} from './frames.js'
 * @typedef {{tick: number, after: number}} Shown when a packet's frame is presented, and when that ends
 */

const FACTS = { metadataOnly: true };
/** Which key frames are clean, as far as they were looked into, by timestamp. @type {WeakMap<InputTrack, Map<number, boolean>>} */
const cleanKeys = new WeakMap();
/** How many key frames to look into for a clean one. */
const MAX_TRIES = 32;
/** Seconds to walk before an end, more where that was not enough to know. */
const STEPS_BACK_S = [1, 4, 16, 64, Infinity];
/** How many packets behind an end to look for the next place where copying could end. */
const LOOK_AHEAD = 4 * REORDER;

/**
 * The first frame at or after `first` and before `end` from which packets can be copied behind anything else.
 * @param {Frames} frames
 * @param {EncodedPacket} first
 * @param {number} end tick
 * @returns {Promise<EncodedPacket | null>}
 */
export async function firstClean(frames, first, end) {
    const { sink } = frames;
    const isClean = await cleanness(frames.track);
    // Asked for first, as looking for a next one where there is none may mean reading all the rest.
    const last = await sink.getKeyPacket(frames.time(end - 0.5), FACTS);
    if (!last) return null;
    let key = (await sink.getKeyPacket(frames.time(frames.tick(first) + 0.25), FACTS)) ?? (await sink.getFirstKeyPacket(FACTS));
    for (let tries = 0; key && tries < MAX_TRIES; key = await sink.getNextKeyPacket(key, FACTS)) {
        const tick = frames.tick(key);
        if (tick >= frames.tick(first)) {
            if (tick >= end) return null;
            const found = await frames.keyUpTo(tick, FACTS);
            const look = async () => isClean(await frames.loaded(/** @type {EncodedPacket} */ (found)));
            if (found && frames.tick(found) === tick && (await remembered(cleanKeys, frames.track, found, look))) return found;
            tries++;
        }
        if (tick >= frames.tick(last)) return null;
    }
    return null;
}

/**
 * Tells whether decoding can start at a packet with nothing left over from before. Recovery points do not count.
 * @param {InputTrack} track
 * @returns {Promise<(packet: EncodedPacket) => Promise<boolean>>}
 */
async function cleanness(track) {
    const codec = await track.getCodec();
    if (codec !== 'avc' && codec !== 'hevc') return async (packet) => (await track.determinePacketType(packet)) === 'key';
    const config = track.isVideoTrack() ? await track.getDecoderConfig() : null;
    const record = config?.description ? bytesOf(config.description) : null;
    const lengthSize = record ? (record[codec === 'avc' ? 4 : 21] & 3) + 1 : 0;
    const isClean = codec === 'avc' ? isIdr : isRandomAccess;
    return async ({ data }) => isClean(data, lengthSize);
}

/** @param {Uint8Array} sample H.264 @param {number} lengthSize */
function isIdr(sample, lengthSize) {
    for (const unit of nalUnits(sample, lengthSize)) {
        const type = unit[0] & 31;
        if (type >= 1 && type <= 5) return type === 5;
    }
    return false;
}

/** IDR, BLA or CRA, whose types lie between those of other pictures and parameter sets. @param {Uint8Array} sample HEVC @param {number} lengthSize */
function isRandomAccess(sample, lengthSize) {
    for (const unit of nalUnits(sample, lengthSize)) {
        const type = (unit[0] >> 1) & 63;
        if (type < 32) return type >= 16 && type <= 21;
    }
    return false;
}

/**
 * Where copying from `clean` on can end near `end`: `at` is the latest place up to it, Infinity for `end` itself, with
 * `left` frames between; `beyond` the first one from it on, Infinity again for `end`, null where there is none.
 * @param {Frames} frames
 * @param {EncodedPacket} clean
 * @param {number} end tick
 */
export async function ends(frames, clean, end) {
    for (const back of STEPS_BACK_S) {
        const near = await frames.sink.getPacket(frames.time(end) - back, FACTS);
        const isWhole = !near || near.sequenceNumber <= clean.sequenceNumber || frames.tick(near) <= frames.tick(clean);
        const shown = await shownFrom(frames, isWhole ? clean : near, frames.tick(clean), end);
        // Packets before the first one looked at are shown before those that come this much later.
        const at = latest(shown, end, isWhole ? 1 : REORDER);
        if (at !== null || isWhole) return { ...(at ?? { at: frames.tick(clean), left: 0 }), beyond: next(shown, end, frames.limit) };
    }
    throw new RangeError('no packet lies infinitely far back');
}

/**
 * When the packets from `start` to a little behind `end` are presented, in the order in which they are decoded.
 * @param {Frames} frames
 * @param {EncodedPacket} start
 * @param {number} clean tick of the frame that copying starts from; pictures shown before it are not copied
 * @param {number} end
 */
async function shownFrom(frames, start, clean, end) {
    /** @type {Shown[]} */
    const shown = [];
    let since = 0;
    for await (const packet of frames.sink.packets(start, undefined, FACTS)) {
        const tick = frames.tick(packet);
        if (tick < clean) continue;
        shown.push({ tick, after: frames.tick({ timestamp: packet.timestamp + packet.duration }) });
        since = tick >= end ? since + 1 : 0;
        if (since > LOOK_AHEAD) break;
    }
    return shown;
}

/**
 * For each number of packets, whether they are all shown before the rest, and the tick at which the rest begins.
 * @param {Shown[]} shown
 */
function parted(shown) {
    const rest = new Float64Array(shown.length + 1).fill(Infinity);
    for (let i = shown.length - 1; i >= 0; i--) rest[i] = Math.min(rest[i + 1], shown[i].tick);
    let before = -Infinity;
    return Array.from(rest, (begins, count) => {
        if (count > 0) before = Math.max(before, shown[count - 1].tick);
        return { isClosed: before < begins, before, begins };
    });
}

/**
 * @param {Shown[]} shown
 * @param {number} end
 * @param {number} least packets that must come before
 */
function latest(shown, end, least) {
    const parts = parted(shown);
    for (let count = parts.length - 1; count >= least; count--) {
        const { isClosed, before, begins } = parts[count];
        if (!isClosed || before >= end) continue;
        if (begins >= end) return { at: Infinity, left: 0 };
        return { at: begins, left: shown.filter(({ tick }) => tick >= begins && tick < end).length };
    }
    return null;
}

/**
 * @param {Shown[]} shown
 * @param {number} end
 * @param {number} limit
 */
function next(shown, end, limit) {
    for (const { isClosed, before, begins } of parted(shown)) {
        if (!isClosed || begins < end) continue;
        if (before < end) return Infinity;
        if (before >= limit) return null;
        return begins < limit ? begins : Math.min(limit, Math.max(...shown.map(({ tick, after }) => (tick < limit ? after : -Infinity))));
    }
    return null;
}
