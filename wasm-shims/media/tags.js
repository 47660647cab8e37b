/** Tags for results that mediabunny writes. */

import { TAGS } from './names.js';

/**
 * @import {MetadataTags, OutputFormat} from 'mediabunny'
 * @import {Container, Metadata} from '../../web/protocol.gen.js'
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

/** What mediabunny has no name for, as containers call it; Matroska, Ogg and FLAC take our own names in capitals. */
const OTHERS = new Map([
    ...['mp4', 'mov', 'm4a'].map((name) => /** @type {const} */ ([name, new Map([['composer', '©wrt'], ['copyright', 'cprt']])])),
    ['mp3', new Map([['composer', 'TCOM'], ['copyright', 'TCOP']])],
    ['wav', new Map([['copyright', 'ICOP']])],
]);

/**
 * The tags of a result: the source's own, or those it was given instead; cover pictures stay.
 * @param {Opened} opened
 * @param {OutputFormat} written
 * @param {Container} container
 * @param {Metadata} metadata
 * @returns {Promise<MetadataTags>}
 */
export async function resultTags(opened, written, container, { tags }) {
    const own = await inheritedTags(opened, written);
    if (!tags) return own;
    const names = new Map([...TAGS].map(([theirs, ours]) => [ours, theirs]));
    /** @type {MetadataTags & Record<string, any>} */
    const result = { images: own.images };
    /** @type {Record<string, string>} */
    const raw = {};
    for (const [name, value] of Object.entries(tags)) {
        const known = names.get(name);
        const [number, total] = value.split('/').map(Number);
        const day = Date.parse(value);
        if (known) result[known] = value;
        else if (name === 'date' && !Number.isNaN(day)) result.date = new Date(day);
        else if (name === 'track' || name === 'disc') Object.assign(result, { [`${name}Number`]: number, [`${name}sTotal`]: total });
        else raw[nameIn(container, name)] = value;
    }
    return { ...result, raw };
}

/** @param {Container} container @param {string} name */
function nameIn(container, name) {
    const named = OTHERS.get(container);
    return named ? (named.get(name) ?? name) : name.toUpperCase();
}
