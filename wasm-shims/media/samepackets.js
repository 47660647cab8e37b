/** Packets that were copied: the same bytes in the same order. */

import { holds } from './avc.js';
import { bytesOf, isEqual } from './bytes.js';

/**
 * @import {EncodedPacket, InputTrack, InputVideoTrack} from 'mediabunny'
 * @import {Check} from '../../web/protocol.gen.js'
 * @import {Frames} from './frames.js'
 * @import {Findings, Pair} from './verify.js'
 * @typedef {{frames: Frames, track: InputTrack}} Side
 */

/** Codecs whose packets are cut or numbered anew, so that their bytes tell nothing. */
const CHANGED = /^(pcm-|ulaw|alaw|flac)/;

/**
 * @param {Side} source
 * @param {Side} result
 * @param {Check[]} checks
 * @param {Findings} found
 */
export async function comparePackets(source, result, checks, found) {
    const codec = String(await source.track.getCodec());
    if (CHANGED.test(codec) || codec !== (await result.track.getCodec())) {
        found.unseen.add(`Sound in ${codec} was not compared.`);
        return;
    }
    found.unseen.add('Sound was compared packet by packet.');
    for (const check of checks) await compareOne(source.frames, result.frames, check, found);
}

/**
 * @param {Frames} source
 * @param {Frames} result
 * @param {Check} check
 * @param {Findings} found
 */
async function compareOne(source, result, { span, at }, found) {
    const ends = (/** @type {{timestamp: number, duration: number}} */ { timestamp, duration }) => source.us({ timestamp: timestamp + duration });
    const inside = await source.between(source.clock.at(span.start), source.clock.at(span.end));
    const wanted = inside.filter((packet) => ends(packet) <= span.end);
    if (wanted.length === 0) return;
    // A packet goes where its middle lies, so it may come early or late by half its length.
    const slack = Math.ceil((ends(wanted[0]) - source.us(wanted[0])) / 2) + Math.ceil(1e6 / Math.min(source.clock.scale, result.clock.scale)) + 1;
    const placed = await result.between(result.clock.at(at - slack), result.clock.at(at + span.end - span.start + slack));
    found.frames += wanted.length;
    let next = 0;
    for (const packet of wanted) {
        const due = at + source.us(packet) - span.start;
        while (next < placed.length && !(await isSame(source, packet, result, placed[next]))) next++;
        if (next >= placed.length) {
            found.wrong.push(`The sound at ${(due / 1e6).toFixed(6)} s is not the source’s.`);
            return;
        }
        const shift = Math.abs(result.us(placed[next++]) - due);
        found.shift = Math.max(found.shift, shift);
        if (shift > slack) found.wrong.push(`The sound at ${(due / 1e6).toFixed(6)} s is ${shift} µs off its time.`);
    }
}

/**
 * @param {Frames} source
 * @param {EncodedPacket} one
 * @param {Frames} result
 * @param {EncodedPacket} other
 */
async function isSame(source, one, result, other) {
    if (other.byteLength > one.byteLength) return false;
    const [whole, part] = [await loaded(source, one), await loaded(result, other)];
    if (!whole || !part || part.data.length > whole.data.length) return false;
    // Some containers put a header before each packet.
    return isEqual(whole.data.subarray(whole.data.length - part.data.length), part.data);
}

/**
 * The same packet with its data. All that a decoder of Opus leaves out at the start has the same time.
 * @param {Frames} frames
 * @param {EncodedPacket} packet
 */
async function loaded({ sink }, { timestamp, sequenceNumber }) {
    let found = await sink.getPacket(timestamp);
    while (found && found.timestamp === timestamp && found.sequenceNumber < sequenceNumber) found = await sink.getNextPacket(found);
    return found;
}

/**
 * Whether decoders learn of the first one's packets what they need, and the same, from the second, which may say more.
 * @param {VideoDecoderConfig | null} one
 * @param {VideoDecoderConfig | null} other
 */
function saysTheSame(one, other) {
    const [ours, theirs] = [one, other].map((config) => (config?.description ? bytesOf(config.description) : new Uint8Array()));
    if (one?.codec === other?.codec && isEqual(ours, theirs)) return true;
    // Where pictures were encoded in between, their parameter sets stand beside those of the source.
    return [one, other].every((config) => config?.codec.startsWith('avc1')) && ours.length > 0 && theirs.length > 0 && holds(theirs, ours);
}

/**
 * Whether decoders get the very same on both sides, from the key frame to the last frame of a check: then what they
 * make of it is the same too.
 * @param {Pair} pair
 * @param {InputVideoTrack} before
 * @param {InputVideoTrack} after
 */
export async function isUntouched({ source, result }, before, after) {
    const configs = await Promise.all([before.getDecoderConfig(), after.getDecoderConfig()]);
    if (source.packets.length === 0 || !saysTheSame(configs[0], configs[1])) return false;
    const keys = await Promise.all([source, result].map(({ frames, packets }) => frames.trueKeyFor(packets[0])));
    if (!keys[0] || !keys[1]) return false;
    const last = Math.max(...source.packets.map(({ sequenceNumber }) => sequenceNumber));
    const copied = result.frames.sink.packets(keys[1]);
    try {
        for await (const packet of source.frames.sink.packets(keys[0])) {
            const { value } = await copied.next();
            if (!value || !isEqual(packet.data, value.data)) return false;
            if (packet.sequenceNumber >= last) return true;
        }
        return false;
    } finally {
        await copied.return?.();
    }
}
