"""What readers under disclosure control see of the pathway, and over which days."""

import datetime as dt
import statistics
from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from budgets.rules.outcome_scales import Change
from eligibility.enums import DecisionOutcome, ReasonCode, WhyNot
from phb_register.disclosure import ONE_TO_FOUR, ONE_TO_SEVEN, PROFILES, protect
from reporting import frozen
from reporting.pathway_release import (
    as_counted,
    controlled,
    counts_of,
    key,
    pounds,
)
from reporting.rules.pathway import (
    AnnualSaving,
    Answer,
    Kept,
    PathwayFigures,
    Period,
    PeriodKind,
    ScaleChanges,
    Spread,
    last_whole_quarter,
    period_up_to,
    quarters_before,
)

DAY = dt.date(2026, 11, 22)


@pytest.mark.parametrize(
    ("day", "quarter", "whole"),
    [
        (dt.date(2026, 4, 1), dt.date(2026, 4, 1), dt.date(2026, 3, 31)),
        (dt.date(2026, 6, 29), dt.date(2026, 4, 1), dt.date(2026, 3, 31)),
        (dt.date(2026, 6, 30), dt.date(2026, 4, 1), dt.date(2026, 6, 30)),
        (dt.date(2027, 1, 15), dt.date(2027, 1, 1), dt.date(2026, 12, 31)),
        (dt.date(2028, 2, 29), dt.date(2028, 1, 1), dt.date(2027, 12, 31)),
    ],
)
def test_quarters_are_those_of_the_financial_year(day, quarter, whole):
    assert period_up_to(day, PeriodKind.QUARTER) == Period(PeriodKind.QUARTER, quarter, day)
    assert last_whole_quarter(day) == whole


def test_year_begins_on_the_first_of_april():
    assert period_up_to(dt.date(2027, 3, 31), PeriodKind.YEAR).first == dt.date(2026, 4, 1)
    assert quarters_before(DAY, 3) == [dt.date(2026, 9, 30), dt.date(2026, 6, 30), dt.date(2026, 3, 31)]


def spread_of(days):
    lower, median, upper = statistics.quantiles(days, n=4, method="inclusive")
    return Spread(len(days), *(Decimal(str(round(each, 1))) for each in (lower, median, upper, statistics.mean(days))))


def figures(**given):
    nobody = {name: dict.fromkeys(values, 0) for name, values in (
        ("by_answer", Answer.values), ("by_why_not", WhyNot.values), ("by_decision", DecisionOutcome.values),
        ("by_refusal", ReasonCode.values), ("by_kept", Kept.values),
    )}  # fmt: skip
    return PathwayFigures(**({"period": period_up_to(DAY, PeriodKind.QUARTER)} | nobody | given))


def others_see(found, profile=ONE_TO_FOUR):
    counts = counts_of(found)
    shown = protect(
        counts.values, counts.sums, profile=profile, never_shown=counts.unseen, hidden_last=counts.headlines
    )
    return controlled(found, profile, shown)


@pytest.mark.parametrize(("profile", "median", "quartiles"), [(ONE_TO_FOUR, 10, 20), (ONE_TO_SEVEN, 16, 32)])
def test_days_are_shown_of_many_people_only(profile, median, quartiles):
    for fewest, shown in ((median, ("median", "mean")), (quartiles, ("lower", "upper"))):
        for number, is_hidden in ((fewest - 1, True), (fewest, False)):
            decided = {**dict.fromkeys(DecisionOutcome.values, 0), "accepted": number}
            found = figures(by_decision=decided, decided_on_time=number, to_decision=spread_of(range(1, number + 1)))
            days = others_see(found, profile).to_decision
            assert [getattr(days, name).is_hidden for name in shown] == [is_hidden] * 2, number


def test_every_count_stands_in_a_sum_and_what_two_tables_share_in_both():
    counts = counts_of(figures(outcomes=(ScaleChanges(7, "Q", {"better": 1, "same": 0, "worse": 2}),)))
    times = Counter(name for each in counts.sums for name in each.signs())
    assert counts.values.keys() - times.keys() == {key("paid")}
    assert times[key("not_wanting")] == times[key("refused")] == times[key("decision", "declined")] == 2
    assert times[key("answer", "declined")] == times[key("answer", "not_now")] == 2


def test_days_of_others_are_whole_and_of_nobody_not_known():
    decided = {**dict.fromkeys(DecisionOutcome.values, 0), "accepted": 40}
    found = figures(by_decision=decided, decided_on_time=40, to_decision=spread_of([2, 3, 3, 4] * 10))
    assert [found.to_decision.lower, found.to_decision.upper] == [Decimal("2.8"), Decimal("3.2")]
    days = others_see(found).to_decision
    assert (days.lower.text, days.median.text, days.upper.text) == ("3", "3", "3")
    assert others_see(figures()).to_decision.median.text == "Not known"
    assert as_counted(found).to_decision.upper.text == "3.2"


def test_saving_is_rounded_and_hidden_where_few_budgets_make_it_or_changed():
    def saving(**given):
        money = {"known": 10, "unknown": 3, "replaced": Decimal("512499.99"), "budgets": Decimal("430500.00")}
        return others_see(figures(saving=AnnualSaving(**(money | given)))).saving

    assert (saving()["replaced"].text, saving()["amount"].text, saving()["percent"].text) == (
        "£512,000",
        "£81,000",
        "16%",
    )
    assert saving(known=9)["amount"].is_hidden
    assert saving(least_changed=9)["percent"].is_hidden
    assert not saving(least_changed=10)["percent"].is_hidden
    assert saving()["unknown"].is_hidden
    assert saving(known=0, replaced=Decimal(0), budgets=Decimal(0))["percent"].text == "Not known"


def test_saving_of_the_team_is_exact():
    found = as_counted(figures(saving=AnnualSaving(1, 2, Decimal(100), Decimal("130.50")))).saving
    assert (found["amount"].text, found["percent"].text, found["unknown"].text) == ("−£31", "-30.5%", "2")
    assert pounds(Decimal("1234.50")) == "£1,235"


def counts(values):
    return st.fixed_dictionaries({value: st.integers(0, 12) for value in values})


@st.composite
def any_figures(draw):
    answers, why = draw(counts(Answer.values)), draw(counts(WhyNot.values))
    decisions, refused = draw(counts(DecisionOutcome.values)), draw(counts(ReasonCode.values))
    answers["declined"] = sum(why.values()) - min(answers["not_now"], sum(why.values()))
    answers["not_now"] = sum(why.values()) - answers["declined"]
    decisions["declined"] = sum(refused.values())
    decisions["accepted_in_part"] = 0
    decided = sum(decisions.values())
    changes = counts([change.value for change in Change])
    return figures(
        by_answer=answers, by_why_not=why, by_decision=decisions, by_refusal=refused,
        decided_on_time=draw(st.integers(0, decided)), by_kept=draw(counts(Kept.values)),
        to_decision=Spread(decided, *[Decimal("1.5")] * 4), to_first_payment=Spread(7, *[Decimal("9.0")] * 4),
        outcomes=tuple(ScaleChanges(pk, "Q", draw(changes)) for pk in draw(st.sets(st.integers(1, 3)))),
    )  # fmt: skip


@given(found=any_figures(), profile=st.sampled_from(list(PROFILES.values())))
@settings(max_examples=30)
def test_no_small_number_is_shown_and_what_is_kept_reads_the_same(found, profile):
    release = others_see(found, profile)
    values = counts_of(found).values
    for name, cell in release.counts.items():
        assert cell.is_hidden or not profile.is_small(values[name]), name
    assert not {key("refused"), key("not_wanting"), key("late")} & release.counts.keys()
    # Every percentage falls with its parts.
    for percent, parts in (("offered", ("offered", "eligible")), ("on_time", ("on_time", "decided"))):
        assert release.percents[percent].is_hidden == any(release.count(part).is_hidden for part in parts)
    assert frozen.read(PathwayFigures, frozen.keep(found)) == found
    assert as_counted(found).count("eligible").value == sum(found.by_answer.values())
