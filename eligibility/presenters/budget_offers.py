"""Offers of a budget: on a person's page, on their own, and on the worklists."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from eligibility.enums import AsksFor, LetterKind, OfferInformation, OfferResponse
from eligibility.models import BudgetOffer
from eligibility.selectors.budget_offers import NotYetOffered
from phb_register.presenters import spoken_date, summary
from phb_register.slots import TimelineEvent, WorkItem
from phb_register.tables import Column, table_params

from .answers import Tag

RESPONSE_TAGS: dict[str, str] = {
    OfferResponse.NOT_ANSWERED: "nhsuk-tag--blue",
    OfferResponse.ACCEPTED: "nhsuk-tag--green",
    OfferResponse.NOT_NOW: "nhsuk-tag--yellow",
    OfferResponse.DECLINED: "nhsuk-tag--grey",
}


def offer_url(offer: BudgetOffer) -> str:
    """The offer's own page."""
    return reverse("eligibility:budget-offer", args=[offer.reference])


def letter_url(offer: BudgetOffer) -> str:
    """Where the letter about an offer is written: with its referral, or to the person."""
    if offer.referral is not None:
        path = reverse("eligibility:write-letter", args=[offer.referral.reference])
    else:
        path = reverse("eligibility:write-letter-to-person", args=[offer.person.reference])
    return f"{path}?kind={LetterKind.BUDGET_OFFER}"


def response_tag(offer: BudgetOffer) -> Tag:
    """The tag of what the person said."""
    return Tag(offer.get_response_display(), RESPONSE_TAGS[offer.response])


def _listed(values: Iterable[str], choices: Any) -> str:
    return ", ".join(str(choices(value).label) for value in values)


def offer_rows(offer: BudgetOffer) -> list[dict[str, Any]]:
    """All of an offer."""
    information = _listed(offer.information_given, OfferInformation)
    if offer.other_information:
        information += f" ({offer.other_information})"
    rows: list[tuple[str, Any]] = [
        ("Person", offer.person.display_name),
        ("Offered on", spoken_date(offer.offered_on)),
        ("Offered by", offer.offered_by),
        ("For", offer.commissioner),
        ("How", offer.get_channel_display()),
        ("Information given", information),
        ("Format", offer.get_communication_format_display()),
        ("Ways of holding the money discussed", _listed(offer.methods_discussed, AsksFor) or "None"),
        ("Answer", offer.get_response_display()),
    ]
    if offer.responded_on:
        rows.append(("Answered on", spoken_date(offer.responded_on)))
    if offer.why_not:
        rows.append(("Why not", offer.get_why_not_display()))
    if offer.why_not_note:
        rows.append(("More about why not", offer.why_not_note))
    if offer.next_offer_on:
        rows.append(("Offer again on", spoken_date(offer.next_offer_on)))
    if offer.correction_note:
        rows.append(("What was wrong with the record before", offer.correction_note))
    return summary(rows)


def offers_table(rows: Iterable[BudgetOffer]) -> dict[str, Any]:
    """The parameters of the table on a person's page."""
    columns: list[Column[BudgetOffer]] = [
        Column("Offered on", lambda row: spoken_date(row.offered_on), link=offer_url),
        Column("How", lambda row: row.get_channel_display()),
        Column("Answer", lambda row: row.get_response_display()),
        Column("Why not", lambda row: row.get_why_not_display() or "–"),
    ]
    return table_params(columns, rows, caption="Offers of a budget to this person", is_responsive=True)


def to_offer_item(found: NotYetOffered) -> WorkItem:
    """Somebody who must be offered a budget and was not, on the home page."""
    return WorkItem(
        text=f"Offer {found.referral.person.display_name} a personal health budget",
        url=reverse("eligibility:record-budget-offer", args=[found.referral.person.reference]),
        why=f"Screening on {spoken_date(found.assessed_on)} found “{found.outcome.words}”, no offer is recorded in the "
        "last 12 months, and there is no budget",
    )


def to_answer_item(offer: BudgetOffer, today: dt.date) -> WorkItem:
    """An offer without an answer, or one to make again, on the home page."""
    if offer.response == OfferResponse.NOT_ANSWERED:
        return WorkItem(
            text=f"Ask {offer.person.display_name} about the offer of a budget",
            url=offer_url(offer),
            why=f"Offered on {spoken_date(offer.offered_on)}, and no answer is recorded",
        )
    return WorkItem(
        text=f"Offer {offer.person.display_name} a budget again",
        url=reverse("eligibility:record-budget-offer", args=[offer.person.reference]),
        why=f"The answer was “{offer.get_response_display().lower()}”, and it was agreed to offer again",
        due_on=offer.next_offer_on,
    )


def offer_events(rows: Iterable[BudgetOffer]) -> list[TimelineEvent]:
    """What was offered to a person and what they said, for their timeline."""
    events: list[TimelineEvent] = []
    for each in rows:
        url = offer_url(each)
        how = each.get_channel_display()
        events.append(
            TimelineEvent(
                each.offered_on,
                "Personal health budget offered",
                how,
                by=str(each.offered_by),
                url=url,
                recorded_at=each.recorded_at,
                about=each,
            )
        )
        if each.responded_on is not None:
            title = f"Offer of a budget answered: {each.get_response_display().lower()}"
            events.append(TimelineEvent(each.responded_on, title, str(each.get_why_not_display()), url=url, about=each))
    return events
