"""Sound of a result against its source's, sample by sample: a copied packet gives the very samples it gave there."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests import reading

WINDOW_S = 0.02
REACH_S = 0.05
"""How far away the same sound is looked for."""
ALIKE = 1e-3
"""What differs may hold so much of a window's energy at most: 30 dB."""
QUIET = 1e-4
"""Of the loudest window's energy: nothing is heard there."""


@dataclass(frozen=True)
class Heard:
    """A window of a clip's sound, from `at_us` on: how much later than in the source it comes, None if not there."""

    at_us: int
    late_us: int | None


@functools.cache
def _of_source(path: Path) -> tuple[int, int, NDArray[np.float64]]:
    return reading.samples(path)


def compared(source: Path, clip: Path, moved_us: int, *, alike: float = ALIKE) -> list[Heard]:
    """Every 20 ms of the clip's sound, and where those 20 ms lie in the source's.

    `moved_us` is source time - clip time where nothing is off; `alike` is the share of its energy that may differ.
    """
    begins, rate, whole = _of_source(source)
    start, own_rate, data = reading.samples(clip)
    assert own_rate == rate
    length, reach = round(WINDOW_S * rate), round(REACH_S * rate)
    padded = np.concatenate([np.zeros(reach), whole, np.zeros(reach + length)])
    offset = round((start + moved_us - begins) * rate / 1_000_000)
    loudest = max(float((data[at : at + length] ** 2).sum()) for at in range(0, len(data), length))
    found = []
    for at in range(0, len(data) - length + 1, length):
        part = data[at : at + length]
        energy = float((part**2).sum())
        low = at + offset
        near = padded[max(low, 0) : low + length + 2 * reach]
        if energy < QUIET * loudest or len(near) < length + 2 * reach:
            continue
        sums = np.concatenate([[0.0], np.cumsum(near**2)])
        energies = sums[length:] - sums[:-length]
        apart = energy + energies - 2 * np.correlate(near, part, "valid")
        best = int(apart.argmin())
        is_same = apart[best] < alike * energy
        late_us = round((reach - best) * 1_000_000 / rate) if is_same else None
        found.append(Heard(start + round(at * 1_000_000 / rate), late_us))
    return found
