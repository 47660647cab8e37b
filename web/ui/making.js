/** Exports from the moment they are asked for: what is not there yet is waited for, and every end is shown. */

import { cancelled, toWire } from '../../wasm-shims/rpc.js';
import { showPanel } from './screens.js';
import { make, release } from './work.js';

/**
 * @import {Clipwright} from '../clipwright.js'
 * @import {Media} from '../protocol.gen.js'
 * @import {WireError} from '../../wasm-shims/rpc.js'
 * @import {Jobs} from './jobs.js'
 * @import {Order} from './order.js'
 * @import {Stage} from './stage.js'
 * @typedef {object} Session one open file
 * @property {File} file
 * @property {AbortController} opening
 * @property {Promise<unknown>} opened resolves once it is read, or cannot be
 * @property {Media | null} media what it was read to be
 * @typedef {object} Options
 * @property {Clipwright} app
 * @property {Jobs} jobs
 * @property {() => Session | null} session
 * @property {Stage} stage
 * @property {ReturnType<typeof import('./planning.js').planning>} planner
 * @property {ReturnType<typeof import('./settings.js').settings>} settings
 * @property {ReturnType<typeof import('./progress.js').progressView>} progress
 * @property {ReturnType<typeof import('./result.js').resultView>} result
 * @property {ReturnType<typeof import('./failure.js').failureCard>} failure
 * @property {(text: string) => void} say
 * @property {() => void} onBack the settings are shown again
 * @property {() => void} onMade a result is shown
 */

/** @param {Options} options */
export function making({ app, jobs, session, stage, planner, settings, progress, result, failure, say, onBack, onMade }) {
    const { marks } = stage;

    /** @param {Session} mine @param {AbortSignal} signal @param {() => Order} order @param {string} name */
    async function work(mine, signal, order, name) {
        failure.clear();
        if (!mine.media) await opened(mine, signal);
        if (mine !== session()) return;
        if (signal.aborted) return failed(mine, cancelled());
        await marks.settle();
        if (mine !== session()) return;
        if (marks.unreadable) {
            showPanel('settings');
            return marks.unreadable.focus();
        }
        planner.drop();
        stage.rest();
        begin(name);
        try {
            const wanted = order();
            const made = await make(app, wanted, { signal, onProgress: progress.show });
            if (mine !== session()) return release(made);
            showPanel('result');
            await result.show(made, wanted.media);
            onMade();
        } catch (error) {
            if (mine === session()) failed(mine, toWire(error));
        }
    }

    /** Wait for a file that is still being read, shown as an export that runs. @param {Session} mine @param {AbortSignal} signal */
    async function opened(mine, signal) {
        begin(mine.file.name);
        await Promise.race([mine.opened, new Promise((stop) => signal.addEventListener('abort', stop))]);
    }

    /** @param {string} name */
    function begin(name) {
        showPanel('progress');
        progress.start(name);
    }

    /** @param {Session} mine @param {WireError} wire */
    function failed(mine, wire) {
        const wasStopped = wire.code === 'cancelled';
        back(wasStopped ? 'Cancelled. Nothing was written.' : '');
        if (wasStopped) return say('Cancelled');
        const field = planner.atField(wire);
        if (field) field.focus();
        else failure.show(`No clip was made from “${mine.file.name}”`, wire);
    }

    /** Show the settings again. @param {string} status what became of the last export */
    function back(status) {
        result.clear();
        showPanel('settings');
        settings.say(status);
        onBack();
    }

    return {
        back,
        /**
         * Export, after the export that runs; nothing happens while no file is open.
         * @param {() => Order} order what to make, asked for once everything is read
         * @param {string} name what it will be called
         */
        run(order, name) {
            const mine = session();
            if (mine) jobs.run((signal) => work(mine, signal, order, name));
        },
    };
}
