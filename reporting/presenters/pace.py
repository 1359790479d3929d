"""The pace in words and tables: where it stands, what is needed, what is expected, whether the plan goes that far."""

from collections.abc import Mapping, Sequence
from typing import Any

from offers.models import Cohort
from phb_register.nhsuk.components import render_component
from phb_register.presenters import counted, spoken_date
from phb_register.tables import Column, table_params
from reporting.rules.pace import Goal, Outlook, RunRate, Spread, Verdict
from reporting.rules.reach import Reach, Room
from reporting.selectors.pace import Pace, PastPoint

VERDICT_TAGS: dict[Verdict, str] = {
    Verdict.REACHED: "nhsuk-tag--green",
    Verdict.ON_COURSE: "nhsuk-tag--green",
    Verdict.UNSURE: "nhsuk-tag--yellow",
    Verdict.OFF_COURSE: "nhsuk-tag--red",
    Verdict.MISSED: "nhsuk-tag--red",
    Verdict.NO_DATE: "nhsuk-tag--grey",
    Verdict.BEING_WORKED_OUT: "nhsuk-tag--grey",
    Verdict.NOT_KNOWN: "nhsuk-tag--grey",
}
NOT_SAID = "–"
OF_A_PART = "Targets and trajectories are of all budgets together, not of a part of them: take the filters away."
NUMBER_HIDDEN = "The number in place is hidden to protect people, so nothing can be said of its course."


def verdict_tag(verdict: Verdict) -> dict[str, str]:
    """How it stands, as a tag."""
    return {"text": verdict.value, "classes": VERDICT_TAGS[verdict]}


def course_words(pace: Pace) -> str:
    """Whether uptake is on course, in a sentence or two."""
    main = pace.main
    if pace.is_part:
        return OF_A_PART
    if pace.in_place is None:
        return NUMBER_HIDDEN
    if main is None or main.goal.number is None:
        return "There is no target to hold it against: the population is not known."
    goal, number, in_place = main.goal, f"{main.goal.number:,}", f"{pace.in_place:,}"
    missing = f"{main.goal.number - pace.in_place:,}"
    if main.verdict is Verdict.REACHED:
        return f"{_the(goal)} of {number} is reached: {in_place} are in place."
    if main.verdict is Verdict.MISSED:
        return f"{_the(goal)} of {number} was to be reached by {spoken_date(goal.by)}. {missing} are still missing."
    if main.verdict is Verdict.NO_DATE:
        return f"{missing} are missing to the {_lower(goal)} of {number}. {_without_a_date(main, pace.rate)}"
    return f"{in_place} are in place. {_expected_words(main)} {_the(goal)} is {number}."


def _expected_words(main: Outlook) -> str:
    day = spoken_date(main.goal.by)
    if main.verdict is Verdict.BEING_WORKED_OUT:
        return f"How many are likely on {day} is being worked out."
    if main.expected is None:
        return f"How many there will be on {day} cannot be said: it is too far ahead, or there are too few months."
    if main.is_forecast:
        return f"By {day} {_range(main.expected)} are likely."
    return f"Going on as now, it would be {main.expected.expected:,} by {day}."


def _without_a_date(main: Outlook, rate: RunRate | None) -> str:
    if rate is None:
        return "No day is set to reach it by."
    if main.months_at_run_rate is None:
        return f"No day is set to reach it by, and the number has not grown in {_months(rate.months)}."
    return f"No day is set to reach it by; at the run rate it takes {duration(main.months_at_run_rate)}."


def next_words(pace: Pace) -> str:
    """What has to happen, beside what does."""
    main = pace.main
    if main is None or main.needed is None:
        return run_rate_words(pace.rate)
    needed = main.needed
    words = (
        f"To reach the {_lower(main.goal)}, the number has to grow by {needed.a_month:,} a month for "
        f"{_months(needed.months)}."
    )
    if needed.starts_a_month is not None:
        words += f" With what ends meanwhile, that is {needed.starts_a_month:,} starts a month."
    return f"{words} {run_rate_words(pace.rate)}".strip()


def run_rate_words(rate: RunRate | None) -> str:
    """By how many a month it grew."""
    if rate is None:
        return ""
    grew = "grew" if rate.growth >= 0 else "fell"
    words = f"In the {_months(rate.months)} to {spoken_date(rate.until)} it {grew} by {abs(rate.a_month):,} a month"
    if rate.started is None or rate.ended is None:
        return f"{words}."
    return f"{words}: {rate.started:,} began and {rate.ended:,} ended."


def reach_words(pace: Pace, names: Mapping[str, str]) -> str:
    """Whether the plan's phases go as far as what is to be reached. Nothing where there is nothing left to reach."""
    found, main = pace.reach, pace.main
    if found is None or main is None or main.goal.number is None:
        return ""
    day = spoken_date(found.on)
    if not found.rooms:
        return f"On {day} the local offer has no cohort that is live or planned: the plan brings nobody new."
    if found.most is None:
        without = ", ".join(names.get(code, code) for code in found.unlimited)
        return f"The plan sets no limit that can be added up: for {without} there is neither a phase cap nor a count."
    return too_short_words(pace) or f"The plan goes far enough: on {day} it has room for {found.most:,}."


def too_short_words(pace: Pace) -> str:
    """That the plan leaves no room for what is to be reached; nothing where it does, or where that is not known."""
    found, main = pace.reach, pace.main
    if found is None or found.most is None or not found.rooms or main is None or main.goal.number is None:
        return ""
    missing = main.goal.number - found.most
    if missing <= 0:
        return ""
    return (
        f"The plan does not go that far. On {spoken_date(found.on)} its phase caps and the people eligible leave room "
        f"for {found.most:,}, which is {missing:,} fewer than the {_lower(main.goal)}."
    )


def forecast_words(pace: Pace) -> list[str]:
    """How the forecast is made, how good it was, and what is not in it; or why there is none."""
    found = pace.forecast
    if found is None:
        if pace.is_being_made:
            return ["The forecast is being worked out."]
        if not pace.is_series_long_enough:
            return [
                "There is no forecast: it takes 12 ends of months, or of quarters, with few numbers hidden among them. "
                "What is expected is the run rate going on."
            ]
        return ["There is no forecast: the number in place has not changed, or the forecast could not be worked out."]
    words = [
        f"Made from the last {found.points} points of the line that are shown. In nine of ten cases what comes is in "
        "the range, as far as the past is a guide: a new phase, a cap or a changed rule is not in it."
    ]
    if found.trial is not None:
        trial = found.trial
        held = "in the range" if trial.held else "outside the range"
        words.append(
            f"A year earlier, the same method would have said {_range(trial.forecast)} for "
            f"{spoken_date(trial.forecast.on)}. It was {trial.was:,}: {held}."
        )
    return words


def outlook_table(pace: Pace) -> dict[str, Any]:
    """Everything that is to be reached, and how it stands."""
    columns: list[Column[Outlook]] = [
        Column("To be reached", lambda each: each.goal.words),
        Column("By", lambda each: spoken_date(each.goal.by)),
        Column("Number", lambda each: _number(each.goal.number), is_number=True),
        Column("Missing", lambda each: _number(each.needed.missing if each.needed else None), is_number=True),
        Column("Needed a month", lambda each: _number(each.needed.a_month if each.needed else None), is_number=True),
        Column(
            "Starts a month",
            lambda each: _number(each.needed.starts_a_month if each.needed else None),
            is_number=True,
        ),
        Column("Expected by then", lambda each: _range(each.expected) if each.expected else NOT_SAID, is_number=True),
        Column("How it stands", lambda each: render_component("tag", verdict_tag(each.verdict))),
        Column("Source", lambda each: each.goal.source),
    ]
    return table_params(columns, pace.outlooks, caption="What is to be reached, and how it stands", is_stacked=True)


def forecast_table(pace: Pace) -> dict[str, Any]:
    """The forecast step by step."""
    columns: list[Column[Spread]] = [
        Column("At the end of", lambda each: spoken_date(each.on)),
        Column("Expected", lambda each: f"{each.expected:,}", is_number=True),
        Column("Likely, from", lambda each: f"{each.lower:,}", is_number=True),
        Column("Likely, to", lambda each: f"{each.upper:,}", is_number=True),
    ]
    return table_params(columns, pace.forecast.steps if pace.forecast else (), caption="Forecast of budgets in place")


def past_table(pace: Pace) -> dict[str, Any]:
    """What was planned for quarters that are over, and what was in place."""
    columns: list[Column[PastPoint]] = [
        Column("At the end of", lambda each: spoken_date(each.planned.on)),
        Column("Planned", lambda each: f"{each.planned.in_place:,}", is_number=True),
        Column("In place", lambda each: "*" if each.in_place is None else f"{each.in_place:,}", is_number=True),
        Column("Difference", _difference, is_number=True),
        Column("Source", lambda each: each.planned.source),
    ]
    return table_params(columns, list(reversed(pace.past)), caption="What was planned, and what was in place")


def reach_table(found: Reach, names: Mapping[str, str]) -> dict[str, Any]:
    """How many each cohort has room for by the plan."""
    columns: list[Column[Room]] = [
        Column("Cohort", lambda each: names.get(each.cohort_code, each.cohort_code)),
        Column("Room for", lambda each: _number(each.most), is_number=True),
        Column("Because of", _because),
    ]
    return table_params(columns, found.rooms, caption=f"Room that the plan leaves on {spoken_date(found.on)}")


def cohort_names(cohorts: Sequence[Cohort]) -> dict[str, str]:
    """The cohorts' names by their codes."""
    return {cohort.code: cohort.name for cohort in cohorts}


def duration(months: int) -> str:
    """A number of months in years and months."""
    years, rest = divmod(months, 12)
    parts = [years and counted(years, "year", "years"), rest and _months(rest)]
    return " and ".join(str(part) for part in parts if part)


def _because(room: Room) -> str:
    if room.most is None:
        return "No limit known: neither a cap nor a count of people eligible"
    return "Phase cap" if room.is_capped else "People eligible"


def _difference(point: PastPoint) -> str:
    if point.in_place is None:
        return "*"
    difference = point.in_place - point.planned.in_place
    return f"{'+' if difference > 0 else '−' if difference < 0 else ''}{abs(difference):,}"


def _months(number: int) -> str:
    return counted(number, "month", "months")


def _range(found: Spread) -> str:
    return f"{found.lower:,} to {found.upper:,}" if found.lower != found.upper else f"{found.expected:,}"


def _number(value: int | None) -> str:
    return NOT_SAID if value is None else f"{value:,}"


def _the(goal: Goal) -> str:
    return f"The {_lower(goal)}"


def _lower(goal: Goal) -> str:
    return goal.words[0].lower() + goal.words[1:]
