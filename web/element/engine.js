/** One Python for all clippers of a page: it is started with the first and ended after the last. */

import { cancelled, ClipwrightError } from '../../wasm-shims/rpc.js';
import { Clipwright } from '../clipwright.js';

/**
 * @import {Media, Ready} from '../protocol.gen.js'
 * @typedef {{app: Clipwright, users: number, last: Promise<unknown>}} Shared
 */

/** An element that is moved leaves the page for a moment. */
const LINGER_MS = 1000;

/** @type {Shared | null} */
let shared = null;

/** One clipper's share in it. */
export class Share {
    /** @type {Shared | null} */
    #held = null;

    get isHeld() {
        return this.#held !== null;
    }

    /** What does the work. */
    get app() {
        return this.#kept.app;
    }

    /** Have it, and start it if nobody else has. @returns {Promise<Ready>} */
    async take() {
        if (!this.#held) {
            this.#held = shared ??= start();
            this.#held.users += 1;
        }
        return this.app.ready;
    }

    giveBack() {
        const held = this.#held;
        this.#held = null;
        if (!held) return;
        held.users -= 1;
        setTimeout(() => {
            if (held.users > 0) return;
            if (shared === held) shared = null;
            void held.app.close();
        }, LINGER_MS);
    }

    /**
     * Engines make one clip at a time: wait until the other clippers' are made.
     * @template T
     * @param {(app: Clipwright) => Promise<T>} act
     * @param {AbortSignal} signal
     * @returns {Promise<T>}
     */
    async turn(act, signal) {
        const kept = this.#kept;
        const before = kept.last;
        /** @type {() => void} */
        let done = () => {};
        kept.last = new Promise((resolve) => (done = () => resolve(undefined)));
        try {
            await Promise.race([before, untilAborted(signal)]);
            return await act(kept.app);
        } finally {
            void before.then(done);
        }
    }

    get #kept() {
        if (!this.#held) throw new ClipwrightError('bad_request', 'The element is in no page.', { hint: 'Append it to a page first.' });
        return this.#held;
    }
}

/** @param {Clipwright} app @param {Media} media */
export function release(app, media) {
    // A file that cannot be released is already gone, with the worker that held it.
    app.release(media).catch(() => {});
}

/** @returns {Shared} */
function start() {
    const started = { app: Clipwright.launch(), users: 0, last: Promise.resolve() };
    started.app.ready.catch(() => {
        if (shared === started) shared = null;
    });
    return started;
}

/** @param {AbortSignal} signal @returns {Promise<never>} */
function untilAborted(signal) {
    return new Promise((_, reject) => {
        if (signal.aborted) reject(cancelled());
        signal.addEventListener('abort', () => reject(cancelled()), { once: true });
    });
}
