/** Talking to a worker of the site by its port, sensibly and not. */

/**
 * Nonsense for a port that `rpc.js` serves, from a seed: values of every kind that can be posted, requests without sense,
 * and sensible ones with something in them replaced.
 *
 * @param {number} seed
 * @param {{count: number, ops: string[], sensible: {op: string, args: any}[], files: Blob[]}} options
 * @returns {{messages: any[], asked: Set<number>}} `asked`: the ids that must be replied to, each once
 */
function nonsense(seed, { count, ops, sensible, files }) {
    let state = seed >>> 0;
    /** Mulberry32: the same numbers wherever it runs. */
    const random = () => {
        state = (state + 0x6d2b79f5) >>> 0;
        let mixed = Math.imul(state ^ (state >>> 15), state | 1);
        mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    };
    const below = (limit) => Math.floor(random() * limit);
    const pick = (list) => list[below(list.length)];
    const circle = () => {
        const round = { a: [] };
        round.a.push(round);
        return round;
    };
    const leaves = [
        () => null, () => undefined, () => true, () => NaN, () => -Infinity, () => -0, () => below(1e9) - 5e8, () => random() * 1e308,
        () => 2 ** 53, () => 2n ** 70n, () => '', () => '\0', () => 'x'.repeat(below(1e5)), () => '1:30', () => '-1', () => '__proto__',
        () => '\ud800', () => '../../etc/passwd', () => "'; DROP TABLE", () => new Date(NaN), () => /x/, () => new Map([[{}, 1]]),
        () => new Set([1]), () => new ArrayBuffer(below(99)), () => new Uint8Array(3), () => new Error('x'), () => new Blob(['x']), circle,
        () => pick(files), () => pick(ops), () => JSON.parse('{"__proto__": {"op": "clip"}}'),
    ];
    const anything = (depth = 0) => {
        const kind = depth > 3 ? 2 : below(10);
        if (kind === 0) return Array.from({ length: below(5) }, () => anything(depth + 1));
        if (kind === 1) return Object.fromEntries(Array.from({ length: below(5) }, () => [String(pick(leaves)()), anything(depth + 1)]));
        return pick(leaves)();
    };
    /** One place of a value replaced, removed or doubled. */
    const twisted = (value) => {
        const isBranch = typeof value === 'object' && value !== null && !(value instanceof Blob) && Object.keys(value).length > 0;
        if (!isBranch || random() < 0.15) return anything();
        const copy = Array.isArray(value) ? [...value] : { ...value };
        const key = pick(Object.keys(copy));
        if (random() < 0.1) delete copy[key];
        else if (random() < 0.1 && Array.isArray(copy)) copy.push(copy[key]);
        else copy[key] = twisted(copy[key]);
        return copy;
    };

    const messages = [];
    const asked = new Set();
    for (let id = 1; id <= count; id++) {
        const kind = below(10);
        if (kind === 0) {
            messages.push(anything(), { id: String(id), op: pick(ops) }, { id: id + below(50), cancel: true });
            continue;
        }
        asked.add(id);
        if (kind === 1) messages.push({ id, op: anything(), args: anything() });
        else if (kind < 5) messages.push({ id, op: pick(ops), args: anything() });
        else {
            const { op, args } = pick(sensible);
            messages.push({ id, op, args: twisted(args) });
        }
        if (random() < 0.05) messages.push({ id, cancel: true });
    }
    return { messages, asked };
}

const SILENCE_MS = 60000;
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** A worker and everything it said. */
function begin(name) {
    const worker = new Worker(`/${name}.worker.js`, { type: 'module' });
    const said = [];
    const talk = { worker, said, faults: [], heard: performance.now() };
    worker.onmessage = ({ data }) => {
        talk.heard = performance.now();
        said.push(data);
        if (data.event === 'failed' || data.event === 'crashed') talk.faults.push(data.value);
    };
    worker.onerror = (event) => talk.faults.push(`error: ${event.message}`);
    worker.onmessageerror = () => talk.faults.push('messageerror');
    return talk;
}

async function until(talk, isDone) {
    talk.heard = performance.now();
    while (!isDone() && performance.now() - talk.heard < SILENCE_MS) await pause(20);
}

async function ask(talk, id, op, args) {
    const mine = () => talk.said.find((data) => data.id === id && data.ok !== undefined);
    talk.worker.postMessage({ id, op, args });
    await until(talk, mine);
    return mine();
}

/** Say all of it, and what came of it: ids that were not replied to exactly once, and replies that make no sense. */
async function pester(talk, { messages, asked }) {
    const before = talk.said.length;
    for (const message of messages) talk.worker.postMessage(message);
    const replies = () => talk.said.slice(before).filter((data) => data.ok !== undefined && Number.isSafeInteger(data.id));
    const open = new Set(asked);
    await until(talk, () => {
        for (const { id } of replies()) open.delete(id);
        return open.size === 0;
    });
    await pause(500);
    const counts = new Map();
    for (const { id } of replies()) counts.set(id, (counts.get(id) ?? 0) + 1);
    const wrong = [...asked].filter((id) => counts.get(id) !== 1);
    const errors = replies().filter(({ ok }) => !ok).map(({ error }) => error);
    const senseless = errors.filter(({ code, message, hint }) => ![code, message].every(Boolean) || typeof hint !== 'string');
    const internal = errors.filter(({ code }) => code === 'internal').map(({ detail }) => detail);
    const opOf = (id) => String(messages.find((message) => message?.id === id).op);
    return { wrong: wrong.map((id) => [id, counts.get(id) ?? 0, opOf(id)]), senseless, internal, faults: talk.faults, asked: asked.size };
}
