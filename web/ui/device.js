/** The dialog about this device: whether the site works offline, optional packs, what is stored, and clearing all of it. */

import { toWire } from '../../wasm-shims/rpc.js';
import { clearEverything, stored } from '../storage.js';
import { find } from './dom.js';
import { packRows } from './packrows.js';
import { bytes } from './words.js';

/** @import {Kept} from '../offline.js' */

const OFFLINE = {
    none: 'This browser cannot keep Clipwright here, so it needs a network to open. Private windows and plain http addresses are the usual reasons.',
    preparing: 'Getting ready: once everything is here, Clipwright opens and works without a network.',
    ready: 'Ready. Clipwright opens and works without a network.',
    failed: 'Not all of Clipwright could be stored. It is tried again when the page is next opened.',
};

/**
 * @param {HTMLDialogElement} dialog
 * @param {object} events
 * @param {() => void} events.onInstalled a pack is kept from now on
 * @param {(work: () => Promise<void>) => Promise<boolean>} events.onClear end everything and do the work; false while a clip is made
 */
export function deviceDialog(dialog, { onInstalled, onClear }) {
    const offline = find(dialog, '#device-offline', HTMLElement);
    const storage = find(dialog, '#device-storage', HTMLElement);
    const status = find(dialog, '#device-status', HTMLElement);
    const clear = find(dialog, '#clear', HTMLButtonElement);
    const sure = find(dialog, '#clear-sure', HTMLElement);
    const packs = packRows(find(dialog, '#packs', HTMLElement), (isInstalled) => {
        if (isInstalled) onInstalled();
        void refresh();
    });
    const afresh = find(dialog, '#afresh', HTMLButtonElement);
    /** Nothing works any more until the page is loaded anew. */
    let ended = false;

    async function refresh() {
        const now = await stored();
        storage.textContent = now
            ? `${bytes(now.bytes)} on this device. ${now.kept ? 'The browser keeps it until you remove it.' : 'The browser may remove it when space runs short; it is fetched again then.'}`
            : 'This browser does not say how much is stored.';
    }

    async function clearAll() {
        for (const button of sure.querySelectorAll('button')) button.disabled = true;
        let cleared = false;
        try {
            cleared = ended = await onClear(clearEverything);
            status.textContent = cleared
                ? 'Everything is removed from this browser.'
                : 'A clip is being made, here or in another tab. Wait until it is ready, or cancel it.';
        } catch (error) {
            ended = true;
            status.textContent = `Not everything could be removed: ${toWire(error).message} Close other tabs with Clipwright and try again.`;
        }
        for (const button of sure.querySelectorAll('button')) button.disabled = false;
        if (ended && !dialog.open) return location.reload();
        ask(false);
        clear.hidden = cleared;
        afresh.hidden = !cleared;
        find(dialog, '.device__kept', HTMLElement).hidden = ended;
        status.focus();
    }

    /** @param {boolean} asking */
    function ask(asking) {
        sure.hidden = !asking;
        clear.hidden = asking;
    }

    clear.addEventListener('click', () => {
        status.textContent = '';
        ask(true);
        find(sure, '#clear-no', HTMLButtonElement).focus();
    });
    find(sure, '#clear-no', HTMLButtonElement).addEventListener('click', () => {
        ask(false);
        clear.focus();
    });
    find(sure, '#clear-yes', HTMLButtonElement).addEventListener('click', () => void clearAll());
    afresh.addEventListener('click', () => dialog.close());
    find(dialog, '[data-close]', HTMLButtonElement).addEventListener('click', () => dialog.close());
    dialog.addEventListener('click', (event) => {
        // As in every dialog: a click on the backdrop hits the dialog itself.
        if (event.target === dialog) dialog.close();
    });
    dialog.addEventListener('close', () => {
        ask(false);
        if (ended) location.reload();
    });

    return {
        open() {
            status.textContent = '';
            dialog.showModal();
            void refresh();
            const part = find(dialog, '#packs-part', HTMLElement);
            packs.refresh().then(
                () => (part.hidden = false),
                // This browser keeps nothing.
                () => (part.hidden = true),
            );
        },
        /** @param {Kept} state */
        showKept(state) {
            offline.textContent = OFFLINE[state];
            offline.dataset.state = state;
        },
    };
}
