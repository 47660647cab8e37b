/**
 * Splices a Matroska file under Node: `node splice.mjs <source> <step as JSON> <result>`; says what it took.
 *
 * Prints `null` where the file or the clip is of a kind that cannot be spliced.
 */

import { openAsBlob } from 'node:fs';
import { open } from 'node:fs/promises';

import { withOpened } from '../../wasm-shims/media/opened.js';
import { spliceMatroska } from '../../wasm-shims/media/matroskasplice.js';

const [source, step, result] = process.argv.slice(2);
const file = await openAsBlob(source);
let [reads, bytes] = [0, 0];
const { slice } = Blob.prototype;

/** Counts what is read, not what is only pointed to. */
function counted() {
    const { arrayBuffer } = Blob.prototype;
    Blob.prototype.arrayBuffer = function counting() {
        reads++;
        bytes += this.size;
        return arrayBuffer.call(this);
    };
    return () => Object.assign(Blob.prototype, { arrayBuffer, slice });
}

const began = performance.now();
const parts = await withOpened(file, new AbortController().signal, async (opened) => {
    const stop = counted();
    const found = await spliceMatroska(file, opened, JSON.parse(step));
    stop();
    return found;
});
const elapsed = performance.now() - began;
if (parts) {
    const out = await open(result, 'w');
    for (const part of parts) await out.write(part instanceof Blob ? new Uint8Array(await part.arrayBuffer()) : part);
    await out.close();
}
process.stdout.write(JSON.stringify(parts && { parts: parts.length, reads, bytes, ms: elapsed }));
