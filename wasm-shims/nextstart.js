/** A snapshot of Python's memory, so that the next start is quicker. */

import { spawn } from './spawn.js';
import { workerOf } from './workers.js';

/** @import {Booted} from './python.js' */

/**
 * @param {Booted} python
 * @param {URL} base
 * @param {any} known what the next start shall know, too
 */
export function prepareNextStart({ modules }, base, known) {
    if (!navigator.storage?.getDirectory) return;
    const worker = spawn(workerOf('snapshot.worker.js', base), 'clipwright snapshot');
    // Whether it worked shows at the next start.
    worker.addEventListener('message', () => worker.terminate());
    worker.addEventListener('error', (event) => {
        event.preventDefault();
        worker.terminate();
    });
    worker.postMessage({ base: base.href, modules: modules(), known });
}
