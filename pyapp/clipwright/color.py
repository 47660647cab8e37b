"""Colour by its names: the code points of ITU-T H.273, FFmpeg's words for them and the browser's."""

from __future__ import annotations

_PRIMARIES = {
    1: "bt709",
    4: "bt470m",
    5: "bt470bg",
    6: "smpte170m",
    7: "smpte240m",
    8: "film",
    9: "bt2020",
    10: "smpte428",
    11: "smpte431",
    12: "smpte432",
    22: "ebu3213",
}

_TRANSFER = {
    1: "bt709",
    4: "bt470m",
    5: "bt470bg",
    6: "smpte170m",
    7: "smpte240m",
    8: "linear",
    9: "log100",
    10: "log316",
    11: "iec61966-2-4",
    12: "bt1361e",
    13: "iec61966-2-1",
    14: "bt2020-10",
    15: "bt2020-12",
    16: "smpte2084",
    17: "smpte428",
    18: "arib-std-b67",
}

_MATRIX = {
    0: "gbr",
    1: "bt709",
    4: "fcc",
    5: "bt470bg",
    6: "smpte170m",
    7: "smpte240m",
    8: "ycgco",
    9: "bt2020nc",
    10: "bt2020c",
    11: "smpte2085",
    12: "chroma-derived-nc",
    13: "chroma-derived-c",
    14: "ictcp",
}

_SAME = {
    # The browser's words (VideoColorSpaceInit) and FFmpeg's older ones.
    "rgb": "gbr",
    "bt2020-ncl": "bt2020nc",
    "bt2020_ncl": "bt2020nc",
    "pq": "smpte2084",
    "hlg": "arib-std-b67",
    "gamma22": "bt470m",
    "gamma28": "bt470bg",
    "log": "log100",
    "log_sqrt": "log316",
    "iec61966_2_4": "iec61966-2-4",
    "iec61966_2_1": "iec61966-2-1",
    "bt1361": "bt1361e",
    "bt2020_10bit": "bt2020-10",
    "bt2020_12bit": "bt2020-12",
    "smpte428_1": "smpte428",
    "jedec-p22": "ebu3213",
}

_SILENT = frozenset({"", "unknown", "unspecified", "reserved", "reserved0", "nb"})


def primaries(code: int) -> str | None:
    """FFmpeg's name for ColourPrimaries `code`; None for unspecified and reserved ones."""
    return _PRIMARIES.get(code)


def transfer(code: int) -> str | None:
    """FFmpeg's name for TransferCharacteristics `code`; None for unspecified and reserved ones."""
    return _TRANSFER.get(code)


def matrix(code: int) -> str | None:
    """FFmpeg's name for MatrixCoefficients `code`; None for unspecified and reserved ones."""
    return _MATRIX.get(code)


def named(word: str | None) -> str | None:
    """FFmpeg's name for what any looker calls it; None where the word says nothing."""
    if word is None or word in _SILENT:
        return None
    return _SAME.get(word, word)
