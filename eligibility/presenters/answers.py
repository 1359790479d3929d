"""A screening's answer in plain English: the four axes apart, each with its reasons and where they are written."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from eligibility.rules import Answer, Basis, DirectPayment, Funding, Method, Outcome, Reason, WarningKind
from eligibility.rules.answers import NotMet, RuleVersion
from eligibility.rules.fact_words import fact_label
from phb_register.presenters import spoken_date

# Each outcome as a heading and as a tag.
HEADINGS: dict[Outcome, str] = {
    Outcome.RIGHT_TO_HAVE: "This person has a right to have a personal health budget",
    Outcome.RIGHT_TO_ASK: "This person has a right to ask for a personal health budget",
    Outcome.MAY_REQUEST: "This person may request a personal health budget under the local offer",
    Outcome.MAY_BE_CONSIDERED: "This person may be considered for a personal health budget",
    Outcome.NOT_YET_OFFERED: "The local offer does not cover this person yet",
    Outcome.NOT_OFFERED: "Neither the law nor the local offer gives this person a personal health budget",
    Outcome.MORE_INFORMATION_NEEDED: "More information is needed to say whether this person can have a budget",
}
EXPLANATIONS: dict[Outcome, str] = {
    Outcome.RIGHT_TO_HAVE: (
        "The law gives this right. The commissioner must agree to a budget for all or part of the care, except so far "
        "as it is not appropriate."
    ),
    Outcome.RIGHT_TO_ASK: "The law lets this person ask, and the commissioner has to consider the request.",
    Outcome.MAY_REQUEST: "The commissioner offers budgets to this cohort, and will decide on the request.",
    Outcome.MAY_BE_CONSIDERED: "This is no entitlement. The PHB team can consider the request and decide.",
    Outcome.NOT_YET_OFFERED: "The cohort is in the local offer, but its time has not come. You can still ask.",
    Outcome.NOT_OFFERED: "You can still ask. The PHB team will look at the request and decide.",
    Outcome.MORE_INFORMATION_NEEDED: "You can submit the referral now. The PHB team will ask for what is missing.",
}
TAGS: dict[Outcome, tuple[str, str]] = {
    Outcome.RIGHT_TO_HAVE: ("Right to have", "nhsuk-tag--green"),
    Outcome.RIGHT_TO_ASK: ("Right to ask", "nhsuk-tag--aqua-green"),
    Outcome.MAY_REQUEST: ("May request", "nhsuk-tag--blue"),
    Outcome.MAY_BE_CONSIDERED: ("May be considered", "nhsuk-tag--purple"),
    Outcome.NOT_YET_OFFERED: ("Not yet offered", "nhsuk-tag--yellow"),
    Outcome.NOT_OFFERED: ("Not offered", "nhsuk-tag--grey"),
    Outcome.MORE_INFORMATION_NEEDED: ("More information needed", "nhsuk-tag--orange"),
}
DIRECT_PAYMENTS: dict[DirectPayment, str] = {
    DirectPayment.PERMITTED: "Permitted",
    DirectPayment.NEEDS_REPRESENTATIVE: "Only through a representative",
    DirectPayment.EXCLUDED: "Not permitted: offer a notional or third-party budget",
    DirectPayment.NOT_IN_FORCE: "Not possible on this date",
    DirectPayment.MORE_INFORMATION_NEEDED: "Not settled yet",
}
METHODS: dict[Method, str] = {
    Method.NOTIONAL: "a notional budget held by the NHS",
    Method.THIRD_PARTY: "a budget held by a third party",
    Method.DIRECT_PAYMENT: "a direct payment",
    Method.MIXED: "a mix of these",
}
FUNDINGS: dict[Funding, str] = {
    Funding.NHS: "The NHS alone",
    Funding.INTEGRATED_LIKELY: "Probably the NHS and the local authority together",
    Funding.NOT_SETTLED: "Not settled",
}
WARNINGS: dict[WarningKind, str] = {
    WarningKind.READING: "The criteria can be read in more than one way",
    WarningKind.LOCAL: "The local paper says something else",
    WarningKind.FAST_TRACK: "Fast track",
    WarningKind.CARE_HOME: "Care home",
    WarningKind.JOINT_FUNDING: "Joint funding",
    WarningKind.AGE: "Age",
    WarningKind.FACTS_DISAGREE: "The answers do not fit together",
    WarningKind.CONTINUING_CARE: "Continuing care",
    WarningKind.COMMISSIONER: "Commissioner",
}


@dataclass(frozen=True)
class Tag:
    """A coloured tag: the words carry the meaning, the colour only helps."""

    text: str
    classes: str


@dataclass(frozen=True)
class BasisView:
    """One ground for a budget, as a card of the page."""

    title: str
    tag: Tag
    because: str
    reasons: tuple[Reason, ...]
    reading: str
    missing: tuple[str, ...]


@dataclass(frozen=True)
class AxisView:
    """One of the axes beside entitlement: the question, the answer in a few words, and its reasons."""

    question: str
    answer: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class WarningView:
    """A callout. It never blocks."""

    heading: str
    text: str
    source: str


@dataclass(frozen=True)
class VersionView:
    """A version of a rule set that was used, and its page where it has one."""

    text: str
    href: str


@dataclass(frozen=True)
class AnswerView:
    """All that the page of an answer says, in its order."""

    tag: Tag
    heading: str
    explanation: str
    assessed_on: str
    reasons: tuple[Reason, ...]
    bases: list[BasisView]
    possible: list[BasisView]
    axes: list[AxisView]
    warnings: list[WarningView]
    missing: list[str]
    not_met: list[tuple[str, str, str]]
    versions: list[VersionView]
    settled_so_far: str


def answer_view(answer: Answer) -> AnswerView:
    """An answer, new or read back from its screening, for its page."""
    return AnswerView(
        tag=outcome_tag(answer.outcome),
        heading=_heading(answer),
        explanation=EXPLANATIONS[answer.outcome],
        assessed_on=spoken_date(answer.assessed_on),
        reasons=answer.reasons,
        bases=[_basis(basis) for basis in answer.bases],
        possible=[_basis(basis) for basis in answer.possible],
        axes=_axes(answer),
        warnings=[WarningView(WARNINGS[each.kind], each.text, each.source) for each in answer.warnings],
        missing=[fact_label(code) for code in answer.missing],
        not_met=[_not_met(each) for each in answer.not_met],
        versions=[_version(each) for each in answer.rule_versions],
        settled_so_far=_settled_so_far(answer),
    )


def outcome_tag(outcome: Outcome | str) -> Tag:
    """The tag of an outcome."""
    return Tag(*TAGS[Outcome(outcome)])


def _heading(answer: Answer) -> str:
    if answer.outcome is Outcome.NOT_YET_OFFERED and answer.offered_from:
        return f"The local offer covers this person from {spoken_date(answer.offered_from)}"
    return HEADINGS[answer.outcome]


def _settled_so_far(answer: Answer) -> str:
    """What the person has whatever the missing facts turn out to be; nothing to say once all is settled."""
    if answer.is_settled or answer.settled_so_far is Outcome.NOT_OFFERED:
        return ""
    return f"At least: {HEADINGS[answer.settled_so_far][:1].lower()}{HEADINGS[answer.settled_so_far][1:]}."


def _version(version: RuleVersion) -> VersionView:
    try:
        href = reverse("eligibility:rule-set-version", args=[version.code, version.number])
    except NoReverseMatch:
        # An answer kept from long ago may name a code that no address can hold today.
        href = ""
    return VersionView(f"{version.code}, version {version.number}", href)


def _basis(basis: Basis) -> BasisView:
    because = "; ".join(basis.because)
    return BasisView(
        title=basis.title,
        tag=outcome_tag(basis.outcome),
        because=because[:1].upper() + because[1:],
        reasons=basis.reasons,
        reading=f"Read as {basis.reading}: {basis.reading_title}" if basis.reading else "",
        missing=tuple(fact_label(code) for code in basis.missing),
    )


def _axes(answer: Answer) -> list[AxisView]:
    direct, funding, method = answer.direct_payment, answer.funding, answer.method
    reasons = (*direct.reasons, *direct.conditions)
    return [
        AxisView("How can the budget be held?", _methods(method.open_to, method.asks_for), method.reasons),
        AxisView("Is a direct payment permitted?", DIRECT_PAYMENTS[direct.permission], reasons),
        AxisView("Who is likely to pay?", FUNDINGS[funding.funding], funding.reasons),
    ]


def _methods(open_to: tuple[Method, ...], asks_for: Method | None) -> str:
    words = [METHODS[method] for method in open_to]
    listed = f"{', '.join(words[:-1])} or {words[-1]}" if len(words) > 1 else "".join(words)
    asked = f". They ask for {METHODS[asks_for]}" if asks_for else ""
    return f"As {listed}{asked}"


def _not_met(each: NotMet) -> tuple[str, str, str]:
    because = "; ".join(each.because)
    return each.title, because[:1].upper() + because[1:], each.source
