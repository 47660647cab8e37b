/** What a Matroska or WebM file says of its tracks beyond what mediabunny reads. */

import { read, reduced, text } from './bytes.js';
import { child, elementAt, elements, unsigned } from './ebml.js';
import { MATROSKA_CODECS } from './names.js';

/**
 * @import {Chapter, Layout, Slot} from './layout.js'
 * @import {Element} from './ebml.js'
 */

const SEGMENT = 0x18538067;
const SEEK_HEAD = 0x114d9b74;
const SEEK = { entry: 0x4dbb, id: 0x53ab, position: 0x53ac };
const INFO = 0x1549a966;
const TITLE = 0x7ba9;
const TRACKS = 0x1654ae6b;
const CHAPTERS = 0x1043a770;
const ATTACHMENTS = 0x1941a469;
const CLUSTER = 0x1f43b675;
const TRACK = { entry: 0xae, number: 0xd7, type: 0x83, codec: 0x86, name: 0x536e, language: 0x22b59c, video: 0xe0, delay: 0x56aa };
const VIDEO = { width: 0xb0, height: 0xba, across: 0x54b0, down: 0x54ba, unit: 0x54b2 };
const CHAPTER = { edition: 0x45b9, atom: 0xb6, start: 0x91, end: 0x92, hidden: 0x98, display: 0x80, title: 0x85 };
const ATTACHMENT = { file: 0x61a7, mime: 0x4660 };

/** Flags that are off unless written; `default` is on unless written. */
const FLAGS = new Map([
    [0x55aa, 'forced'],
    [0x55ab, 'hearing_impaired'],
    [0x55ac, 'visual_impaired'],
    [0x55ae, 'original'],
    [0x55af, 'comment'],
]);
const FLAG_DEFAULT = 0x88;

/** @type {Map<number, Slot['kind']>} */
const KINDS = new Map([
    [1, 'video'],
    [2, 'audio'],
    [0x11, 'subtitle'],
    [0x21, 'data'],
]);

const PICTURE = /^image\/(?:jpe?g|png|gif|tiff)$/;

const US_PER_NS = 1 / 1000;
/** What lies before the first cluster is small, except for fonts. */
const MAX_ELEMENT = 64 << 20;
const MAX_TOP_LEVEL = 64;

/**
 * @param {Blob} file
 * @returns {Promise<Layout | null>}
 */
export async function readMatroska(file) {
    const segment = await findSegment(file);
    if (!segment) return null;
    const found = await topLevel(file, segment);
    const tracks = found.get(TRACKS);
    if (!tracks) return null;
    const slots = elements(tracks).filter(({ id }) => id === TRACK.entry).flatMap(({ body }) => slot(body));
    slots.push(...elements(found.get(ATTACHMENTS) ?? new Uint8Array()).filter(({ id }) => id === ATTACHMENT.file).map(attachment));
    const title = child(found.get(INFO) ?? new Uint8Array(), TITLE);
    /** @type {Record<string, string>} */
    const tags = title ? { title: text(title) } : {};
    return { slots, tags, chapters: chapters(found.get(CHAPTERS)) };
}

/** @param {Blob} file */
async function findSegment(file) {
    let at = 0;
    for (let i = 0; i < MAX_TOP_LEVEL; i++) {
        const element = await elementAt(file, at);
        if (!element || element.id === SEGMENT) return element;
        at = element.end;
    }
    return null;
}

/**
 * The contents of the elements wanted: those before the first cluster, and those that the seek head points to.
 * @param {Blob} file
 * @param {{start: number, end: number}} segment
 */
async function topLevel(file, segment) {
    /** @type {Map<number, Uint8Array>} */
    const found = new Map();
    const wanted = new Set([SEEK_HEAD, INFO, TRACKS, CHAPTERS, ATTACHMENTS]);
    /** @param {number} at */
    const visit = async (at) => {
        const element = await elementAt(file, at);
        if (!element || element.id === CLUSTER) return null;
        if (wanted.delete(element.id)) found.set(element.id, await read(file, element.start, Math.min(element.end, element.start + MAX_ELEMENT)));
        return element.end;
    };
    /** @type {number | null} */
    let at = segment.start;
    for (let i = 0; i < MAX_TOP_LEVEL && at !== null && at < segment.end; i++) at = await visit(at);
    for (const { id, position } of seekEntries(found.get(SEEK_HEAD))) {
        if (wanted.has(id)) await visit(segment.start + position);
    }
    return found;
}

/** @param {Uint8Array | undefined} bytes */
function seekEntries(bytes) {
    return elements(bytes ?? new Uint8Array())
        .filter(({ id }) => id === SEEK.entry)
        .map(({ body }) => ({ id: unsigned(child(body, SEEK.id)) ?? 0, position: unsigned(child(body, SEEK.position)) ?? 0 }));
}

/**
 * @param {Uint8Array} entry
 * @returns {Slot[]} none for a kind that FFmpeg does not count
 */
function slot(entry) {
    const fields = new Map(elements(entry).map(({ id, body }) => [id, body]));
    const kind = KINDS.get(unsigned(fields.get(TRACK.type)) ?? 0);
    const id = unsigned(fields.get(TRACK.number));
    const codecId = text(fields.get(TRACK.codec) ?? new Uint8Array());
    if (!kind || id === undefined || !codecId) return [];
    const disposition = [...FLAGS].filter(([flag]) => unsigned(fields.get(flag))).map(([, name]) => name);
    if (unsigned(fields.get(FLAG_DEFAULT)) !== 0) disposition.push('default');
    const name = fields.get(TRACK.name);
    const language = fields.get(TRACK.language);
    return [
        {
            id,
            kind,
            codec: codecName(codecId),
            disposition,
            title: name ? text(name) || null : null,
            language: language ? text(language) : 'eng',
            pixel_aspect: pixelAspect(fields.get(TRACK.video)),
            time_base: '1/1000',
            delay_ns: kind === 'audio' ? unsigned(fields.get(TRACK.delay)) : 0,
        },
    ];
}

/** @param {Uint8Array | undefined} video the shape of a pixel, where the display size tells */
function pixelAspect(video) {
    if (!video || unsigned(child(video, VIDEO.unit)) === 4) return null;
    const [width, height, across, down] = [VIDEO.width, VIDEO.height, VIDEO.across, VIDEO.down].map((id) => unsigned(child(video, id)));
    return width && height && across && down ? reduced(across * height, down * width) : null;
}

/** @param {string} codecId such as `V_MPEG4/ISO/ASP` */
function codecName(codecId) {
    for (let id = codecId; id; id = id.slice(0, Math.max(0, id.lastIndexOf('/')))) {
        const name = MATROSKA_CODECS.get(id);
        if (name) return name;
    }
    return codecId.toLowerCase();
}

/**
 * @param {Element} element
 * @returns {Slot}
 */
function attachment({ body }) {
    const mime = text(child(body, ATTACHMENT.mime) ?? new Uint8Array());
    const isPicture = PICTURE.test(mime);
    return {
        id: null,
        kind: isPicture ? 'video' : 'data',
        codec: mime || 'unknown',
        disposition: isPicture ? ['attached_pic'] : [],
        time_base: '1/90000',
    };
}

/**
 * The first edition's chapters, without those that only order others.
 * @param {Uint8Array | undefined} bytes
 * @returns {Chapter[]}
 */
function chapters(bytes) {
    const edition = bytes && child(bytes, CHAPTER.edition);
    if (!edition) return [];
    const marks = elements(edition)
        .filter(({ id, body }) => id === CHAPTER.atom && !unsigned(child(body, CHAPTER.hidden)))
        .map(({ body }) => {
            const title = child(child(body, CHAPTER.display) ?? new Uint8Array(), CHAPTER.title);
            const end = unsigned(child(body, CHAPTER.end));
            return {
                start_us: Math.round((unsigned(child(body, CHAPTER.start)) ?? 0) * US_PER_NS),
                end_us: end === undefined ? null : Math.round(end * US_PER_NS),
                title: title ? text(title) || null : null,
            };
        });
    return marks.map((mark, i) => ({ ...mark, end_us: mark.end_us ?? marks[i + 1]?.start_us ?? mark.start_us }));
}
