/** Runs wasm-shims/media/avcrewrite.js over a JSON file of base64 texts, and writes another; `test_avc.py` judges it. */

import { readFileSync, writeFileSync } from 'node:fs';

import { mergeAvcC } from '../../wasm-shims/media/avc.js';
import { rewriter } from '../../wasm-shims/media/avcrewrite.js';

const [input, output] = process.argv.slice(2);
const { source, edges } = JSON.parse(readFileSync(input, 'utf-8'));
const bytes = (/** @type {string} */ text) => new Uint8Array(Buffer.from(text, 'base64'));
const text = (/** @type {Uint8Array} */ data) => Buffer.from(data).toString('base64');

let config = bytes(source);
const rewritten = [];
try {
    for (const [i, edge] of edges.entries()) {
        const { config: merged, rewrite } = rewriter(config, bytes(edge.config), i);
        rewritten.push(edge.samples.map((/** @type {string} */ sample) => text(rewrite(bytes(sample)))));
        config = merged;
    }
    const again = mergeAvcC(config, bytes(source));
    writeFileSync(output, JSON.stringify({ config: text(config), edges: rewritten, same: again !== null && text(again) === text(config) }));
} catch (error) {
    writeFileSync(output, JSON.stringify({ refused: error.code ?? String(error.stack), detail: error.detail }));
}
