/** Samples that a spliced result cannot refer to where they lie, as they change: all in one file beside the sources. */

import { PAGE, PagedFile } from '../scratch/paged.js';
import { read } from './bytes.js';
import { corrupt } from './failures.js';
import { SampleTable } from './samples.js';

/**
 * @import {Call} from '../rpc.js'
 * @import {Place} from '../scratch/place.js'
 * @import {Cut} from './chosen.js'
 */

/** Bytes of a source that are read at once. */
const MAX_READ = 4 << 20;

export class Rewritten {
    /**
     * @param {Place | null} scratch where they may lie on disk
     * @param {Pick<Call, 'signal' | 'emit'>} call
     */
    constructor(scratch, call) {
        this.call = call;
        this.file = new PagedFile(scratch);
        /** @type {Cut[]} */
        this.cuts = [];
    }

    /**
     * Changes all samples of some cuts. Where they lie is known after `finish`.
     * @param {Cut[]} cuts
     * @param {(sample: Uint8Array) => Uint8Array} change
     */
    async add(cuts, change) {
        for (const table of new Set(cuts.map((cut) => cut.table))) {
            const same = cuts.filter((cut) => cut.table === table);
            const fit = Object.assign(new SampleTable(table.count), { dts: table.dts, shift: table.shift, sync: table.sync, chunk: table.chunk, entry: table.entry });
            // A sample that several cuts show is there once.
            const samples = Uint32Array.from(new Set(same.flatMap(({ kept }) => [...kept]))).sort();
            await this.copy(same[0].file, table, samples, fit, change);
            for (const cut of same) this.cuts.push(Object.assign(cut, { table: fit }));
        }
    }

    /**
     * @param {Blob} source
     * @param {SampleTable} table
     * @param {Uint32Array} samples
     * @param {SampleTable} fit learns sizes and places
     * @param {(sample: Uint8Array) => Uint8Array} change
     */
    async copy(source, { offset, size }, samples, fit, change) {
        for (let next = 0; next < samples.length; ) {
            this.call.signal.throwIfAborted();
            const from = next;
            const start = offset[samples[from]];
            let end = start;
            do {
                end = offset[samples[next]] + size[samples[next]];
                next++;
            } while (next < samples.length && offset[samples[next]] >= end && offset[samples[next]] + size[samples[next]] - start <= MAX_READ);
            if (end > source.size) throw corrupt('The data of the last packets is missing.');
            const bytes = await read(source, start, end);
            for (const sample of samples.subarray(from, next)) {
                const at = offset[sample] - start;
                const changed = change(bytes.subarray(at, at + size[sample]));
                fit.offset[sample] = this.file.size;
                fit.size[sample] = changed.length;
                if (this.file.size + changed.length > PAGE) await this.file.prepare();
                this.file.write(changed, this.file.size);
            }
            this.call.emit('progress', { done: 0.999 * (next / samples.length), stage: 'copy', eta_s: null });
        }
    }

    /** To be called once all is added. */
    async finish() {
        if (this.cuts.length === 0) return;
        const file = await this.file.finish();
        for (const cut of this.cuts) cut.file = file;
    }

    /** Nobody wants it any more. */
    discard() {
        return this.file.discard();
    }
}
