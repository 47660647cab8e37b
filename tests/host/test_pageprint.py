"""What scripts print on the page: in order, at once where it is little, seldom where it is much, and all of it."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable

import pytest

from clipwright.pageprint import Printer

Sent = list[list[list[str]]]


def printed(work: Callable[[Sent], None], pause_s: float = 0.0) -> Sent:
    """What was sent while `work` printed, and in a pause after it."""
    sent: Sent = []

    async def script() -> None:
        printer = Printer(lambda text: sent.append(json.loads(text)))
        with printer.streams():
            work(sent)
            await asyncio.sleep(pause_s)

    asyncio.run(script())
    return sent


def test_a_line_is_sent_when_it_ends() -> None:
    def work(sent: Sent) -> None:
        print("a", end="")
        assert sent == []
        print("b")
        assert sent == [[["out", "ab\n"]]]
        print("c", end="", flush=True)
        assert sent[1:] == [[["out", "c"]]]
        sys.stderr.writelines(["d\n", "e"])

    assert printed(work)[2:] == [[["err", "d\n"]], [["err", "e"]]]


def test_what_has_no_end_is_sent_when_the_script_waits() -> None:
    def work(_: Sent) -> None:
        print("a", end="")
        sys.stderr.write("b")
        print("c", end="")

    assert printed(work, 0.2) == [[["out", "a"], ["err", "b"], ["out", "c"]]]


def test_a_flood_is_sent_in_few_messages_and_whole() -> None:
    def work(_: Sent) -> None:
        for number in range(50_000):
            print(number, file=sys.stderr if number % 1000 == 0 else sys.stdout)

    sent = printed(work)
    runs = [run for message in sent for run in message]
    assert "".join(text for _, text in runs) == "".join(f"{number}\n" for number in range(50_000))
    assert [int(text) for kind, text in runs if kind == "err"] == list(range(0, 50_000, 1000))
    # A hundred at once, some in each second, and the last.
    assert 100 < len(sent) < 500


def test_nobody_types() -> None:
    def work(_: Sent) -> None:
        with pytest.raises(EOFError):
            input()

    before = sys.stdin
    assert printed(work) == []
    assert sys.stdin is before
