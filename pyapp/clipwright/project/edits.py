"""Every edit that can be made of a document, as a value: what `actions.apply` takes.

Times are microseconds of the project, unless they begin with ``source_``. An `id` that is left empty is chosen: ``c7``.
"""

from __future__ import annotations

import msgspec

from clipwright.project.document import Ducking, Effect, Footage, Kind, Output, Params, Soft, Transform


class _Edit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="action"):
    """What every edit is: a misspelt field is an error, not a default."""


class AddSource(_Edit, frozen=True, kw_only=True, tag="add_source"):
    """Let clips show a file."""

    source: Footage


class SetSource(_Edit, frozen=True, kw_only=True, tag="set_source"):
    """Say something else of a file that clips may show, or that it is another one now: the one with the same id."""

    source: Footage


class RemoveSource(_Edit, frozen=True, kw_only=True, tag="remove_source"):
    """Forget a file that no clip shows."""

    source: str


class AddTrack(_Edit, frozen=True, kw_only=True, tag="add_track"):
    """Put an empty track over all others, or at place `at`, counted from 0, which is the lowest."""

    kind: Kind
    name: str = ""
    id: str = ""
    at: int | None = None


class RemoveTrack(_Edit, frozen=True, kw_only=True, tag="remove_track"):
    """Take away a track with all of its clips."""

    track: str


class MoveTrack(_Edit, frozen=True, kw_only=True, tag="move_track"):
    """Put a track at place `at`, counted from 0, which is the lowest."""

    track: str
    at: int


class SetSoft(_Edit, frozen=True, kw_only=True, tag="set_soft"):
    """Make a subtitle track one that can be switched on and off; None draws it into the picture."""

    track: str
    soft: Soft | None = None


class SetTrack(_Edit, frozen=True, kw_only=True, tag="set_track"):
    """Name, mute or hide a track; None leaves as it is."""

    track: str
    name: str | None = None
    muted: bool | None = None
    hidden: bool | None = None


class AddClip(_Edit, frozen=True, kw_only=True, tag="add_clip"):
    """Put a span of a source, or a text, on a track.

    `source_end_us` None is the end of the source, `at_us` None the end of the track. `duration_us` is for texts and
    stills only, None for five seconds. `ripple` pushes what starts at `at_us` or later out of the way.
    """

    track: str
    source: str | None = None
    source_start_us: int = 0
    source_end_us: int | None = None
    speed: str = "1"
    text: str | None = None
    style: Params = {}
    duration_us: int | None = None
    at_us: int | None = None
    ripple: bool = False
    label: str = ""
    id: str = ""


class RemoveClip(_Edit, frozen=True, kw_only=True, tag="remove_clip"):
    """Take a clip away and leave a gap."""

    clip: str


class RippleDelete(_Edit, frozen=True, kw_only=True, tag="ripple_delete"):
    """Take a clip away and close the gap, so that its neighbours touch.

    `all_tracks` moves what starts later on the other tracks too, and markers.
    """

    clip: str
    all_tracks: bool = False


class Split(_Edit, frozen=True, kw_only=True, tag="split"):
    """Make two clips of one, the second of which starts at `at_us` and is called `id`."""

    clip: str
    at_us: int
    id: str = ""


class TrimIn(_Edit, frozen=True, kw_only=True, tag="trim_in"):
    """Let a clip begin with what it shows at `to_us`, or would show there; what it shows at other times stays.

    With `ripple` it stays where it starts, and it and what follows on the track move by the difference.
    """

    clip: str
    to_us: int
    ripple: bool = False


class TrimOut(_Edit, frozen=True, kw_only=True, tag="trim_out"):
    """Let a clip end at `to_us`. With `ripple` what follows on the track moves by the difference."""

    clip: str
    to_us: int
    ripple: bool = False


class Move(_Edit, frozen=True, kw_only=True, tag="move"):
    """Let a clip start at `to_us`, on another track if one is named.

    A transition that it has becomes as long as the two clips then overlap, and goes if they do not.
    """

    clip: str
    to_us: int
    track: str | None = None


class MoveGroup(_Edit, frozen=True, kw_only=True, tag="move_group"):
    """Move all clips of a group by as much, to earlier times if that is below zero."""

    group: str
    by_us: int


class SetSpeed(_Edit, frozen=True, kw_only=True, tag="set_speed"):
    """Show the same span of the source faster or slower. With `ripple` what follows on the track moves."""

    clip: str
    speed: str
    ripple: bool = True


class SetVolume(_Edit, frozen=True, kw_only=True, tag="set_volume"):
    """Set the volume of a clip or of a track: name one of the two."""

    volume: float
    clip: str | None = None
    track: str | None = None


class SetTransform(_Edit, frozen=True, kw_only=True, tag="set_transform"):
    """Say where a clip's picture stands."""

    clip: str
    transform: Transform


class SetText(_Edit, frozen=True, kw_only=True, tag="set_text"):
    """Say something else, in another style if one is given."""

    clip: str
    text: str
    style: Params | None = None


class SetEffect(_Edit, frozen=True, kw_only=True, tag="set_effect"):
    """Put an effect in place number `at` of a clip or a track; of the project if neither is named.

    `at` None adds it as the last.
    """

    effect: Effect
    clip: str | None = None
    track: str | None = None
    at: int | None = None


class RemoveEffect(_Edit, frozen=True, kw_only=True, tag="remove_effect"):
    """Take away effect number `at` of a clip or a track; of the project if neither is named."""

    at: int
    clip: str | None = None
    track: str | None = None


class SetDucking(_Edit, frozen=True, kw_only=True, tag="set_ducking"):
    """Let the sound of a track make way for that of others; for none if there is no `ducking`."""

    track: str
    ducking: Ducking | None = None


class SetTransition(_Edit, frozen=True, kw_only=True, tag="set_transition"):
    """Let one clip become the next of its track, with which it touches or overlaps already.

    `after` and what follows it on the track come so much earlier that the two overlap by `duration_us`.
    """

    before: str
    after: str
    name: str
    duration_us: int
    params: Params = {}


class RemoveTransition(_Edit, frozen=True, kw_only=True, tag="remove_transition"):
    """Let two clips touch that had a transition: `after` and what follows it come so much later."""

    before: str
    after: str


class AddMarker(_Edit, frozen=True, kw_only=True, tag="add_marker"):
    """Name a moment."""

    time_us: int
    name: str = ""
    id: str = ""


class RemoveMarker(_Edit, frozen=True, kw_only=True, tag="remove_marker"):
    """Forget a moment."""

    marker: str


class MakeGroup(_Edit, frozen=True, kw_only=True, tag="group"):
    """Let clips and groups be moved as one."""

    members: tuple[str, ...]
    id: str = ""


class Ungroup(_Edit, frozen=True, kw_only=True, tag="ungroup"):
    """Let the members of a group go; they fall to the group that it belongs to, if there is one."""

    group: str


class SetOutput(_Edit, frozen=True, kw_only=True, tag="set_output"):
    """Say what comes of the project."""

    output: Output


class SetName(_Edit, frozen=True, kw_only=True, tag="set_name"):
    """Name the project."""

    name: str


Action = (
    AddSource
    | SetSource
    | RemoveSource
    | AddTrack
    | RemoveTrack
    | MoveTrack
    | SetTrack
    | SetSoft
    | AddClip
    | RemoveClip
    | RippleDelete
    | Split
    | TrimIn
    | TrimOut
    | Move
    | MoveGroup
    | SetSpeed
    | SetVolume
    | SetTransform
    | SetText
    | SetEffect
    | RemoveEffect
    | SetDucking
    | SetTransition
    | RemoveTransition
    | AddMarker
    | RemoveMarker
    | MakeGroup
    | Ungroup
    | SetOutput
    | SetName
)
"""Any edit."""
