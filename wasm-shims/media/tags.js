/** Tags for results that mediabunny writes. */

import { MkvOutputFormat } from 'mediabunny';

/**
 * @import {MetadataTags, OutputFormat} from 'mediabunny'
 * @import {Opened} from './opened.js'
 */

/**
 * The source's own, those that only its format knows included where that is kept.
 * @param {Opened} opened
 * @param {OutputFormat} written
 * @returns {Promise<MetadataTags>}
 */
export async function inheritedTags({ input, format }, written) {
    const { raw, ...tags } = await input.getMetadataTags();
    return format.mimeType === written.mimeType ? { ...tags, raw } : tags;
}

/** FFmpeg's names as mediabunny has them. */
const NAMES = new Map([
    ['title', 'title'],
    ['description', 'description'],
    ['artist', 'artist'],
    ['album', 'album'],
    ['album_artist', 'albumArtist'],
    ['genre', 'genre'],
    ['lyrics', 'lyrics'],
    ['comment', 'comment'],
]);

/**
 * Tags that were given, and the source's pictures. Others than those that every format knows go into Matroska alone.
 * @param {Opened} opened
 * @param {OutputFormat} written
 * @param {Record<string, string>} tags by FFmpeg's names
 * @returns {Promise<MetadataTags>}
 */
export async function givenTags({ input }, written, tags) {
    const { images } = await input.getMetadataTags();
    /** @type {Record<string, any>} */
    const known = images ? { images } : {};
    /** @type {Record<string, string>} */
    const raw = {};
    for (const [name, value] of Object.entries(tags)) {
        const field = NAMES.get(name.toLowerCase());
        if (field) known[field] = value;
        else if (name === 'date' && !Number.isNaN(Date.parse(value))) known.date = new Date(value);
        else raw[name.toUpperCase()] = value;
    }
    return written instanceof MkvOutputFormat ? { ...known, raw } : known;
}
