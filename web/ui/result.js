/** The finished clip: a look at it and what was done. */

import { clock, rough } from './clock.js';
import { find } from './dom.js';
import { showNotes, showTracks } from './notes.js';
import { saving } from './saving.js';
import { bytes, engineName, nameOf } from './words.js';

/** @import {MediaInfo, Report} from '../protocol.gen.js' */

/**
 * @param {HTMLElement} root
 * @param {{onAgain: () => void, onFailure: (action: string, error: unknown) => void}} events
 */
export function resultView(root, { onAgain, onFailure }) {
    const title = find(root, '#result-title', HTMLElement);
    const preview = clipPreview(root);
    const offer = saving(root, onFailure);
    const name = find(root, '#result-name', HTMLElement);
    const sub = find(root, '#result-sub', HTMLElement);
    const tracks = find(root, '#result-tracks', HTMLElement);
    const notes = find(root, '#result-notes', HTMLElement);
    const foot = find(root, '#result-foot', HTMLElement);
    let url = '';

    find(root, '#again', HTMLButtonElement).addEventListener('click', onAgain);

    function clear() {
        offer(null);
        preview('');
        if (url) URL.revokeObjectURL(url);
        url = '';
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
            url = URL.createObjectURL(blob);
            preview(url);
            offer({ blob, name: report.name, url });
            name.textContent = report.name;
            sub.textContent = `${bytes(report.size)} · ${clock(report.span.end - report.span.start)} · ${report.mode} ${nameOf(report.container)}`;
            showTracks(tracks, info, fatesOf(report));
            showNotes(notes, report.notes);
            foot.textContent = `From ${clock(report.span.start)} to ${clock(report.span.end)}. Made by ${engineName(report.engine)} in ${rough(report.elapsed_ms / 1000)}.`;
            title.focus({ preventScroll: true });
        },
    };
}

/**
 * @param {HTMLElement} root
 * @returns {(url: string) => void} play this; nothing where it is empty
 */
function clipPreview(root) {
    const video = find(root, '#result-video', HTMLVideoElement);
    const none = find(root, '#result-no-preview', HTMLElement);
    video.addEventListener('loadedmetadata', () => {
        video.dataset.kind = video.videoWidth > 0 ? 'picture' : 'sound';
    });
    video.addEventListener('error', () => {
        if (!video.getAttribute('src')) return;
        video.hidden = true;
        none.hidden = false;
    });
    return (url) => {
        video.hidden = false;
        none.hidden = true;
        if (url) video.src = url;
        else video.removeAttribute('src');
        video.load();
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
