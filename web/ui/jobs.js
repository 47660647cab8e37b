/** Exports, one at a time: the next begins when the last has ended, also one that is still being stopped. */

export class Jobs {
    /** @type {AbortController | null} */
    #running = null;
    #ended = Promise.resolve();

    get isRunning() {
        return this.#running !== null;
    }

    /** @param {(signal: AbortSignal) => Promise<void>} work never rejects */
    run(work) {
        if (this.#running) return;
        const mine = (this.#running = new AbortController());
        this.#ended = this.#ended.then(() => work(mine.signal)).finally(() => {
            if (this.#running === mine) this.#running = null;
        });
    }

    cancel() {
        this.#running?.abort();
    }

    /** Stop, and let another be asked for at once. */
    drop() {
        this.cancel();
        this.#running = null;
    }
}
