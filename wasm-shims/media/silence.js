/**
 * Packets of sound in which nothing is heard, to fill gaps with: most players close up what is left open.
 *
 * Chromium's player, `decodeAudioData` and FFmpeg's command line play sound that follows a gap in time stamps at once, too
 * early for its pictures. Sources: ISO/IEC 14496-3, 4.4.2.1 (AAC: channel elements without spectrum, and an end), RFC 6716
 * (Opus: a CELT frame that begins with the flag for silence), ISO/IEC 11172-3 and 13818-3 (MP3: side information of zeros
 * means no data).
 */

/**
 * @typedef {object} Silent
 * @property {Uint8Array<ArrayBuffer>} data
 * @property {number | null} seconds how long it lasts: containers round that; null for plain samples, as many as there were
 */

/** By the number of channels; just what FFmpeg's encoder makes of silence. */
const AAC = [
    [],
    [0x01, 0x18, 0x20, 0x07],
    [0x21, 0x10, 0x04, 0x60, 0x8c, 0x1c],
    [0x01, 0x18, 0x20, 0x01, 0x08, 0x80, 0x23, 0x04, 0x60, 0xe0],
    [0x01, 0x18, 0x20, 0x01, 0x08, 0x80, 0x23, 0x04, 0x60, 0x03, 0x18, 0x20, 0x07],
    [0x01, 0x18, 0x20, 0x01, 0x08, 0x80, 0x23, 0x04, 0x60, 0x23, 0x10, 0x04, 0x60, 0x8c, 0x1c],
    [0x01, 0x18, 0x20, 0x01, 0x08, 0x80, 0x23, 0x04, 0x60, 0x23, 0x10, 0x04, 0x60, 0x8c, 0x0c, 0x23, 0x00, 0x00, 0xe0],
];
const AAC_LC = 2;
const AAC_HERTZ = [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8000, 7350];
const AAC_SAMPLES = 1024;
const OPUS = [0xfc, 0xff, 0xfe];
const OPUS_S = 0.02;
/** @type {Record<string, number>} */
const PCM_MIDDLES = { 'pcm-u8': 0x80, alaw: 0xd5, ulaw: 0xff };
/** Kilobits per second by index: MPEG-1, then MPEG-2 and 2.5, layer III. */
const MP3_RATES = [
    [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
    [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
];
const MP3_HERTZ = [44_100, 48_000, 32_000];
const MPEG_1 = 3;
/** Samples of a frame: MPEG-1, then MPEG-2 and 2.5. */
const MP3_SAMPLES = [1152, 576];

/**
 * @param {string | null} codec mediabunny's name
 * @param {Uint8Array | null} config what decoders are told beforehand
 * @param {Uint8Array} like a packet of the same track
 * @returns {Silent | null} null for sound of which no such packet is known here
 */
export function silentPacket(codec, config, like) {
    if (codec === 'opus') return { data: Uint8Array.from(OPUS), seconds: OPUS_S };
    if (codec && (codec.startsWith('pcm-') || codec in PCM_MIDDLES)) {
        return { data: new Uint8Array(like.length).fill(PCM_MIDDLES[codec] ?? 0), seconds: null };
    }
    return codec === 'aac' ? aac(config) : codec === 'mp3' ? mp3(like) : null;
}

/** The first bits of AudioSpecificConfig: 5 of the object type, 4 of the rate, 4 of the channels, 1 for 960. @param {Uint8Array | null} config @returns {Silent | null} */
function aac(config) {
    if (!config || config.length < 2) return null;
    const bits = (config[0] << 8) | config[1];
    const channels = (bits >> 3) & 15;
    const hertz = AAC_HERTZ[(bits >> 7) & 15];
    const isPlain = bits >> 11 === AAC_LC && hertz && !(bits & 4);
    return isPlain && AAC[channels]?.length ? { data: Uint8Array.from(AAC[channels]), seconds: AAC_SAMPLES / hertz } : null;
}

/** A frame with the header of `like`, without checksum and padding, and nothing in it. @param {Uint8Array} like @returns {Silent | null} */
function mp3(like) {
    if (like.length < 4 || like[0] !== 0xff || (like[1] & 0xe6) !== 0xe2) return null;
    const version = (like[1] >> 3) & 3;
    const kind = version === MPEG_1 ? 0 : 1;
    const rate = MP3_RATES[kind][like[2] >> 4];
    const hertz = MP3_HERTZ[(like[2] >> 2) & 3] / (version === MPEG_1 ? 1 : version === 2 ? 2 : 4);
    if (!rate || !hertz || version === 1) return null;
    const samples = MP3_SAMPLES[kind];
    const data = new Uint8Array(Math.floor(((samples / 8) * rate * 1000) / hertz));
    data.set([0xff, like[1] | 1, like[2] & 0xfd, like[3]]);
    return { data, seconds: samples / hertz };
}
