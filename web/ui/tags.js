/** The tags and chapters that the result will have. Nothing is asked for that was not changed. */

import { clock } from './clock.js';
import { find, fromTemplate } from './dom.js';
import { focusRow, nameTools, onTools, rows } from './rows.js';

/**
 * @import {ChapterRequest, Media} from '../protocol.gen.js'
 * @typedef {{id: number, key: string, value: string, us: number | null}} Pair `us`: the time that `key` shows, null where
 *   it was typed, which only Python can read
 * @typedef {{noun: string, key: string, value: string}} Words what a row and its two fields are
 */

/** Rows of two fields each. */
class Pairs {
    #list;
    #draw;
    #onChange;
    #otherwise;
    #lastId = 0;
    /** @type {Pair[]} */
    pairs = [];

    /**
     * @param {HTMLElement} list
     * @param {Words} words
     * @param {HTMLElement} otherwise takes the focus when no row is left
     * @param {() => void} onChange
     */
    constructor(list, words, otherwise, onChange) {
        this.#list = list;
        this.#otherwise = otherwise;
        this.#onChange = onChange;
        this.#draw = rows(list, {
            key: (/** @type {Pair} */ pair) => pair.id,
            make: (pair) => this.#make(pair),
            show(row, _, place, count) {
                find(row, '.pair__key', HTMLElement).setAttribute('aria-label', `${words.key} of ${words.noun} ${place + 1}`);
                find(row, '.pair__value', HTMLElement).setAttribute('aria-label', `${words.value} of ${words.noun} ${place + 1}`);
                nameTools(row, `${words.noun} ${place + 1}`, place, count);
            },
        });
    }

    /** @param {Omit<Pair, 'id'>[]} pairs */
    load(pairs) {
        this.pairs = pairs.map((pair) => this.#numbered(pair));
        this.#draw(this.pairs);
    }

    /** @param {Omit<Pair, 'id'>} pair goes before the first that is later @param {string} field the one to go on with */
    add(pair, field) {
        const later = this.pairs.findIndex(({ us }) => us !== null && pair.us !== null && us > pair.us);
        const place = later < 0 ? this.pairs.length : later;
        this.pairs.splice(place, 0, this.#numbered(pair));
        this.#draw(this.pairs);
        focusRow(this.#list, place, field, this.#otherwise);
        this.#onChange();
    }

    /** @param {Omit<Pair, 'id'>} pair @returns {Pair} */
    #numbered(pair) {
        this.#lastId += 1;
        return { id: this.#lastId, ...pair };
    }

    /** @param {Pair} pair */
    #make(pair) {
        const row = fromTemplate('template-pair');
        const key = find(row, '.pair__key', HTMLInputElement);
        const value = find(row, '.pair__value', HTMLInputElement);
        key.value = pair.key;
        value.value = pair.value;
        key.addEventListener('input', () => {
            pair.key = key.value.trim();
            pair.us = null;
        });
        value.addEventListener('input', () => {
            pair.value = value.value;
        });
        onTools(row, { remove: () => this.#remove(pair) });
        return row;
    }

    /** @param {Pair} pair */
    #remove(pair) {
        const place = this.pairs.indexOf(pair);
        this.pairs.splice(place, 1);
        this.#draw(this.pairs);
        focusRow(this.#list, place, '.pair__value', this.#otherwise);
        this.#onChange();
    }
}

/**
 * @param {HTMLDetailsElement} root
 * @param {{onChange: () => void, playhead: () => number}} options
 */
export function tagsAndChapters(root, { onChange, playhead }) {
    const sum = find(root, '#words-sum', HTMLElement);
    const addTag = find(root, '#add-tag', HTMLButtonElement);
    const addChapter = find(root, '#add-chapter', HTMLButtonElement);
    const tags = new Pairs(find(root, '#tags-list', HTMLElement), { noun: 'tag', key: 'Name', value: 'Value' }, addTag, changed);
    const chapters = new Pairs(find(root, '#chapters-list', HTMLElement), { noun: 'chapter', key: 'Start', value: 'Title' }, addChapter, changed);
    /** @type {Media | undefined} whose they are to begin with */
    let media;
    /** @type {Record<string, string>} */
    let source = {};
    let asTheyWere = '';

    addTag.addEventListener('click', () => tags.add({ key: '', value: '', us: null }, '.pair__key'));
    addChapter.addEventListener('click', () => chapters.add(chapterAt(playhead(), ''), '.pair__value'));

    function changed() {
        const all = tags.pairs.length + chapters.pairs.length;
        sum.textContent = all > 0 ? String(all) : '';
        onChange();
    }

    function written() {
        return chapters.pairs.map(({ key, value, us }) => ({ start: us === null ? key : `${us}us`, title: value }));
    }

    return {
        /** @param {Media | undefined} next what was said of the same file stays */
        load(next) {
            if (media === next) return;
            media = next;
            root.open = false;
            const info = media?.info;
            source = info?.tags ?? {};
            tags.load(Object.entries(source).map(([key, value]) => ({ key, value, us: null })));
            chapters.load((info?.chapters ?? []).map((chapter) => chapterAt(chapter.start_us - (info?.origin_us ?? 0), chapter.title ?? '')));
            asTheyWere = JSON.stringify(written());
            changed();
        },
        /** @returns {{tags: Record<string, string | null>, chapters: ChapterRequest[] | null}} what was changed */
        get request() {
            const now = Object.fromEntries(tags.pairs.filter(({ key }) => key).map(({ key, value }) => [key, value]));
            const gone = Object.keys(source).filter((key) => !Object.hasOwn(now, key));
            const changed = Object.entries(now).filter(([key, value]) => source[key] !== value);
            return {
                tags: Object.fromEntries([...changed, ...gone.map((key) => /** @type {[string, null]} */ ([key, null]))]),
                chapters: JSON.stringify(written()) === asTheyWere ? null : written(),
            };
        },
    };
}

/** @param {number} us @param {string} title @returns {Omit<Pair, 'id'>} */
function chapterAt(us, title) {
    return { key: clock(us), value: title, us };
}
