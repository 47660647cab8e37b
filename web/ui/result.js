/** The finished clip: look at it, save it, share it. */

import { clock, rough } from './clock.js';
import { find, keepFocus } from './dom.js';
import { showNotes, showTracks } from './notes.js';
import { canPick, download, saveToPicked, shareable } from './save.js';
import { bytes, engineName, nameOf } from './words.js';

/** @import {MediaInfo, Report} from '../protocol.gen.js' */

const TRACK_WORDS = { copy: 'copied', encode: 're-encoded', drop: 'left out' };

/**
 * @param {HTMLElement} root
 * @param {{onAgain: () => void, onFailure: (action: string, error: unknown) => void}} events
 */
export function resultView(root, { onAgain, onFailure }) {
    const title = find(root, '#result-title', HTMLElement);
    const video = find(root, '#result-video', HTMLVideoElement);
    const noPreview = find(root, '#result-no-preview', HTMLElement);
    const name = find(root, '#result-name', HTMLElement);
    const sub = find(root, '#result-sub', HTMLElement);
    const tracks = find(root, '#result-tracks', HTMLElement);
    const notes = find(root, '#result-notes', HTMLElement);
    const foot = find(root, '#result-foot', HTMLElement);
    const save = find(root, '#save', HTMLAnchorElement);
    const share = find(root, '#share', HTMLButtonElement);
    const status = find(root, '#save-status', HTMLElement);
    /** @type {{blob: Blob, name: string, url: string} | null} */
    let current = null;

    video.addEventListener('loadedmetadata', () => {
        video.dataset.kind = video.videoWidth > 0 ? 'picture' : 'sound';
    });
    video.addEventListener('error', () => {
        if (!video.getAttribute('src')) return;
        video.hidden = true;
        noPreview.hidden = false;
    });

    async function store() {
        if (!current) return;
        const { blob, name: clipName, url } = current;
        status.textContent = canPick() ? 'Saving…' : '';
        try {
            const saved = await saveToPicked(blob, clipName);
            if (saved === null) download(url, clipName);
            status.textContent = saved === null ? 'Handed to your browser’s downloads.' : `Saved as ${saved}.`;
        } catch (error) {
            status.textContent = '';
            if (!isAbort(error)) onFailure('saved', error);
        }
    }

    async function pass() {
        const data = current && shareable(current.blob, current.name);
        if (!data) return;
        try {
            await navigator.share(data);
        } catch (error) {
            if (!isAbort(error)) onFailure('shared', error);
        }
    }

    save.addEventListener('click', (event) => {
        event.preventDefault();
        void store();
    });
    save.addEventListener('keydown', (event) => {
        if (event.key !== ' ') return;
        event.preventDefault();
        void store();
    });
    share.addEventListener('click', () => void pass());
    find(root, '#again', HTMLButtonElement).addEventListener('click', onAgain);
    keepFocus(video);

    function clear() {
        video.removeAttribute('src');
        video.load();
        if (current) URL.revokeObjectURL(current.url);
        current = null;
    }

    return {
        clear,
        /**
         * @param {Blob} blob
         * @param {Report} report
         * @param {MediaInfo} info the source
         */
        show(blob, report, info) {
            clear();
            const url = URL.createObjectURL(blob);
            current = { blob, name: report.name, url };
            video.hidden = false;
            noPreview.hidden = true;
            video.src = url;
            save.href = url;
            save.download = report.name;
            share.hidden = shareable(blob, report.name) === null;
            status.textContent = '';
            name.textContent = report.name;
            sub.textContent = `${bytes(report.size)} · ${clock(report.span.end - report.span.start)} · ${report.mode} ${nameOf(report.container)}`;
            showTracks(tracks, info, fatesOf(report), TRACK_WORDS);
            showNotes(notes, report.notes);
            foot.textContent = `From ${clock(report.span.start)} to ${clock(report.span.end)}. Made by ${engineName(report.engine)} in ${rough(report.elapsed_ms / 1000)}.`;
            title.focus({ preventScroll: true });
        },
    };
}

/** @param {Report} report */
function fatesOf({ copied, encoded, dropped }) {
    const all = [
        ...copied.map((index) => ({ index, action: /** @type {const} */ ('copy') })),
        ...encoded.map((index) => ({ index, action: /** @type {const} */ ('encode') })),
        ...dropped.map((index) => ({ index, action: /** @type {const} */ ('drop') })),
    ];
    return all.sort((a, b) => a.index - b.index);
}

/** @param {unknown} error */
function isAbort(error) {
    return error instanceof DOMException && error.name === 'AbortError';
}
