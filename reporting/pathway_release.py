"""What may be shown of the pathway's figures: as they are for the case team, under disclosure control for others. Pure.

Others see whole quarters, which do not overlap. Counts go through the ledger of releases with everything else that was
shown (`reporting.ledger`). Figures made from several people's own numbers follow rules of their own: beside a median
there must be so many people on either side that none of them tells anything of one, and likewise of a quartile; money
is rounded to thousands, and hidden where the money of few came or went since one of the last quarters.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from phb_register.disclosure import STAR, Controlled, Profile, Reason, Sum, protect_derived
from reporting.ledger import Counts
from reporting.measures import Ratio, round_half_up
from reporting.rules.pathway import NOT_WANTED, OFFERED, Answer, PathwayFigures, Spread

PART = "pathway"
NOT_KNOWN = "Not known"
DECLINED, IN_PART = "declined", "accepted_in_part"
#: Money is shown to others in whole thousands.
MONEY_STEP = 1000


@dataclass(frozen=True)
class ReleasedSpread:
    """Days as they may be shown, with how many they are made of."""

    count: Controlled
    lower: Controlled
    median: Controlled
    upper: Controlled
    mean: Controlled


@dataclass(frozen=True)
class PathwayRelease:
    """What may be shown: counts by their keys, percentages, days and money. `profile` is None for the case team."""

    figures: PathwayFigures
    profile: Profile | None
    counts: Mapping[str, Controlled]
    percents: Mapping[str, Controlled]
    to_decision: ReleasedSpread
    to_first_payment: ReleasedSpread
    saving: Mapping[str, Controlled]

    def count(self, *names: str) -> Controlled:
        """One count: `count("answer", "accepted")`."""
        return self.counts[key(*names)]


def key(*names: str) -> str:
    """The name of a count wherever it is shown."""
    return "/".join((PART, *names))


def counts_of(figures: PathwayFigures) -> Counts:
    """Every count that is shown, how they add up, and those that a reader could get at by subtracting."""
    values = {key("eligible"): figures.people_eligible, key("offered"): figures.people_offered}
    values |= {key("decided"): figures.decided, key("on_time"): figures.decided_on_time}
    values |= {key("late"): figures.decided - figures.decided_on_time}
    values |= {key("due"): figures.reviews_due, key("paid"): figures.to_first_payment.count}
    groups = {
        "answer": figures.by_answer,
        "why_not": figures.by_why_not,
        "decision": figures.by_decision,
        "refusal": figures.by_refusal,
        "kept": figures.by_kept,
        **{f"outcome/{each.scale_id}": each.by_change for each in figures.outcomes},
    }
    values |= {key(group, name): number for group, found in groups.items() for name, number in found.items()}
    values |= {key(f"outcome/{each.scale_id}", "all"): sum(each.by_change.values()) for each in figures.outcomes}
    # Nobody is shown these; each is what two sums have in common.
    values[key("not_wanting")] = figures.people_not_wanting
    values[key("refused")] = figures.by_decision[DECLINED] + figures.by_decision[IN_PART]
    return Counts(
        values,
        [
            Sum(key("eligible"), (key("offered"), key("answer", Answer.NOT_OFFERED))),
            Sum(key("offered"), _named("answer", OFFERED)),
            Sum(key("not_wanting"), _named("answer", NOT_WANTED)),
            Sum(key("not_wanting"), _named("why_not", figures.by_why_not)),
            Sum(key("decided"), _named("decision", figures.by_decision)),
            Sum(key("decided"), (key("on_time"), key("late"))),
            Sum(key("refused"), _named("decision", (DECLINED, IN_PART))),
            Sum(key("refused"), _named("refusal", figures.by_refusal)),
            Sum(key("due"), _named("kept", figures.by_kept)),
            *(
                Sum(key(f"outcome/{each.scale_id}", "all"), _named(f"outcome/{each.scale_id}", each.by_change))
                for each in figures.outcomes
            ),
        ],
        unseen={key("not_wanting"), key("refused"), key("late")},
        headlines=(key("eligible"), key("offered"), key("decided"), key("due")),
        adds_up=tuple(values),
    )


def as_counted(figures: PathwayFigures) -> PathwayRelease:
    """Everything as it is, for those who may see the people."""
    counts = {name: Controlled(value, f"{value:,}", Reason.SHOWN) for name, value in counts_of(figures).values.items()}
    return _release(figures, None, counts)


def controlled(figures: PathwayFigures, profile: Profile, counts: Mapping[str, Controlled]) -> PathwayRelease:
    """What others may see, where `counts` came from the ledger."""
    return _release(figures, profile, counts)


def _release(figures: PathwayFigures, profile: Profile | None, counts: Mapping[str, Controlled]) -> PathwayRelease:
    return PathwayRelease(
        figures=figures,
        profile=profile,
        counts=counts,
        percents={
            "offered": _percent(counts[key("offered")], counts[key("eligible")]),
            "on_time": _percent(counts[key("on_time")], counts[key("decided")]),
            "kept": _percent(counts[key("kept", "on_time")], counts[key("due")]),
        },
        to_decision=_spread(figures.to_decision, counts[key("decided")], profile),
        to_first_payment=_spread(figures.to_first_payment, counts[key("paid")], profile),
        saving=_saving(figures, profile),
    )


def _named(group: str, names: Iterable[str]) -> tuple[str, ...]:
    return tuple(key(group, name) for name in names)


def _percent(part: Controlled, whole: Controlled) -> Controlled:
    """Of the numbers as they are shown, so that a rounded percentage tells no more than they do."""
    percent = None
    if isinstance(part.value, int) and isinstance(whole.value, int):
        percent = Ratio(part.value, whole.value).percent
    return protect_derived(percent, NOT_KNOWN if percent is None else f"{percent}%", [part, whole])


def fewest_for_a_median(profile: Profile) -> int:
    """So many that more than a hidden number of them lie on either side."""
    return 2 * (profile.largest_hidden + 1)


def fewest_for_quartiles(profile: Profile) -> int:
    """So many that more than a hidden number of them lie in each quarter."""
    return 4 * (profile.largest_hidden + 1)


def _spread(found: Spread, count: Controlled, profile: Profile | None) -> ReleasedSpread:
    middle = _days(found, count, profile, fewest=fewest_for_a_median(profile) if profile else 0)
    outer = _days(found, count, profile, fewest=fewest_for_quartiles(profile) if profile else 0)
    return ReleasedSpread(
        count=count, lower=outer["lower"], median=middle["median"], upper=outer["upper"], mean=middle["mean"]
    )


def _days(found: Spread, count: Controlled, profile: Profile | None, *, fewest: int) -> dict[str, Controlled]:
    names = ("lower", "median", "upper", "mean")
    if count.is_hidden or 0 < found.count < fewest:
        return dict.fromkeys(names, Controlled(None, STAR, Reason.FROM_HIDDEN))
    return {name: _day(getattr(found, name), in_whole_days=profile is not None) for name in names}


def _day(days: Decimal | None, *, in_whole_days: bool) -> Controlled:
    if days is None:
        return Controlled(None, NOT_KNOWN, Reason.SHOWN)
    shown = round_half_up(days) if in_whole_days else days
    return Controlled(shown, f"{shown:,}", Reason.SHOWN)


def _saving(figures: PathwayFigures, profile: Profile | None) -> dict[str, Controlled]:
    """Amounts and their share. How many budgets they are made of is for the case team alone."""
    saving = figures.saving
    amounts = {"replaced": saving.replaced, "budgets": saving.budgets, "amount": saving.amount}
    if profile is not None:
        fewest = fewest_for_a_median(profile)
        if 0 < saving.known < fewest or (saving.least_changed or fewest) < fewest:
            return dict.fromkeys(("percent", "known", "unknown", *amounts), Controlled(None, STAR, Reason.FROM_HIDDEN))
        replaced, budgets = (_in_thousands(amounts[name]) for name in ("replaced", "budgets"))
        amounts = {"replaced": replaced, "budgets": budgets, "amount": replaced - budgets}
    percent = None
    if amounts["replaced"]:
        step = "0.1" if profile is None else "1"
        percent = round_half_up(amounts["amount"] * 100 / amounts["replaced"], step)
    shown = {name: Controlled(amount, pounds(amount), Reason.SHOWN) for name, amount in amounts.items()}
    shown["percent"] = Controlled(percent, NOT_KNOWN if percent is None else f"{percent}%", Reason.SHOWN)
    for name, number in (("known", saving.known), ("unknown", saving.unknown)):
        is_open = profile is None
        shown[name] = Controlled(
            number if is_open else None,
            f"{number:,}" if is_open else STAR,
            Reason.SHOWN if is_open else Reason.FROM_HIDDEN,
        )
    return shown


def _in_thousands(amount: Decimal) -> Decimal:
    return round_half_up(amount / MONEY_STEP) * MONEY_STEP


def pounds(amount: Decimal) -> str:
    """Whole pounds, which are near enough for sums of a year: £1,234; below nought with its sign."""
    whole = round_half_up(amount)
    return f"−£{-whole:,}" if whole < 0 else f"£{whole:,}"
