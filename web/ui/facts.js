/** What the open file is. Everything that comes from the file is shown as text. */

import { clock } from './clock.js';
import { find, fromTemplate } from './dom.js';
import { bitrate, bytes, frameRate, nameOf, shownSize, trackFacts } from './words.js';

/** @import {Media} from '../protocol.gen.js' */

/**
 * @param {{name: HTMLElement, summary: HTMLElement, details: HTMLDetailsElement}} elements
 */
export function fileFacts({ name, summary, details }) {
    const list = find(details, '#facts-list', HTMLElement);
    const tracks = find(details, '#facts-tracks', HTMLElement);

    return {
        /** @param {File} file */
        begin(file) {
            name.textContent = name.title = file.name;
            summary.textContent = `${bytes(file.size)} · reading…`;
            details.hidden = true;
            details.open = false;
        },
        /** @param {Media} media */
        show({ source, info }) {
            const video = info.tracks.find((track) => track.kind === 'video');
            summary.textContent = [
                nameOf(info.container),
                clock(info.duration_us),
                video && shownSize(video),
                video && frameRate(video),
                bytes(source.size),
            ].filter(Boolean).join(' · ');
            const facts = [
                ['Container', nameOf(info.container)],
                ['Duration', clock(info.duration_us)],
                ['Size', bytes(source.size)],
                ['Bit rate', info.bitrate ? bitrate(info.bitrate) : ''],
                ...info.chapters.map((chapter, i) => [`Chapter ${i + 1}`, `${clock(chapter.start_us)} ${chapter.title ?? ''}`]),
                ...Object.entries(info.tags),
            ];
            list.replaceChildren(...facts.filter(([, value]) => value).map(([label, value]) => fact(label, value)));
            tracks.replaceChildren(...info.tracks.map((track) => {
                const item = document.createElement('li');
                item.textContent = trackFacts(track);
                return item;
            }));
            details.hidden = false;
        },
    };
}

/** @param {string} label @param {string} value */
function fact(label, value) {
    const row = fromTemplate('template-fact');
    find(row, 'dt', HTMLElement).textContent = label;
    find(row, 'dd', HTMLElement).textContent = value;
    return row;
}
