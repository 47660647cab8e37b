/** What Python sees of JavaScript: a handful of functions that take and give text. */

import { ClipwrightError, toWire } from './rpc.js';

/**
 * @import {Engines, Job} from './engines.js'
 * @import {Files} from './files.js'
 */

const HEAD_BYTES = 4096;

/**
 * Every function answers `{"ok": true, "value": ...}` or `{"ok": false, "error": ...}` as text and never rejects, so no
 * JavaScript object ever has to live in Python.
 * @param {Files} files
 * @param {Engines} engines
 * @param {Map<string, Job>} jobs the running requests, by their correlation id
 */
export function createHost(files, engines, jobs) {
    /** @param {string} id */
    function jobOf(id) {
        const job = jobs.get(id);
        if (!job) throw new ClipwrightError('internal', 'A job was used after it ended.', { hint: 'Please report it with the details.', detail: id });
        return job;
    }

    /**
     * @param {(args: any, job: Job) => Promise<any>} work
     * @returns {(jobId: string, text: string) => Promise<string>}
     */
    const textual = (work) => async (jobId, text) => {
        try {
            return JSON.stringify({ ok: true, value: (await work(JSON.parse(text), jobOf(jobId))) ?? null });
        } catch (error) {
            return JSON.stringify({ ok: false, error: toWire(error) });
        }
    };

    return {
        probe: textual(({ source }, { signal, probed }) => probed ?? engines.probe(source, signal)),
        locate: textual(({ source, track, spans }, { signal }) => engines.media.request('locate', { file: files.get(source), source, track, spans }, { signal })),
        ffprobe: textual(async ({ source, name, argv }, { signal }) => {
            const file = files.get(source);
            const head = await base64(file.slice(0, HEAD_BYTES));
            const { stdout } = await engines.ffmpeg.request('ffprobe', { inputs: [{ name, file }], argv }, { signal });
            return { stdout, head };
        }),
        text: textual(async ({ source, most }) => ({ data: await base64(files.get(source).slice(0, most)) })),
        run: textual(({ plan, share }, job) => engines.run(plan, share, job)),
        /** @param {string} _jobId @param {string} text */
        async close(_jobId, text) {
            files.remove(JSON.parse(text).source);
            return '{"ok":true}';
        },
    };
}

/** @param {Blob} blob @returns {Promise<string>} */
function base64(blob) {
    return new Promise((resolve, reject) => {
        const reader = new FileReader();
        reader.onload = () => resolve(/** @type {string} */ (reader.result).replace(/^[^,]*,?/, ''));
        reader.onerror = () => reject(reader.error);
        reader.readAsDataURL(blob);
    });
}
