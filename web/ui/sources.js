/** The files of one piece of work: the one that is open, and others to join to it or to take sound from. */

import { clock } from './clock.js';
import { find, fromTemplate } from './dom.js';
import { focusRow, nameTools, onTools, rows } from './rows.js';
import { bytes, nameOf, shownSize } from './words.js';

/**
 * @import {Media} from '../protocol.gen.js'
 * @typedef {'join' | 'sound'} Use
 * @typedef {{media: Media, use: Use}} Entry
 */

export class Sources {
    #root;
    #list;
    #draw;
    #onChange;
    #release;
    /** @type {Media | null} the one that plays and whose segments are listed */
    #main = null;
    /** @type {Entry[]} */
    #entries = [];

    /**
     * @param {HTMLElement} root
     * @param {{onChange: () => void, release: (media: Media) => void}} events `release`: a file is not needed any more
     */
    constructor(root, { onChange, release }) {
        this.#root = root;
        this.#onChange = onChange;
        this.#release = release;
        this.#list = find(root, '#files-list', HTMLElement);
        this.#draw = rows(this.#list, {
            key: (/** @type {Entry} */ { media }) => media.source.id,
            make: (entry) => this.#make(entry),
            show: (row, entry, place, count) => this.#show(row, entry, place, count),
        });
    }

    /** Those that follow each other, in order. */
    get joined() {
        return this.#entries.filter(({ use }) => use === 'join').map(({ media }) => media);
    }

    /** Those that only lend their sound. */
    get lent() {
        return this.#entries.filter(({ use }) => use === 'sound').map(({ media }) => media);
    }

    /** All, numbered as requests number them. */
    get all() {
        return [...this.joined, ...this.lent];
    }

    /** The number of the one that plays. */
    get mainNumber() {
        return this.#main ? this.all.indexOf(this.#main) : 0;
    }

    /** @param {Media} media the one that plays */
    begin(media) {
        this.#main = media;
        this.#entries = [{ media, use: 'join' }];
        this.#redraw();
    }

    end() {
        for (const { media } of this.#entries) this.#release(media);
        this.#main = null;
        this.#entries = [];
        this.#redraw();
    }

    /** @param {Media} media */
    add(media) {
        const silent = this.#main?.info.tracks.some((track) => track.kind === 'video') && !media.info.tracks.some((track) => track.kind === 'video');
        // Sound beside pictures is mostly meant to go with them; the row says so and can be changed.
        this.#entries.push({ media, use: silent ? 'sound' : 'join' });
        this.#changed();
    }

    /** @param {Entry} entry */
    #make(entry) {
        const row = fromTemplate('template-file');
        const use = find(row, '.file__use', HTMLSelectElement);
        use.addEventListener('change', () => {
            entry.use = /** @type {Use} */ (use.value);
            this.#changed();
        });
        onTools(row, {
            up: () => this.#move(entry, -1),
            down: () => this.#move(entry, 1),
            remove: () => this.#remove(entry),
        });
        return row;
    }

    /** @param {Entry} entry @param {-1 | 1} by */
    #move(entry, by) {
        const place = this.#entries.indexOf(entry);
        this.#entries.splice(place, 1);
        this.#entries.splice(place + by, 0, entry);
        this.#changed();
    }

    /** @param {Entry} entry */
    #remove(entry) {
        const place = this.#entries.indexOf(entry);
        this.#entries.splice(place, 1);
        this.#changed();
        focusRow(this.#list, place, '[data-tool=up]', find(document, '#add-files', HTMLElement));
        this.#release(entry.media);
    }

    /** @param {HTMLElement} row @param {Entry} entry @param {number} place @param {number} count */
    #show(row, { media, use }, place, count) {
        const { source, info } = media;
        const video = info.tracks.find((track) => track.kind === 'video');
        const isMain = media === this.#main;
        const select = find(row, '.file__use', HTMLSelectElement);
        find(row, '.file__name', HTMLElement).textContent = source.name;
        const facts = [isMain && 'open above', nameOf(info.container), clock(info.duration_us), video && shownSize(video), bytes(source.size)];
        find(row, '.file__facts', HTMLElement).textContent = facts.filter(Boolean).join(' · ');
        select.value = use;
        select.setAttribute('aria-label', `What to do with ${source.name}`);
        select.hidden = isMain;
        find(row, '[data-tool=remove]', HTMLElement).hidden = isMain;
        nameTools(row, source.name, place, count);
    }

    #changed() {
        this.#redraw();
        this.#onChange();
    }

    #redraw() {
        this.#root.hidden = this.#entries.length < 2;
        this.#draw(this.#entries);
    }
}
