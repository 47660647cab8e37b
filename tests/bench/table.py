"""Results as rows: the median of each peer in one run, and ratios against ours."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

OURS = "Clipwright"


@dataclass(frozen=True)
class Row:
    """One case: what was measured, in which unit, and every peer's samples."""

    case: str
    unit: str
    samples: dict[str, list[float]]

    @property
    def medians(self) -> dict[str, float]:
        """The median per peer."""
        return {peer: median(values) for peer, values in self.samples.items()}

    def ratio(self, peer: str) -> float:
        """How many times ours a peer takes: above 1, ours is faster (or smaller)."""
        return self.medians[peer] / self.medians[OURS]

    def as_json(self) -> dict[str, object]:
        """The row for ``--json``."""
        ratios = {peer: round(self.ratio(peer), 3) for peer in self.samples if peer != OURS}
        return {
            "case": self.case,
            "unit": self.unit,
            "medians": self.medians,
            "ratios": ratios,
            "samples": self.samples,
        }


def markdown(rows: list[Row]) -> str:
    """The table that stands in the README."""
    lines = ["| case | Clipwright | peers (median, and how many times ours) |", "|---|---|---|"]
    for row in rows:
        peers = "; ".join(
            f"{peer} {_figure(value, row.unit)} ({row.ratio(peer):.2f}x)"
            for peer, value in row.medians.items()
            if peer != OURS
        )
        lines.append(f"| {row.case} | {_figure(row.medians[OURS], row.unit)} | {peers or '-'} |")
    return "\n".join(lines)


def _figure(value: float, unit: str) -> str:
    if unit == "ms" and value >= 10_000:
        return f"{value / 1000:.1f} s"
    return f"{value:.0f} {unit}" if value >= 10 else f"{value:.2g} {unit}"
