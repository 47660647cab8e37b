"""Driving Firefox: what other tests build on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.firefox import Firefox, Page
from tests.pages import EMPTY, TEST_PAGE, served
from tests.waiting import Trouble


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("site"), tmp_path_factory.mktemp("kept")) as url:
        yield url


@pytest.fixture
def page(firefox: Firefox, url: str) -> Iterator[Page]:
    page = firefox.new_page()
    page.goto(url + TEST_PAGE + "workshop.html")
    yield page
    page.close()


def test_functions_take_and_give_json(page: Page) -> None:
    assert page.evaluate("(a, b) => ({ sum: a.n + b, list: [null, 'ü'] })", {"n": 1}, 2) == {
        "sum": 3,
        "list": [None, "ü"],
    }
    assert page.evaluate("async () => { await null; }") is None


def test_what_a_function_throws_is_told(page: Page) -> None:
    with pytest.raises(Trouble, match="out of film"):
        page.evaluate("() => { throw new Error('out of film'); }")


def test_waiting_ends(page: Page) -> None:
    page.evaluate("() => void setTimeout(() => (globalThis.late = 'here'), 100)")
    assert page.wait_for("() => globalThis.late") == "here"
    with pytest.raises(Trouble, match="not in"):
        page.wait_for("() => false", seconds=0.1)


def test_the_console_is_heard(page: Page) -> None:
    assert not [entry for entry in page.console if "strip" in entry.text]
    page.evaluate(
        "() => { console.warn('film strip'); setTimeout(() => { throw new Error('strip torn'); }); }"
    )
    page.evaluate("() => new Promise((resolve) => setTimeout(resolve, 50))")
    heard = [(entry.level, entry.text) for entry in page.console if "strip" in entry.text]
    assert heard == [("warn", "film strip"), ("error", "Error: strip torn")]


def test_requests_are_seen_by_page(firefox: Firefox, page: Page, url: str) -> None:
    other = firefox.new_page()
    other.goto(url + EMPTY)
    page.evaluate("async () => void (await fetch('/nothing'))")
    assert url + "/nothing" in page.requests
    assert url + "/nothing" not in other.requests
    other.close()


def test_workers_are_heard_and_seen_too(page: Page, url: str) -> None:
    script = f"console.error('below deck'); fetch('{url}/below').then(() => postMessage('done'));"
    page.evaluate(
        "(script) => new Promise((resolve) => { "
        "new Worker(URL.createObjectURL(new Blob([script]))).onmessage = () => resolve(); })",
        script,
    )
    assert "below deck" in [entry.text for entry in page.console]
    assert url + "/below" in page.requests


def test_workers_start_as_many_workers_as_they_like(page: Page) -> None:
    """Where somebody listens for workers, one of fifty waits for ever for one that it starts."""
    script = """
        const script = URL.createObjectURL(new Blob(['postMessage(0)']));
        const late = () => new Promise((resolve) => setTimeout(resolve, 1000));
        for (let i = 0; i < 150; i++) {
            const worker = new Worker(script);
            await Promise.race([new Promise((resolve) => (worker.onmessage = resolve)), late()]);
            worker.terminate();
        }
        postMessage('done');
    """
    start = """(script) => {
        const address = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
        new Worker(address, { type: 'module' }).onmessage = () => (globalThis.isDone = true);
    }"""
    page.evaluate(start, script)
    page.wait_for("() => globalThis.isDone", seconds=60)


def test_files_are_chosen(page: Page, tmp_path: Path) -> None:
    files = [tmp_path / "one.txt", tmp_path / "zwei.txt"]
    for file in files:
        file.write_text(file.stem, "utf-8")
    page.set_files("#files", files)
    read = "async () => Promise.all([...document.querySelector('#files').files].map((file) => file.text()))"
    assert page.evaluate(read) == ["one", "zwei"]
