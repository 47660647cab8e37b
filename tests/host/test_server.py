"""The site's server keeps to HTTP where browsers depend on it: types, ranges, validators, isolation."""

import http.client
import threading
from contextlib import contextmanager

import pytest

from tests.equipment import load

BODY = bytes(range(256)) * 8


@pytest.fixture(scope="module")
def make_server():
    return load("web/server.py").make_server


@contextmanager
def served(server):
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    connection = http.client.HTTPConnection(*server.server_address)

    def get(path="/file.wasm", method="GET", **headers):
        connection.request(
            method, path, headers={name.replace("_", "-"): value for name, value in headers.items()}
        )
        answer = connection.getresponse()
        return answer, answer.read()

    yield get
    connection.close()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def site(tmp_path):
    (tmp_path / "file.wasm").write_bytes(BODY)
    (tmp_path / "module.mjs").write_text("export {};")
    (tmp_path / "index.html").write_text("<!doctype html>")
    (tmp_path / "folder").mkdir()
    return tmp_path


@pytest.fixture
def get(make_server, site):
    with served(make_server(site)) as get:
        yield get


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/", "text/html"), ("/module.mjs", "text/javascript"), ("/file.wasm?v=1", "application/wasm")],
)
def test_types(get, path, kind):
    answer, body = get(path)
    assert (answer.status, answer.headers["Content-Type"]) == (200, kind)
    assert int(answer.headers["Content-Length"]) == len(body)
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    ("wanted", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=10-19", 10, 20),
        ("bytes=2000-", 2000, 2048),
        ("bytes=-5", 2043, 2048),
        ("bytes=-9999", 0, 2048),
        ("bytes=2040-9999", 2040, 2048),
    ],
)
def test_a_range_is_answered_with_just_that(get, wanted, start, end):
    answer, body = get(Range=wanted)
    assert (answer.status, body) == (206, BODY[start:end])
    assert answer.headers["Content-Range"] == f"bytes {start}-{end - 1}/2048"


@pytest.mark.parametrize("wanted", ["bytes=2048-", "bytes=5-4", "bytes=-0"])
def test_a_range_that_cannot_be_had_is_refused(get, wanted):
    answer, body = get(Range=wanted)
    assert (answer.status, body, answer.headers["Content-Range"]) == (416, b"", "bytes */2048")


@pytest.mark.parametrize("wanted", ["bytes=0-1,3-4", "bytes=-", "lines=1-2", "bytes=a-b"])
def test_a_range_that_is_not_understood_is_ignored(get, wanted):
    answer, body = get(Range=wanted)
    assert (answer.status, body) == (200, BODY)


def test_what_is_known_is_not_sent_again(get):
    tag = get()[0].headers["ETag"]
    answer, body = get(If_None_Match=tag)
    assert (answer.status, body) == (304, b"")
    assert get(If_None_Match='"other"')[0].status == 200
    assert get(Range="bytes=0-1", If_Range='"other"')[0].status == 200
    assert get(Range="bytes=0-1", If_Range=tag)[0].status == 206


def test_head_sends_no_body(get):
    answer, body = get(method="HEAD")
    assert (answer.status, body, answer.headers["Content-Length"]) == (200, b"", "2048")


@pytest.mark.parametrize("path", ["/nothing", "/folder/", "/../build.py", "/%2e%2e/%2e%2e/etc/passwd"])
def test_what_is_not_there_is_not_found(get, path):
    assert get(path)[0].status == 404
    assert get()[1] == BODY, "the connection stays usable"


def test_isolation_is_offered_only_when_asked_for(get, make_server, site):
    assert get()[0].headers["Cross-Origin-Opener-Policy"] is None
    with served(make_server(site, isolated=True)) as isolated:
        answer = isolated()[0]
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
