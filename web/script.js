/**
 * `<clip-script>`: Python on the page, with an editor, examples, a file picker, output and results.
 *
 *     <link rel="stylesheet" href="clipwright/script.css">
 *     <script type="module" src="clipwright/script.js"></script>
 *     <clip-script src="my.py"></clip-script>
 *
 * `src` is a script to begin with. `ended` is fired when a script has ended, with `{code, error}` as its detail.
 */

import { createEditor } from './script/editor.js';
import { createRunner } from './script/runner.js';

const BASE = new URL('./', import.meta.url);
const EXAMPLES = { clip: 'Cut one clip', batch: 'Cut into parts', join: 'Leave out and join' };

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, any>} [properties]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
function make(tag, properties = {}, ...children) {
    const { part, ...rest } = properties;
    const element = Object.assign(document.createElement(tag), rest);
    if (part) element.setAttribute('part', part);
    element.append(...children);
    return element;
}

class ClipScript extends HTMLElement {
    #runner = createRunner(BASE);
    #files = make('input', { type: 'file', multiple: true, ariaLabel: 'Files' });
    #examples = make('select', { ariaLabel: 'Examples', disabled: true });
    #run = make('button', { type: 'button', textContent: 'Run', disabled: true });
    #stop = make('button', { type: 'button', textContent: 'Stop', disabled: true });
    #progress = make('progress', { max: 1, value: 0, hidden: true, ariaLabel: 'Progress' });
    #output = make('pre', { part: 'output', ariaLive: 'polite', role: 'log', tabIndex: 0, ariaLabel: 'Output' });
    #results = make('ul', { part: 'results', ariaLabel: 'Results' });
    /** @type {string[]} addresses of the results that are shown */
    #urls = [];
    /** Counts scripts, so that what a stopped one still says is not heard. */
    #turn = 0;

    async connectedCallback() {
        if (this.firstElementChild) return;
        const editor = make('div', { part: 'editor' });
        const names = Object.entries(EXAMPLES).map(([value, textContent]) => make('option', { value, textContent }));
        this.#examples.append(make('option', { value: '', textContent: 'Examples …' }), ...names);
        const bar = make('div', { part: 'bar' }, this.#files, this.#examples, this.#run, this.#stop, this.#progress);
        this.append(bar, editor, this.#output, this.#results);
        const first = this.getAttribute('src');
        const text = await fetchText(first ? new URL(first, document.baseURI) : exampleAt('clip'));
        const { get, set } = await createEditor(editor, BASE, text);
        this.#examples.addEventListener('change', async () => this.#examples.value && set(await fetchText(exampleAt(this.#examples.value))));
        this.#run.addEventListener('click', () => this.#start(get()));
        this.#stop.addEventListener('click', () => this.#halt());
        this.#examples.disabled = false;
        this.#run.disabled = false;
    }

    disconnectedCallback() {
        this.#runner.stop();
        this.#forget();
    }

    /** @param {string} code */
    async #start(code) {
        const turn = ++this.#turn;
        this.#output.replaceChildren();
        this.#forget();
        this.#busy(true);
        const mine = (/** @type {(...values: any[]) => void} */ act) => (/** @type {any[]} */ ...values) => turn === this.#turn && act(...values);
        const listener = {
            write: mine((kind, text) => this.#write(kind, text)),
            progress: mine((done) => (this.#progress.value = done)),
            saved: mine((name, file) => this.#show(name, file)),
        };
        const ended = await this.#runner.run(code, [...(this.#files.files ?? [])], listener).catch(broken);
        if (turn === this.#turn) this.#end(ended);
    }

    #halt() {
        this.#turn++;
        this.#runner.stop();
        this.#end({ code: 130, error: { code: 'cancelled', message: 'Stopped. What was saved before stays.', hint: '', detail: '' } });
    }

    /** @param {import('./script/runner.js').Ended} ended */
    #end(ended) {
        const { error } = ended;
        if (error) this.#write('err', [error.message, error.hint, error.detail].filter(Boolean).join('\n  ') + '\n');
        this.#busy(false);
        this.dispatchEvent(new CustomEvent('ended', { detail: ended }));
    }

    /** @param {boolean} isBusy */
    #busy(isBusy) {
        this.#run.disabled = isBusy;
        this.#stop.disabled = !isBusy;
        this.#progress.hidden = !isBusy;
        this.#progress.value = 0;
        this.ariaBusy = String(isBusy);
    }

    /** @param {string} kind @param {string} text */
    #write(kind, text) {
        this.#output.append(make('span', { className: kind, textContent: text }));
        this.#output.scrollTop = this.#output.scrollHeight;
    }

    /** @param {string} name @param {Blob} file */
    #show(name, file) {
        const href = URL.createObjectURL(file);
        this.#urls.push(href);
        this.#results.append(make('li', {}, make('a', { href, download: name, textContent: name })));
    }

    #forget() {
        this.#urls.splice(0).forEach((url) => URL.revokeObjectURL(url));
        this.#results.replaceChildren();
    }
}

/** @param {string} name */
function exampleAt(name) {
    return new URL(`examples/scripts/${name}.py`, BASE);
}

/** @param {URL} address */
async function fetchText(address) {
    return (await fetch(address)).text();
}

/** @param {unknown} error @returns {import('./script/runner.js').Ended} */
function broken(error) {
    return { code: 1, error: { code: 'internal', message: 'Python could not start.', hint: 'Run it again, or reload the page.', detail: String(error) } };
}

customElements.define('clip-script', ClipScript);
