"""The error tree, sorted by whose problem it is, because that decides what a person is told.

    ClipwrightError      internal        ours, unexpected: please report, with details
    ├── BadRequest       bad_request     a message or a time that makes no sense; says where and why
    ├── MediaError       media           the file's fault: it vanished, changed or cannot be read
    │   ├── UnsupportedFormat  unsupported_format   not a media file, or one nothing here can read
    │   └── CorruptMedia       corrupt_media        a media file with broken or missing parts
    ├── CapabilityError  capability      this engine or browser cannot: plan again, or name one that can
    ├── ResourceError    resource        memory, quota, disk, or an engine that is busy
    ├── EngineError      engine          it ran and failed; detail = the last lines of its log
    └── Cancelled        cancelled       nobody's fault

`message` is a sentence for a person, `hint` what to do next, `detail` the raw cause, `path` the place
in the request (``$.request.start``). Foreign errors become these in two places only:
``host.mapped_errors()`` for what JavaScript throws and ``toWire`` in ``wasm-shims/rpc.js``.
"""

from __future__ import annotations

from typing import ClassVar

import msgspec


class ErrorBody(msgspec.Struct, frozen=True, kw_only=True):
    """An error as it stands on the wire."""

    code: str
    message: str
    hint: str = ""
    detail: str = ""
    path: str = ""


class ClipwrightError(Exception):
    """Something of ours went wrong that nobody expected."""

    code: ClassVar[str] = "internal"

    def __init__(self, message: str, *, hint: str = "", detail: str = "", path: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.detail = detail
        self.path = path

    @property
    def body(self) -> ErrorBody:
        """The error as a value that can cross a border."""
        return ErrorBody(
            code=self.code,
            message=self.message,
            hint=self.hint,
            detail=self.detail,
            path=self.path,
        )


class BadRequest(ClipwrightError):
    """The request makes no sense; `path` says where."""

    code = "bad_request"


class MediaError(ClipwrightError):
    """The file cannot be read: it vanished, or changed while it was read."""

    code = "media"


class UnsupportedFormat(MediaError):
    """Not a media file, or one that no engine here can read."""

    code = "unsupported_format"


class CorruptMedia(MediaError):
    """A media file with broken or missing parts."""

    code = "corrupt_media"


class CapabilityError(ClipwrightError):
    """This engine or browser cannot do it; another may."""

    code = "capability"


class ResourceError(ClipwrightError):
    """Out of memory, quota or disk, or the engine is busy."""

    code = "resource"


class EngineError(ClipwrightError):
    """An engine ran and failed; `detail` holds the last lines of its log."""

    code = "engine"


class Cancelled(ClipwrightError):
    """Stopped on request."""

    code = "cancelled"


def _family(cls: type[ClipwrightError]) -> list[type[ClipwrightError]]:
    return [cls, *(member for child in cls.__subclasses__() for member in _family(child))]


BY_CODE: dict[str, type[ClipwrightError]] = {cls.code: cls for cls in _family(ClipwrightError)}
"""Every code that may stand on the wire, with the class that carries it."""


def from_body(body: ErrorBody) -> ClipwrightError:
    """The exception for an error read off the wire; an unknown code is an internal error."""
    cls = BY_CODE.get(body.code, ClipwrightError)
    return cls(body.message, hint=body.hint, detail=body.detail, path=body.path)
