/** Which browsers are told apart by the name that they give themselves. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diesOfSound } from '../../wasm-shims/media/webkitgtk.js';

const SAFARI = 'AppleWebKit/605.1.15 (KHTML, like Gecko) Version';
const CHROME = 'AppleWebKit/537.36 (KHTML, like Gecko)';

test('sound kills WebKitGTK and WPE', () => {
    assert.ok(diesOfSound(`Mozilla/5.0 (X11; Linux x86_64) ${SAFARI}/60.5 Safari/605.1.15`));
    assert.ok(diesOfSound(`Mozilla/5.0 (X11; Linux aarch64) ${SAFARI}/18.0 Safari/605.1.15 Epiphany/605.1.15`));
    assert.ok(diesOfSound(`Mozilla/5.0 (X11; Ubuntu; Linux x86_64) ${SAFARI}/18.0 Safari/605.1.15`));
});

test('other browsers keep their sound', () => {
    for (const agent of [
        `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${SAFARI}/18.5 Safari/605.1.15`,
        `Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) ${SAFARI}/18.5 Mobile/15E148 Safari/604.1`,
        `Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) ${CHROME} CriOS/138.0.0.0 Mobile/15E148 Safari/604.1`,
        `Mozilla/5.0 (X11; Linux x86_64) ${CHROME} Chrome/138.0.0.0 Safari/537.36`,
        `Mozilla/5.0 (X11; Linux x86_64) ${CHROME} HeadlessChrome/138.0.0.0 Safari/537.36`,
        `Mozilla/5.0 (X11; Linux x86_64) ${CHROME} Ubuntu Chromium/80.0.3987.87 Safari/537.36`,
        `Mozilla/5.0 (Linux; Android 10; K) ${CHROME} Chrome/138.0.0.0 Mobile Safari/537.36`,
        'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
        'Node.js/20',
    ]) {
        assert.ok(!diesOfSound(agent), agent);
    }
});
