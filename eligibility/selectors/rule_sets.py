"""Which rules hold for the people of a commissioner on a date, ready to screen with."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from eligibility.models import RuleSet as RuleSetRow
from eligibility.models import RuleSetVersion
from eligibility.rules import (
    Answer,
    Fact,
    Layer,
    LineStatus,
    OfferLine,
    Policy,
    RuleSet,
    RuleSetStatus,
    Warned,
    WarningKind,
    next_questions,
    screen,
)
from eligibility.rules.question_order import QuestionOrder
from eligibility.rules.screening import questions_to_ask
from offers.models import LocalOffer
from offers.selectors import lines_on, offer_for
from phb_register.models import Commissioner
from phb_register.selectors.commissioners import main_successor
from phb_register.selectors.settings import settings_of


@dataclass(frozen=True)
class RuleBook:
    """Everything a screening for a commissioner on a date needs. Read once, used for as many people as you like."""

    commissioner: Commissioner
    on: dt.date
    rule_sets: tuple[RuleSet, ...]
    offer_lines: tuple[OfferLine, ...]
    policy: Policy
    notices: tuple[Warned, ...] = ()

    def screen(self, *, facts: Mapping[str, object], born_on: dt.date | None = None) -> Answer:
        """The answer for one person. Raises ``FactsRefused``."""
        return screen(
            facts=facts,
            born_on=born_on,
            assessed_on=self.on,
            rule_sets=self.rule_sets,
            offer_lines=self.offer_lines,
            policy=self.policy,
            notices=self.notices,
        )

    def next_questions(self, *, facts: Mapping[str, object], born_on: dt.date | None = None) -> list[Fact]:
        """The facts that can still change the answer, the most decisive first. Raises ``FactsRefused``."""
        return next_questions(
            facts=facts,
            born_on=born_on,
            assessed_on=self.on,
            rule_sets=self.rule_sets,
            offer_lines=self.offer_lines,
        )

    def questions_to_ask(
        self, *, facts: Mapping[str, object], born_on: dt.date | None = None, not_known: Collection[str] = ()
    ) -> QuestionOrder:
        """The pages still to be asked, the best first, where nobody knows ``not_known``. Raises ``FactsRefused``."""
        return questions_to_ask(
            facts=facts,
            born_on=born_on,
            assessed_on=self.on,
            rule_sets=self.rule_sets,
            offer_lines=self.offer_lines,
            not_known=not_known,
        )


def rule_book(commissioner: Commissioner, on: dt.date, *, instead: RuleSet | None = None) -> RuleBook:
    """The rules, the timeline and the settings that hold for the people of a commissioner on a date.

    ``instead`` is a version that is tried out: on the days it is for, and for the commissioners it is for, it stands
    in the place of whatever version of its rule set holds, or beside the others where none does.
    """
    offer = offer_for(commissioner, on)
    owner = offer.commissioner if offer else None
    rule_sets = _rule_sets(commissioner, owner, on)
    if instead is not None and instead.is_effective_on(on) and _is_for(instead, _owners(commissioner, owner)):
        rule_sets = [each for each in rule_sets if each.code != instead.code] + [instead]
    return RuleBook(
        commissioner=commissioner,
        on=on,
        rule_sets=tuple(rule_sets),
        offer_lines=tuple(_offer_lines(offer)) if offer else (),
        policy=Policy(is_fast_track_routinely_offered=settings_of(commissioner, on).is_fast_track_routinely_offered),
        notices=tuple(_notices(commissioner, on)),
    )


def commissioners_by_code() -> dict[str, Commissioner]:
    """Every commissioner and partnership by its code."""
    return Commissioner.objects.in_bulk(field_name="code")


def rule_sets_for(commissioner: Commissioner, on: dt.date) -> list[RuleSet]:
    """The national rule sets of a date, and the local ones of the commissioner or of whoever makes its local offer.

    Only approved versions count. Of each rule set the one in force; where none is, the latest proposed one, which
    the rules hold down to "may be considered".
    """
    offer = offer_for(commissioner, on)
    return _rule_sets(commissioner, offer.commissioner if offer else None, on)


def _rule_sets(commissioner: Commissioner, owner: Commissioner | None, on: dt.date) -> list[RuleSet]:
    """See ``rule_sets_for``; ``owner`` is the commissioner or partnership whose local offer holds, if any."""
    versions = (
        RuleSetVersion.objects.approved()
        .for_date(on)
        .for_commissioners(_owners(commissioner, owner))
        .select_related("rule_set__cohort")
        .order_by("rule_set__commissioner", "rule_set__code", "number")
    )
    by_rule_set: dict[int, list[RuleSetVersion]] = {}
    for version in versions:
        by_rule_set.setdefault(version.rule_set_id, []).append(version)
    used = [in_use(held) for held in by_rule_set.values()]
    return [version.as_rules() for version in used if version is not None]


def in_use(versions: Iterable[RuleSetVersion]) -> RuleSetVersion | None:
    """Of approved versions that all hold on one day, the one that counts: in force, or else the latest proposed."""
    return max(versions, key=lambda each: (each.status == RuleSetStatus.IN_FORCE, each.number), default=None)


def _owners(commissioner: Commissioner, owner: Commissioner | None) -> list[int]:
    return [commissioner.pk] if owner is None else [commissioner.pk, owner.pk]


def _is_for(rules: RuleSet, owners: list[int]) -> bool:
    """Whether the rule set holds for the people of these commissioners. Not in the register yet: nobody's."""
    if rules.layer is Layer.NATIONAL:
        return True
    return RuleSetRow.objects.filter(code=rules.code, commissioner__in=owners).exists()


def _offer_lines(offer: LocalOffer) -> list[OfferLine]:
    return [
        OfferLine(
            cohort=line.cohort_code,
            status=LineStatus(line.status),
            starts_on=line.starts_on,
            ends_on=line.ends_on,
            phase=line.phase_name,
            source=line.source,
            note=line.note,
        )
        for line in lines_on(offer)
    ]


def _notices(commissioner: Commissioner, on: dt.date) -> list[Warned]:
    """A warning where the commissioner did not exist on the date: then somebody else is responsible."""
    if commissioner.is_open_on(on):
        return []
    if on < commissioner.opened_on:
        text = f"{commissioner} opened on {_spoken(commissioner.opened_on)}. Check who was responsible before."
    else:
        heir = main_successor(commissioner)
        closed = _spoken(commissioner.closed_on or on)
        taken = f" {heir} took over." if heir else ""
        text = f"{commissioner} closed on {closed}.{taken} A new budget belongs to whoever is responsible now."
    return [Warned(WarningKind.COMMISSIONER, text, "NHS Digital’s list of commissioners")]


def _spoken(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"
