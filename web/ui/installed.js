/** Clipwright as something that stays on a device: kept offline, updated, opened with files, cleared away. */

import { toWire } from '../../wasm-shims/rpc.js';
import { alone, idle, keepOffline } from '../offline.js';
import { askToKeep } from '../storage.js';
import { arrivals } from './arrivals.js';
import { deviceDialog } from './device.js';
import { find } from './dom.js';
import { updateBar } from './update.js';

/**
 * @import {Clipwright} from '../clipwright.js'
 * @import {WireError} from '../../wasm-shims/rpc.js'
 */

/** Keeping the site costs the network and the disk; what the person came for goes first. */
const CALM_MS = 1000;

/**
 * @param {object} page
 * @param {Clipwright} page.app
 * @param {() => boolean} page.isOpen whether a reload would cost somebody their work
 * @param {(file: File, more: File[]) => void} page.onFiles
 * @param {() => void} page.onSample
 * @param {(title: string, wire: WireError) => void} page.fail
 * @param {(text: string) => void} page.say
 */
export function installed({ app, isOpen, onFiles, onSample, fail, say }) {
    const bar = updateBar(find(document, '#update', HTMLElement), { onUpdate: () => offline.update(), idle, isOpen, say });
    const device = deviceDialog(find(document, '#device', HTMLDialogElement), {
        onInstalled: () => void askToKeep(),
        onClear: (work) =>
            alone(async () => {
                // What is removed is not to be kept again a moment later.
                clearTimeout(registering);
                await app.close();
                await work();
            }),
    });
    const offline = keepOffline({
        onKept: device.showKept,
        onUpdate: bar.offer,
        onReplaced: () => (isOpen() ? bar.outdated() : location.reload()),
    });
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let registering;
    const register = () => (registering = setTimeout(() => void offline.register(), CALM_MS));
    app.ready.then(register, register);
    void arrivals({ onFiles, onSample, onLost: (error) => fail('The file did not arrive', toWire(error)) });

    return {
        showDevice: device.open,
        /** Somebody has got something out of it. */
        made: () => void askToKeep(),
    };
}
