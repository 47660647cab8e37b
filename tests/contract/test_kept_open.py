"""Sources that will be asked for again: read once, never mixed up, and watched."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Error as PageError

from tests.clips import Recipe
from tests.workshop import Workshop, workshop

INDEXED = Recipe(seconds=20)
"""Long enough that its index is worth not to be read again."""
SPAN = {"start": 400_000, "end": 2_000_000}
KEPT = 4


@pytest.fixture
def shop(chromium: Browser, tmp_path) -> Iterator[Workshop]:
    with workshop(chromium, tmp_path) as opened:
        yield opened


def located(shop: Workshop, name: str, source: str | None) -> dict[str, int]:
    known = {"source": source} if source else {}
    return dict(
        shop.ask("locate", {"file": {"$file": name}, "track": 0, "spans": [SPAN], **known})["points"][0]
    )


def test_a_source_is_read_once(shop: Workshop, make) -> None:
    path = make(INDEXED)
    shop.choose(path)
    first = located(shop, path.name, "f1")
    openings = [shop.read_bytes]
    assert located(shop, path.name, "f1") == first
    assert shop.read_bytes * 20 < openings[0]
    # How far mediabunny reads ahead is a matter of timing: what the least of some openings reads is not.
    for name in ("f2", "f3"):
        assert located(shop, path.name, name) == first
        openings.append(shop.read_bytes)
    nameless = []
    for _ in range(2):
        assert located(shop, path.name, None) == first
        nameless.append(shop.read_bytes)
    assert max(nameless) * 2 > min(openings), "what has no name is not kept"


def test_each_name_has_its_own_file(shop: Workshop, make) -> None:
    paths = [make(Recipe(gop=gop)) for gop in (10, 25)]
    shop.choose(*paths)
    twice = [[located(shop, path.name, f"f{number}") for number, path in enumerate(paths)] for _ in range(2)]
    assert twice[0] == twice[1]
    assert twice[0][0] != twice[0][1]


def test_only_the_last_few_stay_open(shop: Workshop, make) -> None:
    path = make(INDEXED)
    shop.choose(path)
    located(shop, path.name, "f0")
    opening = shop.read_bytes
    for number in range(1, KEPT + 1):
        located(shop, path.name, f"f{number}")
    located(shop, path.name, f"f{KEPT}")
    assert shop.read_bytes * 20 < opening
    located(shop, path.name, "f0")
    assert shop.read_bytes * 4 > opening


def test_a_source_that_changed_is_noticed(shop: Workshop, make, tmp_path) -> None:
    path = tmp_path / "changing.mp4"
    path.write_bytes(make(INDEXED).read_bytes())
    shop.choose(path)
    located(shop, path.name, "f1")
    path.write_bytes(make(Recipe()).read_bytes())
    with pytest.raises((AssertionError, PageError), match="media"):
        located(shop, path.name, "f1")
