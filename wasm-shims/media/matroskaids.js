/** The ids of Matroska's elements that are read or written for a spliced clip (RFC 9559, section 27). */

export const EBML = { header: 0x1a45dfa3, docType: 0x4282, void: 0xec, crc: 0xbf };

export const SEGMENT = 0x18538067;

/** The parts of a segment. */
export const LEVEL1 = {
    seekHead: 0x114d9b74,
    info: 0x1549a966,
    tracks: 0x1654ae6b,
    cues: 0x1c53bb6b,
    tags: 0x1254c367,
    chapters: 0x1043a770,
    attachments: 0x1941a469,
    cluster: 0x1f43b675,
};

export const SEEK = { entry: 0x4dbb, id: 0x53ab, position: 0x53ac };

export const INFO = { scale: 0x2ad7b1, duration: 0x4489, title: 0x7ba9, muxer: 0x4d80, writer: 0x5741 };
/** Names of this file and of those before and after it, which the clip is none of. */
export const KINSHIP = [0x73a4, 0x7384, 0x3cb923, 0x3c83ab, 0x3eb923, 0x3e83bb, 0x4444, 0x6924];

export const TRACK = {
    entry: 0xae,
    number: 0xd7,
    uid: 0x73c5,
    type: 0x83,
    codec: 0x86,
    name: 0x536e,
    language: 0x22b59c,
    languageTag: 0x22b59d,
    delay: 0x56aa,
    frame: 0x23e383,
    encodings: 0x6d80,
    operation: 0xe2,
    video: 0xe0,
    projection: 0x7670,
    projectionType: 0x7671,
    roll: 0x7675,
};

/** @type {Map<string, number>} */
export const FLAGS = new Map([
    ['default', 0x88],
    ['forced', 0x55aa],
    ['hearing_impaired', 0x55ab],
    ['visual_impaired', 0x55ac],
    ['descriptions', 0x55ad],
    ['original', 0x55ae],
    ['comment', 0x55af],
]);

export const CUE = { point: 0xbb, time: 0xb3, positions: 0xb7, track: 0xf7, cluster: 0xf1 };

export const CLUSTER = { time: 0xe7, position: 0xa7, previous: 0xab, silent: 0x5854, block: 0xa3, group: 0xa0, encrypted: 0xaf };
export const GROUP = { block: 0xa1, duration: 0x9b, reference: 0xfb };

export const TAG = { entry: 0x7373, targets: 0x63c0, track: 0x63c5, attachment: 0x63c6, chapter: 0x63c4, edition: 0x63c9, simple: 0x67c8, name: 0x45a3, text: 0x4487 };

export const CHAPTER = { edition: 0x45b9, atom: 0xb6, uid: 0x73c4, start: 0x91, end: 0x92, display: 0x80, title: 0x85, language: 0x437c };
