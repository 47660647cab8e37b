/** Finding frames by their presentation time without reading more of the file than the frames around it. */

import { EncodedPacketSink } from 'mediabunny';
import { Clock } from './clock.js';

/**
 * @import {EncodedPacket, InputTrack, PacketRetrievalOptions} from 'mediabunny'
 * @import {Span} from '../../web/protocol.gen.js'
 * @import {Entry} from './opened.js'
 */

/** No codec decodes a frame more than this many packets before it shows it. */
export const REORDER = 16;

const FACTS = { metadataOnly: true };
/**
 * Whether what a track calls key frames are true ones, by timestamp: looking into one takes far longer than finding it.
 * @type {WeakMap<InputTrack, Map<number, boolean>>}
 */
const truths = new WeakMap();
/** How many key frames to look into for one that really is, before giving up. */
const MAX_TRIES = 32;

/**
 * A track's packets by presentation ticks. These are mediabunny's times, less the codec's delay, which Matroska states
 * apart, and later by what FFmpeg adds to those of fragments; what the edit list does not present counts as absent.
 */
export class Frames {
    /**
     * @param {InputTrack} track
     * @param {Clock} clock
     * @param {{limit?: number, delay?: number}} bounds the tick at which presentation stops, and the ticks by
     *   which mediabunny's times come late
     */
    constructor(track, clock, { limit = Infinity, delay = 0 }) {
        this.track = track;
        this.clock = clock;
        this.limit = limit;
        this.delay = delay;
        this.sink = new EncodedPacketSink(track);
    }

    /**
     * @param {Entry} entry
     * @param {InputTrack} track
     */
    static async of(entry, track) {
        const clock = new Clock(await track.getTimeResolution());
        const { delay_ns = 0, late = 0, presented_end = null } = entry.slot ?? {};
        const delay = Math.round((delay_ns * clock.scale) / 1e9) - late;
        return new Frames(track, clock, { limit: presented_end ?? Infinity, delay });
    }

    /** @param {{timestamp: number}} packet or a decoded sample */
    tick({ timestamp }) {
        return this.clock.tick(timestamp) - this.delay;
    }

    /** The time by mediabunny's clock, in seconds, of a presentation tick. @param {number} tick */
    time(tick) {
        return this.clock.seconds(tick + this.delay);
    }

    /** A presentation tick's time in microseconds. @param {{timestamp: number}} packet */
    us(packet) {
        return this.clock.us(this.tick(packet));
    }

    /**
     * The first frame presented at or after `tick`, its data not loaded.
     * @param {number} tick
     * @returns {Promise<EncodedPacket | null>}
     */
    async firstFrom(tick) {
        const before = this.time(tick - 0.5);
        const last = await this.sink.getPacket(before, FACTS);
        const start = (last && (await this.sink.getKeyPacket(before, FACTS))) ?? (await this.sink.getFirstPacket(FACTS));
        if (!start) return null;
        /** @type {EncodedPacket | null} */
        let best = null;
        let since = 0;
        for await (const packet of this.sink.packets(start, undefined, FACTS)) {
            const isBetter = this.tick(packet) >= tick && (!best || packet.timestamp < best.timestamp);
            if (isBetter) best = packet;
            since = isBetter || (last && packet.sequenceNumber <= last.sequenceNumber) ? 0 : since + 1;
            if (best && since >= REORDER) break;
        }
        return best && this.tick(best) < this.limit ? best : null;
    }

    /** The same with its data. @param {number} tick */
    async frameFrom(tick) {
        const first = await this.firstFrom(tick);
        return first && this.sink.getPacket(this.time(this.tick(first) + 0.25));
    }

    /**
     * The packets of the frames presented from one tick up to another, in that order, their data not loaded.
     * @param {number} from
     * @param {number} to
     */
    async between(from, to) {
        const end = Math.min(to, this.limit);
        const start = (await this.sink.getKeyPacket(this.time(from + 0.25), FACTS)) ?? (await this.sink.getFirstPacket(FACTS));
        /** @type {EncodedPacket[]} */
        const found = [];
        if (!start || from >= end) return found;
        let since = 0;
        for await (const packet of this.sink.packets(start, undefined, FACTS)) {
            const tick = this.tick(packet);
            if (tick >= from && tick < end) found.push(packet);
            since = tick >= end ? since + 1 : 0;
            if (since > REORDER) break;
        }
        return found.sort((a, b) => a.timestamp - b.timestamp);
    }

    /**
     * The key frame from which `packet` can be decoded here: the last true one presented at or before it, if it is
     * not too far back. Containers also call frames so from which only some decoders can start.
     * @param {EncodedPacket} packet
     * @param {PacketRetrievalOptions} [options]
     * @returns {Promise<EncodedPacket | null>}
     */
    async trueKeyFor(packet, options) {
        let key = await this.keyUpTo(this.tick(packet), FACTS);
        for (let tries = 0; key && tries < MAX_TRIES; tries++) {
            if (await this.isTrue(key)) return options?.metadataOnly ? key : this.loaded(key);
            key = await this.keyUpTo(this.tick(key) - 1, FACTS);
        }
        return null;
    }

    /**
     * The key frame from which to copy for `packet` to be seen: a true one, or else the last that is called one.
     * @param {EncodedPacket} packet
     * @param {PacketRetrievalOptions} [options]
     */
    async keyFor(packet, options) {
        return (await this.trueKeyFor(packet, options)) ?? this.keyUpTo(this.tick(packet), options);
    }

    /**
     * The first key frame presented at or after `tick`, looked for from `key` on: a true one, or else any.
     * @param {EncodedPacket | null} key
     * @param {number} tick
     * @param {PacketRetrievalOptions} [options]
     */
    async keyFrom(key, tick, options) {
        /** @type {EncodedPacket | null} */
        let called = null;
        let next = key ?? (await this.sink.getFirstKeyPacket(FACTS));
        for (let tries = 0; next && tries < MAX_TRIES; next = await this.sink.getNextKeyPacket(next, FACTS)) {
            if (this.tick(next) >= this.limit) break;
            if (this.tick(next) < tick) continue;
            const found = await this.keyUpTo(this.tick(next), FACTS);
            const isTrue = found && this.tick(found) === this.tick(next) && (await this.isTrue(found));
            called = isTrue ? found : (called ?? found);
            if (isTrue) break;
            tries++;
        }
        return called && !options?.metadataOnly ? this.loaded(called) : called;
    }

    /**
     * The key frame from which to copy so that all of a span is seen; null where no frame lies in it.
     * @param {Span} span
     */
    async copyStart({ start, end }) {
        const first = await this.firstFrom(this.clock.at(start));
        if (!first || this.us(first) >= end) return null;
        return (await this.keyFor(first)) ?? this.keyFrom(null, this.tick(first));
    }

    /**
     * The last packet called a key frame that is presented at or before a tick.
     * @param {number} tick
     * @param {PacketRetrievalOptions} [options]
     * @returns {Promise<EncodedPacket | null>}
     */
    async keyUpTo(tick, options) {
        const found = await this.sink.getKeyPacket(this.time(tick + 0.25), options);
        if (found) return found;
        // In a Matroska file without an index mediabunny looks no further back than where it has been.
        let last = null;
        for (let next = await this.sink.getFirstKeyPacket(); next && this.tick(next) <= tick; next = await this.sink.getNextKeyPacket(next)) last = next;
        return last;
    }

    /** A key frame with its data. @param {EncodedPacket} key */
    async loaded(key) {
        return key.isMetadataOnly ? ((await this.keyUpTo(this.tick(key))) ?? key) : key;
    }

    /** @param {EncodedPacket} key with its data or without */
    async isTrue(key) {
        return remembered(truths, this.track, key, async () => (await this.track.determinePacketType(await this.loaded(key))) !== 'delta');
    }
}

/**
 * What was found of a packet before, or what looking for it finds now.
 * @param {WeakMap<InputTrack, Map<number, boolean>>} memory
 * @param {InputTrack} track
 * @param {EncodedPacket} packet
 * @param {() => Promise<boolean>} look
 */
export async function remembered(memory, track, { timestamp }, look) {
    const known = memory.get(track) ?? new Map();
    memory.set(track, known);
    const found = known.get(timestamp) ?? (await look());
    known.set(timestamp, found);
    return found;
}
