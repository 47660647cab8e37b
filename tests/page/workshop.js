/** Asks the media worker directly, for what no message of the public API shows. */

const worker = new Worker('/media.worker.js', { type: 'module' });
/** @type {Map<number, (reply: any) => void>} */
const waiting = new Map();
let last = 0;
worker.addEventListener('message', ({ data }) => {
    if (!('ok' in data)) return;
    waiting.get(data.id)?.(data);
    waiting.delete(data.id);
});

/** The chosen file wherever an argument names it as `{"$file": name}`. @param {any} value */
function filled(value) {
    if (value === null || typeof value !== 'object') return value;
    if (Array.isArray(value)) return value.map(filled);
    if ('$file' in value) return [...document.querySelector('#files').files].find(({ name }) => name === value.$file);
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, filled(inner)]));
}

/** What the worker's prelude counted, see tests/workshop.py. */
let read = 0;
new BroadcastChannel('read').addEventListener('message', ({ data }) => (read += data));

globalThis.workshop = {
    /**
     * @param {string} op
     * @param {any} args
     * @param {string | null} keep address to PUT the `file` of the answer to
     */
    async ask(op, args, keep) {
        read = 0;
        const id = ++last;
        const { promise, resolve } = Promise.withResolvers();
        waiting.set(id, resolve);
        worker.postMessage({ id, op, args: filled(args) });
        const { value, ...reply } = await promise;
        if (keep && value?.file) await fetch(keep, { method: 'PUT', body: value.file });
        const { file, ...plain } = value ?? {};
        await new Promise((settled) => setTimeout(settled, 20));
        return { ...reply, value: plain, read };
    },

    /** @param {string} op @param {any} args @param {number} afterMs */
    async cancel(op, args, afterMs) {
        const id = ++last;
        const { promise, resolve } = Promise.withResolvers();
        waiting.set(id, resolve);
        worker.postMessage({ id, op, args: filled(args) });
        await new Promise((settled) => setTimeout(settled, afterMs));
        const asked = performance.now();
        worker.postMessage({ id, cancel: true });
        const reply = await promise;
        return { ok: reply.ok, error: reply.error, took: performance.now() - asked };
    },
};
