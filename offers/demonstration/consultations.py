"""What people say of the demonstration's local offers: consultations, feedback, and reviews of the public pages.

Safe to run again: an edition that was consulted on is left alone, and so is an offer that has feedback or a review.
"""

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from offers.enums import EditionStatus, SectionKind
from offers.models import Consultation, Edition, Feedback, LocalOffer, OfferReview, OfferSection
from offers.services.comments import answer_comment, send_comment, set_aside_comment, show_comment
from offers.services.consultations import close_consultation, invite, open_consultation
from offers.services.editions import start_edition
from offers.services.feedback import deal_with_feedback, record_review, send_feedback
from offers.services.sections import save_section
from phb_register import clock
from phb_register.models import User

Progress = Callable[[int, int], None]

DAY = dt.timedelta(days=1)
_NAMESPACE = uuid.UUID("6f6a8a55-6d0e-4c52-9b1a-8f1f1f0c5d2e")


@dataclass(frozen=True)
class Said:
    """A comment, and what came of it. `shown` is how the public reads it where words were taken out."""

    words: str
    section: str = ""
    spoken_as: str = ""
    organisation: str = ""
    by: str = ""
    is_read: bool = True
    shown: str = ""
    set_aside: str = ""
    answer: str = ""
    is_offer_changed: bool = False


#: On the second edition of LLR: every comment is settled.
SETTLED = (
    Said(
        "I looked after my son for three years before anybody told me that I could ask. Say it where parents see it.",
        section=SectionKind.HOW_TO_ASK,
        spoken_as="carer",
        answer="“How to ask” now names the child's nurse and the social worker first, because they are the people "
        "parents meet.",
        is_offer_changed=True,
    ),
    Said(
        "Our members want help with being an employer: payroll, insurance and what to do when somebody is ill.",
        section=SectionKind.BROKERAGE,
        spoken_as="organisation",
        organisation="Carers’ forum",
        answer="The part on support now lists each of these and says that the NHS pays for the help. The contacts give "
        "a number for it.",
        is_offer_changed=True,
    ),
    Said(
        "Can it be offered to everybody with a long-term condition at once?",
        section=SectionKind.TIMELINE,
        spoken_as="holder",
        answer="Not yet. We open it group by group, so that each person gets the help they need to plan. Anybody may "
        "ask before their group is reached.",
    ),
    Said("Rubbish, all of it, and so are you.", set_aside="offensive"),
)

#: On the second edition of Surrey, which is in consultation.
RUNNING = (
    Said(
        "Please say how long it takes from asking to having the money.",
        section=SectionKind.HOW_TO_ASK,
        spoken_as="carer",
        answer="You are told how long it takes once a lead nurse has agreed your plan. It is not the same for "
        "everybody, so we cannot put one number here.",
    ),
    Said(
        "Meeting others who have a budget is what helped us most. Keep it, and hold it in the evening too.",
        section=SectionKind.BROKERAGE,
        spoken_as="holder",
    ),
    Said(
        "From the ward’s side: name one person whom we can ring while somebody is still in hospital.",
        section=SectionKind.CONTACTS,
        spoken_as="professional",
        by="nurse@somerset.example.nhs.uk",
    ),
    Said(
        "My neighbour Mr Gannet at number 4 was told no and nobody said why.",
        section=SectionKind.WHO,
        spoken_as="other",
        shown="My neighbour […] was told no and nobody said why.",
        answer="Whoever is told no gets the reasons in writing, and can ask for the decision to be looked at again. "
        "The draft says so already.",
    ),
    Said("What does “commissioner” mean?", section=SectionKind.INTRODUCTION, spoken_as="carer", is_read=False),
    Said("When does the swimming pool open again?", set_aside="not-about-it"),
)
INVITED = ("nurse@somerset.example.nhs.uk", "approver@surrey.example.nhs.uk", "board@llr.example.nhs.uk")
NEW_TEXT = (
    "People who have a budget already meet every three months, and anybody who is thinking of one is welcome. Ask the "
    "team for the next date."
)


def consult_on(*, edition: Edition, by: User, opened_on: dt.date, closed_on: dt.date) -> Consultation | None:
    """Put a draft to the public in the past, answer everything, and close it; None where that was done before."""
    if edition.status != EditionStatus.DRAFT or edition.consultations.exists():
        return None
    consultation = open_consultation(
        edition=edition,
        opens_on=opened_on,
        closes_on=closed_on,
        introduction="Is anything missing, wrong or hard to understand?",
        by=by,
        at=_noon(opened_on),
    )
    for number, said in enumerate(SETTLED):
        _say(consultation, said, by=by, at=_noon(opened_on + (number + 1) * DAY))
    close_consultation(edition=edition, by=by, at=_noon(closed_on))
    return consultation


def load_running(progress: Progress) -> None:
    """Surrey's next edition: a draft that everybody can read and comment on now."""
    offer = LocalOffer.objects.filter(commissioner__code="SURREY").first()
    if offer is not None and not offer.consultations.exists():
        _consult_now(offer, User.objects.get(email="team@surrey.example.nhs.uk"))
    progress(1, 1)


def load_feedback(progress: Progress) -> None:
    """What readers wrote of two offers and of none, and when staff looked through them."""
    if not Feedback.objects.exists():
        _load_feedback()
    if not OfferReview.objects.exists():
        _load_reviews()
    progress(1, 1)


def _consult_now(offer: LocalOffer, by: User) -> None:
    today = clock.today()
    edition = Edition.objects.filter(local_offer=offer).still_open().first()
    if edition is None:
        edition = start_edition(offer=offer, title=offer.title, figures_as_at=today, by=by)
    if edition.status != EditionStatus.DRAFT:
        return
    section = OfferSection.objects.get(local_offer=offer, kind=SectionKind.BROKERAGE)
    save_section(
        section=section,
        heading=section.heading,
        body=f"{section.body}\n\n{NEW_TEXT}",
        expected_version=section.version,
        by=by,
    )
    opened_on = today - 14 * DAY
    consultation = open_consultation(
        edition=edition,
        opens_on=opened_on,
        closes_on=today + 42 * DAY,
        introduction="We would like to hear from people who have a budget, from those who look after them, and from "
        "staff:\n\n- Is it clear **who can ask**, and how?\n- What help would you want with planning?",
        by=by,
        at=_noon(opened_on),
    )
    invite(consultation=consultation, addresses=INVITED, by=by)
    for number, said in enumerate(RUNNING):
        _say(consultation, said, by=by, at=_noon(opened_on + (number + 1) * DAY))


def _say(consultation: Consultation, said: Said, *, by: User, at: dt.datetime) -> None:
    comment = send_comment(
        consultation=consultation,
        form_key=uuid.uuid5(_NAMESPACE, f"{consultation.pk} {said.words}"),
        words=said.words,
        section=said.section,
        spoken_as=said.spoken_as,
        organisation=said.organisation,
        by=User.objects.get(email=said.by) if said.by else None,
        at=at,
    )
    if said.set_aside:
        set_aside_comment(comment=comment, reason=said.set_aside, by=by, at=at + DAY)
    elif said.is_read:
        show_comment(comment=comment, shown_words=said.shown or said.words, by=by, at=at + DAY)
        if said.answer:
            answer_comment(
                comment=comment, answer=said.answer, is_offer_changed=said.is_offer_changed, by=by, at=at + 2 * DAY
            )


def _load_feedback() -> None:
    llr = LocalOffer.objects.get(commissioner__code="LLR")
    somerset = LocalOffer.objects.get(commissioner__code="11X")
    rows: tuple[dict[str, Any], ...] = (
        {
            "local_offer": llr,
            "kind": "unclear",
            "words": "I do not understand the word “cohort” in the table.",
            "page": f"/local-offers/{llr.slug}/",
        },
        {
            "local_offer": llr,
            "kind": "access",
            "words": "My mother cannot read this small. Can you send it in large print on paper?",
            "contact": "01632 960 114",
            "page": f"/local-offers/{llr.slug}/",
        },
        {"kind": "other", "words": "Good that it works without signing in.", "page": "/local-offers/"},
        {
            "local_offer": somerset,
            "kind": "wrong",
            "words": "The page on how to ask does not say whom to ask for a child.",
            "page": f"/local-offers/{somerset.slug}/how-to-ask/",
        },
    )
    feedback = [send_feedback(form_key=uuid.uuid4(), **row) for row in rows]
    by = User.objects.get(email="team@somerset.example.nhs.uk")
    deal_with_feedback(feedback=feedback[-1], note="Put on the list for the next edition", by=by)


def _load_reviews() -> None:
    today = clock.today()
    for code, email, days_ago in (
        ("LLR", "team@llr.example.nhs.uk", 120),
        # Overdue, so that the reminder can be seen.
        ("11X", "team@somerset.example.nhs.uk", 400),
    ):
        reviewed_on = today - days_ago * DAY
        record_review(
            offer=LocalOffer.objects.get(commissioner__code=code),
            reviewed_on=reviewed_on,
            next_review_on=reviewed_on + 365 * DAY,
            by=User.objects.get(email=email),
            note="Read through with two holders of a budget",
        )


def _noon(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(12), tzinfo=dt.UTC)
