"""The sheet of the timeline: every year or phase with its lines on one page, in one form.

Buttons that add or move a row send the sheet and give it back as typed, unchecked: it works without script, and nothing
is kept before somebody saves.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.http import QueryDict

from offers.enums import LineStatus
from offers.models import Cohort
from offers.rules.timeline_entries import LineDetails, PhaseDetails, Problem, problems
from offers.rules.timeline_sheet import LINE_INPUTS, PHASE_INPUTS, Row, Sheet, completed
from phb_register.forms import NhsDateField, NhsForm

# Each row takes a while to draw, so a request that sends thousands gets no more than these.
MOST_PHASES, MOST_LINES = 30, 200
_KEY = re.compile(r"[a-z]{0,8}[0-9]{1,18}")
_WIDE = {"class": "nhsuk-u-width-full"}


class SheetForm(NhsForm):
    """What holds for the whole sheet: which version of the timeline its writer opened."""

    submit_text = None
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class _RowForm(NhsForm):
    """One row. One that is removed, or new and empty, need not be right."""

    submit_text = None
    mark_optional = False
    seen = forms.CharField(widget=forms.HiddenInput, max_length=16, required=False)

    def __init__(self, *args: Any, row: Row, is_checked: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = row
        if not is_checked:
            self._errors = ErrorDict()
            self.cleaned_data = {}

    @property
    def pk(self) -> int | None:
        """The key of the row that is kept, None of a new one."""
        return int(self.row.key) if self.row.is_kept else None


class PhaseForm(_RowForm):
    """A year or phase."""

    error_nouns = {"name": "the name of the year or phase"}
    name = forms.CharField(label="Year or phase", max_length=80, widget=forms.TextInput(attrs=_WIDE))
    starts_on = NhsDateField(label="First day", required=False)
    ends_on = NhsDateField(label="Last day", required=False)
    timing = forms.CharField(
        label="Or when, in words", required=False, max_length=80, widget=forms.TextInput(attrs=_WIDE)
    )
    continues_earlier = forms.BooleanField(label="Cohorts of earlier ones go on in it", required=False)
    is_removed = forms.BooleanField(label="Remove it with its lines", required=False)


class LineForm(_RowForm):
    """A line: who, where it has got to, and why that is said."""

    error_nouns = {"cohort": "who the line is for", "status": "where the line has got to", "phase": "a year or phase"}
    cohort = forms.ChoiceField(label="Who it is for", widget=forms.Select(attrs=_WIDE))
    status = forms.ChoiceField(
        label="Where it has got to",
        choices=[("", "Select a status"), *LineStatus.choices],
        widget=forms.Select(attrs=_WIDE),
    )
    note = forms.CharField(
        label="Note", required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2, **_WIDE})
    )
    source = forms.CharField(
        label="Source", required=False, max_length=200, widget=forms.Textarea(attrs={"rows": 2, **_WIDE})
    )
    status_words = forms.CharField(
        label="Your own words for where it has got to",
        required=False,
        max_length=24,
        help_text="Readers see these in its place. For example, Pilot",
        widget=forms.TextInput(attrs=_WIDE),
    )
    starts_on = NhsDateField(label="From", required=False, help_text="If not the first day of the year or phase")
    ends_on = NhsDateField(label="First day no longer offered", required=False)
    phase = forms.ChoiceField(label="In the year or phase", widget=forms.Select(attrs=_WIDE))
    is_removed = forms.BooleanField(label="Remove this line", required=False)

    def __init__(self, *args: Any, choices: Mapping[str, list[tuple[str, str]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("cohort", "phase"):
            self.fields[name].choices = choices[name]  # type: ignore[attr-defined]


class TimelineGrid:
    """The whole sheet as one page sends it. `saved` is the timeline as it is kept now, `version` its version."""

    def __init__(self, data: QueryDict | None, *, saved: Sheet, version: int, cohorts: Iterable[Cohort]) -> None:
        self.cohorts = [("", "Select a cohort"), *((each.code, each.name) for each in cohorts)]
        asked = str(data.get("do", "")) if data is not None else ""
        self.form = SheetForm(data) if data is not None else SheetForm({"version": version})
        sheet = saved if data is None else _after(asked, _sent(data, saved, version))
        self._show(sheet, is_checked=data is not None and not asked)

    def _show(self, sheet: Sheet, *, is_checked: bool) -> None:
        self.sheet, self.is_checked = sheet, is_checked
        data = _as_data(sheet)
        phases = [(row.key, row.values.get("name", "").strip() or "New year or phase") for row in sheet.phases]
        choices = {"cohort": self.cohorts, "phase": phases}
        counted = sheet.counted()
        self.phases = [
            PhaseForm(data, prefix=f"phases-{row.key}", row=row, is_checked=is_checked and row in counted.phases)
            for row in sheet.phases
        ]
        self.lines = {
            row.key: LineForm(
                data,
                prefix=f"lines-{row.key}",
                row=row,
                is_checked=is_checked and row in counted.lines,
                choices=choices,
            )
            for row in sheet.lines
        }

    def every_form(self) -> Iterable[NhsForm]:
        """All parts in the order of the page, for the error summary."""
        yield self.form
        for phase in self.phases:
            yield phase
            yield from self.lines_of(phase)

    def lines_of(self, phase: PhaseForm) -> list[LineForm]:
        """The lines of a phase, in order."""
        return [self.lines[row.key] for row in self.sheet.lines_of(phase.row.key)]

    def is_valid(self) -> bool:
        """Whether it was sent to be saved, and everything in it is right."""
        if not self.is_checked or any(form.errors for form in self.every_form()):
            return False
        kept = self._kept()
        for problem in problems([self._details(phase, lines) for phase, lines in kept]):
            self._show_problem(kept, problem)
        return not self.has_errors()

    def has_errors(self) -> bool:
        """Whether anything on the page is wrong."""
        return self.is_checked and any(form.errors for form in self.every_form())

    @property
    def version(self) -> int:
        """The version that its writer opened."""
        return int(self.form.cleaned_data["version"])

    def details(self) -> list[PhaseDetails]:
        """What is to be kept, once it is valid."""
        return [self._details(phase, lines) for phase, lines in self._kept()]

    def bring_up_to(self, sheet: Sheet, version: int) -> None:
        """Show another sheet in this one's place, to be saved over `version`, unchecked."""
        self.form = SheetForm({"version": version})
        self._show(sheet, is_checked=False)

    def _kept(self) -> list[tuple[PhaseForm, list[LineForm]]]:
        """The phases that stay, with the lines that stay in them."""
        return [
            (phase, [line for line in self.lines_of(phase) if line.cleaned_data])
            for phase in self.phases
            if phase.cleaned_data
        ]

    def _details(self, phase: PhaseForm, lines: Sequence[LineForm]) -> PhaseDetails:
        kept = tuple(LineDetails(pk=line.pk, **_only(line, _LINE_FIELDS)) for line in lines)
        return PhaseDetails(pk=phase.pk, lines=kept, **_only(phase, _PHASE_FIELDS))

    def _show_problem(self, kept: list[tuple[PhaseForm, list[LineForm]]], problem: Problem) -> None:
        phase, lines = kept[problem.phase]
        form: NhsForm = phase if problem.line is None else lines[problem.line]
        form.add_error(problem.field, problem.message)


_PHASE_FIELDS = ("name", "starts_on", "ends_on", "timing", "continues_earlier")
_LINE_FIELDS = ("cohort", "status", "status_words", "note", "source", "starts_on", "ends_on")


def _only(form: NhsForm, names: Iterable[str]) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in names}


def _after(asked: str, sheet: Sheet) -> Sheet:
    """The sheet after a button that adds or moves a row: `add-phase`, `add-line 3`, `move-line 5 up`."""
    what, _, rest = asked.partition(" ")
    key, _, way = rest.partition(" ")
    if what == "add-phase" and len(sheet.phases) < MOST_PHASES:
        return sheet.with_phase()
    if what == "add-line" and len(sheet.lines) < MOST_LINES:
        return sheet.with_line(key)
    if what == "move-phase":
        return sheet.with_phase_moved(key, up=way == "up")
    if what == "move-line":
        return sheet.with_line_moved(key, up=way == "up")
    return sheet


def _sent(data: QueryDict, saved: Sheet, version: int) -> Sheet:
    """What was sent. Rows that were there when it was opened and did not arrive stay as they are."""
    typed = _typed(data)
    return completed(typed, saved) if data.get("version") == str(version) else typed


def _typed(data: QueryDict) -> Sheet:
    """What was sent, in the order it was sent in."""
    phases = tuple(_row(data, "phases", key, PHASE_INPUTS) for key in _keys(data, "phases", MOST_PHASES))
    known = {row.key for row in phases}
    lines = (_row(data, "lines", key, LINE_INPUTS) for key in _keys(data, "lines", MOST_LINES))
    return Sheet(phases, tuple(line for line in lines if line.values["phase"] in known))


def _keys(data: QueryDict, part: str, most: int) -> list[str]:
    sent = dict.fromkeys(key for key in data.getlist(part) if _KEY.fullmatch(key))
    return list(sent)[:most]


def _row(data: QueryDict, part: str, key: str, inputs: Iterable[str]) -> Row:
    name = f"{part}-{key}-"
    values = {each: str(data.get(name + each, "")) for each in inputs}
    return Row(key, values, seen=str(data.get(f"{name}seen", "")), is_removed=bool(data.get(f"{name}is_removed")))


def _as_data(sheet: Sheet) -> Mapping[str, str]:
    """The rows as a form sends them."""
    data: dict[str, str] = {}
    for part, rows in (("phases", sheet.phases), ("lines", sheet.lines)):
        for row in rows:
            name = f"{part}-{row.key}-"
            data |= {name + each: value for each, value in row.values.items() if value}
            data[f"{name}seen"] = row.seen
            if row.is_removed:
                data[f"{name}is_removed"] = "on"
    return data
