/** Where mediabunny writes a result: a file of pages, on disk from the moment when it is too large for memory. */

import { StreamTarget } from 'mediabunny';
import { PAGE, PagedFile } from '../scratch/paged.js';

/** @param {PagedFile} file @returns {StreamTarget} */
export function targetOf(file) {
    return new StreamTarget(
        new WritableStream({
            async write({ data, position }) {
                if (position + data.length > PAGE) await file.prepare();
                file.write(data, position);
            },
        }),
    );
}

/**
 * Makes sure that the browser could keep the whole result: a Blob that it could not store is known only by reading it.
 * @param {Blob} blob
 */
export async function stored(blob) {
    await blob.slice(blob.size - 1).arrayBuffer();
    return blob;
}
