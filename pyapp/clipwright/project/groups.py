"""Groups of clips and of groups: what is wrong with them, and which clips they hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from clipwright.project.document import Document, Group
from clipwright.project.faults import Fault, id_faults


def group_faults(document: Document, path: str) -> Iterator[Fault]:
    """Members that do not exist or belong to two groups, and groups that hold themselves over any corner."""
    clips = {clip.id for track in document.tracks for clip in track.clips}
    taken = set(clips)
    names = {group.id for group in document.groups}
    parents: dict[str, str] = {}
    for number, group in enumerate(document.groups):
        place = f"{path}[{number}]"
        yield from id_faults(group.id, f"{place}.id")
        if group.id in taken:
            yield Fault(f"{place}.id", f"The id “{group.id[:64]}” is used already.", "Give each its own.")
        taken.add(group.id)
        if not group.members:
            yield Fault(f"{place}.members", "The group is empty.", "Leave it out.")
        for at, member in enumerate(group.members):
            if member not in clips and member not in names:
                yield Fault(
                    f"{place}.members[{at}]", f"There is no clip or group “{member[:64]}”.", "Leave it out."
                )
            elif member in parents:
                yield Fault(
                    f"{place}.members[{at}]",
                    f"“{member}” belongs to a group already.",
                    "Leave it out of one.",
                )
            else:
                parents[member] = group.id
    yield from _circles(document.groups, parents, path)


def _circles(groups: Iterable[Group], parents: dict[str, str], path: str) -> Iterator[Fault]:
    """One fault for each circle, at the first of its groups. Every group is visited once."""
    done: set[str] = set()
    places = {group.id: number for number, group in enumerate(groups)}
    for start in places:
        trail: dict[str, None] = {}
        at: str | None = start
        while at is not None and at not in done and at not in trail:
            trail[at] = None
            at = parents.get(at)
        if at is not None and at in trail:
            names = list(trail)
            circle = names[names.index(at) :]
            first = min(circle, key=lambda name: places[name])
            yield Fault(
                f"{path}[{places[first]}].members",
                f"The group “{first}” holds itself.",
                "Take one of the groups out of the other.",
            )
        done.update(trail)


def clips_of(document: Document, group_id: str) -> frozenset[str]:
    """The ids of all clips that a group holds, those of its groups too."""
    members = {group.id: group.members for group in document.groups}
    groups = set(members)
    found: set[str] = set()
    waiting = [group_id]
    while waiting:
        name = waiting.pop()
        if name in members:
            # Taken out, so that groups in a circle come to an end here too.
            waiting += members.pop(name)
        elif name not in groups:
            found.add(name)
    return frozenset(found)


def pruned(document: Document, gone: frozenset[str]) -> tuple[Group, ...]:
    """The groups without those members, and without groups that thereby become empty."""
    left = {group.id: len(group.members) for group in document.groups}
    parents = {member: group.id for group in document.groups for member in group.members}
    out = set(gone)
    waiting = list(gone)
    while waiting:
        parent = parents.get(waiting.pop())
        if parent is not None and parent not in out:
            left[parent] -= 1
            if not left[parent]:
                out.add(parent)
                waiting.append(parent)
    return tuple(
        Group(id=group.id, members=tuple(name for name in group.members if name not in out))
        for group in document.groups
        if group.id not in out
    )
