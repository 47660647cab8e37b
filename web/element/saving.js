/** Handing a finished clip to the browser's downloads. */

import { download } from '../ui/save.js';

/** A download that has begun needs its address no longer; nobody can tell when that is. */
const LINGER_MS = 60_000;

/** @param {{name: string, blob: () => Promise<Blob>}} clip */
export async function saveClip(clip) {
    const url = URL.createObjectURL(await clip.blob());
    download(url, clip.name);
    setTimeout(() => URL.revokeObjectURL(url), LINGER_MS);
}
