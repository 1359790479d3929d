"""The one table of the tools of a programme: what each is for, what it asks, and how its entries are listed.

Forms, lists, the board pack and the addresses are all made from `TOOLS`; a further tool is a table (`offers.models`)
and an entry here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from offers.programme_enums import ToolKind
from offers.programme_words import (
    NONE,
    EntryRow,
    in_place_words,
    last_words,
    number,
    on_or_in_words,
    progress_words,
    reached_words,
    room_words,
    score_words,
    target_words,
    work_status,
)
from offers.rules.programme_progress import points


@dataclass(frozen=True)
class ToolColumn:
    """One column of a tool's list, as plain text. `is_tag` marks the words that a page shows as a tag."""

    label: str
    read: Callable[[EntryRow], str]
    is_number: bool = False
    is_tag: bool = False


@dataclass(frozen=True)
class Tool:
    """One tool. `fields` are asked in this order; `related` is read with the entries.

    `is_single`: an offer has one entry at most. `starts_in_pack`: in the board pack until somebody chooses otherwise.
    """

    kind: ToolKind
    one: str
    group: str
    explanation: str
    fields: tuple[str, ...]
    columns: tuple[ToolColumn, ...]
    related: tuple[str, ...] = ()
    is_single: bool = False
    starts_in_pack: bool = False

    @property
    def title(self) -> str:
        """Its name in lists and headings."""
        return str(self.kind.label)

    @property
    def one_more(self) -> str:
        """One of its entries with its article: `a risk`, `an engagement event`."""
        return f"{'an' if self.one[0] in 'aeiou' else 'a'} {self.one}"


def _numbered(read: Callable[[Any], str]) -> Callable[[EntryRow], str]:
    return lambda row: f"{row.entry.number}. {read(row.entry)}"


def _of(name: str) -> Callable[[EntryRow], str]:
    return lambda row: str(getattr(row.entry, name) or NONE)


def _points(name: str) -> Callable[[EntryRow], str]:
    return lambda row: "\n".join(points(getattr(row.entry, name))) or NONE


_WORK_END = ("due_on", "timing")
_WHEN = ToolColumn("When", lambda row: on_or_in_words(row.entry.due_on, row.entry.timing))
_STATUS = ToolColumn("Status", lambda row: str(row.entry.get_status_display()), is_tag=True)
_WORK_STATUS = ToolColumn("Status", work_status, is_tag=True)

_GOING, _WHO, _HOW_FAR, _REACHED = (
    "Where you are going",
    "Who does what, by when",
    "How far you are, and what may go wrong",
    "Who has to be reached",
)

TOOLS: Mapping[str, Tool] = {
    tool.kind.value: tool
    for tool in (
        Tool(
            ToolKind.VISION,
            "vision",
            _GOING,
            "What the programme is for, on one page: the beginning of every briefing and business case.",
            ("headline", "for_people", "for_staff", "for_system", "first_steps", "signs", "asked_of_leaders"),
            (ToolColumn("Vision", _of("headline")),),
            is_single=True,
        ),
        Tool(
            ToolKind.SWOC,
            "place to start",
            _GOING,
            "Strengths, weaknesses, opportunities and challenges of two or three places to start, side by side.",
            (
                "cohort",
                "title",
                "strengths",
                "weaknesses",
                "opportunities",
                "challenges",
                "people",
                "people_source",
                "place",
                "reason",
            ),
            (
                ToolColumn("Place to start", _numbered(str)),
                ToolColumn("Strengths", _points("strengths")),
                ToolColumn("Weaknesses", _points("weaknesses")),
                ToolColumn("Opportunities", _points("opportunities")),
                ToolColumn("Challenges", _points("challenges")),
                ToolColumn("People", lambda row: number(row.entry.people), is_number=True),
                ToolColumn("Chosen", lambda row: str(row.entry.get_place_display()), is_tag=True),
                ToolColumn("Why", _of("reason")),
            ),
            related=("cohort",),
        ),
        Tool(
            ToolKind.BODIES,
            "governance body",
            _WHO,
            "Who decides on the programme, what they answer for, and to whom they pass what they cannot settle.",
            ("name", "role", "accountabilities", "frequency", "members", "escalates_to"),
            (
                ToolColumn("Body", _numbered(str)),
                ToolColumn("Role", _of("role")),
                ToolColumn("Answers for", _points("accountabilities")),
                ToolColumn("Meets", _of("frequency")),
                ToolColumn("Escalates to", _of("escalates_to")),
            ),
            related=("escalates_to",),
            starts_in_pack=True,
        ),
        Tool(
            ToolKind.WORKSTREAMS,
            "workstream",
            _WHO,
            "The parts of the work that go on side by side, each led by somebody.",
            ("title", "purpose", "lead_role", "body"),
            (
                ToolColumn("Workstream", _numbered(str)),
                ToolColumn("Purpose", _of("purpose")),
                ToolColumn("Lead", _of("lead_role")),
                ToolColumn("Reports to", _of("body")),
                ToolColumn("Deliverables", lambda row: progress_words(row.work)),
            ),
            related=("body",),
            starts_in_pack=True,
        ),
        Tool(
            ToolKind.DELIVERABLES,
            "deliverable",
            _WHO,
            "What is to be there, by when, and who sees to it.",
            ("title", "workstream", "owner_role", *_WORK_END, "done_when"),
            (
                ToolColumn("Deliverable", _numbered(str)),
                ToolColumn("Workstream", _of("workstream")),
                ToolColumn("Seen to by", _of("owner_role")),
                ToolColumn("Due", _WHEN.read),
                _WORK_STATUS,
            ),
            related=("workstream",),
            starts_in_pack=True,
        ),
        Tool(
            ToolKind.CAPS,
            "phase cap",
            _HOW_FAR,
            "How many people may have a budget while a phase runs, beside how many do. A cap is a limit of the plan: "
            "it never takes a right away from anybody.",
            ("phase", "cohort", "people", "certainty", "reason", "source"),
            (
                ToolColumn(
                    "Year or phase",
                    _numbered(lambda each: each.phase.name if each.phase else "No longer on the timeline"),
                ),
                ToolColumn("Cohort", lambda row: str(row.entry.cohort or "All cohorts")),
                ToolColumn("At most", lambda row: number(row.entry.people), is_number=True),
                ToolColumn("How sure", lambda row: str(row.entry.get_certainty_display())),
                ToolColumn("In place now", in_place_words, is_number=True),
                ToolColumn("Room", room_words, is_number=True),
            ),
            related=("phase", "cohort"),
            starts_in_pack=True,
        ),
        Tool(
            ToolKind.INDICATORS,
            "key performance indicator",
            _HOW_FAR,
            "What you measure to know that it works, and where it is to get to.",
            (
                "title",
                "definition",
                "unit",
                "direction",
                "figure",
                "baseline",
                "target",
                "target_on",
                "frequency",
                "owner_role",
            ),
            (
                ToolColumn("Indicator", _numbered(str)),
                ToolColumn("Started at", lambda row: number(row.entry.baseline, row.entry.unit)),
                ToolColumn("Last value", last_words),
                ToolColumn("Target", lambda row: target_words(row.entry)),
                ToolColumn("Target reached", reached_words, is_tag=True),
            ),
            starts_in_pack=True,
        ),
        Tool(
            ToolKind.RISKS,
            "risk",
            _HOW_FAR,
            "What may go wrong, how likely that is and how much it would matter, and what is done about it.",
            (
                "description",
                "workstream",
                "likelihood",
                "impact",
                "mitigation",
                "likelihood_after",
                "impact_after",
                "owner_role",
                "review_on",
            ),
            (
                ToolColumn("Risk", _numbered(lambda each: each.description)),
                ToolColumn("Score", lambda row: score_words(row.entry.likelihood, row.entry.impact), is_tag=True),
                ToolColumn("What is done about it", _of("mitigation")),
                ToolColumn("Owner", _of("owner_role")),
                _STATUS,
            ),
            related=("workstream",),
            starts_in_pack=True,
        ),
        Tool(
            ToolKind.EVENTS,
            "engagement event",
            _REACHED,
            "When people help to shape the offer, what they said, and what came of it.",
            ("title", "takes_place_on", "timing", "audience", "purpose", "people_came", "heard", "changed"),
            (
                ToolColumn("Event", _numbered(str)),
                ToolColumn("When", lambda row: on_or_in_words(row.entry.takes_place_on, row.entry.timing)),
                ToolColumn("For", _of("audience")),
                ToolColumn("What came of it", lambda row: row.entry.changed or row.entry.heard or NONE),
                _STATUS,
            ),
        ),
        Tool(
            ToolKind.STAKEHOLDERS,
            "stakeholder need",
            _REACHED,
            "What each group outside the team needs to hear, by which message, how and when.",
            ("who", "interest", "influence", "needs", "message", "way", "lead_role", *_WORK_END),
            (
                ToolColumn("Who", _numbered(str)),
                ToolColumn(
                    "Interest and influence",
                    lambda row: f"{row.entry.get_interest_display()}, {row.entry.get_influence_display().lower()}",
                ),
                ToolColumn("Needs", _of("needs")),
                ToolColumn("Message", _of("message")),
                ToolColumn("How", _of("way")),
                _WHEN,
                _WORK_STATUS,
            ),
        ),
        Tool(
            ToolKind.DEVELOPMENT,
            "development need",
            _REACHED,
            "What staff need to learn, from whom, in how much of their time, and who among them speaks for budgets.",
            (
                "who",
                "depth",
                "needs",
                "way",
                "time_asked",
                "provider",
                "needs_outside_help",
                "champion",
                *_WORK_END,
            ),
            (
                ToolColumn("Who", _numbered(str)),
                ToolColumn("Needs to learn", _of("needs")),
                ToolColumn("How", _of("way")),
                ToolColumn("Time", _of("time_asked")),
                ToolColumn("Taught by", _of("provider")),
                _WHEN,
                _WORK_STATUS,
            ),
        ),
    )
}
