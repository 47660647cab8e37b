/** Which tracks to keep, in which order, and what they are called. Nothing is asked for that was not changed. */

import { find, fromTemplate } from './dom.js';
import { nameTools, onTools, rows } from './rows.js';
import { channels, nameOf, shownSize } from './words.js';

/**
 * @import {Media, TrackRequest} from '../protocol.gen.js'
 * @import {Track} from './words.js'
 * @typedef {{language: string, title: string, isDefault: boolean, rotation: number}} Edit
 * @typedef {{key: string, media: Media, track: Track, keep: boolean, edit: Edit}} Entry
 */

export class Tracks {
    #root;
    #sum;
    #draw;
    #onChange;
    #onExtract;
    /** @type {Entry[]} */
    #entries = [];
    /** @type {Media | undefined} */
    #first;
    /** @type {string} the order that nobody changed */
    #asItWas = '';

    /**
     * @param {HTMLDetailsElement} root
     * @param {{onChange: () => void, onExtract: (media: Media, index: number) => void}} events
     */
    constructor(root, { onChange, onExtract }) {
        this.#root = root;
        this.#sum = find(root, '#tracks-sum', HTMLElement);
        this.#onChange = onChange;
        this.#onExtract = onExtract;
        this.#draw = rows(find(root, '#tracks-list', HTMLElement), {
            key: (/** @type {Entry} */ entry) => entry.key,
            make: (entry) => this.#make(entry),
            show: (row, entry, place, count) => this.#show(row, entry, place, count),
        });
    }

    /**
     * Offer the tracks of these files; what was said of one that stays is kept.
     * @param {Media | undefined} first
     * @param {readonly Media[]} lent whose sound is to be added
     */
    offer(first, lent) {
        if (first !== this.#first) this.#root.open = false;
        this.#first = first;
        const before = new Map(this.#entries.map((entry) => [entry.key, entry]));
        const own = (first?.info.tracks ?? []).filter(isKept).map((track) => entryOf(/** @type {Media} */ (first), track));
        const added = lent.flatMap((media) => media.info.tracks.filter((track) => track.kind === 'audio').map((track) => entryOf(media, track)));
        const offered = new Map([...own, ...added].map((entry) => [entry.key, entry]));
        const kept = this.#entries.filter((entry) => offered.has(entry.key));
        this.#asItWas = JSON.stringify(own.map((entry) => entry.key));
        this.#entries = [...kept, ...[...offered.values()].filter((entry) => !before.has(entry.key))];
        this.#redraw();
    }

    /**
     * What to ask for: null where everything is as it was.
     * @param {readonly Media[]} media in the order of the request
     * @returns {TrackRequest[] | null}
     */
    request(media) {
        const kept = this.#entries.filter((entry) => entry.keep);
        const wanted = kept.map((entry) => ({ track: entry.track.index, source: media.indexOf(entry.media), ...changes(entry) }));
        const same = JSON.stringify(kept.map((entry) => entry.key)) === this.#asItWas && kept.every((entry) => Object.keys(changes(entry)).length === 0);
        return same ? null : /** @type {TrackRequest[]} */ (wanted);
    }

    /** @param {Entry} entry */
    #make(entry) {
        const row = fromTemplate('template-track-edit');
        const { track, edit, media } = entry;
        const keep = find(row, '.track__keep input', HTMLInputElement);
        const language = find(row, '[data-field=language]', HTMLInputElement);
        const title = find(row, '[data-field=title]', HTMLInputElement);
        const rotation = find(row, '[data-field=rotation]', HTMLSelectElement);
        const isDefault = find(row, '[data-field=default]', HTMLInputElement);
        find(row, '[data-only=video]', HTMLElement).hidden = track.kind !== 'video';
        find(row, 'summary', HTMLElement).textContent = 'Edit or extract';
        language.value = edit.language;
        title.value = edit.title;
        rotation.value = String(edit.rotation);
        isDefault.checked = edit.isDefault;
        row.addEventListener('input', () => {
            entry.keep = keep.checked;
            entry.edit = { language: language.value.trim(), title: title.value.trim(), isDefault: isDefault.checked, rotation: Number(rotation.value) };
            this.#redraw();
        });
        onTools(row, {
            up: () => this.#move(entry, -1),
            down: () => this.#move(entry, 1),
            extract: () => this.#onExtract(media, track.index),
        });
        return row;
    }

    /** @param {Entry} entry @param {-1 | 1} by */
    #move(entry, by) {
        const place = this.#entries.indexOf(entry);
        this.#entries.splice(place, 1);
        this.#entries.splice(place + by, 0, entry);
        this.#redraw();
        this.#onChange();
    }

    /** @param {HTMLElement} row @param {Entry} entry @param {number} place @param {number} count */
    #show(row, entry, place, count) {
        const name = nameOfTrack(entry);
        find(row, '.track__keep input', HTMLInputElement).checked = entry.keep;
        find(row, '.track__name', HTMLElement).textContent = name;
        const summary = find(row, 'summary', HTMLElement);
        summary.setAttribute('aria-label', `${summary.textContent} ${name}`);
        row.toggleAttribute('data-off', !entry.keep);
        nameTools(row, name, place, count);
    }

    #redraw() {
        this.#draw(this.#entries);
        const kept = this.#entries.filter((entry) => entry.keep).length;
        this.#sum.textContent = kept === this.#entries.length ? String(kept) : `${kept} of ${this.#entries.length}`;
    }
}

/** @param {Track} track cover pictures, timecode and the like go their own way */
function isKept(track) {
    return track.kind !== 'data' && !track.disposition.includes('attached_pic');
}

/** @param {Media} media @param {Track} track @returns {Entry} */
function entryOf(media, track) {
    return { key: `${media.source.id}:${track.index}`, media, track, keep: true, edit: original(track) };
}

/** @param {Track} track @returns {Edit} */
function original(track) {
    return {
        language: track.language ?? '',
        title: track.title ?? '',
        isDefault: track.disposition.includes('default'),
        rotation: track.kind === 'video' ? track.rotation : 0,
    };
}

/** @param {Entry} entry what was changed of it, as a request says it */
function changes({ track, edit }) {
    const was = original(track);
    const others = track.disposition.filter((flag) => flag !== 'default');
    return {
        ...(edit.language !== was.language && { language: edit.language || 'und' }),
        ...(edit.title !== was.title && { title: edit.title }),
        ...(edit.isDefault !== was.isDefault && { disposition: edit.isDefault ? ['default', ...others] : others }),
        ...(edit.rotation !== was.rotation && { rotation: edit.rotation }),
    };
}

/** @param {Entry} entry */
function nameOfTrack({ track, edit }) {
    const facts = [nameOf(track.kind), nameOf(track.codec)];
    if (track.kind === 'video') facts.push(shownSize(track));
    if (track.kind === 'audio') facts.push(channels(track.channels));
    if (edit.language && edit.language !== 'und') facts.push(edit.language);
    if (edit.title) facts.push(`“${edit.title}”`);
    return facts.join(' · ');
}
