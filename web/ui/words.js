/** Names and numbers as people read them. */

/** @import {AudioTrack, DataTrack, SubtitleTrack, VideoTrack} from '../protocol.gen.js' */
/** @typedef {VideoTrack | AudioTrack | SubtitleTrack | DataTrack} Track */

const NAMES = new Map(Object.entries({
    h264: 'H.264', hevc: 'HEVC', vp8: 'VP8', vp9: 'VP9', av1: 'AV1', mpeg4: 'MPEG-4', mpeg2video: 'MPEG-2', prores: 'ProRes',
    aac: 'AAC', mp3: 'MP3', opus: 'Opus', vorbis: 'Vorbis', flac: 'FLAC', ac3: 'AC-3', eac3: 'E-AC-3', alac: 'ALAC',
    mov_text: 'timed text', subrip: 'SubRip', webvtt: 'WebVTT', ass: 'ASS',
    mpegts: 'MPEG-TS', webm: 'WebM', ogg: 'Ogg',
    video: 'Video', audio: 'Sound', subtitle: 'Subtitles', data: 'Data',
}));

const ENGINES = new Map([
    ['media', 'the browser itself'],
    ['ffmpeg', 'the built-in FFmpeg'],
    ['native', 'FFmpeg'],
]);

/** @param {string} codec a codec, container or kind of track */
export function nameOf(codec) {
    return NAMES.get(codec) ?? (codec.startsWith('pcm_') ? 'PCM' : codec.toUpperCase());
}

/** @param {string} engine */
export function engineName(engine) {
    return ENGINES.get(engine) ?? engine;
}

/** @param {number} n bytes */
export function bytes(n) {
    if (n === 1) return '1 byte';
    const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
    let value = n;
    let unit = 0;
    while (value >= 999.5 && unit < units.length - 1) {
        value /= 1000;
        unit += 1;
    }
    return `${unit > 0 && value < 9.95 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** @param {number} n bits per second */
export function bitrate(n) {
    return n >= 1e6 ? `${(n / 1e6).toFixed(1)} Mb/s` : `${Math.round(n / 1000)} kb/s`;
}

/** @param {string} rational such as `30000/1001` */
export function fraction(rational) {
    const [top, bottom = 1] = rational.split('/').map(Number);
    return top / bottom;
}

/** @param {VideoTrack} track */
export function frameRate(track) {
    if (!track.frame_rate) return track.vfr ? 'variable frame rate' : '';
    const rate = `${Number(fraction(track.frame_rate).toFixed(2))} fps`;
    return track.vfr ? `${rate} on average` : rate;
}

/**
 * Width and height as they are shown.
 * @param {VideoTrack} track
 */
export function shownSize({ width, height, rotation }) {
    return rotation % 180 === 0 ? `${width} × ${height}` : `${height} × ${width}`;
}

/** @param {number} n */
export function channels(n) {
    return ['', 'mono', 'stereo'][n] || `${n} channels`;
}

/**
 * Everything worth a line about a track.
 * @param {Track} track
 */
export function trackFacts(track) {
    const facts = [nameOf(track.kind), nameOf(track.codec)];
    if (track.kind === 'video') {
        facts.push(`${track.width} × ${track.height}`, frameRate(track));
        if (track.rotation) facts.push(`turned ${track.rotation}°`);
        if (track.pixel_aspect !== '1/1') facts.push(`pixel shape ${track.pixel_aspect.replace('/', ':')}`);
        if (track.bit_depth && track.bit_depth > 8) facts.push(`${track.bit_depth} bit`);
        if (track.color.transfer === 'smpte2084' || track.color.transfer === 'arib-std-b67') facts.push('HDR');
    }
    if (track.kind === 'audio') facts.push(`${track.sample_rate / 1000} kHz`, channels(track.channels));
    if (track.bitrate) facts.push(bitrate(track.bitrate));
    if (track.language && track.language !== 'und') facts.push(track.language);
    if (track.title) facts.push(`“${track.title}”`);
    if (track.codec_string) facts.push(track.codec_string);
    return facts.filter(Boolean).join(' · ');
}
