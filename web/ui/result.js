/** The finished clips: a look at each, what was done, and what proves it. */

import { atRest } from './atrest.js';
import { clock, rough } from './clock.js';
import { find, setIcon } from './dom.js';
import { outcomes } from './outcomes.js';
import { showNotes, showTracks } from './notes.js';
import { showParts } from './parts.js';
import { lengthOf, partsOf } from './plan.js';
import { proofOf } from './proof.js';
import { saving } from './saving.js';
import { bytes, engineName, nameOf } from './words.js';
import { release } from './work.js';

/**
 * @import {Media, Report} from '../protocol.gen.js'
 * @import {Made} from './work.js'
 * @import {Clip} from './saving.js'
 * @typedef {Clip & {report: Report}} Shown
 */

/** How long results stay that nobody looks at any more: a download that has begun reads on, and nobody can tell when it is done. */
const GRACE_MS = 10 * 60_000;

/**
 * @param {HTMLElement} root
 * @param {{onAgain: () => void, onFailure: (action: string, error: unknown) => void}} events
 */
export function resultView(root, { onAgain, onFailure }) {
    const title = find(root, '#result-title', HTMLElement);
    const titleText = find(root, '#result-title-text', HTMLElement);
    const preview = clipPreview(root);
    const report = reportView(root);
    const { offer, store, settled } = saving(root, onFailure);
    const list = outcomes(find(root, '#results', HTMLElement), { onShow: look, onSave: (clip) => void store(clip) });
    /** @type {{made: Made, media: readonly Media[], clips: Shown[]} | null} */
    let current = null;

    find(root, '#again', HTMLButtonElement).addEventListener('click', onAgain);

    function clear() {
        offer(null);
        preview('');
        current?.clips.forEach(({ url }) => URL.revokeObjectURL(url));
        if (current) void leave(current.made);
        current = null;
        list([], null);
    }

    /** @param {Made} made what has been looked at */
    async function leave(made) {
        await settled();
        setTimeout(() => release(made), GRACE_MS);
    }

    /** @param {Shown} clip */
    function look(clip) {
        if (!current) return;
        const { made, media, clips } = current;
        preview(clip.url);
        offer({ clip, all: made.cut, archive: `${stemOf(media[0].source.name)}_clips.zip` });
        report(clip.report, media, clips.length > 1);
        list(clips, clip);
    }

    return {
        clear,
        /**
         * @param {Made} made
         * @param {readonly Media[]} media in the order of the request
         */
        async show(made, media) {
            const blobs = await Promise.all(made.results.map((result) => result.blob()));
            clear();
            const clips = made.results.map(({ name, report }, i) => ({ name, report, blob: blobs[i], url: URL.createObjectURL(blobs[i]) }));
            current = { made, media, clips };
            titleText.textContent = clips.length > 1 ? `${clips.length} clips are ready` : 'Your clip is ready';
            look(clips[0]);
            title.focus({ preventScroll: true });
        },
    };
}

/**
 * @param {HTMLElement} root
 * @returns {(report: Report, media: readonly Media[], several: boolean) => void} show what was done
 */
function reportView(root) {
    const name = find(root, '#result-name', HTMLElement);
    const sub = find(root, '#result-sub', HTMLElement);
    const parts = find(root, '#result-parts', HTMLElement);
    const tracks = find(root, '#result-tracks', HTMLElement);
    const notes = find(root, '#result-notes', HTMLElement);
    const foot = find(root, '#result-foot', HTMLElement);
    const proof = find(root, '#result-proof', HTMLElement);
    const proofText = find(root, '#result-proof-text', HTMLElement);
    const proofIcon = find(root, '#result-proof-icon', SVGUseElement);

    return (report, media, several) => {
        name.textContent = report.name;
        sub.textContent = `${bytes(report.size)} · ${clock(lengthOf(report))} · ${report.mode} ${nameOf(report.container)}`;
        name.hidden = sub.hidden = several;
        showParts(parts, partsOf([report], media));
        const source = media.find((one) => one.source.id === report.segments[0]?.source) ?? media[0];
        showTracks(tracks, [source], fatesOf(report, source));
        showNotes(notes, report.notes);
        const { text, ok } = proofOf(report);
        proof.hidden = text === '';
        proof.toggleAttribute('data-ok', ok);
        setIcon(proofIcon, ok ? 'check' : 'info');
        proofText.textContent = text;
        foot.textContent = `From ${clock(report.span.start)} to ${clock(report.span.end)}. Made by ${engineName(report.engine)} in ${rough(report.elapsed_ms / 1000)}.`;
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
    let wanted = '';
    return async (url) => {
        wanted = url;
        video.hidden = false;
        none.hidden = true;
        await atRest(video);
        if (wanted !== url) return;
        if (url) {
            video.src = url;
        } else {
            video.removeAttribute('src');
            video.load();
        }
    };
}

/** @param {Report} report @param {Media} source whose tracks the report counts */
function fatesOf({ copied, encoded, dropped, segments }, source) {
    const edged = segments.some((segment) => segment.mode === 'smart' && segment.encoded_frames > 0);
    const isPicture = (/** @type {number} */ index) => source.info.tracks.some((track) => track.index === index && track.kind === 'video');
    const all = [
        ...copied.map((index) => ({ index, action: /** @type {'copy' | 'smart'} */ (edged && isPicture(index) ? 'smart' : 'copy') })),
        ...encoded.map((index) => ({ index, action: /** @type {const} */ ('encode') })),
        ...dropped.map((index) => ({ index, action: /** @type {const} */ ('drop') })),
    ];
    return all.sort((a, b) => a.index - b.index);
}

/** @param {string} name */
function stemOf(name) {
    return name.replace(/\.[^.]+$/, '');
}
