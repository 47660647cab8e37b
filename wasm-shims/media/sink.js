/**
 * The result as a Blob that grows: what is written is sealed into Blobs piece by piece, which the browser may move to
 * disk, so its size is bounded by the disk alone.
 *
 * Muxers come back to write sizes and indexes over what they wrote before. In the open piece that is a plain copy; a
 * sealed piece is cut at both ends of the patch, without reading it.
 */

import { StreamTarget } from 'mediabunny';

/** @typedef {{start: number, blob: Blob}} Piece */

/** Big enough that a long result has few pieces, small enough to be copied at once. */
const PIECE_BYTES = 8 << 20;

export class BlobSink {
    constructor() {
        /** @type {Piece[]} */
        this.sealed = [];
        this.open = new Uint8Array(PIECE_BYTES);
        this.openStart = 0;
        this.size = 0;
        this.target = new StreamTarget(
            new WritableStream({ write: ({ data, position }) => this.write(data, position) }),
        );
    }

    /**
     * @param {Uint8Array} data
     * @param {number} position
     */
    write(data, position) {
        const sealedBytes = Math.min(data.length, Math.max(0, this.openStart - position));
        if (sealedBytes > 0) this.patch(data.slice(0, sealedBytes), position);
        let [rest, at] = [data.subarray(sealedBytes), position + sealedBytes];
        while (rest.length > 0) {
            if (at - this.openStart >= PIECE_BYTES) this.seal(PIECE_BYTES);
            else {
                const offset = at - this.openStart;
                const part = rest.subarray(0, PIECE_BYTES - offset);
                this.open.set(part, offset);
                [rest, at] = [rest.subarray(part.length), at + part.length];
            }
        }
        this.size = Math.max(this.size, at);
    }

    /** @param {number} length bytes of the open piece that become a Blob */
    seal(length) {
        if (length === 0) return;
        this.sealed.push({ start: this.openStart, blob: new Blob([this.open.subarray(0, length)]) });
        this.openStart += length;
        this.open.fill(0);
    }

    /**
     * @param {Uint8Array<ArrayBuffer>} data
     * @param {number} position
     */
    patch(data, position) {
        const end = position + data.length;
        this.sealed = this.sealed.flatMap(({ start, blob }) => {
            if (start + blob.size <= position || start >= end) return [{ start, blob }];
            const inside = new Blob([data.subarray(Math.max(0, start - position), start + blob.size - position)]);
            const before = blob.slice(0, Math.max(0, position - start));
            const after = blob.slice(Math.max(0, end - start));
            return [
                { start, blob: before },
                { start: Math.max(start, position), blob: inside },
                { start: end, blob: after },
            ].filter((piece) => piece.blob.size > 0);
        });
    }

    /** Everything written so far, as one Blob. */
    blob() {
        this.seal(this.size - this.openStart);
        return new Blob(this.sealed.map(({ blob }) => blob));
    }
}

/**
 * Makes sure that the browser could keep the whole result: a Blob that it could not store is known only by reading it.
 * @param {Blob} blob
 */
export async function stored(blob) {
    await blob.slice(blob.size - 1).arrayBuffer();
    return blob;
}
