/** What was made, and how to get it out of the browser. */

import { fromWire, toWire } from '../wasm-shims/rpc.js';
import { zip } from '../wasm-shims/zip.js';
import { saveInto } from './folder.js';

/**
 * @import {ClipResult, CutResult, Note, RenderReport, RenderResult, Report} from './protocol.gen.js'
 * @import {Options} from './client.js'
 * @typedef {(result: ClipResult | RenderResult) => Promise<unknown>} Forget
 */

/**
 * A finished clip, or a rendered project.
 * @template {Report | RenderReport} [R=Report]
 */
export class Result {
    #file;
    #forget;

    /** @param {(ClipResult | RenderResult) & {report: R}} result @param {Blob} file @param {Forget} forget */
    constructor(result, file, forget) {
        const { report } = result;
        /** What was done. */
        this.report = report;
        /** The suggested file name. */
        this.name = report.name;
        this.#file = file;
        this.#forget = () => forget(result);
    }

    /** @returns {Promise<Blob>} the clip's bytes, held by the browser, not by the page's memory */
    async blob() {
        return this.#file;
    }

    /**
     * Write it into a folder, under its name or, where that is taken, the next number: `clip (2).mp4`. Nothing is left of a
     * file that could not be finished.
     * @param {FileSystemDirectoryHandle} directory from `showDirectoryPicker({mode: 'readwrite'})`, or one of the page's own (OPFS), which is
     *   written to several times as fast
     * @param {Options} [options]
     * @returns {Promise<string>} the name it was saved under
     */
    async saveTo(directory, options) {
        const [name] = await saveInto(directory, [{ name: this.name, blob: this.#file }], options);
        return name;
    }

    /**
     * Give back the disk space of a result that is not needed any more; its bytes may not be readable afterwards. Without
     * this they go some time after the page has: when Clipwright is started the next time.
     */
    async release() {
        // Where Clipwright was closed before, that is what happens.
        await this.#forget().catch(() => {});
    }
}

/** The finished results of one cut, in order. */
export class Cut {
    /** @param {CutResult & {files: Blob[]}} reply @param {Forget} forget */
    constructor({ results, notes, files }, forget) {
        this.results = results.map((result, index) => new Result(result, files[index], forget));
        /** What was done: a Report for each result, and what is to be said of all of them. @type {{results: Report[], notes: Note[]}} */
        this.report = { results: results.map(({ report }) => report), notes };
    }

    /**
     * One archive of all results. It refers to them and is as cheap as they are; they are read once, for their checksums.
     * @param {Options} [options]
     * @returns {Promise<Blob>}
     */
    async zip(options) {
        try {
            return await zip(await this.#entries(), options);
        } catch (error) {
            throw fromWire(toWire(error));
        }
    }

    /**
     * Write every result into a folder, as `Result.saveTo` does. After a failure those that are finished stay there.
     * @param {FileSystemDirectoryHandle} directory from `showDirectoryPicker({mode: 'readwrite'})`
     * @param {Options} [options]
     * @returns {Promise<string[]>} the names they were saved under, in order
     */
    async saveTo(directory, options) {
        return saveInto(directory, await this.#entries(), options);
    }

    /** As `Result.release`, for all of them. */
    async release() {
        await Promise.all(this.results.map((result) => result.release()));
    }

    #entries() {
        return Promise.all(this.results.map(async (result) => ({ name: result.name, blob: await result.blob() })));
    }
}
