/**
 * A file system for Emscripten with one flat folder: Files mounted in place, which can only be read, and files that FFmpeg
 * makes there. It stands in for WORKERFS (no read-ahead, read only) and MEMFS (2 GiB a file, all of it in memory).
 *
 * Positions are JavaScript numbers; Emscripten hands them over as 53-bit integers, so files may exceed 4 GiB.
 */

import { PagedFile } from '../scratch/paged.js';
import { InputFile } from './input.js';

/**
 * @typedef {{id: number, name: string, mode: number, timestamp: number, content?: InputFile | PagedFile, node_ops: object, stream_ops: object}} Node
 * @typedef {{node: Node, position: number}} Stream
 * @typedef {{name: string, file: Blob}} Input
 * @typedef {PagedFile} Written
 * @typedef {{name: string, file: PagedFile}} Output a file that FFmpeg is to write; what it writes besides stays in memory or in Blobs
 *
 * The part of Emscripten's FS object that is used here.
 * @typedef {object} FileSystem
 * @property {(parent: Node | null, name: string, mode: number, dev: number) => Node} createNode
 * @property {(type: object, options: object, path: string) => Node} mount
 * @property {(path: string) => void} unmount
 * @property {(path: string) => void} mkdir
 * @property {(path: string) => void} chdir
 * @property {(path: string, bytes: Uint8Array) => void} writeFile
 * @property {new (errno: number) => Error} ErrnoError
 */

const FOLDER_MODE = 0o040777;
const READ_ONLY_MODE = 0o100444;
const BLOCK = 4096;

// WASI's numbers, as Emscripten uses them.
const EINVAL = 28;
const ENOENT = 44;
const EPERM = 63;

const SEEK_CUR = 1;
const SEEK_END = 2;

export class BlobFileSystem {
    /**
     * @param {FileSystem} FS
     * @param {Input[]} inputs
     * @param {Output | null} output
     * @param {() => void} onActivity called whenever bytes went to or came from the browser
     */
    constructor(FS, inputs, output, onActivity) {
        this.FS = FS;
        this.output = output;
        this.onActivity = onActivity;
        // Opened here and not in `lookup`, because Emscripten swallows what is thrown there.
        this.files = new Map(inputs.map(({ name, file }) => [name, new InputFile(file, onActivity)]));
        /** @type {Map<string, PagedFile>} */
        this.outputs = new Map();
        this.nodeOps = this.makeNodeOps();
        this.streamOps = this.makeStreamOps();
    }

    /** Called by Emscripten's `FS.mount`. */
    mount() {
        return this.create(null, '/', FOLDER_MODE);
    }

    /** @param {number} errno @returns {never} */
    fail(errno) {
        throw new this.FS.ErrnoError(errno);
    }

    /** @param {Node | null} parent @param {string} name @param {number} mode @param {InputFile | PagedFile} [content] @returns {Node} */
    create(parent, name, mode, content) {
        const node = this.FS.createNode(parent, name, mode, 0);
        return Object.assign(node, { content, timestamp: Date.now(), node_ops: this.nodeOps, stream_ops: this.streamOps });
    }

    makeNodeOps() {
        const refuse = () => this.fail(EPERM);
        return {
            getattr: attributes,
            /** @param {Node} node @param {{size?: number, timestamp?: number}} changes */
            setattr: (node, { size, timestamp }) => {
                if (timestamp !== undefined) node.timestamp = timestamp;
                if (size === undefined) return;
                if (node.content instanceof PagedFile) node.content.truncate(size);
                else refuse();
            },
            // Called once for each name: Emscripten remembers the nodes that exist.
            lookup: (/** @type {Node} */ parent, /** @type {string} */ name) => {
                return this.create(parent, name, READ_ONLY_MODE, this.files.get(name) ?? this.fail(ENOENT));
            },
            mknod: (/** @type {Node} */ parent, /** @type {string} */ name, /** @type {number} */ mode) => {
                const file = this.output?.name === name ? this.output.file : new PagedFile(null, this.onActivity);
                file.truncate(0);
                this.outputs.set(name, file);
                return this.create(parent, name, mode, file);
            },
            unlink: (/** @type {Node} */ _, /** @type {string} */ name) => this.outputs.delete(name) || refuse(),
            readdir: () => ['.', '..', ...this.files.keys(), ...this.outputs.keys()],
            rename: refuse,
            rmdir: refuse,
            symlink: refuse,
        };
    }

    makeStreamOps() {
        return {
            /** @param {Stream} stream @param {Int8Array} heap @param {number} offset @param {number} length @param {number} position */
            read: ({ node }, heap, offset, length, position) => {
                return node.content?.read(bytesIn(heap, offset, length), position) ?? this.fail(EINVAL);
            },
            /** @param {Stream} stream @param {Int8Array} heap @param {number} offset @param {number} length @param {number} position */
            write: ({ node }, heap, offset, length, position) => {
                if (!(node.content instanceof PagedFile)) return this.fail(EPERM);
                return node.content.write(bytesIn(heap, offset, length), position);
            },
            // Many files may be written, one after the other: none but the output stays in memory.
            close: (/** @type {Stream} */ { node: { content } }) => {
                if (content instanceof PagedFile && content !== this.output?.file) content.rest();
            },
            /** @param {Stream} stream @param {number} offset @param {number} whence */
            llseek: ({ node, position }, offset, whence) => {
                const base = { [SEEK_CUR]: position, [SEEK_END]: node.content?.size ?? 0 }[whence] ?? 0;
                return base + offset < 0 ? this.fail(EINVAL) : base + offset;
            },
        };
    }
}

/** @param {Int8Array} heap @param {number} offset @param {number} length */
function bytesIn(heap, offset, length) {
    return new Uint8Array(heap.buffer, heap.byteOffset + offset, length);
}

/** What `stat` says of a node. @param {Node} node */
function attributes(node) {
    const time = new Date(node.timestamp);
    const size = node.content?.size ?? BLOCK;
    const blocks = Math.ceil(size / BLOCK);
    return { dev: 1, ino: node.id, mode: node.mode, nlink: 1, uid: 0, gid: 0, rdev: 0, size, atime: time, mtime: time, ctime: time, blksize: BLOCK, blocks };
}
