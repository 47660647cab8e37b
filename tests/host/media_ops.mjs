/**
 * Operations of the media worker that need no browser, run by Node.
 *
 * Takes the path of a JSON file `[{op, args, files: {name: path}, keep?: path}]`; file names in `args` that start with
 * `@` stand for those files. Writes one JSON line for each: the reply, or `{error}`.
 */

import * as fs from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';

import { assemble } from '../../wasm-shims/media/assemble.js';
import { locate } from '../../wasm-shims/media/locate.js';
import { toWire } from '../../wasm-shims/rpc.js';

/** @type {Record<string, (args: any, call: any) => Promise<any>>} */
const OPS = { assemble, locate };

/** Node before 19.8 has no files that are Blobs. @param {string} path */
const open = async (path) => (fs.openAsBlob ? fs.openAsBlob(path) : new Blob([await readFile(path)]));

for (const { op, args, files, keep } of JSON.parse(await readFile(process.argv[2], 'utf8'))) {
    const opened = Object.fromEntries(await Promise.all(Object.entries(files).map(async ([name, path]) => [name, await open(/** @type {string} */ (path))])));
    const call = { signal: new AbortController().signal, emit: () => {} };
    const slot = op === 'assemble' ? { files: opened } : { file: Object.values(opened)[0] };
    const started = performance.now();
    const reply = await OPS[op]({ ...args, ...slot }, call).catch((/** @type {unknown} */ error) => ({ error: toWire(error) }));
    const ms = performance.now() - started;
    if (keep && reply.file) await writeFile(keep, reply.file.stream());
    console.log(JSON.stringify({ ...reply, file: undefined, ms }));
}
