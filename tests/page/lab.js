/** What the contract suite does in a page, all of it through the public JavaScript API. */

import { Clipwright } from '/clipwright.js';

const app = await Clipwright.start().catch((error) => {
    globalThis.labFailure = `${error.code}: ${error.message} ${error.detail}`;
    throw error;
});
/** @type {Map<string, any>} */
const medias = new Map();

/** Nothing here takes this long; a call that hangs is a failure of its own, not of the whole run. */
const PATIENCE_MS = 90_000;

/** @param {() => Promise<any>} work */
async function answered(work) {
    const late = new Promise((_, reject) => setTimeout(() => reject(new Error('no answer')), PATIENCE_MS));
    const done = work();
    lab.running.add(done);
    done.catch(() => {}).finally(() => lab.running.delete(done));
    try {
        return { ok: true, value: await Promise.race([done, late]) };
    } catch (error) {
        const { name, code = name, message, hint = '', detail = '', path = '' } = /** @type {any} */ (error);
        return { ok: false, error: { name, code, message, hint, detail, path } };
    }
}

globalThis.lab = {
    app,
    medias,
    answered,
    /** Calls that have not been answered; a page where one never is can be used no more. */
    running: new Set(),

    /** A fresh hidden file input: setting its files copies nothing. */
    input() {
        document.querySelector('#file')?.remove();
        document.body.append(Object.assign(document.createElement('input'), { type: 'file', id: 'file', hidden: true }));
    },

    /** @param {string} reader */
    open: (reader) => answered(async () => {
        const media = await app.open(document.querySelector('#file').files[0], { reader });
        medias.set(media.source.id, media);
        return media;
    }),

    plan: (id, request) => answered(() => app.plan(medias.get(id), request)),

    /** Make a clip and PUT its bytes to the address `keep`. */
    clip: (id, request, keep) => answered(async () => {
        const progress = [];
        const result = await app.clip(medias.get(id), request, { onProgress: ({ done }) => progress.push(done) });
        const blob = await result.blob();
        await fetch(keep, { method: 'PUT', body: blob });
        await result.release();
        return { report: result.report, name: result.name, size: blob.size, progress };
    }),

    /** Files on disk, of this tab or another, by folder and name, with their sizes. */
    async onDisk() {
        const files = {};
        const storage = await navigator.storage.getDirectory();
        const root = await storage.getDirectoryHandle('clipwright-scratch', { create: true });
        for await (const [folder, tab] of root) {
            // A folder may go while it is being looked at, and so may a file.
            try {
                for await (const [name, handle] of tab) {
                    const file = await handle.getFile().catch(() => null);
                    if (file) files[`${folder}/${name}`] = file.size;
                }
            } catch (thrown) {
                if (/** @type {DOMException} */ (thrown).name !== 'NotFoundError') throw thrown;
            }
        }
        return files;
    },

    planCut: (ids, request) => answered(() => app.planCut(ids.map((id) => medias.get(id)), request)),

    /** Cut several segments and PUT their bytes to the addresses that begin with `keep`. */
    cut: (ids, request, keep) => answered(async () => {
        const progress = [];
        const { results } = await app.cut(ids.map((id) => medias.get(id)), request, {
            onProgress: ({ done }) => progress.push(done),
        });
        const kept = [];
        for (const result of results) {
            const blob = await result.blob();
            await fetch(`${keep}${kept.length}`, { method: 'PUT', body: blob });
            await result.release();
            kept.push({ report: result.report, name: result.name, size: blob.size });
        }
        return { results: kept, progress };
    }),

    /** Start a clip, cancel it after a while; gives how many seconds the answer took. */
    cancel: (id, request, afterMs) => answered(async () => {
        const controller = new AbortController();
        let asked = 0;
        setTimeout(() => {
            asked = performance.now();
            controller.abort();
        }, afterMs);
        try {
            await app.clip(medias.get(id), request, { signal: controller.signal });
        } catch (error) {
            if (error.name !== 'AbortError' || error.code !== 'cancelled' || !asked) throw error;
            return (performance.now() - asked) / 1000;
        }
        throw new Error('the clip was done before it could be cancelled');
    }),
};
