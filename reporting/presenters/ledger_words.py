"""What the numbers of the ledger count, in words: their keys are made by each part for itself."""

from collections.abc import Mapping

from budgets.rules.outcome_scales import Change
from eligibility.enums import DecisionOutcome, ReasonCode, WhyNot
from reporting import measures as m
from reporting import pathway_release, variation_release
from reporting.presenters.rows import METHOD_LABELS
from reporting.rules.equity_groups import Characteristic, group_label
from reporting.rules.filters import FUNDING_LABELS
from reporting.rules.pathway import Answer, Kept
from reporting.rules.returns import CELLS_BY_CODE

PARTS = {
    "uptake": "Figures of the dashboard",
    "return": "National return",
    "equity": "Equity: people with a budget",
    "pathway": "Pathway and quality",
    variation_release.MONTH_PART: "Variation: a month of the charts",
    variation_release.YEAR_PART: "Variation: twelve months",
    variation_release.MEMBER_PART: "Beside other commissioners",
}
_KEYS = {
    "started_in_month": "Personal health budgets started in the month",
    "ended_in_month": "Personal health budgets ended in the month",
    "received_in_month": "Referrals received in the month",
    "decided_in_month": "Referrals first decided in the month",
    "days_to_decide_in_month": "Calendar days from referral to decision, added up, of those decided in the month",
    "started_in_12_months": "Personal health budgets started in the twelve months",
    "ended_in_12_months": "Personal health budgets ended in the twelve months",
    "received_in_12_months": "Referrals received in the twelve months",
    "pathway/eligible": "People found eligible",
    "pathway/offered": "People offered a budget",
    "pathway/decided": "Referrals decided",
    "pathway/on_time": "Referrals decided on time",
    "pathway/due": "Reviews due",
    "pathway/paid": "Budgets first paid",
}
_GROUPS: dict[str, tuple[str, Mapping[str, str]]] = {
    "answer": ("Answer to the offer", dict(Answer.choices)),
    "why_not": ("Why not", dict(WhyNot.choices)),
    "decision": ("Referrals decided", dict(DecisionOutcome.choices)),
    "refusal": ("Declined or accepted in part", dict(ReasonCode.choices)),
    "kept": ("Reviews due", dict(Kept.choices)),
}
_CHANGES = {Change.BETTER: "better", Change.SAME: "the same", Change.WORSE: "worse", "all": "all answers"}
_KINDS = {"people": "", "base": "Compared with: "}
_OF_RATIOS = ("numerator", "denominator")


def part_words(part: str, names: Mapping[str, str]) -> str:
    """What a release is of; `names` are those of cohorts by their codes, and of outcome scales by their ids."""
    said = PARTS.get(part)
    if said is not None:
        return said
    before, _, after = part.partition("-answers-")
    if after:
        return f"Equity: answers to {names.get(after, 'an outcome scale')}"
    if before.startswith("equity-"):
        cohort = before.removeprefix("equity-")
        return f"Equity: {names.get(cohort, cohort)}"
    return part.replace("-", " ").replace("/", ": ").capitalize()


def cell_words(key: str, names: Mapping[str, str]) -> str:
    """What a number counts; `names` as above."""
    code, _, part = key.partition("/")
    if key in _KEYS:
        return _KEYS[key]
    measure = m.MEASURES_BY_CODE.get(code)
    if measure is not None:
        if part in _OF_RATIOS:
            return measure.numerator if part == "numerator" else measure.denominator
        name = names.get(part) or METHOD_LABELS.get(part) or FUNDING_LABELS.get(part) or part
        return f"{measure.label}: {name}" if part else measure.label
    if code == "return" and part in CELLS_BY_CODE:
        return CELLS_BY_CODE[part].label
    if code == pathway_release.PART:
        return _of_the_pathway(part, names)
    if code.startswith("equity"):
        return _of_equity(part)
    return key.replace("_", " ").replace("/", ": ").capitalize()


def _of_the_pathway(part: str, names: Mapping[str, str]) -> str:
    group, _, value = part.partition("/")
    if group == "outcome":
        scale, _, change = value.partition("/")
        return f"{names.get(scale, 'An outcome scale')}: {_CHANGES.get(change, change)}"
    label, labels = _GROUPS.get(group, (group.replace("_", " ").capitalize(), {}))
    return f"{label}: {labels.get(value, value)}"


def _of_equity(part: str) -> str:
    kind, _, rest = part.partition("/")
    which, _, group = rest.partition("/")
    if not which:
        return "Everybody"
    said = "all" if group == "all" else group_label(which, group)
    return f"{_KINDS.get(kind, '')}{Characteristic(which).label}: {said}"
