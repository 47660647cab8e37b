/** Where the samples of an MP4 track lie, and when they are decoded and shown. */

import { open } from './boxes.js';

/**
 * @import {Box} from './boxes.js'
 * @import {Cursor} from './bytes.js'
 */

/** More than a day of pictures or sound; uncompressed sound, listed sample by sample, has more. */
export const MAX_SAMPLES = 5_000_000;

export class SampleTable {
    /** @param {number} count */
    constructor(count) {
        this.count = count;
        /** Bytes. */
        this.size = new Uint32Array(count);
        /** Offset in the file. */
        this.offset = new Float64Array(count);
        /** The chunk, from 0. */
        this.chunk = new Uint32Array(count);
        /** Which sample entry describes it, from 1. */
        this.entry = new Uint16Array(count);
        /** Decoding time in ticks. */
        this.dts = new Float64Array(count + 1);
        /** Presentation less decoding time, in ticks; null where they are the same. */
        /** @type {Int32Array | null} */
        this.shift = null;
        /** 1 where a sample can be decoded on its own; null where all can. */
        /** @type {Uint8Array | null} */
        this.sync = null;
        /** @type {[number, number] | null} the least and the most of `shift`, where known */
        this.range = null;
    }

    /**
     * Samples in a row that are all of one size and length.
     * @param {number} count
     * @param {number} size
     * @param {number} length ticks
     * @param {number} entry
     */
    static alike(count, size, length, entry) {
        const table = new SampleTable(count);
        table.size.fill(size);
        table.entry.fill(entry);
        for (let i = 0; i <= count; i++) {
            table.dts[i] = i * length;
            if (i < count) table.offset[i] = i * size;
        }
        return table;
    }

    /** Presentation time in ticks, before edits. @param {number} i */
    pts(i) {
        return this.dts[i] + (this.shift ? this.shift[i] : 0);
    }

    /** @param {number} i ticks until the next one is decoded */
    duration(i) {
        return this.dts[i + 1] - this.dts[i];
    }

    /**
     * The first sample decoded at or after a tick; `count` where there is none.
     * @param {number} tick
     */
    decodedFrom(tick) {
        let [low, high] = [0, this.count];
        while (low < high) {
            const middle = (low + high) >> 1;
            if (this.dts[middle] < tick) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    /** The least and the most that presentation lies behind decoding, in ticks. */
    shifts() {
        if (this.range) return this.range;
        let [least, most] = [0, 0];
        for (let i = 0; this.shift && i < this.count; i++) {
            if (this.shift[i] < least) least = this.shift[i];
            else if (this.shift[i] > most) most = this.shift[i];
        }
        return (this.range = [least, most]);
    }

    /**
     * @param {Uint8Array} bytes
     * @param {Box} stbl
     * @returns {SampleTable | null} null for a table that is incomplete or of a kind not known here
     */
    static read(bytes, stbl) {
        const sizes = open(bytes, stbl, 'stsz')?.skip(4);
        const times = open(bytes, stbl, 'stts')?.skip(4);
        if (!sizes || !times) return null;
        const common = sizes.u32();
        const count = sizes.u32();
        if (count > MAX_SAMPLES || (common === 0 && sizes.left < count * 4)) return null;
        const table = new SampleTable(count);
        if (common) table.size.fill(common);
        else table.size = sizes.u32s(count);
        table.readTimes(times);
        table.readShifts(open(bytes, stbl, 'ctts'));
        table.readSync(open(bytes, stbl, 'stss')?.skip(4));
        const isPlaced = table.readPlaces(bytes, stbl);
        return isPlaced ? table : null;
    }

    /** @param {Cursor} stts */
    readTimes(stts) {
        const { dts } = this;
        let [i, at] = [0, 0];
        for (let runs = stts.u32(); runs > 0 && stts.left >= 8; runs--) {
            const [count, delta] = [stts.u32(), stts.u32()];
            for (const end = Math.min(i + count, this.count); i < end; i++) {
                dts[i] = at;
                at += delta;
            }
        }
        dts.fill(at, i);
    }

    /** @param {Cursor | null} ctts */
    readShifts(ctts) {
        if (!ctts) return;
        this.shift = new Int32Array(this.count);
        ctts.skip(4);
        let [i, least, most] = [0, 0, 0];
        for (let runs = ctts.u32(); runs > 0 && ctts.left >= 8; runs--) {
            const [count, shift] = [ctts.u32(), ctts.i32()];
            const end = Math.min(i + count, this.count);
            if (end === i) continue;
            this.shift.fill(shift, i, end);
            [i, least, most] = [end, Math.min(least, shift), Math.max(most, shift)];
        }
        this.range = [least, most];
    }

    /** @param {Cursor | undefined} stss */
    readSync(stss) {
        if (!stss) return;
        this.sync = new Uint8Array(this.count);
        for (let left = stss.u32(); left > 0 && stss.left >= 4; left--) this.sync[stss.u32() - 1] = 1;
    }

    /**
     * @param {Uint8Array} bytes
     * @param {Box} stbl
     */
    readPlaces(bytes, stbl) {
        const short = open(bytes, stbl, 'stco')?.skip(4);
        const offsets = short ?? open(bytes, stbl, 'co64')?.skip(4);
        const runs = open(bytes, stbl, 'stsc')?.skip(4);
        if (!offsets || !runs) return false;
        const chunks = offsets.u32();
        if (offsets.left < chunks * (short ? 4 : 8)) return false;
        const starts = short?.u32s(chunks);
        const { offset, chunk: chunkOf, entry, size } = this;
        let left = runs.u32();
        let run = { until: 0, samples: 0, entry: 0 };
        let i = 0;
        for (let chunk = 0; chunk < chunks && i < this.count; chunk++) {
            while (chunk >= run.until && left > 0) {
                runs.skip(4);
                run = { samples: runs.u32(), entry: runs.u32(), until: --left > 0 ? runs.peek32() - 1 : Infinity };
            }
            let at = starts ? starts[chunk] : offsets.u64();
            const end = Math.min(i + run.samples, this.count);
            for (; i < end; i++) {
                offset[i] = at;
                chunkOf[i] = chunk;
                entry[i] = run.entry;
                at += size[i];
            }
        }
        return i === this.count;
    }
}
