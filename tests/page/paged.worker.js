/** Writes, reads and shortens a PagedFile at random, beside an array that must always hold the same. */

import { PAGE, PagedFile } from '/scratch/paged.js';

/** Numbers that are the same in every run. @param {number} seed */
function randomness(seed) {
    let state = seed;
    return (/** @type {number} */ below) => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        return Math.floor((state / 2 ** 32) * below);
    };
}

/** @param {{place: any, seed: number, pages: number, turns: number}} wanted */
async function compare({ place, seed, pages, turns }) {
    const below = randomness(seed);
    const truth = new Uint8Array(pages * PAGE);
    const file = new PagedFile(place);
    let size = 0;
    await file.prepare();
    for (let turn = 0; turn < turns; turn++) {
        const at = below(truth.length);
        const length = Math.min(truth.length - at, below(turn % 7 === 0 ? 2 * PAGE : 100_000));
        const kind = below(10);
        if (kind === 0) {
            if (at < size) truth.fill(0, at, size);
            file.truncate((size = at));
        } else if (kind < 4) {
            const target = new Uint8Array(length);
            const count = file.read(target, at);
            const wanted = Math.max(0, Math.min(length, size - at));
            if (count !== wanted) throw new Error(`turn ${turn}: ${count} bytes instead of ${wanted}`);
            assertSame(target.subarray(0, count), truth.subarray(at, at + count), `turn ${turn}`);
        } else {
            const bytes = new Uint8Array(length).fill(1 + below(255));
            truth.set(bytes, at);
            file.write(bytes, at);
            size = Math.max(size, at + length);
        }
        if (file.size !== size) throw new Error(`turn ${turn}: size ${file.size} instead of ${size}`);
    }
    const blob = await file.finish();
    assertSame(new Uint8Array(await blob.arrayBuffer()), truth.subarray(0, size), 'the end');
    return { size, kind: blob.constructor.name };
}

/** @param {Uint8Array} found @param {Uint8Array} wanted @param {string} where */
function assertSame(found, wanted, where) {
    if (found.length !== wanted.length) throw new Error(`${where}: ${found.length} bytes instead of ${wanted.length}`);
    for (let i = 0; i < found.length; i++) {
        if (found[i] !== wanted[i]) throw new Error(`${where}: byte ${i} is ${found[i]} instead of ${wanted[i]}`);
    }
}

self.addEventListener('message', async ({ data }) => {
    self.postMessage(await compare(data).catch((error) => ({ error: String(error) })));
});
