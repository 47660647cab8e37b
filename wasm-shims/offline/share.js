/** Files that other apps share with the installed site: they are laid down for the page, which is then opened. */

import { cacheName, scope } from './site.js';

/** As `manifest.webmanifest` names it. */
const ADDRESS = new URL('share', scope).href;
const FIELD = 'files';

/** @param {Request} request */
export function isShare({ method, url }) {
    return method === 'POST' && url === ADDRESS;
}

/** @param {Request} request */
export async function takeShare(request) {
    return Response.redirect(new URL((await lay(request)) ? './?shared' : './?shared=failed', scope).href, 303);
}

/** @param {Request} request @returns {Promise<boolean>} whether all of it could be kept */
async function lay(request) {
    const name = cacheName('shared');
    await caches.delete(name);
    try {
        const files = (await request.formData()).getAll(FIELD).filter((value) => value instanceof File);
        const cache = await caches.open(name);
        for (const [place, file] of files.entries()) {
            const address = new URL(`shared/${place}/${encodeURIComponent(file.name)}`, scope);
            await cache.put(address, new Response(file, { headers: { 'content-type': file.type } }));
        }
        return files.length > 0;
    } catch {
        await caches.delete(name);
        return false;
    }
}
