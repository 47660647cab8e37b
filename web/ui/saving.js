/** The buttons that get finished clips out of the browser. */

import { find } from './dom.js';
import { canPick, canPickFolder, download, pickFolder, saveToPicked, shareable } from './save.js';

/**
 * @import {Cut} from '../results.js'
 * @typedef {{blob: Blob, name: string, url: string}} Clip `url`: an object URL of `blob`
 * @typedef {{clip: Clip, all: Cut | null, archive: string}} Offer `all`: every result, where there are several; `archive`: what
 *   to call them in one file
 */

/**
 * @param {HTMLElement} root
 * @param {(action: string, error: unknown) => void} onFailure
 */
export function saving(root, onFailure) {
    const save = find(root, '#save', HTMLAnchorElement);
    const saveAll = find(root, '#save-all', HTMLButtonElement);
    const share = find(root, '#share', HTMLButtonElement);
    const status = find(root, '#save-status', HTMLElement);
    /** @type {Offer | null} */
    let current = null;
    /** @type {Promise<unknown>} settles when nothing is being saved any more that was begun so far */
    let settled = Promise.resolve();

    /** @param {string} busy @param {() => Promise<string>} work gives what to say when it is done */
    function attempt(busy, work) {
        const mine = tried(busy, work);
        settled = Promise.all([settled, mine]);
        return mine;
    }

    /** @param {string} busy @param {() => Promise<string>} work */
    async function tried(busy, work) {
        const mine = current;
        status.textContent = busy;
        try {
            const done = await work();
            if (mine === current) status.textContent = done;
        } catch (error) {
            if (mine === current) status.textContent = '';
            if (!isAbort(error)) onFailure('saved', error);
        }
    }

    /** @param {Clip} clip */
    function store({ blob, name, url }) {
        return attempt(canPick() ? 'Saving…' : '', async () => {
            const saved = await saveToPicked(blob, name);
            if (saved === null) download(url, name);
            return saved === null ? 'Handed to your browser’s downloads.' : `Saved as ${saved}.`;
        });
    }

    /** @param {Cut} all @param {string} archive */
    function storeAll(all, archive) {
        return attempt('Saving…', async () => {
            const folder = await pickFolder();
            if (folder) {
                const names = await all.saveTo(folder);
                return `Saved ${names.length} files in ${folder.name}.`;
            }
            const url = URL.createObjectURL(await all.zip());
            download(url, archive);
            // A download that has begun needs its address no longer; nobody can tell when that is.
            setTimeout(() => URL.revokeObjectURL(url), 60_000);
            return 'Handed to your browser’s downloads, as one zip file.';
        });
    }

    async function pass() {
        const data = current && shareable(current.clip.blob, current.clip.name);
        if (!data) return;
        try {
            await navigator.share(data);
        } catch (error) {
            if (!isAbort(error)) onFailure('shared', error);
        }
    }

    asButton(save, () => current && store(current.clip));
    saveAll.addEventListener('click', () => current?.all && storeAll(current.all, current.archive));
    share.addEventListener('click', () => void pass());

    return {
        store,
        settled: () => settled,
        /** @param {Offer | null} offer what the buttons speak of from now on */
        offer(offer) {
            current = offer;
            status.textContent = '';
            save.href = offer?.clip.url ?? '';
            save.download = offer?.clip.name ?? '';
            save.hidden = Boolean(offer?.all);
            saveAll.hidden = !offer?.all;
            find(saveAll, '#save-all-text', HTMLElement).textContent = canPickFolder() ? 'Save all…' : 'Save all as a zip';
            share.hidden = !offer || shareable(offer.clip.blob, offer.clip.name) === null;
        },
    };
}

/**
 * A link, so that its address can be copied and dragged, that is called a button and works like one.
 * @param {HTMLAnchorElement} link
 * @param {() => void} run
 */
export function asButton(link, run) {
    link.addEventListener('click', (event) => {
        event.preventDefault();
        run();
    });
    link.addEventListener('keydown', (event) => {
        if (event.key !== ' ') return;
        event.preventDefault();
        run();
    });
}

/** @param {unknown} error */
function isAbort(error) {
    return error instanceof DOMException && error.name === 'AbortError';
}
