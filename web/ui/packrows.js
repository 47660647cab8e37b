/** The list of optional packs: what each is for, its size, whether it is installed; installing and removing it. */

import { toWire } from '../../wasm-shims/rpc.js';
import { installPack, isInstalled, listPacks, removePack, sizeOf } from '../packs.js';
import { find, fromTemplate } from './dom.js';
import { bytes } from './words.js';

/** @import {Pack} from '../packs.js' */

/**
 * @param {HTMLElement} list
 * @param {(isInstalled: boolean) => void} onChange a pack was installed or removed
 */
export function packRows(list, onChange) {
    /** @type {Map<string, AbortController>} packs that are being installed */
    const installing = new Map();

    /** @param {Pack} pack */
    function make(pack) {
        const row = fromTemplate('template-pack');
        const action = find(row, '.pack__action', HTMLButtonElement);
        row.dataset.pack = pack.name;
        find(row, '.pack__title', HTMLElement).textContent = `${pack.title}, ${bytes(sizeOf(pack))}`;
        find(row, '.pack__text', HTMLElement).textContent = pack.text;
        find(row, '.pack__bar', HTMLProgressElement).setAttribute('aria-label', `Fetching ${pack.title}`);
        action.addEventListener('click', () => void act(row, pack));
        return row;
    }

    /** @param {HTMLElement} row @param {Pack} pack @param {'absent' | 'busy' | 'installed'} state @param {string} [status] */
    function show(row, pack, state, status = '') {
        const action = find(row, '.pack__action', HTMLButtonElement);
        const [word, says] = { absent: ['Install', ''], busy: ['Cancel', 'Fetching…'], installed: ['Remove', 'On this device.'] }[state];
        row.dataset.state = state;
        find(row, '.pack__bar', HTMLProgressElement).hidden = state !== 'busy';
        find(row, '.pack__status', HTMLElement).textContent = status || says;
        action.textContent = word;
        action.setAttribute('aria-label', `${word} ${pack.title}`);
    }

    /** @param {HTMLElement} row @param {Pack} pack */
    async function act(row, pack) {
        const running = installing.get(pack.name);
        if (running) return running.abort();
        let status = '';
        if (await isInstalled(pack)) await removePack(pack);
        else status = await install(row, pack);
        const isThere = await isInstalled(pack);
        show(row, pack, isThere ? 'installed' : 'absent', status);
        onChange(isThere);
    }

    /** @param {HTMLElement} row @param {Pack} pack @returns {Promise<string>} what went wrong */
    async function install(row, pack) {
        const controller = new AbortController();
        const bar = find(row, '.pack__bar', HTMLProgressElement);
        bar.value = 0;
        installing.set(pack.name, controller);
        show(row, pack, 'busy');
        try {
            await installPack(pack, { onProgress: (done) => (bar.value = done), signal: controller.signal });
            return '';
        } catch (error) {
            const { code, message, hint } = toWire(error);
            return code === 'cancelled' ? 'Cancelled.' : `${message} ${hint}`;
        } finally {
            installing.delete(pack.name);
        }
    }

    return {
        /** Look again what is there. */
        async refresh() {
            if (installing.size > 0) return;
            const packs = await listPacks();
            const states = await Promise.all(packs.map(isInstalled));
            const drawn = packs.map(make);
            packs.forEach((pack, place) => show(drawn[place], pack, states[place] ? 'installed' : 'absent'));
            list.replaceChildren(...drawn);
        },
    };
}
