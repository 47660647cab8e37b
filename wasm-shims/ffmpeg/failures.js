/**
 * What went wrong inside FFmpeg, as an error with a code.
 *
 * FFmpeg's only language is its log, so this looks for the phrases by which its libraries (5.1) say that
 * they lack a codec, lack memory, or cannot make sense of the file. What matches none is code `engine`.
 */

import { ClipwrightError } from '../rpc.js';

const DETAIL_LINES = 20;
/** ffmpeg's own exit status when more than two thirds of the frames could not be decoded. */
const TOO_MANY_DECODE_ERRORS = 69;

const MEMORY = /Aborted\(OOM\)|out of memory|Cannot allocate memory|Array buffer allocation failed|WebAssembly\.Memory/i;

const MISSING = new RegExp(
    [
        'Unknown (?:encoder|decoder)',
        '(?:en|de)coder [^\\n]* not found',
        'no decoder found for',
        'Automatic encoder selection failed',
        'Unsupported codec with id',
        'hardware accelerated AV1',
        'Could not find tag for codec',
        'codec not currently supported in container',
        'Unsupported (?:pixel|sample) format',
        'not (?:yet )?implemented in FFmpeg',
        'No such filter',
        'Unknown input format',
        '(?:Requested|Unable to find a suitable) output format',
    ].join('|'),
    'i',
);

const BROKEN = /moov atom not found|EBML header parsing failed|could not find codec parameters|^\S+: (?:Invalid data found when processing input|End of file)/im;

/** Said of a file that breaks off, although FFmpeg then calls what it got until there a success. */
const BROKEN_OFF = /: partial file$|File ended prematurely/m;

const WORK_STARTS = 'Stream mapping:';

const OTHER_FORMAT = 'Try another output format, or a lossless cut.';
const OTHER_PART = 'Choose a longer span, or another part of the file.';
const OTHER_MODE = 'Try again, or try another mode.';

const EMPTY = /Empty output|nothing was encoded|nothing was written/i;

/**
 * @param {{log: string[], ret?: number, thrown?: any}} outcome the log, and the exit status or what was thrown
 * @returns {ClipwrightError}
 */
export function failure({ log, ret, thrown }) {
    if (thrown instanceof ClipwrightError) return thrown;
    const last = thrown === undefined ? `exit status ${ret}` : `${thrown?.name ?? 'exception'}: ${thrown?.message ?? thrown}`;
    const detail = [...log.slice(-DETAIL_LINES), last].join('\n');
    const text = [...log, last].join('\n');
    if (MEMORY.test(text)) return resource(detail, thrown);
    // Damaged pictures claim all sorts of features, so this comes before asking which one is missing.
    if (ret === TOO_MANY_DECODE_ERRORS) return corrupt(detail);
    if (MISSING.test(text)) {
        return new ClipwrightError('capability', 'The ffmpeg engine in the browser cannot handle this format.', { hint: OTHER_FORMAT, detail });
    }
    if (thrown === undefined && BROKEN.test(text)) return corrupt(detail);
    if (EMPTY.test(text)) return new ClipwrightError('engine', 'There is nothing in this part of the file.', { hint: OTHER_PART, detail });
    if (thrown !== undefined) return new ClipwrightError('engine', 'The ffmpeg engine crashed.', { hint: OTHER_MODE, detail, cause: thrown });
    return new ClipwrightError('engine', 'The ffmpeg engine could not do this.', { hint: OTHER_MODE, detail });
}

/**
 * The error that a run hides behind exit status 0, if any. What is said before the work starts does not count: looking
 * into a file may go as far as the place where it breaks off, and the clip may lie well before.
 * @param {string[]} log
 * @returns {ClipwrightError | null}
 */
export function hiddenFailure(log) {
    const work = log.slice(log.indexOf(WORK_STARTS) + 1);
    return BROKEN_OFF.test(work.join('\n')) ? corrupt(log.slice(-DETAIL_LINES).join('\n')) : null;
}

/** @param {string} detail @param {unknown} cause */
function resource(detail, cause) {
    return new ClipwrightError('resource', 'The ffmpeg engine ran out of memory.', {
        hint: 'Close other tabs, or choose a smaller picture or a shorter clip.',
        detail,
        cause,
    });
}

/** @param {string} detail */
function corrupt(detail) {
    return new ClipwrightError('corrupt_media', 'The file is damaged or incomplete.', {
        hint: 'Try another copy of the file.',
        detail,
    });
}
