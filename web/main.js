/** The only module that knows all others: values go down to the elements, events come up, stale results are dropped. */

import { toWire } from '../wasm-shims/rpc.js';
import { Clipwright } from './clipwright.js';
import { announcer } from './ui/announce.js';
import { commands } from './ui/commands.js';
import { confirmation, helpDialog } from './ui/dialogs.js';
import { find } from './ui/dom.js';
import { fileEntrances } from './ui/drop.js';
import { engineStatus } from './ui/engine-status.js';
import { fileFacts } from './ui/facts.js';
import { failureCard } from './ui/failure.js';
import { latest } from './ui/latest.js';
import { planView, summary } from './ui/plan.js';
import { progressView } from './ui/progress.js';
import { resultView } from './ui/result.js';
import { fetchSample } from './ui/sample.js';
import { settings as makeSettings } from './ui/settings.js';
import { Stage } from './ui/stage.js';
import { theme } from './ui/theme.js';

/**
 * @import {Media, Plan} from './protocol.gen.js'
 * @import {WireError} from '../wasm-shims/rpc.js'
 * @typedef {{file: File, opening: AbortController, media: Media | null}} Session one open file
 * @typedef {'settings' | 'progress' | 'result'} Panel
 */

const PLAN_PAUSE_MS = 200;

const byId = (/** @type {string} */ id) => find(document, `#${id}`, HTMLElement);
const button = (/** @type {string} */ id) => find(document, `#${id}`, HTMLButtonElement);

const app = Clipwright.launch();

/** @type {Session | null} */
let session = null;
/** @type {AbortController | null} the running export of this session */
let job = null;
/** Ends with the last export, also one that is still being stopped: they never overlap. */
let ended = Promise.resolve();

const showEngine = engineStatus(byId('engine'), byId('engine-text'));
const say = announcer(byId('polite'));
const failure = failureCard(byId('failure-place'));
const openHelp = helpDialog(find(document, '#help', HTMLDialogElement));
const confirmStop = confirmation(find(document, '#confirm', HTMLDialogElement), byId('confirm-text'));
const picker = find(document, '#picker', HTMLInputElement);
const facts = fileFacts({ name: byId('file-name'), summary: byId('file-summary'), details: find(document, '#facts', HTMLDetailsElement) });
const plan = planView(byId('plan'));
const stage = new Stage(byId('editor'), { read: readTime, onChange: replan, say });
const { marks } = stage;
const settings = makeSettings(find(document, '#settings', HTMLFormElement), { onChange: replan, onExport: makeClip });
const progress = progressView(byId('progress'), { onCancel: () => job?.abort(), say });
const result = resultView(byId('result'), { onAgain: () => backToSettings(''), onFailure: (action, error) => fail(`“${settings.name}” could not be ${action}`, toWire(error)) });
const planner = latest(PLAN_PAUSE_MS, { ask: askPlan, onAnswer: showPlan, onError: refusePlan });

// ---- opening ----

/** @param {File} file */
async function open(file) {
    if (job && !(await confirmStop(`The clip that is being made now will be lost if you open “${file.name}”.`))) return;
    closeSession();
    /** @type {Session} */
    const mine = { file, opening: new AbortController(), media: null };
    session = mine;
    failure.clear();
    result.clear();
    facts.begin(file);
    document.title = `${file.name} – Clipwright`;
    show('editor');
    showPanel('settings');
    settings.reset();
    plan.wait('Reading the file…');
    stage.load(file);
    byId('file-name').focus({ preventScroll: true });
    try {
        const media = await app.open(file, { signal: mine.opening.signal });
        if (mine !== session) return void release(media);
        mine.media = media;
        facts.show(media);
        stage.describe(media.info);
        say(`${media.source.name} is open, ${byId('file-summary').textContent}`);
    } catch (error) {
        if (mine !== session || mine.opening.signal.aborted) return;
        closeSession();
        show('empty');
        fail(`“${file.name}” could not be opened`, toWire(error));
    }
}

function closeSession() {
    job?.abort();
    job = null;
    session?.opening.abort();
    if (session?.media) release(session.media);
    session = null;
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

function replan() {
    plan.age();
    planner.ask();
}

/** @returns {Promise<Plan | null>} null while there is nothing to plan */
async function askPlan() {
    if (!session?.media || marks.unreadable) return null;
    return app.plan(session.media, request());
}

function request() {
    return { ...marks.selection.request, ...settings.request };
}

/** @param {Plan | null} answer */
function showPlan(answer) {
    if (!session?.media) return;
    if (!answer) return plan.wait('The plan appears here once the marked time can be read.');
    forgive();
    settings.suggestName(answer.name);
    plan.show(answer, session.media.info);
    const warnings = answer.notes.filter((note) => note.level === 'warning').map((note) => note.text);
    say(['Plan:', summary(answer), ...warnings].join(' '));
}

function forgive() {
    marks.forgive();
    settings.forgiveName();
}

/** @param {unknown} error */
function refusePlan(error) {
    const wire = toWire(error);
    forgive();
    if (atField(wire)) plan.wait('The plan appears here once the marked entry is put right.');
    else plan.fail(`${wire.message} ${wire.hint}`);
}

/**
 * Show a refusal at the field it speaks of.
 * @param {WireError} wire
 * @returns {{focus: () => void} | null}
 */
function atField(wire) {
    if (wire.code !== 'bad_request') return null;
    if (wire.path !== '$.request.name') return marks.fail(wire) ?? null;
    settings.failName(wire);
    return { focus: settings.focusName };
}

// ---- making ----

function makeClip() {
    if (!session || job) return;
    const mine = session;
    const running = (job = new AbortController());
    ended = ended.then(() => runJob(mine, running)).finally(() => {
        if (job === running) job = null;
    });
}

/** @param {Session} mine @param {AbortController} running */
async function runJob(mine, running) {
    failure.clear();
    await marks.settle();
    if (mine !== session) return;
    if (!mine.media) return settings.say('The file is still being read. Try again in a moment.');
    if (marks.unreadable) return marks.unreadable.focus();
    planner.drop();
    stage.rest();
    showPanel('progress');
    progress.start(settings.name);
    try {
        const clip = await app.clip(mine.media, request(), { signal: running.signal, onProgress: progress.show });
        const blob = await clip.blob();
        if (mine !== session) return;
        showPanel('result');
        result.show(blob, clip.report, mine.media.info);
        say('Your clip is ready');
    } catch (error) {
        if (mine === session) clipFailed(mine.file.name, toWire(error));
    }
}

/** @param {string} name @param {WireError} wire */
function clipFailed(name, wire) {
    backToSettings(wire.code === 'cancelled' ? 'Cancelled. Nothing was written.' : '');
    if (wire.code === 'cancelled') return say('Cancelled');
    const field = atField(wire);
    if (field) field.focus();
    else fail(`No clip was made from “${name}”`, wire);
}

/** @param {string} status */
function backToSettings(status) {
    result.clear();
    showPanel('settings');
    settings.say(status);
    replan();
    button('export').focus({ preventScroll: true });
}

// ---- showing ----

/** @param {'empty' | 'editor'} screen */
function show(screen) {
    byId('empty').hidden = screen !== 'empty';
    byId('editor').hidden = screen !== 'editor';
    byId('open-another').hidden = screen !== 'editor';
}

/** @param {Panel} panel */
function showPanel(panel) {
    for (const id of ['settings', 'progress', 'result']) byId(id).hidden = id !== panel;
    if (panel !== 'settings') byId(panel).scrollIntoView({ block: 'nearest' });
}

/** @param {string} title @param {WireError} wire */
function fail(title, wire) {
    failure.show(title, wire);
}

// ---- starting ----

fileEntrances({ overlay: byId('overlay'), picker }, (file, more) => {
    void open(file);
    if (more > 0) say(`Only ${file.name} was opened; one file at a time.`);
});
theme(button('toggle-theme'));
byId('dropzone').addEventListener('click', (event) => {
    if (!(event.target instanceof Element && event.target.closest('#try-sample'))) picker.click();
});
addEventListener('beforeunload', (event) => {
    if (job) event.preventDefault();
});

/** A key that only means something while a file is open. @param {() => void} run */
const whenOpen = (run) => () => {
    if (session) run();
};
commands([
    { button: 'open-another', run: () => picker.click() },
    { button: 'try-sample', run: () => void openSample() },
    { button: 'open-help', keys: ['?'], run: openHelp },
    ...stage.commands().map((command) => ({ ...command, run: whenOpen(command.run) })),
    { keys: ['enter'], run: makeClip },
    { keys: ['escape'], run: () => job && progress.cancel() },
]);
app.ready.then(
    () => showEngine('ready'),
    (error) => {
        showEngine('failed');
        fail('Clipwright could not start', toWire(error));
    },
);
