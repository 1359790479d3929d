"""What the page of variation says of each monthly series."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from phb_register.models import Commissioner
from phb_register.presenters import counted, spoken_date
from phb_register.tables import Column, table_params
from reporting.models import Recalculation
from reporting.presenters.pages import dashboard_url
from reporting.rules import spc
from reporting.rules.spc import Assurance, Variation
from reporting.rules.variation import BETTER, Behind, Month, Series, last_day, span
from reporting.selectors.variation import VariationPage

from .links import VariationLinks
from .marks import assurance_mark, variation_mark
from .xmr_chart import Plotted, lower_limit, number, rules_met, xmr_chart

VARIATION_WORDS: Mapping[Variation, str] = {
    Variation.TOO_FEW: "Too few months to say",
    Variation.COMMON: "Common cause: chance alone",
    Variation.IMPROVING: "Special cause, getting better",
    Variation.CONCERNING: "Special cause, getting worse",
    Variation.NEITHER: "Special cause: a change",
}
VARIATION_TAGS: Mapping[Variation, str] = {
    Variation.TOO_FEW: "nhsuk-tag--grey",
    Variation.COMMON: "nhsuk-tag--grey",
    Variation.IMPROVING: "nhsuk-tag--blue",
    Variation.CONCERNING: "nhsuk-tag--orange",
    Variation.NEITHER: "nhsuk-tag--purple",
}
ASSURANCE_WORDS: Mapping[Assurance, str] = {
    Assurance.HITS: "As it runs now, a month’s average meets the target of {target} days every time.",
    Assurance.MISSES: "As it runs now, a month’s average misses the target of {target} days every time.",
    Assurance.EITHER: "As it runs now, a month’s average may meet the target of {target} days, or miss it.",
}
DEFINITIONS: Mapping[Series, str] = {
    Series.STARTED: "Personal health budgets that started in the month.",
    Series.CHANGE: (
        "Budgets that started in the month less those that ended in it: by how many the number in place changed. The "
        "number in place itself carries over from month to month, so that limits of chance mean nothing for it."
    ),
    Series.RECEIVED: "Referrals received in the month. More of them is neither better nor worse by itself.",
    Series.DAYS: (
        "Of the referrals first decided in the month, the average of the calendar days from the day each was received. "
        "Pauses are not taken out. A month without a decision has no point."
    ),
}


#: Who stands behind a month's number.
LISTS: Mapping[Series, Behind] = {
    Series.STARTED: Behind.STARTED,
    Series.RECEIVED: Behind.RECEIVED,
    Series.DAYS: Behind.DECIDED,
}


@dataclass(frozen=True)
class Chart:
    """One series as its readers may see it."""

    series: Series
    months: Sequence[Month]
    plotted: Sequence[Plotted]
    recalculations: Sequence[Recalculation]
    target: int | None

    @property
    def latest(self) -> spc.ReadPoint:
        """The last month's point."""
        return self.plotted[-1].point

    @property
    def says(self) -> Variation:
        """What the last month says."""
        return spc.meaning(self.latest, BETTER[self.series])


@dataclass(frozen=True)
class NoChart:
    """A series without one: nothing is to draw, or this reader may not see it."""

    is_withheld: bool


def charts(found: VariationPage, length: int) -> dict[Series, Chart | NoChart]:
    """Each series as this reader may see it."""
    months = span(found.months, length)
    return {series: _chart(series, months, found) for series in Series}


def _chart(series: Series, months: Sequence[Month], found: VariationPage) -> Chart | NoChart:
    if series not in found.shown:
        return NoChart(is_withheld=bool(found.years))
    values = [(month, month.value(series)) for month in months]
    points = [(month, value) for month, value in values if value is not None]
    if not points:
        return NoChart(is_withheld=False)
    known = [each for each in found.recalculations if each.series == series]
    # A recalculation begins at the first month from then on that has a point.
    begins = {
        next((place for place, (month, _) in enumerate(points) if month.begins_on >= each.begins_on), len(points))
        for each in known
    }
    read = spc.read_points([value for _, value in points], begins)
    return Chart(
        series=series,
        months=months,
        plotted=[Plotted(month.begins_on, point) for (month, _), point in zip(points, read, strict=True)],
        recalculations=[each for each in known if each.begins_on >= points[0][0].begins_on],
        target=found.decision_days if series is Series.DAYS else None,
    )


def section(series: Series, chart: Chart | NoChart, found: VariationPage) -> dict[str, Any]:
    told: dict[str, Any] = {"title": series.label, "definition": DEFINITIONS[series]}
    if isinstance(chart, NoChart):
        return told | {"why_not": _why_not(series, chart, found)}
    words, title = _words(chart), _title(chart, found.scope.commissioner)
    return told | {
        "mark": variation_mark(chart.says, goes_up=chart.latest.goes_up),
        "tag": {"text": VARIATION_WORDS[chart.says], "classes": VARIATION_TAGS[chart.says]},
        "words": words,
        "assurance": _assurance(chart),
        "chart_title": title,
        "chart": xmr_chart(series, chart.plotted, title=title, description=words, target=chart.target),
        "table": _table(chart, found),
        "table_summary": f"Table of the same numbers: {series.label.lower()}",
        "trial": _trial_words(chart),
        "recalculations": [recalculation_words(each) for each in chart.recalculations],
    }


def _why_not(series: Series, chart: NoChart, found: VariationPage) -> str:
    if not chart.is_withheld:
        nothing = f"no whole month with {series.label.lower()} by {spoken_date(found.scope.as_at)}"
        return f"There is nothing to chart yet: {nothing}."
    return (
        "The months are not shown to you: some of their numbers are so small that they could tell of one person. "
        "The years below are shown as far as they may be."
    )


def _words(chart: Chart) -> str:
    """What the last month says, by which rules."""
    latest, month = chart.latest, f"{chart.plotted[-1].begins_on:%B %Y}"
    said = f"{month}: {number(latest.value)}."
    if latest.limits is None:
        return f"{said} It takes {spc.LEAST} months to tell chance from change."
    usual = (
        f"Months vary by chance between {number(lower_limit(chart.series, latest))} and {number(latest.limits.upper)}"
    )
    if not latest.signals:
        return f"{said} {usual}, around a mean of {number(latest.limits.mean)}, and this one does."
    return f"{said} {usual}. This one is more than chance: it is {' and '.join(rules_met(latest))}."


def _assurance(chart: Chart) -> dict[str, Any] | None:
    better = BETTER[chart.series]
    target = None if chart.target is None else Fraction(chart.target)
    said = spc.assurance(chart.latest.limits, target, better)
    if said is None:
        return None
    return {
        "mark": assurance_mark(said, is_low_better=better is spc.Better.LOW),
        "words": ASSURANCE_WORDS[said].format(target=chart.target),
    }


def _title(chart: Chart, commissioner: Commissioner) -> str:
    first, last = chart.plotted[0].begins_on, chart.plotted[-1].begins_on
    return f"{chart.series.label} by month, {commissioner}, {first:%B %Y} to {last:%B %Y}, with mean and process limits"


def _trial_words(chart: Chart) -> str:
    limits = chart.latest.limits
    if limits is None or not limits.is_trial:
        return ""
    months = counted(limits.points, "month", "months")
    return f"The limits rest on {months} only. They are trial limits, and move until there are {spc.FIRM_FROM}."


def recalculation_words(each: Recalculation) -> str:
    """From when limits are worked out anew, and why."""
    return f"From {each.begins_on:%B %Y} the limits are worked out anew: {each.reason.rstrip('.')}."


def _table(chart: Chart, found: VariationPage) -> dict[str, Any]:
    link = None if found.profile else _month_link(found.scope.commissioner)
    columns: list[Column[Plotted]] = [
        Column("Month", lambda each: f"{each.begins_on:%B %Y}", link=link),
        *_columns(chart, VariationLinks.of(found)),
    ]
    caption = f"{chart.series.label}, the latest month first"
    return table_params(columns, list(reversed(chart.plotted)), caption=caption)


def _month_link(commissioner: Commissioner) -> Callable[[Plotted], str]:
    """The dashboard at the end of a month."""
    return lambda each: dashboard_url(commissioner, last_day(each.begins_on))


def _columns(chart: Chart, links: VariationLinks) -> list[Column[Plotted]]:
    series, better = chart.series, BETTER[chart.series]

    def limit(read: Callable[[Plotted], Fraction | None]) -> Callable[[Plotted], str]:
        return lambda each: number(read(each)) if each.point.limits else ""

    return [
        *_numbers(chart, links),
        Column("Mean", limit(lambda each: each.point.limits.mean if each.point.limits else None), is_number=True),
        Column("Lower limit", limit(lambda each: lower_limit(series, each.point)), is_number=True),
        Column(
            "Upper limit", limit(lambda each: each.point.limits.upper if each.point.limits else None), is_number=True
        ),
        Column("What it shows", lambda each: shows(each, better)),
    ]


def _numbers(chart: Chart, links: VariationLinks) -> list[Column[Plotted]]:
    """The numbers of a month, each with its people; of the change in place, both numbers that it is made of."""
    label, months = chart.series.label, {month.begins_on: month for month in chart.months}

    def people(behind: Behind) -> Callable[[Plotted], str | None]:
        return lambda each: links.month(behind, each.begins_on)

    if chart.series is not Series.CHANGE:
        return [Column(label, lambda each: number(each.point.value), is_number=True, link=people(LISTS[chart.series]))]
    return [
        Column(
            "Started", lambda each: f"{months[each.begins_on].started:,}", is_number=True, link=people(Behind.STARTED)
        ),
        Column("Ended", lambda each: f"{months[each.begins_on].ended:,}", is_number=True, link=people(Behind.ENDED)),
        Column(label, lambda each: number(each.point.value), is_number=True),
    ]


def shows(each: Plotted, better: spc.Better) -> str:
    said = spc.meaning(each.point, better)
    if said in (Variation.TOO_FEW, Variation.COMMON):
        return VARIATION_WORDS[said]
    return f"{VARIATION_WORDS[said]}: {' and '.join(rules_met(each.point))}"
