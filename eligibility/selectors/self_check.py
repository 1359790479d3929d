"""The rules that a public self-check of a local offer goes by today, and whom it sends people to."""

import datetime as dt
from dataclasses import dataclass

from eligibility.rules import Answer
from eligibility.rules.facts import asked
from eligibility.rules.question_order import QuestionOrder
from eligibility.rules.self_check import AgeBand, GivenAnswers, age_bands
from offers.models import LocalOffer
from offers.selectors.pages import public_offer
from phb_register.models import PartnershipMember
from phb_register.selectors.settings import settings_of

from .rule_sets import RuleBook, rule_book


@dataclass(frozen=True)
class SelfCheckRules:
    """One self-check on one day."""

    offer: LocalOffer
    book: RuleBook
    bands: list[AgeBand]
    how_to_ask: str

    def left_to_ask(self, answers: GivenAnswers) -> QuestionOrder:
        """The pages left; none when the answers settle it, or the public cannot say more."""
        return self.book.questions_to_ask(
            facts=asked(answers.facts), born_on=answers.born_on(self.book.on), not_known=answers.not_known
        )

    def answer(self, answers: GivenAnswers) -> Answer:
        """What the rules say."""
        return self.book.screen(facts=asked(answers.facts), born_on=answers.born_on(self.book.on))


def self_check_of(slug: str, on: dt.date) -> SelfCheckRules | None:
    """The self-check of the local offer at a public address; None where there is no such offer.

    A partnership's offer is checked by the rules of a member of that day: they share the offer, and with it the
    rules that are not the law's.
    """
    offer = public_offer(slug)
    if offer is None:
        return None
    membership = PartnershipMember.objects.on(on).filter(partnership=offer.commissioner).select_related("member")
    member = membership.order_by("member__code").first()
    book = rule_book(member.member if member else offer.commissioner, on)
    own = settings_of(offer.commissioner, on).how_to_ask
    how_to_ask = own or settings_of(book.commissioner, on).how_to_ask
    return SelfCheckRules(offer, book, age_bands(book.rule_sets), how_to_ask)
