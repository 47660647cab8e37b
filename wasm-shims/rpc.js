/**
 * One protocol for every hop: page <-> app worker and app worker <-> engine workers.
 *
 *     request  {id, op, args}
 *     event    {id, event, value}    progress {done: 0..1, stage, eta_s}; zero or more, before the reply
 *     reply    {id, ok: true, value, timings}  |  {id, ok: false, error: {code, message, hint, detail, path}, timings}
 *     cancel   {id, cancel: true}
 *
 * Exactly one reply follows each request, after all its events, also when it is cancelled and also when the
 * worker dies. Messages without an id are unsolicited events (`ready`). Any MessagePort or Worker is a port.
 *
 * @typedef {{code: string, message: string, hint: string, detail: string, path: string}} WireError
 * @typedef {{done: number, stage: string, eta_s: number | null}} Progress
 * @typedef {{id: number, signal: AbortSignal, emit: (event: string, value: any) => void, timings: Record<string, number>}} Call
 *   `timings`, in milliseconds, go with the reply
 * @typedef {(args: any, call: Call) => any} Handler
 * @typedef {Pick<MessagePort, 'postMessage' | 'addEventListener' | 'removeEventListener'> & {start?: () => void}} Port
 */

const PROGRESS_INTERVAL_MS = 100;

/** An error whose code both sides know; `toWire` and `fromWire` carry it over a port unharmed. */
export class ClipwrightError extends Error {
    /**
     * @param {string} code one of ERROR_CODES in web/protocol.gen.js
     * @param {string} message a sentence for a person
     * @param {{hint?: string, detail?: string, path?: string, cause?: unknown}} [more]
     */
    constructor(code, message, { hint = '', detail = '', path = '', cause } = {}) {
        super(message, { cause });
        this.name = code === 'cancelled' ? 'AbortError' : 'ClipwrightError';
        this.code = code;
        this.hint = hint;
        this.detail = detail;
        this.path = path;
    }
}

/** DOMException names whose meaning is the same wherever they are thrown. */
const FOREIGN = new Map([
    ['AbortError', ['cancelled', 'Stopped on request.', '']],
    ['QuotaExceededError', ['resource', 'There is not enough space left for the result.', 'Free some disk space or make a shorter clip.']],
    ['NotReadableError', ['media', 'The file can no longer be read: it was moved, deleted or changed.', 'Open the file again.']],
    ['NotFoundError', ['media', 'The file can no longer be found.', 'Open the file again.']],
    ['DataCloneError', ['bad_request', 'A message held something that cannot be sent.', '']],
]);

/**
 * Any thrown thing as an error that can cross a port. This is the one place where JavaScript's errors are translated.
 * @param {any} error
 * @returns {WireError}
 */
export function toWire(error) {
    if (error instanceof ClipwrightError) {
        const { code, message, hint, detail, path } = error;
        return { code, message, hint, detail, path };
    }
    const detail = error?.stack ?? String(error);
    const known = FOREIGN.get(error?.name);
    if (known) return { code: known[0], message: known[1], hint: known[2], detail, path: '' };
    if (error instanceof RangeError && /allocation|memory/i.test(error.message)) {
        return { code: 'resource', message: 'The browser ran out of memory.', hint: 'Close other tabs or make a shorter clip.', detail, path: '' };
    }
    return { code: 'internal', message: 'Something unexpected went wrong.', hint: 'Please report it with the details.', detail, path: '' };
}

/** @param {WireError} wire */
export function fromWire(wire) {
    return new ClipwrightError(wire.code, wire.message, wire);
}

/** What a cancelled request is answered with. */
export function cancelled() {
    return new ClipwrightError('cancelled', 'Stopped on request.');
}

/**
 * Lets progress through at most ten times a second and never downwards; the last step to 1 always passes.
 * @param {(value: Progress) => void} send
 * @returns {(value: Progress) => void}
 */
export function throttled(send) {
    let highest = -1;
    let last = -Infinity;
    return (value) => {
        const now = performance.now();
        const rises = value.done > highest;
        if (!rises || (value.done < 1 && now - last < PROGRESS_INTERVAL_MS)) return;
        highest = value.done;
        last = now;
        send(value);
    };
}

/**
 * Answer requests that arrive on `port`. A handler gets `(args, {id, signal, emit, timings})`; its result (or its promise's) is
 * the reply.
 * @param {Port} port
 * @param {Record<string, Handler>} handlers
 */
export function serve(port, handlers) {
    /** @type {Map<number, AbortController>} */
    const running = new Map();

    /** @param {{id: number, op: string, args: any}} request */
    async function answer({ id, op, args }) {
        const controller = new AbortController();
        const started = performance.now();
        /** @type {Record<string, number>} */
        const spent = {};
        const timings = () => ({ ...spent, total: performance.now() - started });
        const emit = (/** @type {string} */ event, /** @type {any} */ value) => port.postMessage({ id, event, value });
        const progress = throttled((value) => emit('progress', value));
        running.set(id, controller);
        try {
            if (!Object.hasOwn(handlers, op)) throw new ClipwrightError('bad_request', `There is no operation called “${op}”.`);
            const value = await handlers[op](args ?? {}, {
                id,
                signal: controller.signal,
                emit: (event, value) => (event === 'progress' ? progress(value) : emit(event, value)),
                timings: spent,
            });
            port.postMessage({ id, ok: true, value, timings: timings() });
        } catch (error) {
            port.postMessage({ id, ok: false, error: toWire(controller.signal.aborted ? cancelled() : error), timings: timings() });
        } finally {
            running.delete(id);
        }
    }

    port.addEventListener('message', (/** @type {any} */ { data }) => {
        if (!Number.isSafeInteger(data?.id)) return;
        if (data.cancel === true) running.get(data.id)?.abort(cancelled());
        else if (typeof data.op === 'string') void answer(data);
        else port.postMessage({ id: data.id, ok: false, error: toWire(new ClipwrightError('bad_request', 'A request needs an operation.')) });
    });
    port.start?.();
}

/**
 * Ask the other end of `port`.
 * @param {Port} port
 * @param {{onEvent?: (event: string, value: any) => void, onActivity?: () => void}} [options] `onEvent` hears unsolicited
 *   events, `onActivity` every sign of life
 */
export function connect(port, { onEvent, onActivity } = {}) {
    /** @type {Map<number, {resolve: (value: any) => void, reject: (error: any) => void, onProgress?: (value: Progress) => void, onMade?: (value: any) => void}>} */
    const pending = new Map();
    let next = 1;
    /** @type {ClipwrightError | null} */
    let dead = null;

    /** @param {any} event */
    function receive({ data }) {
        onActivity?.();
        if (data?.id === undefined) {
            if (typeof data?.event === 'string') onEvent?.(data.event, data.value);
            return;
        }
        const call = pending.get(data.id);
        if (!call) return;
        if (data.event === 'progress') call.onProgress?.(data.value);
        if (data.event === 'made') call.onMade?.(data.value);
        if (data.ok === undefined) return;
        pending.delete(data.id);
        if (data.ok) call.resolve(data.value);
        else call.reject(fromWire(data.error));
    }
    port.addEventListener('message', receive);
    port.start?.();

    return {
        /**
         * @param {string} op
         * @param {any} [args]
         * @param {{signal?: AbortSignal, onProgress?: (value: Progress) => void, onMade?: (value: any) => void}} [options]
         * @returns {Promise<any>} the reply's value; rejects with a ClipwrightError
         */
        request(op, args = {}, { signal, onProgress, onMade } = {}) {
            if (dead) return Promise.reject(dead);
            if (signal?.aborted) return Promise.reject(cancelled());
            const id = next++;
            const cancel = () => port.postMessage({ id, cancel: true });
            return new Promise((resolve, reject) => {
                pending.set(id, { resolve, reject, onProgress, onMade });
                signal?.addEventListener('abort', cancel);
                try {
                    port.postMessage({ id, op, args });
                } catch (error) {
                    pending.delete(id);
                    reject(fromWire(toWire(error)));
                }
            }).finally(() => signal?.removeEventListener('abort', cancel));
        },
        /** How many requests wait for their reply. */
        get pending() {
            return pending.size;
        },
        /**
         * The other end is gone: answer everything that waits, and all that comes, with `error`.
         * @param {ClipwrightError} error
         */
        fail(error) {
            dead ??= error;
            port.removeEventListener('message', receive);
            for (const call of pending.values()) call.reject(error);
            pending.clear();
        },
    };
}
