/** Finding frames by their presentation time without reading more of the file than the frames around it. */

import { EncodedPacketSink } from 'mediabunny';
import { Clock } from './clock.js';

/**
 * @import {EncodedPacket, InputTrack} from 'mediabunny'
 * @import {Entry} from './opened.js'
 */

/** No codec decodes a frame more than this many packets before it shows it. */
export const REORDER = 16;

const FACTS = { metadataOnly: true };
const VERIFIED = { verifyKeyPackets: true };

/**
 * A track's packets by presentation ticks. These are mediabunny's times, less the codec's delay, which Matroska states
 * apart; what the edit list does not present counts as absent.
 */
export class Frames {
    /**
     * @param {InputTrack} track
     * @param {Clock} clock
     * @param {{limit?: number, delay?: number}} bounds the tick at which presentation stops, and the codec's delay in ticks
     */
    constructor(track, clock, { limit = Infinity, delay = 0 }) {
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
        const delay = Math.round(((entry.slot?.delay_ns ?? 0) * clock.scale) / 1e9);
        return new Frames(track, clock, { limit: entry.slot?.presented_end ?? Infinity, delay });
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

    /**
     * The last true key frame presented at or before `packet`.
     * @param {EncodedPacket} packet
     */
    keyFor(packet) {
        return this.sink.getKeyPacket(this.time(this.tick(packet) + 0.25), VERIFIED);
    }

    /**
     * The first true key frame presented at or after `tick`, looked for from `key` on.
     * @param {EncodedPacket | null} key
     * @param {number} tick
     */
    async keyFrom(key, tick) {
        let next = key ?? (await this.sink.getFirstKeyPacket(VERIFIED));
        while (next && this.tick(next) < tick) next = await this.sink.getNextKeyPacket(next, VERIFIED);
        return next && this.tick(next) < this.limit ? next : null;
    }
}
