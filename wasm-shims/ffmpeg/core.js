/**
 * One instance of @ffmpeg/core (FFmpeg 5.1 as WebAssembly, with one thread or several), driven directly.
 *
 * FFmpeg was made to run once and end: every run leaks a little and may leave its statics in any state. An instance
 * therefore takes few runs, and none after a failure; its owner then starts another worker.
 */

import { ClipwrightError } from '../rpc.js';
import { BlobFileSystem } from './blobfs.js';
import { failure } from './failures.js';

/**
 * @typedef {import('./blobfs.js').Input} Input
 * @typedef {import('./blobfs.js').Output} Output
 * @typedef {import('./blobfs.js').Written} Written
 * @typedef {{type: 'stdout' | 'stderr', message: string}} LogLine
 *
 * The part of the core's module object that is used here.
 * @typedef {object} CoreModule
 * @property {import('./blobfs.js').FileSystem} FS
 * @property {(count: number, argv: number) => number} _ffmpeg
 * @property {(count: number, argv: number) => number} _ffprobe
 * @property {(argv: string[]) => number} stringsToPtr
 * @property {(logger: (line: LogLine) => void) => void} setLogger
 * @property {() => void} reset
 * @property {number} ret
 *
 * @typedef {(options: {instantiateWasm: (imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void) => object}) => Promise<CoreModule>} CreateCore
 *
 * @typedef {object} Job
 * @property {'ffmpeg' | 'ffprobe'} program
 * @property {string[]} argv
 * @property {Input[]} inputs
 * @property {Input[]} [assets] files that lie where the program runs
 * @property {Output | null} [output] what to write
 * @property {(line: LogLine) => void} [onLine]
 * @property {() => void} [onActivity] any sign of life: a line, or bytes read or written
 */

const MAX_RUNS = 9;
const MOUNT = '/files';
/** Where programs run, and find what filters open. */
const WORKROOM = '/work';
/** Some lie in a folder there, which libass looks through. */
const FURNITURE = /^(?:fonts\/)?[\w-]+(?:\.\w+)?$/;
/** With an ending, if need be: some programs tell by it what a file is. */
const NAME = /^\w+(?:%\d+d)?(?:\.\w+)?$/;
/** Of a long log both ends are kept: the causes stand at its beginning, the consequences at its end. */
const LOG_LINES = 200;
const FIRST_LINES = 100;
/** How Emscripten's abort() reports that FFmpeg called exit(). */
const EXIT = /^Aborted\((?:native code called abort\(\))?\)/;

/**
 * @param {CreateCore} createCore
 * @param {WebAssembly.Module} module
 */
export async function startCore(createCore, module) {
    const core = await new Promise((resolve, reject) => {
        /** @type {Parameters<CreateCore>[0]['instantiateWasm']} */
        const instantiateWasm = (imports, done) => {
            WebAssembly.instantiate(module, imports).then((instance) => done(instance, module)).catch(reject);
            return {};
        };
        createCore({ instantiateWasm }).then(resolve, reject);
    });
    for (const folder of [MOUNT, WORKROOM, `${WORKROOM}/fonts`]) core.FS.mkdir(folder);
    core.FS.chdir(WORKROOM);
    return new Core(core);
}

export class Core {
    /** @param {CoreModule} module */
    constructor(module) {
        this.module = module;
        this.runs = 0;
        this.failed = false;
    }

    /** Whether no further run will be accepted. */
    get spent() {
        return this.failed || this.runs >= MAX_RUNS;
    }

    /**
     * Run one program to its end; nothing else happens in this worker meanwhile.
     * @param {Job} job
     * @returns {{ret: number, log: string[], written: Map<string, Written>}} exit status, both ends of the log, and what was written, by name
     */
    run({ program, argv, inputs, assets = [], output = null, onLine = () => {}, onActivity = () => {} }) {
        if (this.spent) {
            throw new ClipwrightError('engine', 'This instance of ffmpeg is used up.', { hint: 'Try again.', detail: `after ${this.runs} runs` });
        }
        const files = new BlobFileSystem(this.module.FS, inputs, output, onActivity);
        const paths = pathsOf([...inputs.map(({ name }) => name), ...(output ? [output.name] : [])]);
        /** @type {string[]} */
        const log = [];
        this.listen(log, onLine, onActivity);
        this.runs += 1;
        this.failed = true;
        try {
            this.furnish(assets);
            this.module.FS.mount(files, {}, MOUNT);
            const ret = this.call(program, argv.map((argument) => paths.get(argument) ?? argument));
            this.module.FS.unmount(MOUNT);
            // ffprobe says so when it cannot read a file, and cleans up; ffmpeg just stops where it is.
            this.failed = program === 'ffmpeg' && ret !== 0;
            return { ret, log, written: files.outputs };
        } catch (thrown) {
            throw failure({ log, thrown });
        }
    }

    /** @param {Input[]} assets small files, which are copied */
    furnish(assets) {
        const reader = new FileReaderSync();
        for (const { name, file } of assets) {
            if (!FURNITURE.test(name)) throw new ClipwrightError('bad_request', 'Files for filters need plain names.', { detail: name });
            const bytes = new Uint8Array(reader.readAsArrayBuffer(file));
            this.module.FS.writeFile(`${WORKROOM}/${name}`, bytes);
        }
    }

    /**
     * The program's exit status, whether it returned from main (ffprobe) or called exit (ffmpeg, which ends in abort()). The core's
     * own `exec` and `ffprobe` lose the first, and take running out of memory for the second.
     * @param {Job['program']} program
     * @param {string[]} argv
     */
    call(program, argv) {
        const words = [program, ...argv];
        this.module.reset();
        try {
            return this.module[`_${program}`](words.length, this.module.stringsToPtr(words));
        } catch (/** @type {any} */ error) {
            if (!EXIT.test(error?.message)) throw error;
            return this.module.ret;
        }
    }

    /** @param {string[]} log @param {(line: LogLine) => void} onLine @param {() => void} onActivity */
    listen(log, onLine, onActivity) {
        this.module.setLogger((line) => {
            if (line.type === 'stderr' && !EXIT.test(line.message)) log.push(line.message);
            if (log.length > LOG_LINES) log.splice(FIRST_LINES, 1);
            onLine(line);
            onActivity();
        });
    }
}

/** @param {string[]} names @returns {Map<string, string>} where each mounted name is found */
function pathsOf(names) {
    if (new Set(names).size !== names.length || !names.every((name) => NAME.test(name))) {
        throw new ClipwrightError('bad_request', 'Mounted files need different, plain names.', { detail: names.join(' ') });
    }
    return new Map(names.map((name) => [name, `${MOUNT}/${name}`]));
}
