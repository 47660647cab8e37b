"""The clipper in a frame: for the pages that its host lists, and for no other, whatever they try."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.embedded.embedding import visit
from tests.browser.embedded.framing import ALLOWED, CONNECT, PATIENCE_MS, framed
from tests.clips import Recipe
from tests.equipment import site
from tests.judging import Wanted, assert_frames, assert_sound
from tests.pages import EMPTY, served

pytestmark = pytest.mark.unhurried

PARENT_POLICY = (
    "default-src 'none'; img-src data:; script-src 'self'; frame-src {host}; media-src 'none';"
    " require-trusted-types-for 'script'; trusted-types 'none'"
)
FUZZ = """() => {
    const deep = { a: [1, { b: null }], c: new Uint8Array(9), d: new Map([[1, new Set([2])]]), e: 10n };
    Object.assign(deep, { f: new Date(NaN), g: /x/ });
    deep.self = deep;
    const odd = [null, undefined, 0, -1, NaN, 1e308, '', 'connect', '__proto__', [], {}, deep, 2n ** 70n];
    odd.push(new ArrayBuffer(3), new Blob(['x']), new Error('x'), 'x'.repeat(1e6));
    const ops = ['set', 'open', 'clip', 'play', 'pause', 'cancel', 'close', 'toString', 'constructor', '__proto__', ''];
    const messages = [...odd];
    for (const id of [...odd, 1, 2 ** 53]) messages.push({ id }, { id, cancel: true }, { id, cancel: 'yes' });
    let id = 1000;
    for (const op of ops) {
        const values = [{ name: 'src', value: 'https://127.0.0.1/x' }, { name: 'onclick', value: 'alert(1)' },
            { name: 'start', value: {} }, { file: 'x' }, { file: deep }, { options: deep }, { options: [1] },
            { options: { start: deep, mode: 7, nothing: 1 } }, JSON.parse('{"options": {"__proto__": {"mode": "x"}}}')];
        for (const args of [...odd, ...values]) {
            messages.push({ id: id++, op, args });
        }
    }
    for (const op of odd) messages.push({ id: id++, op });
    const isAsked = (one) => Number.isSafeInteger(one?.id) && one.cancel !== true;
    return { messages, asked: messages.filter(isAsked).length };
}"""


def test_the_story(chromium: Browser, make, tmp_path: Path) -> None:
    source = make(Recipe())
    with framed(chromium, tmp_path, ALLOWED, policy=PARENT_POLICY) as home:
        home.embed(mode="exact", start="1.2", lang="de", title="Cutting table")
        page = home.page.page
        expect(page.get_by_title("Cutting table")).to_be_visible()
        expect(home.frame.get_by_role("button", name="Datei auswählen")).to_be_visible(timeout=PATIENCE_MS)
        page.evaluate(
            "document.body.append(Object.assign(document.createElement('input'), { type: 'file', id: 'own' }))"
        )
        page.set_input_files("#own", source)
        told = page.evaluate(
            """async () => {
                const media = await clipper.open(document.querySelector('#own').files[0]);
                await clipper.set({ end: '2.4', theme: 'dark' });
                const progress = [];
                const clip = await clipper.clip({ onProgress: ({ done }) => progress.push(done) });
                const blob = await clip.blob();
                const sizes = { size: blob.size, told: clip.report.size };
                return { ...sizes, name: media.source.name, last: progress.at(-1), settings: clipper.settings };
            }"""
        )
        assert told["name"] == source.name
        assert told["size"] == told["told"]
        assert told["last"] == 1
        assert told["settings"]["start"] == "1.2"
        assert told["settings"]["end"] == "2.4"
        with page.expect_download() as waiting:
            page.evaluate("clipper.save()")
        waiting.value.save_as(tmp_path / "clip.mp4")
        wanted = Wanted(source, 1_200_000, 2_400_000, 0)
        assert_sound(wanted, tmp_path / "clip.mp4", assert_frames(wanted, tmp_path / "clip.mp4"))
        kinds = {kind for kind, _ in home.page.told()}
        assert kinds == {"ready", "change", "progress", "complete"}
        expect(home.frame.get_by_role("button", name="Speichern")).to_be_visible()
        # The frame is as high as what is in it.
        inside = home.frame.locator("clip-wright").bounding_box()
        frame = page.locator("iframe").bounding_box()
        assert inside and frame and abs(inside["height"] - (frame["height"] - 4)) < 3
        page.evaluate("clipper.close()")
        expect(home.frame.get_by_role("button", name="Datei auswählen")).to_be_visible()
        page.evaluate("clipper.remove()")
        assert page.evaluate("clipper.clip().catch(({ name }) => name)") == "AbortError"


def test_cancelling_and_errors_come_through(chromium: Browser, make, tmp_path: Path) -> None:
    with framed(chromium, tmp_path, ALLOWED) as home:
        home.embed(mode="exact")
        page = home.page.page
        home.frame.locator("input[type=file]").set_input_files(
            make(Recipe(seconds=60, size=(640, 360), gop=50))
        )
        expect(home.frame.locator(".root[data-state=open]")).to_be_visible(timeout=PATIENCE_MS)
        told = page.evaluate(
            """async () => {
                const stop = new AbortController();
                const onProgress = () => stop.abort();
                const running = clipper.clip({ signal: stop.signal, onProgress });
                const stopped = await running.catch(({ code, name }) => `${code} ${name}`);
                const bad = await clipper.clip({ start: 'x' }).catch(({ code, hint }) => [code, hint.length > 0]);
                const unknown = await clipper.set({ src: '/sample.mp4' }).catch(({ code }) => code);
                return [stopped, bad, unknown, 'src' in clipper.settings];
            }"""
        )
        assert told == ["cancelled AbortError", ["bad_request", True], "bad_request", False]
        assert [error["code"] for error in home.page.told("error")] == ["bad_request"]


@pytest.mark.parametrize(
    "parents",
    [
        {"parents": []},
        {
            "parents": [
                "*",
                "null",
                "http://localhost",
                "PAGE/",
                "PAGE.evil.example",
                "http://*.localhost",
                ["PAGE"],
                7,
            ]
        },
        {"parents": "PAGE"},
        ["PAGE"],
        "{ this is no JSON: PAGE",
    ],
    ids=["nobody", "lookalikes", "a string", "a list", "no json"],
)
def test_a_page_that_is_not_listed_gets_nothing(chromium: Browser, tmp_path: Path, parents: Any) -> None:
    with framed(chromium, tmp_path, parents) as home:
        home.embed()
        page = home.page.page
        told = page.evaluate("clipper.clip().catch(({ code, message }) => [code, message])")
        assert told == ["bad_request", "This page may not embed Clipwright."]
        assert [error["code"] for error in home.page.told("error")] == ["bad_request"]
        assert home.frame.locator("clip-wright").count() == 0, "there is nothing to be clicked unawares"


def test_only_the_parent_itself_is_heard(chromium: Browser, tmp_path: Path) -> None:
    """The right origin is not enough: siblings, children and the frame itself are others than the parent."""
    with framed(chromium, tmp_path, ALLOWED) as home:
        assert home.knock(CONNECT, PATIENCE_MS) == "connected"
        for script in (
            # a sibling frame of the parent's own origin
            """async (frame, port) => {
                const sibling = document.createElement('iframe');
                document.body.append(sibling);
                await new Promise((done) => { sibling.onload = done; sibling.src = '/test-page/empty.html'; });
                const words = 'at.postMessage({ clipwright: "connect" }, "*", [port])';
                const post = sibling.contentWindow.Function('at', 'port', words);
                post(frame.contentWindow, port);
            }""",
            # no port, two ports, another word
            "(frame) => frame.contentWindow.postMessage({ clipwright: 'connect' }, '*')",
            """(frame, port) => {
                const ports = [port, new MessageChannel().port2];
                frame.contentWindow.postMessage({ clipwright: 'connect' }, '*', ports);
            }""",
            "(frame, port) => frame.contentWindow.postMessage({ clipwright: 'CONNECT' }, '*', [port])",
            "(frame, port) => frame.contentWindow.postMessage(null, '*', [port])",
        ):
            assert home.knock(script) == "nothing", script


def test_a_parent_inside_a_page_that_is_not_listed_gets_nothing(
    chromium: Browser, make, tmp_path: Path
) -> None:
    """Else anybody could frame the page that may, and lay things over the clipper."""
    with (
        framed(chromium, tmp_path, ALLOWED) as home,
        served(site(), tmp_path) as evil,
        visit(chromium, evil, home.host, home.page.origins[0]) as outer,
    ):
        outer.page.evaluate(
            """(url) => new Promise((done) => {
                const frame = document.createElement('iframe');
                frame.onload = done;
                frame.src = url;
                document.body.append(frame);
            })""",
            home.page.origins[0] + EMPTY,
        )
        [middle] = [
            frame
            for frame in outer.page.frames
            if frame.url.endswith(EMPTY) and frame != outer.page.main_frame
        ]
        told = middle.evaluate(
            """async (url) => {
                const { embed } = await import('/embed-client.js');
                const clipper = embed(document.body, { url });
                return clipper.clip().catch(({ message }) => message);
            }""",
            f"{home.host}/embed.html",
        )
        assert told == "This page may not embed Clipwright."


def test_a_sandboxed_parent_is_nobody(chromium: Browser, tmp_path: Path) -> None:
    """Its origin is "null", which is everybody's, as is that of every frame in it: no file of the host is for them."""
    with framed(chromium, tmp_path, {"parents": ["PAGE", "null"]}) as home:
        home.page.watch.forgive("CORS policy|ERR_FAILED|Failed to load resource")
        told = home.page.page.evaluate(
            """async (url) => {
                const cage = document.createElement('iframe');
                cage.sandbox = 'allow-scripts';
                const answer = new Promise((done) => {
                    addEventListener('message', ({ data }) => done(data));
                    setTimeout(() => done('nothing'), 3000);
                });
                cage.srcdoc = `<iframe src="${url}"></iframe><script>
                    document.querySelector('iframe').onload = ({ target }) => {
                        const { port1, port2 } = new MessageChannel();
                        port1.onmessage = ({ data }) => parent.postMessage(data.value?.message ?? data.event, '*');
                        target.contentWindow.postMessage({ clipwright: 'connect' }, '*', [port2]);
                    };
                </script>`;
                document.body.append(cage);
                return answer;
            }""",
            f"{home.host}/embed.html",
        )
        assert told == "nothing"


def test_nonsense_from_the_parent_breaks_nothing(chromium: Browser, make, tmp_path: Path) -> None:
    """Whatever asks with a number is answered, the rest is passed over, and a clip is made afterwards."""
    with framed(chromium, tmp_path, ALLOWED) as home:
        told = home.page.page.evaluate(
            f"""async (url) => {{
                const frame = document.createElement('iframe');
                document.body.append(frame);
                await new Promise((done) => {{ frame.onload = done; frame.src = url; }});
                const {{ messages, asked }} = ({FUZZ})();
                for (const message of messages) frame.contentWindow.postMessage(message, '*');
                const {{ port1, port2 }} = new MessageChannel();
                const replies = [];
                port1.onmessage = ({{ data }}) => typeof data.ok === 'boolean' && replies.push(data);
                frame.contentWindow.postMessage({{ clipwright: 'connect' }}, '*', [port2]);
                for (const message of messages) port1.postMessage(message);
                const until = performance.now() + 30000;
                const pause = () => new Promise((done) => setTimeout(done, 50));
                while (replies.length < asked && performance.now() < until) await pause();
                const errors = replies.filter(({{ ok }}) => !ok).map(({{ error }}) => error.code);
                frame.remove();
                return {{ asked, replies: replies.length, errors: [...new Set(errors)] }};
            }}""",
            f"{home.host}/embed.html",
        )
        assert told["replies"] == told["asked"] > 200
        assert set(told["errors"]) <= {
            "bad_request",
            "cancelled",
            "media",
            "unsupported_format",
            "resource",
            "corrupt_media",
        }
        home.embed(mode="lossless")
        home.frame.locator("input[type=file]").set_input_files(make(Recipe()))
        expect(home.frame.locator(".root[data-state=open]")).to_be_visible(timeout=PATIENCE_MS)
        assert home.page.page.evaluate("clipper.clip().then(({ report }) => report.mode)") == "lossless"


def test_alone_and_in_a_page_of_its_own_origin_it_needs_no_list(chromium: Browser, tmp_path: Path) -> None:
    with served(site(), tmp_path) as url, visit(chromium, url) as page:
        page.page.goto(f"{url}/embed.html")
        expect(page.page.get_by_role("button", name="Choose a file")).to_be_visible()
        page.page.goto(url + EMPTY)
        page.page.evaluate(
            "document.body.append(Object.assign(document.createElement('iframe'), { src: '/embed.html' }))"
        )
        expect(page.page.frame_locator("iframe").get_by_role("button", name="Choose a file")).to_be_visible()


def test_a_frame_that_is_loaded_anew_is_greeted_anew(chromium: Browser, make, tmp_path: Path) -> None:
    with framed(chromium, tmp_path, ALLOWED) as home:
        home.embed(mode="lossless", lang="de")
        expect(home.frame.get_by_role("button", name="Datei auswählen")).to_be_visible(timeout=PATIENCE_MS)
        home.page.page.evaluate("clipper.frame.src = clipper.frame.src")
        expect(home.frame.get_by_role("button", name="Datei auswählen")).to_be_visible(timeout=PATIENCE_MS)
        assert home.page.page.evaluate("clipper.clip().catch(({ message }) => message)") == "No file is open."


def test_a_page_that_is_no_frame_of_ours_is_given_up(chromium: Browser, tmp_path: Path) -> None:
    with framed(chromium, tmp_path, ALLOWED) as home:
        told = home.page.page.evaluate(
            """async (url) => {
                const { embed } = await import('/embed-client.js');
                const clipper = embed(document.body, { url });
                return clipper.clip().catch(({ code, message }) => [code, message]);
            }""",
            home.host + EMPTY,
        )
        assert told == ["resource", "The frame does not answer."]


def test_the_page_fetches_for_the_frame(chromium: Browser, tmp_path: Path) -> None:
    """An address is fetched with the rights of the page, and what goes wrong is told like everything else."""
    with framed(chromium, tmp_path, ALLOWED, policy="connect-src 'self'; frame-src {host}") as home:
        home.page.watch.forgive("404|Content Security Policy|CSP|violates")
        home.embed()
        told = home.page.page.evaluate(
            """async (host) => {
                const wrong = ({ code, message, hint }) => [code, message, hint.length > 0];
                const { source } = await clipper.open('/sample.mp4');
                const missing = await clipper.open('/nothing.mp4').catch(wrong);
                const foreign = await clipper.open(`${host}/sample.mp4`).catch(wrong);
                return [source.name, missing, foreign];
            }""",
            home.host,
        )
        fault = ["media", "The video could not be fetched.", True]
        assert told == ["sample.mp4", fault, fault]


@pytest.mark.parametrize("allow", ["", "cross-origin-isolated"])
def test_in_an_isolated_page(chromium: Browser, make, tmp_path: Path, allow: str) -> None:
    """The host agrees by its headers; whether the frame is isolated too is the page's to say."""
    with framed(chromium, tmp_path, ALLOWED, isolated=True) as home:
        home.embed(mode="exact", end="1", allow=allow)
        home.frame.locator("input[type=file]").set_input_files(make(Recipe()))
        expect(home.frame.locator(".root[data-state=open]")).to_be_visible(timeout=PATIENCE_MS)
        assert home.page.page.evaluate("clipper.clip().then(({ report }) => report.mode)") == "exact"
        [frame] = home.page.page.main_frame.child_frames
        assert home.page.page.evaluate("crossOriginIsolated")
        assert frame.evaluate("crossOriginIsolated") == bool(allow)


def test_a_frame_that_is_moved_starts_anew_and_what_ran_in_it_ends(
    chromium: Browser, make, tmp_path: Path
) -> None:
    with framed(chromium, tmp_path, ALLOWED) as home:
        home.embed(mode="exact")
        home.frame.locator("input[type=file]").set_input_files(
            make(Recipe(seconds=60, size=(640, 360), gop=50))
        )
        expect(home.frame.locator(".root[data-state=open]")).to_be_visible(timeout=PATIENCE_MS)
        told = home.page.page.evaluate(
            """async () => {
                const running = clipper.clip().catch(({ code }) => code);
                await new Promise((done) => clipper.addEventListener('progress', done, { once: true }));
                document.body.prepend(document.createElement('main'));
                document.querySelector('main').append(clipper.frame);
                const ended = await running;
                await clipper.set({ start: '1', end: '2' });
                const { source } = await clipper.open('/sample.mp4');
                return [ended, source.name, (await clipper.clip()).report.mode];
            }"""
        )
        assert told == ["cancelled", "sample.mp4", "exact"]
        assert home.page.told("error") == []
