"""What a project is: tracks of clips over a clock, and what comes of them. All values, none ever changed.

Times are integer microseconds, spans half-open; speeds and frame rates are exact ratios written ``"3/2"``. Later tracks
lie over earlier ones. Sound of a clip on a video track is heard with it.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from clipwright.filters.layout import WHOLE, Cell
from clipwright.writtentime import MAX_US

VERSION: Literal[2] = 2
"""The shape of the documents below; older ones are brought up to it when they are read."""

MAX_TIME_US = MAX_US
"""No project and no source may be longer: a thousand hours."""
MIN_CLIP_US = 1_000
"""No clip may be shorter: no frame rate is above 1000."""
MAX_CLIPS = 20_000
"""No document may hold more clips, over all its tracks."""
MAX_LIST = 20_000
"""No other list of a document may be longer: sources, markers, groups and what they hold."""
MAX_TRACKS = 200
MAX_EFFECTS = 100
"""No clip, no track and no document as a whole may have more effects."""
MAX_VOICES = 32
"""No track may make way for more others."""
MAX_NAME = 200
"""No name may have more characters."""
MAX_TEXT = 10_000
"""No text that is shown may have more characters."""
MAX_VOLUME = 10.0

Kind = Literal["video", "audio", "subtitle", "text"]
"""What a track carries. Clips of the first two show a source; those of the others say a text, subtitles either."""

Params = dict[str, Any]
"""A JSON object, as the effect that it is for understands it."""


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What every part of a document is: a misspelt field is an error, a field as usual is not written."""


class Footage(_Part, frozen=True, kw_only=True):
    """A file that clips show, and what it has. `duration_us` None is a still, to be shown as long as anybody likes.

    `media` is the id by which the file is known where it is opened; it may differ each time.
    """

    id: str
    name: str = ""
    media: str = ""
    duration_us: int | None = None
    picture: bool = True
    sound: bool = True


class Effect(_Part, frozen=True, kw_only=True):
    """What is done to a picture or a sound: the effect's name and its parameters.

    `start_us` and `end_us` limit it to a part of the clip, or of the project where the effect is one of the whole,
    counted from where that starts; None is its edge.
    """

    name: str
    params: Params = {}
    start_us: int | None = None
    end_us: int | None = None
    enabled: bool = True


class Crop(_Part, frozen=True, kw_only=True):
    """What is cut off at each side before anything else, in parts of the picture's width and height, 0 to below 1."""

    left: float = 0.0
    top: float = 0.0
    right: float = 0.0
    bottom: float = 0.0


class Transform(_Part, frozen=True, kw_only=True):
    """Where a picture stands in the frame, and how.

    `rotation` is in degrees clockwise, -360 to 360; `opacity` is 0 to 1.
    """

    cell: Cell = WHOLE
    crop: Crop = Crop()
    rotation: float = 0.0
    opacity: float = 1.0
    flip_x: bool = False
    flip_y: bool = False


PLAIN = Transform()


class Clip(_Part, frozen=True, kw_only=True):
    """``[source_start_us, source_end_us)`` of a source, shown from `start_us` to `end_us` of the project.

    The two spans differ by `speed`, to within a microsecond of either: at ``"2"`` two seconds of source are one of the
    project. A clip without a source says `text`, in a `style` that is to it what `params` are to an effect. Texts and
    stills have no clock: their source span is empty, their speed 1.
    `volume` is linear, 0 to 10, 1 for as it is.
    """

    id: str
    start_us: int
    end_us: int
    source: str | None = None
    source_start_us: int = 0
    source_end_us: int = 0
    speed: str = "1"
    text: str | None = None
    style: Params = {}
    volume: float = 1.0
    transform: Transform = PLAIN
    effects: tuple[Effect, ...] = ()
    label: str = ""

    @property
    def duration_us(self) -> int:
        """How long it lasts in the project, in microseconds."""
        return self.end_us - self.start_us


class Transition(_Part, frozen=True, kw_only=True):
    """How clip `before` becomes clip `after`, the next one of the track.

    The second starts `duration_us` before the first ends.
    """

    before: str
    after: str
    name: str
    duration_us: int
    params: Params = {}


class Soft(_Part, frozen=True, kw_only=True):
    """Subtitles that can be switched on and off: a track of their own in the result.

    `language` is an ISO 639 code or a BCP 47 tag (``de``, ``deu``, ``pt-BR``), empty where it is not known. A `default`
    one is shown unless somebody chooses otherwise.
    """

    language: str = ""
    default: bool = False


class Ducking(_Part, frozen=True, kw_only=True):
    """A sound gets quieter while one of the tracks `voices` (their ids) is heard, as the effect ``duck`` says it.

    `params` are those of that effect. What counts is the voices' sound with its effects, before any ducking of its own.
    """

    voices: tuple[str, ...]
    params: Params = {}


class Track(_Part, frozen=True, kw_only=True):
    """Clips in order of time, none over another but where a transition says so.

    `volume` multiplies that of the clips; a `muted` track is not heard, a `hidden` one not seen. `effects` are done to
    its sound as a whole, after its volume; their limits are times of the project. `ducking` comes last. A
    subtitle track is drawn into the picture, or becomes a track of the result if it is `soft`, called by its name. Then
    players choose how texts look, so that nothing counts but words and times; in mkv the styles of ASS stay.
    """

    id: str
    kind: Kind
    name: str = ""
    clips: tuple[Clip, ...] = ()
    transitions: tuple[Transition, ...] = ()
    effects: tuple[Effect, ...] = ()
    ducking: Ducking | None = None
    volume: float = 1.0
    muted: bool = False
    hidden: bool = False
    soft: Soft | None = None


class Marker(_Part, frozen=True, kw_only=True):
    """A moment with a name."""

    id: str
    time_us: int
    name: str = ""


class Group(_Part, frozen=True, kw_only=True):
    """Clips, and other groups, that are moved as one; each belongs to one group at most, and none to itself."""

    id: str
    members: tuple[str, ...]


class Output(_Part, frozen=True, kw_only=True):
    """The frame and the sound that come of it. `background` is ``#rrggbb``; `channels` is 1, 2, 6 or 8."""

    width: int = 1920
    height: int = 1080
    frame_rate: str = "30"
    sample_rate: int = 48_000
    channels: int = 2
    background: str = "#000000"


class Document(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A whole project."""

    schema_version: Literal[2] = VERSION
    name: str = ""
    sources: tuple[Footage, ...] = ()
    tracks: tuple[Track, ...] = ()
    effects: tuple[Effect, ...] = ()
    markers: tuple[Marker, ...] = ()
    groups: tuple[Group, ...] = ()
    output: Output = Output()
