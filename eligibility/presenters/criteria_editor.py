"""The page on which criteria are written: each tree as nested lists, each place with what can be done there."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from eligibility.models import RuleSetVersion
from eligibility.rules import Problem
from eligibility.rules.content_checks import content_problems, parts_used
from eligibility.rules.criteria_editing import Content, node_at, parent_of, parts_for, places
from eligibility.rules.criteria_words import NodeKind, Words, in_words, is_under
from eligibility.rules.facts import fact_for_rule
from phb_register.presenters import counted

from .criteria import NamedTree, ReadingsView, part_titles, readings_view

# Buttons of a place: what its form sends (`services.criteria_editor` does it), and the words on it.
MOVES = (("up", "Move up"), ("down", "Move down"))
WRAPS = (
    ("all", "Put into a group: all of these"),
    ("any", "Put into a group: any of these"),
    ("not", "Put “none of this” before it"),
)
FILLS = (
    ("add-all", "Add a group: all of these"),
    ("add-any", "Add a group: any of these"),
    ("add-not", "Add: none of this"),
)


@dataclass(frozen=True)
class Link:
    """A link of a place: its words and where it leads."""

    text: str
    href: str


@dataclass(frozen=True)
class Button:
    """A button of a place: its words and what it does."""

    text: str
    action: str


@dataclass(frozen=True)
class EditorNode:
    """A place of a tree. ``first`` are the links that stand beside it; ``links`` and ``buttons`` are folded away."""

    words: Words
    anchor: str
    first: list[Link]
    links: list[Link]
    buttons: list[Button]
    children: list["EditorNode"]


@dataclass(frozen=True)
class EditorTree:
    """A tree under its title. ``links`` and ``buttons`` are for the whole of it; ``key`` names it to the buttons."""

    title: str
    node: EditorNode | None
    key: str = ""
    links: list[Link] = field(default_factory=list)
    buttons: list[Button] = field(default_factory=list)
    is_chosen: bool = False


@dataclass(frozen=True)
class EditorPage:
    """All that the page shows: the readings, what they share, the parts, and when warnings are given."""

    readings: list[EditorTree]
    scope: EditorTree
    parts: list[EditorTree]
    warnings: list[EditorTree]
    gaps: str
    faults: list[str]
    choice: str


def editor_page(version: RuleSetVersion, content: Content) -> EditorPage:
    """The page of a draft. ``content`` is in its normal form."""
    problems = content_problems(content)
    maker = _NodeMaker(version, content)
    view = readings_view(content, problems)
    several = view.are_several
    trees = [place for place in places(content) if parent_of(place) is None]
    shown = [problem for problem in problems if any(is_under(problem.path, tree) for tree in trees)]
    gaps = [problem for problem in shown if problem.is_gap]
    return EditorPage(
        readings=[
            EditorTree(
                title=f"Reading {each.name}: {each.title}" if several else "Criteria",
                node=maker.node(each.words),
                key=each.name,
                links=[Link("Change its title", editor_url(version, "reading-title", name=each.name))],
                buttons=[Button("Remove this reading", "remove-reading")],
                is_chosen=each.is_chosen,
            )
            if several
            else EditorTree("Criteria", maker.node(each.words))
            for each in view.readings
        ],
        scope=EditorTree("In every reading" if several else "Only for", maker.node(view.scope) if view.scope else None),
        parts=[_part_tree(version, content, maker, each) for each in view.parts],
        warnings=[_warning_tree(maker, warning, each) for warning, each in _warnings(content, problems)],
        gaps=counted(len(gaps), "place is still to be filled in", "places are still to be filled in") if gaps else "",
        faults=[str(problem) for problem in problems if not problem.is_gap and problem not in shown],
        choice=_choice(view),
    )


def editor_url(version: RuleSetVersion, page: str = "", **query: str) -> str:
    """The address of a page of a draft's criteria: the tree itself, or one of the pages below it."""
    name = f"eligibility:criteria-{page}" if page else "eligibility:criteria"
    address = reverse(name, args=[version.rule_set.code, version.number])
    return f"{address}?{urlencode(query)}" if query else address


def anchor_of(place: str) -> str:
    """The id of a place on the page."""
    return "at-" + re.sub(r"[^a-z0-9]+", "-", place.lower()).strip("-")


def place_words(content: Mapping[str, Any], node: object, place: str) -> Words:
    """What stands at a place now, in words."""
    return in_words(node, place, part_titles(content))


def what_is_lost(content: Content, action: str, at: str) -> Words | None:
    """What a press would remove for good, where it is more than one condition: somebody should be sure of that.

    Raises ``EditRefused`` for a place there is not.
    """
    if action == "remove":
        words = place_words(content, node_at(content, at), at)
        return words if words.children else None
    if action == "remove-reading":
        return next((each.words for each in readings_view(content).readings if each.name == at), None)
    return None


class _NodeMaker:
    """Gives each place of one draft's trees its links and buttons."""

    def __init__(self, version: RuleSetVersion, content: Content) -> None:
        self.version = version
        self.content = content

    def node(self, words: Words) -> EditorNode:
        return EditorNode(
            words=words,
            anchor=anchor_of(words.path),
            first=self._first(words),
            links=self._links(words),
            buttons=_buttons(words),
            children=[self.node(child) for child in words.children],
        )

    def _first(self, words: Words) -> list[Link]:
        if words.kind.is_group or words.kind is NodeKind.EMPTY:
            return [Link("Add a condition", self._url("fact", words, "add"))]
        if words.kind is NodeKind.CONDITION:
            fact = node_at(self.content, words.path)["fact"]
            if isinstance(fact, str) and fact_for_rule(fact) is not None:
                query = {"at": words.path, "do": "change", "fact": fact}
                return [Link("Change", editor_url(self.version, "condition", **query))]
        if words.kind in (NodeKind.CONDITION, NodeKind.ODD):
            return [Link("Change", self._url("fact", words, "change"))]
        return []

    def _links(self, words: Words) -> list[Link]:
        found = []
        may_name = bool(parts_for(self.content, words.path))
        if may_name and (words.kind.is_group or words.kind is NodeKind.EMPTY):
            found.append(Link("Add a part", self._url("use-part", words, "add")))
        if may_name and words.kind not in (NodeKind.EMPTY, NodeKind.NOT):
            found.append(Link("Put a part in its place", self._url("use-part", words, "change")))
        if words.kind.is_group or words.kind in (NodeKind.CONDITION, NodeKind.NOT):
            found.append(Link("Make a part of it", self._url("part", words)))
        return found

    def _url(self, page: str, words: Words, do: str = "") -> str:
        return editor_url(self.version, page, at=words.path, **({"do": do} if do else {}))


def _buttons(words: Words) -> list[Button]:
    """What can be done at a place with one press."""
    kind = words.kind
    found: list[tuple[str, str]] = []
    if kind.is_group or kind is NodeKind.EMPTY:
        found += FILLS
    if kind.is_group:
        other = "any of these" if kind is NodeKind.ALL else "all of these"
        found.append(("turn", f"Make it: {other}"))
    if kind is NodeKind.PART:
        found.append(("write-out", "Write the part out"))
    if words.path.endswith("]"):
        found += MOVES
    if kind is not NodeKind.EMPTY:
        found += WRAPS
    if kind.is_group or kind is NodeKind.NOT:
        found.append(("unwrap", "Take away the group, keep what is inside"))
    if kind is not NodeKind.EMPTY or parent_of(words.path):
        found.append(("remove", "Remove"))
    return [Button(text, action) for action, text in found]


def _part_tree(version: RuleSetVersion, content: Content, maker: _NodeMaker, part: NamedTree) -> EditorTree:
    is_used = part.name in set(parts_used(content))
    return EditorTree(
        title=part.title if is_used else f"{part.title} (nothing uses this part yet)",
        node=maker.node(part.words),
        key=part.name,
        links=[Link("Change its title", editor_url(version, "part-title", name=part.name))],
        buttons=[] if is_used else [Button("Remove this part", "remove-part")],
    )


def _warnings(content: Content, problems: Sequence[Problem]) -> list[tuple[str, Words]]:
    """The warnings that are only given under criteria of their own."""
    listed = content.get("warnings")
    return [
        (str(warning.get("text") or ""), in_words(warning["when"], path, part_titles(content), problems))
        for place, warning in enumerate(listed if isinstance(listed, list) else ())
        if isinstance(warning, Mapping) and warning.get("when") is not None
        for path in [f"warnings[{place}].when"]
    ]


def _warning_tree(maker: _NodeMaker, text: str, words: Words) -> EditorTree:
    return EditorTree(f"“{text}”", maker.node(words))


def _choice(view: ReadingsView) -> str:
    """What the choice among several readings still lacks."""
    if not view.are_several:
        return ""
    if not any(each.is_chosen for each in view.readings):
        return "Choose the reading that answers rest on"
    return "" if view.note.strip() else "Say why answers rest on the reading that is chosen"
