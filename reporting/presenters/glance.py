"""The top of the dashboard: are we on course, where not, what next. A tag and a sentence or two each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.html import format_html

from offers.enums import LineStatus
from offers.models import Cohort
from phb_register.disclosure import Controlled
from phb_register.presenters import counted, spoken_date
from reporting.presenters import pace as words
from reporting.rules.pace import Verdict
from reporting.selectors.members import Member
from reporting.selectors.pace import Pace


@dataclass(frozen=True)
class Answer:
    """One question of the dashboard with its answer. `words` are sentences, each a paragraph."""

    question: str
    tag: dict[str, str]
    words: Sequence[Any]


def on_course(pace: Pace) -> Answer:
    """Are we on course?"""
    verdict = pace.main.verdict if pace.main else Verdict.NOT_KNOWN
    return Answer("Are we on course?", words.verdict_tag(verdict), [words.course_words(pace)])


def where_not(
    by_cohort: Mapping[str, Controlled],
    cohorts: Sequence[Cohort],
    statuses: Mapping[str, str],
    pace: Pace,
    members: Sequence[Member],
) -> Answer:
    """Where not: cohorts on offer with nobody, the last quarter where it was missed, members below the target."""
    found: list[str] = []
    nobody = nobody_in(by_cohort, cohorts, statuses)
    if nobody:
        found.append(f"On the local offer and nobody has a budget yet: {', '.join(nobody)}.")
    past = pace.past[-1] if pace.past else None
    is_short = past is not None and past.in_place is not None and past.in_place < past.planned.in_place
    if past is not None and past.in_place is not None and is_short:
        day, short = spoken_date(past.planned.on), past.planned.in_place - past.in_place
        found.append(f"At the end of {day} {past.in_place:,} were in place, {short:,} fewer than planned.")
    # Of one alone the first answer says it already.
    below = [member for member in members if member.is_below] if len(members) > 1 else []
    if below:
        found.append(
            f"Below the lower target: {len(below)} of {counted(len(members), 'commissioner', 'commissioners')}."
        )
    gaps = len(nobody) + len(below) + is_short
    if gaps:
        tag = {"text": counted(gaps, "gap", "gaps"), "classes": "nhsuk-tag--yellow"}
    elif LineStatus.LIVE in statuses.values() or past is not None or any(each.is_compared for each in members):
        tag = {"text": "No gap", "classes": "nhsuk-tag--green"}
        found.append("Nothing is missing of what is offered and planned.")
    else:
        tag = {"text": "Not known", "classes": "nhsuk-tag--grey"}
        found.append("There is no local offer and no trajectory that it could be held against.")
        if members and members[0].lower_rate is None:
            found.append("The target is a number for all together, so no commissioner can be held against it.")
        elif members:
            found.append("The population of the commissioners is not known, so their rates cannot be compared.")
    return Answer("Where not?", tag, found)


def what_next(pace: Pace, agreed: Any, code: str) -> Answer:
    """What has to happen next: the growth that is needed, a plan that is too short for it, who waits to start."""
    needed = pace.main.needed if pace.main else None
    is_reached = pace.main is not None and pace.main.verdict == Verdict.REACHED
    tag = {"text": "Nothing needed" if is_reached else "Not known", "classes": "nhsuk-tag--grey"}
    if needed is not None:
        grows = pace.rate is not None and pace.rate.a_month >= needed.a_month
        colour = "nhsuk-tag--green" if grows else "nhsuk-tag--yellow"
        tag = {"text": f"{needed.a_month:,} more a month", "classes": colour}
    elif pace.main is not None and pace.main.verdict in (Verdict.NO_DATE, Verdict.MISSED):
        tag = {"text": "Set a date", "classes": "nhsuk-tag--yellow"}
    address = reverse("reporting:pace", args=[code])
    found = [
        words.next_words(pace),
        words.too_short_words(pace),
        format_html("Agreed and waiting to start: {}.", agreed),
        format_html('<a href="{}">See the pace, what is needed and the forecast</a>', address),
    ]
    return Answer("What next?", tag, [each for each in found if each])


def nobody_in(by_cohort: Mapping[str, Controlled], cohorts: Sequence[Cohort], statuses: Mapping[str, str]) -> list[str]:
    """Names of the cohorts that are on the local offer that day and have no budget in place."""
    return [
        cohort.name
        for cohort in cohorts
        if statuses.get(cohort.code) == LineStatus.LIVE
        and cohort.code in by_cohort
        and by_cohort[cohort.code].value == 0
    ]
