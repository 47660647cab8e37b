/** The element's shadow tree. Words stand beside it: an element with `data-word` shows that one, `data-label` is named by it. */

import { h, icon } from './build.js';
import css from './style.css' with { type: 'text' };

/** @typedef {ReturnType<typeof buildView>} View */

/** @type {CSSStyleSheet | null} */
let sheet = null;

/**
 * @param {string} word
 * @param {string} part
 * @param {Parameters<typeof icon>[0]} [picture]
 */
function button(word, part, picture) {
    const text = h('span', { 'data-word': word });
    return h('button', { type: 'button', part: `button ${part}`, class: `button ${part}` }, ...(picture ? [icon(picture)] : []), text);
}

/** @param {string} name @param {string} word @param {string} placeholder */
function timeField(name, word, placeholder) {
    const input = h('input', {
        id: name, type: 'text', part: 'input', autocomplete: 'off', spellcheck: 'false', 'data-placeholder': placeholder, 'aria-describedby': `${name}-note`,
    });
    const label = h('label', { for: name, 'data-word': word });
    return h('div', { class: 'field', part: 'field' }, label, input, h('p', { class: 'field__note', id: `${name}-note`, 'aria-live': 'polite' }));
}

/** @param {string} label @param {string} name */
function handle(label, name) {
    return h('div', { class: `handle ${name}`, part: `handle ${name}`, role: 'slider', tabindex: '0', 'data-label': label, 'aria-orientation': 'horizontal' });
}

/** The tree, and everything in it that changes. */
export function buildView() {
    const picker = h('input', { type: 'file', hidden: true, 'data-label': 'choose' });
    const choose = button('choose', 'choose', 'file');
    const drop = h('div', { class: 'drop', part: 'drop' },
        h('slot', { name: 'drop' }, h('p', { class: 'drop__text', 'data-word': 'drop' })), choose);

    const name = h('p', { class: 'file__name' });
    const facts = h('p', { class: 'file__facts' });
    const other = button('other', 'other');
    const file = h('div', { class: 'file', part: 'file' }, h('div', { class: 'file__text' }, name, facts), other);

    const video = h('video', { part: 'video', playsinline: true, preload: 'auto', tabindex: '-1' });
    const cover = h('p', { class: 'cover' });
    const preview = h('div', { class: 'preview', part: 'preview' }, video, cover);

    const points = { in: handle('inPoint', 'in'), out: handle('outPoint', 'out'), now: handle('playhead', 'playhead') };
    const track = h('div', { class: 'track', part: 'range' }, h('div', { class: 'kept', part: 'kept' }), points.in, points.out, points.now);
    const rail = h('div', { class: 'rail', role: 'group', 'data-label': 'keep' }, track);

    const playIcon = icon('play');
    const play = h('button', { type: 'button', part: 'button play', class: 'button play', 'data-label': 'play' }, playIcon);
    const clock = h('span', { class: 'clock' });
    const setIn = button('setIn', 'set-in');
    const setOut = button('setOut', 'set-out');
    const transport = h('div', { class: 'row' }, play, clock, h('span', { class: 'gap' }), setIn, setOut);

    const start = timeField('in', 'in', 'start');
    const end = timeField('out', 'out', 'end');
    const modes = ['auto', 'lossless', 'smart', 'exact'].map((value) => h('option', { value, 'data-word': value }));
    const mode = h('select', { id: 'mode', part: 'input mode' }, ...modes);
    const fields = h('div', { class: 'fields' }, start, end, h('div', { class: 'field', part: 'field' }, h('label', { for: 'mode', 'data-word': 'mode' }), mode));

    const clip = button('clip', 'clip', 'cut');
    const actions = h('div', { class: 'row actions', part: 'actions' }, clip, h('slot', { name: 'actions' }));

    const bar = h('progress', { part: 'bar', max: '100', value: '0', 'data-label': 'making' });
    const percent = h('span', { class: 'percent' });
    const left = h('span', { class: 'left' });
    const cancel = button('cancel', 'cancel');
    const progress = h('div', { class: 'panel', part: 'progress' }, bar, h('div', { class: 'row' }, percent, left, h('span', { class: 'gap' }), cancel));

    const save = button('save', 'save', 'save');
    const again = button('again', 'again');
    const made = h('p', { class: 'made' });
    const result = h('div', { class: 'panel', part: 'result' },
        h('p', { class: 'done' }, icon('check'), h('span', { 'data-word': 'done' })), made, h('div', { class: 'row' }, save, again));

    const editor = h('div', { class: 'editor', part: 'editor' }, file, preview, rail, transport, fields, actions, progress, result);
    // Python's sentences are English whatever the element speaks.
    const message = h('div', { class: 'message', part: 'message', role: 'alert', lang: 'en' });
    const status = h('p', { class: 'status', part: 'status' });
    const live = h('div', { class: 'live', role: 'status', 'aria-live': 'polite' });
    const root = h('section', { class: 'root', part: 'root', 'data-label': 'clipper', 'data-state': 'empty' },
        h('slot', { name: 'heading' }), drop, editor, status, message, picker, live);

    return {
        root, picker, choose, name, facts, other, video, cover, preview, points, track, play, playIcon, clock, setIn, setOut, start, end, mode,
        clip, bar, percent, left, cancel, save, again, made, message, status, live,
    };
}

/** @param {ShadowRoot} shadow @param {View} view */
export function mount(shadow, view) {
    if (!sheet) (sheet = new CSSStyleSheet()).replaceSync(css);
    shadow.adoptedStyleSheets = [sheet];
    shadow.append(view.root);
}

/**
 * Write everything that has words in a language.
 * @param {HTMLElement} root
 * @param {{language: string, words: Record<string, string>}} spoken
 */
export function speak(root, { language, words }) {
    root.lang = language;
    root.setAttribute('aria-label', words[String(root.dataset.label)]);
    for (const element of root.querySelectorAll('[data-word]')) element.textContent = words[String(element.getAttribute('data-word'))];
    for (const [given, written] of [['data-label', 'aria-label'], ['data-placeholder', 'placeholder']]) {
        for (const element of root.querySelectorAll(`[${given}]`)) element.setAttribute(written, words[String(element.getAttribute(given))]);
    }
}
