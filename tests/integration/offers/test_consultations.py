"""A draft put to the public: what it freezes, who may say what, and that each comment is settled before submission."""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, InternalError, transaction
from django.db.utils import DatabaseError

from offers.exceptions import TextIsLocked, TransitionRefused
from offers.models import Consultation, ConsultationComment, Contribution
from offers.selectors.consultations import consultations_to_work_on, summary_of, waiting_for_comment
from offers.services.comments import answer_comment, send_comment, set_aside_comment, show_comment
from offers.services.consultations import close_consultation, invite, lengthen_consultation, open_consultation
from offers.services.editions import submit
from phb_register import clock
from phb_register.exceptions import Refused
from phb_register.models import OutgoingEmail
from phb_register.roles import Role
from tests.factories.consultations import WEEK, make_comment, make_consultation
from tests.factories.offers import EditionFactory
from tests.factories.phb_register import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def consultation() -> Consultation:
    return make_consultation()


@pytest.fixture
def author(consultation):
    return consultation.edition.author


def answered(comment: ConsultationComment, by: object, answer: str = "We do now.") -> ConsultationComment:
    show_comment(comment=comment, shown_words=comment.words, by=by)
    return answer_comment(comment=comment, answer=answer, is_offer_changed=True, by=by)


def test_what_is_put_to_the_public_stays_as_it_was(consultation) -> None:
    section = consultation.local_offer.sections.get(kind="introduction")
    section.body = "Written meanwhile"
    section.save()
    consultation.refresh_from_db()
    assert "Written meanwhile" not in str(consultation.snapshot)
    assert consultation.edition.status == "in-consultation"


def test_one_page_of_the_form_is_one_comment(consultation) -> None:
    key = uuid.uuid4()
    first = make_comment(consultation, form_key=key)
    assert make_comment(consultation, "Again", form_key=key) == first
    assert ConsultationComment.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"words": "  "}, "words"), ({"words": "x" * 5001}, "words"), ({"section": "no-such"}, "section")],
)
def test_comment_that_says_nothing_or_too_much_is_refused(consultation, fields, field) -> None:
    with pytest.raises(Refused) as refused:
        make_comment(consultation, **fields)
    assert refused.value.field == field


def test_comments_are_taken_on_its_days_only(consultation, author) -> None:
    ahead = dt.datetime.combine(consultation.closes_on, dt.time(23, 30), dt.UTC)
    with pytest.raises(TransitionRefused):
        make_comment(consultation, at=ahead + dt.timedelta(hours=2))
    close_consultation(edition=consultation.edition, by=author)
    with pytest.raises(TransitionRefused):
        make_comment(consultation)
    with pytest.raises(DatabaseError), transaction.atomic():
        ConsultationComment.objects.create(
            consultation=consultation, form_key=uuid.uuid4(), words="Late", received_at=clock.now()
        )


def test_edition_is_submitted_once_every_comment_is_settled(consultation, author) -> None:
    said, offensive = make_comment(consultation), make_comment(consultation, "Rude")
    edition = close_consultation(edition=consultation.edition, by=author)
    with pytest.raises(TransitionRefused, match="wait for an answer: 2"):
        submit(edition=edition, by=author)
    set_aside_comment(comment=offensive, reason="offensive", by=author)
    show_comment(comment=said, shown_words="Say who to call.", by=author)
    with pytest.raises(TransitionRefused, match="wait for an answer: 1"):
        submit(edition=edition, by=author)
    answer_comment(comment=said, answer="We do.", is_offer_changed=True, by=author)
    assert submit(edition=edition, by=author).status == "submitted"
    with pytest.raises(TextIsLocked):
        answer_comment(comment=said, answer="Changed under the deciders", is_offer_changed=False, by=author)
    with pytest.raises(DatabaseError), transaction.atomic():
        ConsultationComment.objects.filter(pk=said.pk).update(answer="Changed under the deciders")


def test_whoever_answers_has_a_hand_in_the_edition(consultation, author) -> None:
    answered(make_comment(consultation), author)
    assert Contribution.objects.filter(by=author, kind="answers").exists()


def test_answer_is_changed_on_the_record(consultation, author) -> None:
    comment = answered(make_comment(consultation), author, "First")
    answer_comment(comment=comment, answer="Second", is_offer_changed=False, by=author)
    comment.refresh_from_db()
    assert (comment.answer, comment.is_offer_changed) == ("Second", False)
    assert [step.note for step in comment.transitions.all()] == ["", "", "The answer before: First"]


def test_comment_set_aside_can_be_shown_after_all(consultation, author) -> None:
    comment = make_comment(consultation, "Call Maud Merganser of 3 Mere Lane")
    set_aside_comment(comment=comment, reason="names-somebody", by=author)
    show_comment(comment=comment, shown_words="Call […]", by=author)
    comment.refresh_from_db()
    assert (comment.status, comment.shown_words, comment.set_aside_reason) == ("shown", "Call […]", "")
    assert comment.words.startswith("Call Maud")
    with pytest.raises(TransitionRefused):
        show_comment(comment=comment, shown_words="Again", by=author)


def test_words_that_were_sent_never_change(consultation) -> None:
    comment = make_comment(consultation)
    for change in ({"words": "Other"}, {"status": "answered"}):
        with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
            ConsultationComment.objects.filter(pk=comment.pk).update(**change)


def test_only_the_team_of_the_offer_settles_comments(consultation) -> None:
    comment = make_comment(consultation)
    for by in (
        UserFactory(role=Role.PHB_TEAM),
        UserFactory(role=Role.APPROVER, role__commissioner=consultation.local_offer.commissioner),
    ):
        with pytest.raises(PermissionDenied):
            show_comment(comment=comment, shown_words="Shown", by=by)


def test_summary_has_every_answer_by_section_and_counts_the_rest(consultation, author) -> None:
    late = answered(make_comment(consultation, "Fund more", section="funding"), author, "We will")
    first = answered(make_comment(consultation, "Good", section="introduction"), author, "Thank you")
    whole = answered(make_comment(consultation, "Short"), author, "We cut it")
    set_aside_comment(comment=make_comment(consultation, "Rude"), reason="offensive", by=author)
    close_consultation(edition=consultation.edition, by=author, at=dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC))

    summary = summary_of(consultation.edition)

    assert summary == {
        "opened_on": consultation.opens_on.isoformat(),
        "closed_on": "2026-11-01",
        "comments": 4,
        "answers": [
            {"section": "The whole local offer", "comment": whole.words, "answer": "We cut it"},
            {"section": "Introduction", "comment": first.words, "answer": "Thank you"},
            {"section": "Funding", "comment": late.words, "answer": "We will"},
        ],
    }
    assert summary_of(EditionFactory()) is None


def test_last_day_only_moves_later(consultation, author) -> None:
    longer = lengthen_consultation(consultation=consultation, closes_on=consultation.closes_on + WEEK, by=author)
    with pytest.raises(Refused):
        lengthen_consultation(consultation=longer, closes_on=longer.closes_on - WEEK, by=author)
    close_consultation(edition=consultation.edition, by=author)
    with pytest.raises(TransitionRefused):
        lengthen_consultation(consultation=longer, closes_on=longer.closes_on + WEEK, by=author)


def test_edition_is_put_to_the_public_again_after_it_was_closed(consultation, author) -> None:
    today = clock.today()
    edition = close_consultation(edition=consultation.edition, by=author)
    again = open_consultation(edition=edition, opens_on=today, closes_on=today + WEEK, introduction="", by=author)
    assert again.number == 2
    with pytest.raises(TransitionRefused):
        open_consultation(edition=again.edition, opens_on=today, closes_on=today + WEEK, introduction="", by=author)


def test_database_refuses_a_consultation_on_a_draft_that_is_not_open() -> None:
    edition = EditionFactory()
    with pytest.raises(DatabaseError, match="in consultation"):
        Consultation.objects.create(
            local_offer=edition.local_offer,
            edition=edition,
            number=1,
            opens_on=clock.today(),
            closes_on=clock.today() + WEEK,
            opened_by=edition.author,
            opened_at=clock.now(),
            snapshot={},
        )


def test_invited_user_is_written_to_once_and_can_comment(consultation, author) -> None:
    nurse = UserFactory(role=Role.REFERRING_NURSE)
    for _ in range(2):
        invite(consultation=consultation, addresses=[f" {nurse.email.upper()} "], by=author)
    email = OutgoingEmail.objects.get()
    assert email.to_address == nurse.email
    assert email.link.endswith(f"/consultations/{consultation.number}/invited/")
    assert waiting_for_comment(nurse, clock.today()) == [consultation]
    make_comment(consultation, by=nurse)
    assert waiting_for_comment(nurse, clock.today()) == []


def test_address_of_nobody_is_named_and_nobody_is_invited(consultation, author) -> None:
    nurse = UserFactory(role=Role.REFERRING_NURSE)
    with pytest.raises(Refused, match="nobody@testing"):
        invite(consultation=consultation, addresses=[nurse.email, "nobody@testing.example.nhs.uk"], by=author)
    assert not consultation.invitations.exists()
    with pytest.raises(TransitionRefused):
        send_comment(consultation=consultation, form_key=uuid.uuid4(), words="Uninvited", by=nurse)


def test_consultation_is_on_the_list_of_its_team_while_there_is_something_to_do(consultation, author) -> None:
    today, over = clock.today(), consultation.closes_on + dt.timedelta(days=1)
    assert consultations_to_work_on(author, today) == []
    assert consultations_to_work_on(author, over) == [consultation]
    comment = make_comment(consultation)
    (found,) = consultations_to_work_on(author, today)
    assert (found.received, found.shown) == (1, 0)
    answered(comment, author)
    assert consultations_to_work_on(author, today) == []
    assert consultations_to_work_on(UserFactory(role=Role.PHB_TEAM), over) == []
