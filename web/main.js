/** The only module that knows all others: values go down to the elements, events come up, stale results are dropped. */

import { compileInterpreter } from '../wasm-shims/compiled.js';
import { toWire } from '../wasm-shims/rpc.js';
import { Clipwright } from './clipwright.js';
import { announcer } from './ui/announce.js';
import { asking } from './ui/ask.js';
import { commands } from './ui/commands.js';
import { confirmation, helpDialog } from './ui/dialogs.js';
import { find } from './ui/dom.js';
import { fileEntrances } from './ui/drop.js';
import { engineStatus } from './ui/engine-status.js';
import { fileFacts } from './ui/facts.js';
import { failureCard } from './ui/failure.js';
import { installed } from './ui/installed.js';
import { Jobs } from './ui/jobs.js';
import { making } from './ui/making.js';
import { orderOf, trackOrder } from './ui/order.js';
import { planView } from './ui/plan.js';
import { planning } from './ui/planning.js';
import { progressView } from './ui/progress.js';
import { resultView } from './ui/result.js';
import { fetchSample } from './ui/sample.js';
import { show, showPanel } from './ui/screens.js';
import { segmentActions } from './ui/segmentactions.js';
import { Segments } from './ui/segments.js';
import { settings as makeSettings } from './ui/settings.js';
import { Sources } from './ui/sources.js';
import { Stage } from './ui/stage.js';
import { tagsAndChapters } from './ui/tags.js';
import { theme } from './ui/theme.js';
import { Tracks } from './ui/tracks.js';

/**
 * @import {Media} from './protocol.gen.js'
 * @import {WireError} from '../wasm-shims/rpc.js'
 * @import {Session} from './ui/making.js'
 */

const byId = (/** @type {string} */ id) => find(document, `#${id}`, HTMLElement);
const button = (/** @type {string} */ id) => find(document, `#${id}`, HTMLButtonElement);
const fold = (/** @type {string} */ id) => find(document, `#${id}`, HTMLDetailsElement);
const input = (/** @type {string} */ id) => find(document, `#${id}`, HTMLInputElement);

const app = Clipwright.launch({ interpreter: compileInterpreter(new URL('./', import.meta.url)) });

/** @type {Session | null} */
let session = null;
const jobs = new Jobs();

const showEngine = engineStatus(byId('engine'), byId('engine-text'));
const say = announcer(byId('polite'));
const failure = failureCard(byId('failure-place'));
const openHelp = helpDialog(find(document, '#help', HTMLDialogElement));
const ask = asking(find(document, '#ask', HTMLDialogElement));
const confirmStop = confirmation(find(document, '#confirm', HTMLDialogElement), byId('confirm-text'));
const facts = fileFacts({ name: byId('file-name'), summary: byId('file-summary'), details: fold('facts') });
const plan = planView(byId('plan'));
const stage = new Stage(byId('editor'), { read: readTime, onChange: marked, say });
const { marks } = stage;
const segments = new Segments(byId('segments'), { stage, onChange: replan, onAction: (action) => settings.preferJoin(action === 'remove'), say });
const sources = new Sources(byId('files'), { onChange: filesChanged, release });
const tracks = new Tracks(fold('tracks'), { onChange: replan, onExtract: extract });
const words = tagsAndChapters(fold('words'), { onChange: replan, playhead: () => stage.position });
const settings = makeSettings(find(document, '#settings', HTMLFormElement), { onChange: replan, onExport: makeClips });
const progress = progressView(byId('progress'), { onCancel: () => jobs.cancel(), say });
const result = resultView(byId('result'), { onAgain: () => maker.back(''), onFailure: (action, error) => fail(`“${settings.name}” could not be ${action}`, toWire(error)) });
const planner = planning({ app, order: () => (session?.media ? currentOrder() : null), plan, marks, settings, segments, say });
const maker = making({
    app,
    jobs,
    session: () => session,
    stage,
    planner,
    settings,
    progress,
    result,
    failure,
    say,
    onBack() {
        replan();
        button('export').focus({ preventScroll: true });
    },
    onMade() {
        onDevice.made();
        say(byId('result-title').textContent ?? '');
    },
});
const listCommands = segmentActions(byId('segments'), {
    segments,
    ask,
    edit: async (action, value) => session?.media ? app.segments(session.media, segments.subject, action, value) : null,
    read: async (text) => session?.media ? app.readSegments(session.media, text) : null,
    playhead: () => stage.position,
    name: () => session?.file.name ?? '',
});

// ---- opening ----

/** @param {File} file @param {readonly File[]} [more] */
async function open(file, more = []) {
    if (jobs.isRunning && !(await confirmStop(`The clip that is being made now will be lost if you open “${file.name}”.`))) return;
    closeSession();
    const opening = new AbortController();
    const opened = app.open(file, { signal: opening.signal });
    /** @type {Session} */
    const mine = { file, opening, opened: opened.catch(() => {}), media: null };
    session = mine;
    failure.clear();
    result.clear();
    facts.begin(file);
    document.title = `${file.name} – Clipwright`;
    show('editor');
    showPanel('settings');
    settings.reset();
    segments.reset();
    plan.wait('Reading the file…');
    stage.load(file);
    byId('file-name').focus({ preventScroll: true });
    try {
        const media = await opened;
        if (mine !== session) return void release(media);
        mine.media = media;
        facts.show(media);
        sources.begin(media);
        filesChanged();
        stage.describe(media.info);
        say(`${media.source.name} is open, ${byId('file-summary').textContent}`);
        await addFiles(more);
    } catch (error) {
        if (mine !== session || mine.opening.signal.aborted) return;
        closeSession();
        show('empty');
        fail(`“${file.name}” could not be opened`, toWire(error));
    }
}

/** @param {readonly File[]} files to join to the open one, or to take sound from */
async function addFiles(files) {
    const mine = session;
    for (const file of files) {
        if (!mine?.media || mine !== session) return;
        try {
            const media = await app.open(file, { signal: mine.opening.signal });
            if (mine !== session) return void release(media);
            settings.preferJoin(true);
            sources.add(media);
            say(`${file.name} added`);
        } catch (error) {
            if (mine === session) fail(`“${file.name}” could not be added`, toWire(error));
        }
    }
}

function closeSession() {
    jobs.drop();
    session?.opening.abort();
    session = null;
    sources.end();
    planner.drop();
    stage.unload();
    document.title = 'Clipwright';
}

/** @param {Media} media */
function release(media) {
    // A file that cannot be released is already gone, with the worker that held it.
    app.release(media).catch(() => {});
}

async function openSample() {
    button('try-sample').disabled = true;
    try {
        await open(await fetchSample());
    } catch (error) {
        fail('The sample could not be opened', toWire(error));
    } finally {
        button('try-sample').disabled = false;
    }
}

/**
 * @param {string} text
 * @param {{frame_rate: string | null, duration_us: number | null}} facts
 */
async function readTime(text, facts) {
    try {
        return await app.parseTime(text, facts);
    } catch (error) {
        return toWire(error);
    }
}

// ---- planning ----

function marked() {
    segments.marked();
    replan();
}

function filesChanged() {
    const [first] = sources.joined;
    words.load(first);
    tracks.offer(first, sources.lent);
    replan();
}

function replan() {
    settings.expect(sources.joined.length > 1 || segments.count > 1 || segments.action === 'remove');
    planner.renew();
}

function currentOrder() {
    return orderOf({ sources, segments, selection: marks.selection, tracks, words, settings });
}

// ---- making ----

function makeClips() {
    maker.run(currentOrder, settings.name);
}

/** @param {Media} media @param {number} index of the track */
function extract(media, index) {
    maker.run(() => trackOrder(media, index), `Track ${index + 1} of ${media.source.name}`);
}

/** @param {string} title @param {WireError} wire */
function fail(title, wire) {
    failure.show(title, wire);
}

// ---- starting ----

const onFiles = (/** @type {File} */ file, /** @type {File[]} */ more) => void open(file, more);
fileEntrances({ overlay: byId('overlay'), picker: input('picker') }, onFiles);
const onDevice = installed({ app, isOpen: () => session !== null, onFiles, onSample: () => void openSample(), fail, say });
theme(button('toggle-theme'));
byId('dropzone').addEventListener('click', (event) => {
    if (!(event.target instanceof Element && event.target.closest('#try-sample'))) input('picker').click();
});
input('files-picker').addEventListener('change', () => {
    void addFiles([...(input('files-picker').files ?? [])]);
    input('files-picker').value = '';
});
addEventListener('beforeunload', (event) => {
    if (jobs.isRunning) event.preventDefault();
});

/** A key that only means something while a file is open. @param {() => void} run */
const whenOpen = (run) => () => {
    if (session) run();
};
commands([
    { button: 'open-another', run: () => input('picker').click() },
    { button: 'add-files', run: () => input('files-picker').click() },
    { button: 'try-sample', run: () => void openSample() },
    { button: 'open-device', run: onDevice.showDevice },
    { button: 'open-help', keys: ['?'], run: openHelp },
    ...[...stage.commands(), ...listCommands].map((command) => ({ ...command, run: whenOpen(command.run) })),
    { keys: ['enter'], run: makeClips },
    { keys: ['escape'], run: () => jobs.isRunning && progress.cancel() },
]);
app.ready.then(
    () => showEngine('ready'),
    (error) => {
        showEngine('failed');
        fail('Clipwright could not start', toWire(error));
    },
);
