/** Tags for results that mediabunny writes. */

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
