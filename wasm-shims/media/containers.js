/** What can be written, and how each container deals with time. */

import { FlacOutputFormat, MkvOutputFormat, MovOutputFormat, Mp3OutputFormat } from 'mediabunny';
import { Mp4OutputFormat, OggOutputFormat, WavOutputFormat, WebMOutputFormat } from 'mediabunny';
import { ClipwrightError } from '../rpc.js';
import { labelledMatroska, pacedMatroska } from './matroskalabels.js';
import { withGapless } from './mp3tag.js';
import { withOpusDelay } from './opusdelay.js';

/**
 * @import {OutputFormat} from 'mediabunny'
 * @import {Assemble, Container as Name} from '../../web/protocol.gen.js'
 * @import {Lane} from './lane.js'
 * @typedef {{moov: {data: Uint8Array, start: number} | null, ftypSize: number}} Index where the index of an MP4 was written
 *
 * @typedef {object} Container
 * @property {(index: Index) => OutputFormat} format
 * @property {string} mime
 * @property {boolean} hides it has edit lists, which hide what lies before the start and behind the end
 * @property {boolean} stamps it keeps time stamps; without them a result starts at its first sample, whatever its time
 * @property {string} [brand] the major brand to write instead of mediabunny's
 * @property {boolean} [numbers] its frames carry their number
 * @property {(blob: Blob, lanes: Lane[]) => Promise<Blob>} [finish] the last touch to what mediabunny wrote
 * @property {(blob: Blob, step: Assemble) => Promise<Blob>} [label] adds what mediabunny does not write of what is wanted
 */

/** @param {Index} index */
const kept = (index) => ({
    fastStart: /** @type {const} */ (false),
    onFtyp: (/** @type {Uint8Array} */ data) => {
        index.ftypSize = data.length;
    },
    onMoov: (/** @type {Uint8Array} */ data, /** @type {number} */ start) => {
        index.moov = { data: data.slice(), start };
    },
});

/** @param {Blob} blob @param {Lane[]} lanes */
async function gapless(blob, [lane]) {
    return lane.samples ? withGapless(blob, lane.samples()) : blob;
}

/** @param {Blob} blob @param {Lane[]} lanes */
async function explicit(blob, lanes) {
    return pacedMatroska(await withOpusDelay(blob), lanes.map(({ pace }) => ({ frame: pace?.frame ?? null, ends: pace?.ends ?? null })));
}

/** Those for subtitles alone are FFmpeg’s. @type {Partial<Record<Name, Container>>} */
const CONTAINERS = {
    mp4: { format: (index) => new Mp4OutputFormat(kept(index)), mime: 'video/mp4', hides: true, stamps: true },
    mov: { format: (index) => new MovOutputFormat(kept(index)), mime: 'video/quicktime', hides: true, stamps: true },
    m4a: { format: (index) => new Mp4OutputFormat(kept(index)), mime: 'audio/mp4', hides: true, stamps: true, brand: 'M4A ' },
    mkv: { format: () => new MkvOutputFormat(), mime: 'video/x-matroska', hides: false, stamps: true, finish: explicit, label: labelledMatroska },
    webm: { format: () => new WebMOutputFormat(), mime: 'video/webm', hides: false, stamps: true, finish: explicit, label: labelledMatroska },
    mp3: { format: () => new Mp3OutputFormat(), mime: 'audio/mpeg', hides: false, stamps: false, finish: gapless },
    ogg: { format: () => new OggOutputFormat(), mime: 'audio/ogg', hides: false, stamps: false },
    wav: { format: () => new WavOutputFormat(), mime: 'audio/wav', hides: false, stamps: false },
    flac: { format: () => new FlacOutputFormat(), mime: 'audio/flac', hides: false, stamps: false, numbers: true },
};

/** @param {string} name */
export function containerOf(name) {
    const container = Object.hasOwn(CONTAINERS, name) ? CONTAINERS[/** @type {Name} */ (name)] : undefined;
    if (!container) throw new ClipwrightError('bad_request', `There is no container “${name}” here.`, { path: '$.step.container' });
    return container;
}
