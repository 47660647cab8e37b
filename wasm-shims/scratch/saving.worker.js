/** Writing a result into a file of the origin's own: only a worker may do it in place. Several can write into one file side by side. */

import { serve } from '../rpc.js';
import { full } from './full.js';

/**
 * @import {Call} from '../rpc.js'
 * @typedef {FileSystemSyncAccessHandle & {mode?: string}} Handle `mode` is not known to every browser
 */

/** What is read at most at once. More is slower: the browser hands over a little at a time. */
const PIECE = 1 << 20;
/** After so many bytes other messages are heard: where the browser is quick enough, reading never waits. */
const BREATH = 32 << 20;
/** So that another worker may have the same file open. */
const SHARED = 'readwrite-unsafe';

/** @type {Handle | null} */
let handle = null;

serve(self, { open, write });

/**
 * @param {{file: FileSystemFileHandle, size: number}} args
 * @returns {Promise<boolean>} whether another worker can write into it as well
 */
async function open({ file, size }) {
    const opened = /** @type {Handle} */ (await /** @type {any} */ (file).createSyncAccessHandle({ mode: SHARED }));
    handle = opened;
    try {
        // That there is no room is found before anything is copied; and a file that need not grow is written faster.
        if (opened.getSize() !== size) opened.truncate(size);
    } catch (cause) {
        opened.close();
        throw full(cause);
    }
    return opened.mode === SHARED;
}

/**
 * @param {{blob: Blob, at: number}} args where in the file its bytes go
 * @param {Pick<Call, 'signal' | 'emit'>} call
 */
async function write({ blob, at }, { signal, emit }) {
    const file = /** @type {Handle} */ (handle);
    let [done, heard] = [0, 0];
    try {
        for await (const bytes of piecesOf(blob)) {
            signal.throwIfAborted();
            if (file.write(bytes, { at: at + done }) < bytes.length) throw full('a piece was not written');
            done += bytes.length;
            emit('progress', { done: done / blob.size, stage: '', eta_s: null });
            if (done - heard < BREATH) continue;
            heard = done;
            await new Promise((go) => setTimeout(go));
        }
        if (done < blob.size) throw new DOMException(`${done} of ${blob.size} bytes were read`, 'NotReadableError');
    } finally {
        file.close();
    }
}

/** @param {Blob} blob @returns {AsyncGenerator<Uint8Array<ArrayBuffer>, void>} each is overwritten by the next */
async function* piecesOf(blob) {
    const reader = blob.stream().getReader({ mode: 'byob' });
    let bytes = new Uint8Array(PIECE);
    try {
        for (;;) {
            const { done, value } = await reader.read(bytes).catch((error) => sayWhy(blob, error));
            if (done) return;
            yield value;
            bytes = new Uint8Array(value.buffer);
        }
    } finally {
        void reader.cancel().catch(() => {});
    }
}

/**
 * A stream says only that it failed; a part of the same does say why.
 * @param {Blob} blob
 * @param {unknown} error
 * @returns {Promise<never>}
 */
async function sayWhy(blob, error) {
    await blob.slice(-1).arrayBuffer();
    throw error;
}
