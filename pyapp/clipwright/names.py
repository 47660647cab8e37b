"""Names for output files that every system accepts and that overwrite nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable

from clipwright.errors import BadRequest, ResourceError
from clipwright.timecode import stamp
from clipwright.writtentime import quote

MAX_BYTES = 200
"""A name's length in UTF-8 bytes; file systems allow 255, the rest is for a number in brackets."""

TEMPLATE = "{stem}_clip_{start}_to_{end}"
"""How a clip is named when nobody says otherwise."""

SEGMENT_TEMPLATE = "{stem}_{n:02}_{start}_{label}"
"""How one of several segments is named when nobody says otherwise."""

TEMPLATE_FIELDS = ("stem", "n", "start", "end", "duration", "label")
"""What may stand in braces: the source's name without its extension, the result's number from 1 (``{n:02}`` with
leading zeros), its in point, out point and length as ``MM-SS``, and the segment's name."""

_MAX_EXTENSION = 20
_MAX_NUMBER = 9999
_FALLBACK = "clip"
_MAX_LABEL = 80
_BRACES = re.compile(r"\{([^{}]*)\}|[{}]")
_FIELD = re.compile(rf"({'|'.join(TEMPLATE_FIELDS)})|n:0([1-9])")
_BRACKETED_LABEL = re.compile(r"\(\{label\}\)|\[\{label\}\]")
_ABSENT_LABEL = re.compile(r"(?<![ _.-])[ _.-]++\{label\}|\{label\}[ _.-]*+")
_EXTENSION = re.compile(r"\.(?=[0-9]*[A-Za-z])[A-Za-z0-9]{1,5}", re.ASCII)
_FORBIDDEN = re.compile(r'[/\\:*?"<>|]')
# Windows keeps these for devices, whatever the extension; the raised digits count as 1, 2 and 3.
_DEVICE = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³]) *(?:\.|$)", re.IGNORECASE)
# Emoji and several scripts are spelled with joiners; next to a Latin letter they only deceive.
_JOINERS = "\u200c\u200d"
_JOINABLE = r"[^\x00-\u02ff\u2000-\u206f]"
_STRAY_JOINER = re.compile(rf"(?<!{_JOINABLE})[{_JOINERS}]|[{_JOINERS}](?!{_JOINABLE})")


def output_name(source_name: str, start_us: int, end_us: int, extension: str) -> str:
    """The name of a clip from `start_us` to `end_us` (microseconds) of the file `source_name`.

    A stem that is too long gives way, so that the times and the extension stay.
    """
    return segment_name(TEMPLATE, source_name, 1, 1, start_us, end_us, None, extension)


def joined_name(source_name: str, extension: str) -> str:
    """The name of one result made of several segments, the first of which comes from the file `source_name`."""
    return sanitised(f"{_shortened(_stem(source_name), MAX_BYTES - 40)}_joined", extension)


def segment_name(  # noqa: PLR0913, PLR0917  # a template may use all of it
    template: str,
    source_name: str,
    n: int,
    count: int,
    start_us: int,
    end_us: int,
    label: str | None,
    extension: str,
) -> str:
    """The name of result number `n`, counted from 1, of `count`; times in microseconds.

    `template` may use the `TEMPLATE_FIELDS`; ``{n:02}`` has at least two digits, and as many as `count`. Where there
    is no label, its field falls away with the separator (or the brackets) beside it. A stem that is too
    long gives way, so that everything else stays. Raises BadRequest for any other field or brace.
    """
    check_template(template)
    name = _trimmed(_shortened(_legal(label or ""), _MAX_LABEL))
    if not name:
        template = _ABSENT_LABEL.sub("", _BRACKETED_LABEL.sub("{label}", template))
    times = {"start": start_us, "end": end_us, "duration": end_us - start_us}
    fields = {"n": str(n), "label": name, **{field: stamp(us) for field, us in times.items()}}

    def filled(stem: str) -> str:
        def value(match: re.Match[str]) -> str:
            field, _, zeros = match[1].partition(":")
            return (
                fields["n"].zfill(max(int(zeros), len(str(count))))
                if zeros
                else {**fields, "stem": stem}[field]
            )

        return _BRACES.sub(value, template)

    room = MAX_BYTES - _size(filled("")) - _size(_suffix(extension))
    stem = _trimmed(_legal(_stem(source_name))) or _FALLBACK
    share = max(room, 0) // max(template.count("{stem}"), 1)
    return sanitised(filled(_shortened(stem, share)), extension)


def check_template(template: str) -> None:
    """Raise BadRequest for a brace that belongs to none of the `TEMPLATE_FIELDS`."""
    for braces in _BRACES.finditer(template):
        if braces[1] is None or not _FIELD.fullmatch(braces[1]):
            known = ", ".join(f"{{{field}}}" for field in TEMPLATE_FIELDS)
            raise BadRequest(
                f"{quote(braces[0])} is nothing that a name can be filled with.",
                hint=f"Known are {known}; {{n:02}} writes a number with leading zeros.",
                path="$.request.name",
            )


def distinct(suggested: Iterable[str]) -> tuple[str, ...]:
    """The names in order, each that came before in any case of letters with a number: ``name (2)``."""
    taken: set[str] = set()

    def settled(name: str) -> str:
        found = unused(name, lambda candidate: candidate.casefold() in taken)
        taken.add(found.casefold())
        return found

    return tuple(settled(name) for name in suggested)


def sanitised(name: str, extension: str) -> str:
    """`name` as a file name with `extension` that is legal everywhere; “clip” where nothing is left of it.

    Letters of every script and emoji stay. What some system forbids in a name becomes ``_``; what cannot
    be seen, and what a shell or a file manager would misread at either end, goes. The result is in NFC
    and at most `MAX_BYTES` long. A name that already has the extension keeps it once.
    """
    suffix = _suffix(extension)
    stem = _legal(name).rstrip()
    if suffix and stem.lower().endswith(suffix.lower()):
        stem = stem[: -len(suffix)]
    stem = _trimmed(stem) or _FALLBACK
    stem = f"_{stem}" if _DEVICE.match(stem) else stem
    return _trimmed(_shortened(stem, MAX_BYTES - _size(suffix))) + suffix


def unused(name: str, exists: Callable[[str], bool]) -> str:
    """`name`, or the first of ``name (2)``, ``name (3)`` ... for which `exists` is false.

    The number goes before the extension. Raises ResourceError when thousands of them are taken.
    """
    if not exists(name):
        return name
    dot = name.rfind(".")
    stem, suffix = (name[:dot], name[dot:]) if dot > 0 else (name, "")
    for number in range(2, _MAX_NUMBER + 1):
        candidate = f"{stem} ({number}){suffix}"
        if not exists(candidate):
            return candidate
    raise ResourceError(f"Too many files are called “{name}”.", hint="Choose another name or folder.")


def _stem(filename: str) -> str:
    dot = filename.rfind(".")
    return filename[:dot] if dot > 0 and _EXTENSION.fullmatch(filename, dot) else filename


def _suffix(extension: str) -> str:
    plain = _shortened(_trimmed(_legal(extension)), _MAX_EXTENSION)
    return f".{plain}" if plain else ""


def _legal(text: str) -> str:
    shown = _STRAY_JOINER.sub("", "".join(map(_shown, text)))
    return _FORBIDDEN.sub("_", unicodedata.normalize("NFC", shown))


def _shown(character: str) -> str:
    """The character itself, a stand-in for it, or nothing where it cannot be seen."""
    category = unicodedata.category(character)
    if category == "Cs":
        return "_"  # half of a pair, as in a name that is not valid UTF-8 on disk
    if category in ("Cc", "Zl", "Zp"):
        return " " if character.isspace() else ""
    return "" if category == "Cf" and character not in _JOINERS else character


def _trimmed(text: str) -> str:
    """Without leading dots, dashes and blanks (hidden files, options) and trailing dots and blanks."""
    end = next((i for i in range(len(text), 0, -1) if not _loose(text[i - 1])), 0)
    start = next((i for i in range(end) if text[i] != "-" and not _loose(text[i])), end)
    return text[start:end]


def _loose(character: str) -> bool:
    return character == "." or character.isspace()


def _size(text: str) -> int:
    return len(text.encode(errors="replace"))


def _shortened(text: str, size: int) -> str:
    """As many whole characters of `text` as fit into `size` bytes, without a joiner left at the end."""
    if _size(text) <= size:
        return text
    return text.encode()[:size].decode(errors="ignore").rstrip(_JOINERS)
