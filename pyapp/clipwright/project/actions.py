"""Making edits: ``apply(document, action) -> document``, and taking them back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from clipwright.errors import BadRequest
from clipwright.jsontext import looked_over
from clipwright.project import arranging, carving, dressing, edits
from clipwright.project.document import Document
from clipwright.project.edits import Action
from clipwright.project.faults import Check, anything, refusal
from clipwright.project.validation import validate

MAX_HISTORY = 500
"""No more documents are kept; the oldest go first. What two of them have in common is kept once."""

_EDITS: dict[type[Any], Callable[[Document, Any], Document]] = {
    edits.AddSource: dressing.add_source,
    edits.SetSource: dressing.set_source,
    edits.RemoveSource: dressing.remove_source,
    edits.AddTrack: dressing.add_track,
    edits.RemoveTrack: dressing.remove_track,
    edits.MoveTrack: dressing.move_track,
    edits.SetTrack: dressing.set_track,
    edits.SetSoft: dressing.set_soft,
    edits.AddClip: arranging.add_clip,
    edits.RemoveClip: arranging.remove_clip,
    edits.RippleDelete: arranging.ripple_delete,
    edits.Split: carving.split,
    edits.TrimIn: carving.trim_in,
    edits.TrimOut: carving.trim_out,
    edits.Move: arranging.move,
    edits.MoveGroup: arranging.move_group,
    edits.SetSpeed: carving.set_speed,
    edits.SetVolume: dressing.set_volume,
    edits.SetTransform: dressing.set_transform,
    edits.SetText: dressing.set_text,
    edits.SetEffect: dressing.set_effect,
    edits.RemoveEffect: dressing.remove_effect,
    edits.SetDucking: dressing.set_ducking,
    edits.SetTransition: arranging.set_transition,
    edits.RemoveTransition: arranging.remove_transition,
    edits.AddMarker: dressing.add_marker,
    edits.RemoveMarker: dressing.remove_marker,
    edits.MakeGroup: dressing.make_group,
    edits.Ungroup: dressing.ungroup,
    edits.SetOutput: dressing.set_output,
    edits.SetName: dressing.set_name,
}


def apply(document: Document, action: Action, check: Check = anything) -> Document:
    """The document after one edit; it is valid whenever there is one, whatever the document was before.

    Raises BadRequest for an edit that cannot be made: at ``$.action`` for what the edit says, at ``$.document`` for
    what would be wrong with the document after it. `check` is what `validate` asks about effects.
    """
    edited = _EDITS[type(action)](document, action)
    if faults := validate(edited, check, "$.document"):
        raise refusal(faults)
    return edited


def read_action(text: str | bytes) -> Action:
    """The edit that a JSON text is. Raises BadRequest, at ``$.action``, for one that is none."""
    try:
        return _decoder.decode(looked_over(text, "$.action"))
    except msgspec.ValidationError as error:
        message, _, path = f"{error}".partition(" - at `$")
        raise BadRequest(
            f"{message}.", hint="See the schema of Action.", path="$.action" + path.rstrip("`")
        ) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadRequest(
            "The action is not valid JSON.", hint="Give one JSON object.", detail=f"{error}", path="$.action"
        ) from error


_decoder: msgspec.json.Decoder[Action] = msgspec.json.Decoder(Action)


class History(msgspec.Struct, frozen=True):
    """Documents in the order in which they were made; number `at` of them is the present one."""

    documents: tuple[Document, ...]
    at: int = 0

    @property
    def present(self) -> Document:
        """The document as it is now."""
        return self.documents[self.at]


def begun(document: Document) -> History:
    """A history that begins with this document."""
    return History((document,))


def done(history: History, action: Action, check: Check = anything) -> History:
    """The history after one more edit of the present document; what was undone is forgotten."""
    kept = (*history.documents[: history.at + 1], apply(history.present, action, check))[-MAX_HISTORY:]
    return History(kept, len(kept) - 1)


def undone(history: History) -> History:
    """One edit back. Raises BadRequest where there is none."""
    if not history.at:
        raise BadRequest("There is nothing to undo.", hint="Go on from here.", path="$.history")
    return History(history.documents, history.at - 1)


def redone(history: History) -> History:
    """One edit forward again. Raises BadRequest where there is none."""
    if history.at + 1 >= len(history.documents):
        raise BadRequest("There is nothing to redo.", hint="Go on from here.", path="$.history")
    return History(history.documents, history.at + 1)
