/** Writing a result into a file of the origin's own: only a worker may do it in place, and it takes a third of the time. */

import { ClipwrightError, serve } from '../rpc.js';
import { full } from './full.js';

/** @import {Call} from '../rpc.js' */

/** What is read at once; each piece is written while the browser reads the next. */
const PIECE = 4 << 20;
/** After so many bytes other messages are heard: where the browser is quick enough, reading never waits. */
const BREATH = 32 << 20;

serve(self, { save });

/**
 * @param {{file: FileSystemFileHandle, blob: Blob}} args
 * @param {Pick<Call, 'signal' | 'emit'>} call
 */
async function save({ file, blob }, { signal, emit }) {
    const handle = await file.createSyncAccessHandle();
    try {
        makeRoom(handle, blob.size);
        let [at, heard] = [0, 0];
        for await (const bytes of piecesOf(blob)) {
            signal.throwIfAborted();
            if (handle.write(bytes, { at }) < bytes.length) throw full('a piece was not written');
            at += bytes.length;
            emit('progress', { done: at / blob.size, stage: '', eta_s: null });
            if (at - heard < BREATH) continue;
            heard = at;
            await new Promise((go) => setTimeout(go));
        }
        if (at < blob.size) throw new ClipwrightError('media', 'The file can no longer be read: it was moved, deleted or changed.', { hint: 'Open the file again.' });
    } finally {
        handle.close();
    }
}

/**
 * That there is no room is found before anything is copied; and a file that need not grow is written faster.
 * @param {FileSystemSyncAccessHandle} handle
 * @param {number} size
 */
function makeRoom(handle, size) {
    try {
        handle.truncate(size);
    } catch (cause) {
        throw full(cause);
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
