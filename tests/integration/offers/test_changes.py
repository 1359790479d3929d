"""The yearly update: what changed, why, how far the plan has got. Asked for before submission, then frozen."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from offers.enums import ExplanationKind
from offers.exceptions import ExplanationConflict, NotDeliverable, TextIsLocked, TransitionRefused
from offers.models import Cohort, Contribution, Edition, Explanation, OfferLine
from offers.rules.reading import read
from offers.rules.snapshots import content_hash
from offers.selectors.changes import changes_of, mark_of, name_of
from offers.selectors.content import current_snapshot
from offers.services import editions, explanations, publication
from offers.services.publication import publish
from phb_register.exceptions import Refused
from phb_register.models import User
from phb_register.roles import Role
from tests.factories.offers import (
    EditionFactory,
    LocalOfferFactory,
    OfferLineFactory,
    PhaseFactory,
    approver_of,
    published_edition,
)
from tests.factories.phb_register import UserFactory
from tests.support.documents import small_documents

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _documents_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What documents say is held elsewhere."""
    monkeypatch.setattr(publication, "make_documents", lambda snapshot, digest: small_documents())


@pytest.fixture
def second() -> Edition:
    """A second edition on its way, in which a section, a line and a figure are not as they were."""
    offer = LocalOfferFactory(slug="testshire")
    offer.sections.filter(kind="funding").update(body="No new money. We have {{ figure.phbs_in_place }}.")
    phase = PhaseFactory(local_offer=offer, name="2016/17", starts_on=dt.date(2016, 4, 1))
    OfferLineFactory(phase=phase, cohort=Cohort.objects.get(code="chc"), status="planned")
    published_edition(local_offer=offer)
    offer.sections.filter(kind="funding").update(body="Some new money. We have {{ figure.children_in_place }}.")
    OfferLine.objects.update(status="live")
    return EditionFactory(local_offer=offer, number=2)


@pytest.fixture
def author(second: Edition) -> User:
    return UserFactory(role=Role.PHB_TEAM, role__commissioner=second.local_offer.commissioner)


def reasoned(edition: Edition, author: User, words: str = "Because we were asked") -> None:
    """Give every change of an edition a reason."""
    since = changes_of(edition)
    assert since is not None
    for each in since.unexplained:
        kind, key = name_of(each)
        explanations.explain(
            edition=edition,
            kind=kind,
            key=key,
            words=f"{words}: {key}",
            fingerprint=each.change.fingerprint,
            expected_version=0,
            by=author,
        )


# ── Reasons are asked for ─────────────────────────────────────────────────────────────────────────────────────


def test_submit_asks_for_the_reason_of_each_change_of_words_and_plan(second: Edition, author: User) -> None:
    with pytest.raises(TransitionRefused, match=r"“Funding”, “NHS continuing healthcare, 2016/17”$"):
        editions.submit(edition=second, by=author)
    reasoned(second, author)
    assert editions.submit(edition=second, by=author).status == "submitted"


def test_reason_for_a_change_that_changed_again_is_asked_for_anew(second: Edition, author: User) -> None:
    reasoned(second, author)
    second.local_offer.sections.filter(kind="funding").update(body="Quite other words")
    with pytest.raises(TransitionRefused, match=r"“Funding”$"):
        editions.submit(edition=second, by=author)


def test_first_edition_has_nothing_to_explain() -> None:
    edition = EditionFactory()
    assert changes_of(edition) is None


def test_explain_needs_the_permission_and_a_draft(second: Edition, author: User) -> None:
    what = {"kind": "section", "key": "funding", "words": "x", "fingerprint": "0" * 64, "expected_version": 0}
    with pytest.raises(PermissionDenied):
        explanations.explain(edition=second, by=UserFactory(), **what)
    with pytest.raises(PermissionDenied):
        explanations.write_learning(edition=second, learning="x", seen="", by=UserFactory())
    reasoned(second, author)
    editions.submit(edition=second, by=author)
    with pytest.raises(TextIsLocked, match="Have it returned first"):
        explanations.explain(edition=second, by=author, **what)
    with pytest.raises(TextIsLocked):
        explanations.write_learning(edition=second, learning="x", seen="", by=author)


def test_explain_over_somebody_else_s_words_is_a_conflict(second: Edition, author: User) -> None:
    what = {"kind": "section", "key": "funding", "fingerprint": "0" * 64}
    first = explanations.explain(edition=second, words="Mine", expected_version=0, by=author, **what)
    again = explanations.explain(edition=second, words="Mine", expected_version=1, by=author, **what)
    assert (first.version, again.version) == (1, 1)
    with pytest.raises(ExplanationConflict, match=author.full_name):
        explanations.explain(edition=second, words="Yours", expected_version=0, by=author, **what)
    explanations.write_learning(edition=second, learning="A", seen="", by=author)
    with pytest.raises(ExplanationConflict):
        explanations.write_learning(edition=second, learning="B", seen="", by=author)


def test_who_gave_a_reason_cannot_approve(second: Edition, author: User) -> None:
    reasoned(second, author)
    assert Contribution.objects.get(edition_number=2).by == author
    editions.submit(edition=second, by=author)
    author.memberships.create(
        role=Role.APPROVER, commissioner=second.local_offer.commissioner, starts_on=dt.date(2014, 1, 1)
    )
    with pytest.raises(TransitionRefused, match="part of it"):
        editions.approve(edition=second, by=User.objects.get(pk=author.pk))


def test_reasons_and_words_of_a_submitted_edition_are_guarded_by_the_database(second: Edition, author: User) -> None:
    reasoned(second, author)
    editions.submit(edition=second, by=author)
    for change in (
        lambda: Explanation.objects.update(words="Other words"),
        lambda: Explanation.objects.all().delete(),
        lambda: Edition.objects.filter(pk=second.pk).update(learning="Other words"),
        lambda: Edition.objects.filter(pk=second.pk).update(title="Another title"),
        lambda: Edition.objects.filter(pk=second.pk).update(figures_as_at=dt.date(2018, 1, 1)),
    ):
        with pytest.raises(Exception, match=r"may not be changed|Cannot update"), transaction.atomic():
            change()


@pytest.mark.parametrize("wrong", [{"fingerprint": ""}, {"key": ""}, {"kind": "other"}])
def test_explanation_that_is_about_nothing_is_refused_by_the_database(
    second: Edition, author: User, wrong: dict[str, str]
) -> None:
    what = {"kind": "section", "key": "funding", "fingerprint": "0" * 64, "words": "x"} | wrong
    with pytest.raises(IntegrityError), transaction.atomic():
        Explanation.objects.create(edition=second, written_by=author, written_at=second.created_at, **what)


def test_learning_takes_no_figure_for_none_is_frozen_with_it(second: Edition, author: User) -> None:
    with pytest.raises(Refused, match="into sections only"):
        explanations.write_learning(edition=second, learning="{{ figure.phbs_in_place }} now", seen="", by=author)
    assert explanations.write_learning(edition=second, learning="{{ is }} a brace", seen="", by=author).learning


def test_words_about_a_figure_do_not_stay_with_another_number(second: Edition, author: User) -> None:
    words = {"kind": "figure", "key": "children_in_place", "words": "Five more than before", "by": author}
    explanations.explain(edition=second, fingerprint="0" * 64, expected_version=0, **words)
    snapshot, _ = current_snapshot(second, published_on=None)
    assert "Five more" not in str(snapshot["since"])
    since = changes_of(second)
    assert since is not None
    figure = next(each.change for each in since.changes if each.change.key == "children_in_place")
    explanations.explain(edition=second, fingerprint=figure.fingerprint, expected_version=1, **words)
    assert "Five more" in str(current_snapshot(second, published_on=None)[0]["since"])


# ── Frozen ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def published(second: Edition, author: User) -> Edition:
    reasoned(second, author)
    since = changes_of(second)
    assert since is not None
    for each in since.progress:
        kind, key = name_of(each)
        explanations.explain(
            edition=second, kind=kind, key=key, words="On the day", fingerprint="", expected_version=0, by=author
        )
    explanations.write_learning(edition=second, learning="Ask **early**", seen="", by=author)
    editions.submit(edition=second, by=author)
    approver: User = approver_of(second.local_offer)  # type: ignore[assignment]
    approved = editions.approve(edition=second, by=approver, approved_on=dt.date(2017, 9, 21))
    return publish(edition=approved, by=approver)


def test_publication_freezes_changes_reasons_and_progress(published: Edition) -> None:
    edition = Edition.objects.get(pk=published.pk)
    assert edition.snapshot is not None
    assert edition.content_hash == content_hash(edition.snapshot)
    reading = read(edition.snapshot)
    assert reading.approved_on == dt.date(2017, 9, 21)
    since = reading.since
    assert since is not None
    assert since.number == 1
    assert [(each.kind, each.title, each.was, each.now, each.rationale) for each in since.changes] == [
        (
            "section",
            "Funding",
            "No new money. We have 122.",
            "Some new money. We have 5.",
            "Because we were asked: funding",
        ),
        (
            "line",
            "NHS continuing healthcare, 2016/17",
            "Planned, from 1 April 2016",
            "Live, from 1 April 2016",
            "Because we were asked: 2016/17/chc",
        ),
        ("figure", "Children in place", "", "5 as at 7 February 2017", ""),
        ("figure", "Phbs in place", "122 as at 7 February 2017", "", ""),
    ]
    assert [(each.promised, each.standing, each.reached, each.note) for each in since.progress] == [
        ("Planned, from 1 April 2016", "reached", "Offered since 1 April 2016", "On the day")
    ]
    assert since.learning_html == "<p>Ask <strong>early</strong></p>\n"
    assert (reading.phases[0].lines[0].change, reading.phases[0].lines[0].was) == (
        "changed",
        "Planned, from 1 April 2016",
    )


def test_page_of_an_edition_tells_what_changed_and_why(published: Edition) -> None:
    page = Client().get("/local-offers/testshire/").content.decode()
    assert "What has changed since edition 1" in page
    assert "Because we were asked: funding" in page
    assert "Offered since 1 April 2016" in page
    assert "<strong>early</strong>" in page
    assert "21 September 2017" in page


def test_comparison_of_two_editions_in_words_and_figures(published: Edition) -> None:
    client = Client()
    assert (
        "/local-offers/testshire/editions/compare/" in client.get("/local-offers/testshire/editions/").content.decode()
    )
    asked = client.get(reverse("offers:compare-editions", args=["testshire"]), {"was": 1, "now": 2})
    assert asked["Location"] == "/local-offers/testshire/editions/1/compared-with/2/"
    with CaptureQueriesContext(connection) as queries:
        response = client.get(asked["Location"])
    assert len(queries) <= 4
    page = " ".join(response.content.decode().split())
    assert '<del><span class="nhsuk-u-visually-hidden">Taken out:</span> No</del>' in page
    assert '<ins><span class="nhsuk-u-visually-hidden">Put in:</span> Some</ins>' in page
    assert "122 as at 7 February 2017" in page
    assert not response.cookies
    back = " ".join(client.get("/local-offers/testshire/editions/2/compared-with/1/").content.decode().split())
    assert "Taken out:</span> Some</del>" in back


def test_comparison_of_what_is_no_pair(published: Edition) -> None:
    client = Client()
    for address in ("1/compared-with/1/", "1/compared-with/3/", "compare/?was=1&now=1", "compare/?was=9"):
        response = client.get(f"/local-offers/testshire/editions/{address}")
        assert response.status_code == (422 if "?" in address else 404), address


def test_withdrawn_edition_is_compared_by_staff_alone_and_no_base_any_more(published: Edition, author: User) -> None:
    assert published.approved_by is not None
    editions.withdraw(edition=published, by=published.approved_by, reason="A mistake")
    assert Client().get("/local-offers/testshire/editions/1/compared-with/2/").status_code == 404
    client = Client()
    client.force_login(author)
    assert client.get("/local-offers/testshire/write/editions/1/compared-with/2/").status_code == 200
    third = EditionFactory(local_offer=published.local_offer, number=3)
    since = changes_of(third)
    assert since is not None
    assert since.base.number == 1


def test_publication_is_refused_where_readers_were_left_with_an_earlier_edition(
    published: Edition, author: User
) -> None:
    third = EditionFactory(local_offer=published.local_offer, number=3)
    editions.submit(edition=third, by=author)
    approver: User = approver_of(published.local_offer)  # type: ignore[assignment]
    editions.approve(edition=third, by=approver)
    editions.withdraw(edition=published, by=approver, reason="A mistake")
    with pytest.raises(NotDeliverable, match="Readers know edition 1 now"):
        publish(edition=third, by=approver)
    assert Edition.objects.get(number=3).status == "approved"


def test_publication_is_refused_with_reasons_for_other_changes(published: Edition, author: User) -> None:
    """They were given for what changed since an edition that nobody reads any more."""
    offer = published.local_offer
    offer.sections.filter(kind="funding").update(body="Quite other words")
    OfferLine.objects.update(status="scoping")
    third = EditionFactory(local_offer=offer, number=3)
    reasoned(third, author)
    editions.submit(edition=third, by=author)
    approver: User = approver_of(offer)  # type: ignore[assignment]
    editions.approve(edition=third, by=approver)
    editions.withdraw(edition=published, by=approver, reason="A mistake")
    with pytest.raises(NotDeliverable, match="Readers know edition 1 now"):
        publish(edition=third, by=approver)


def test_withdrawn_edition_says_when_and_why(published: Edition) -> None:
    assert published.approved_by is not None
    editions.withdraw(edition=published, by=published.approved_by, reason="A figure was <wrong>")
    response = Client().get("/local-offers/testshire/editions/2/")
    assert response.status_code == 410
    assert "A figure was &lt;wrong&gt;" in response.content.decode()


# ── Pages of the writers ──────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def writing(client: Client, author: User) -> Client:
    client.force_login(author)
    return client


def test_list_of_changes_shows_what_was_learnt(writing: Client, second: Edition, author: User) -> None:
    address = reverse("offers:edition-changes", args=["testshire", 2])
    assert "Nothing is written yet" in writing.get(address).content.decode()
    explanations.write_learning(edition=second, learning="Ask **early**", seen="", by=author)
    shown = writing.get(address).content.decode()
    assert "<p>Ask <strong>early</strong></p>" in shown
    assert "Nothing is written yet" not in shown


def test_list_of_changes_leads_to_each_and_on_to_the_next(writing: Client, second: Edition) -> None:
    address = reverse("offers:edition-changes", args=["testshire", 2])
    assert address in writing.get(reverse("offers:edition-progress", args=["testshire", 2])).content.decode()
    page = writing.get(address).content.decode()
    assert "2 changes want a reason" in page
    since = changes_of(second)
    assert since is not None
    first, later = (
        reverse("offers:explain-change", args=["testshire", 2, *mark_of(each)]) for each in since.unexplained
    )
    assert first in page
    assert "No</del>" in writing.get(first).content.decode()
    data = {"words": "It was decided so", "version": 0, "fingerprint": since.unexplained[0].change.fingerprint}
    assert writing.post(first, {**data, "words": " ", "next": "1"}).status_code == 422
    assert writing.post(first, {**data, "next": "1"})["Location"] == later
    assert writing.post(first, {**data, "version": 1, "list": "1"})["Location"] == address
    assert "1 change wants a reason" in writing.get(address).content.decode()


def test_conflict_over_a_reason_shows_both(writing: Client, second: Edition, author: User) -> None:
    reasoned(second, author, "Theirs")
    since = changes_of(second)
    assert since is not None
    where = reverse("offers:explain-change", args=["testshire", 2, *mark_of(since.changes[0])])
    data = {"words": "Mine & all", "version": 0, "fingerprint": since.changes[0].change.fingerprint}
    response = writing.post(where, data)
    page = response.content.decode()
    assert response.status_code == 409
    assert "Theirs: funding" in page
    assert "Mine &amp; all" in page
    assert 'name="version" value="1"' in page
    assert writing.post(where, {**data, "version": 1}).status_code == 302
    assert Explanation.objects.get(key="funding").words == "Mine & all"


def test_stale_reason_asks_to_be_looked_at(writing: Client, second: Edition, author: User) -> None:
    reasoned(second, author)
    second.local_offer.sections.filter(kind="funding").update(body="Quite other words")
    assert "Look at it again" in writing.get(reverse("offers:edition-changes", args=["testshire", 2])).content.decode()


def test_progress_and_learning_are_written(writing: Client, second: Edition) -> None:
    since = changes_of(second)
    assert since is not None
    where = reverse("offers:explain-change", args=["testshire", 2, *mark_of(since.progress[0])])
    assert writing.post(where, {"words": "As planned", "version": 0, "fingerprint": ""}).status_code == 302
    assert Explanation.objects.get(kind=ExplanationKind.PROGRESS).words == "As planned"
    learning = reverse("offers:write-learning", args=["testshire", 2])
    assert writing.post(learning, {"words": "Ask\r\nearly", "seen": ""}).status_code == 302
    assert Edition.objects.get(pk=second.pk).learning == "Ask\nearly"
    response = writing.post(learning, {"words": "Mine", "seen": ""})
    assert response.status_code == 409
    assert "Mine" in response.content.decode()
    assert writing.post(learning, {"words": "Mine", "seen": "Ask\r\nearly"}).status_code == 302


def test_pages_of_reasons_are_for_writers_of_the_offer(second: Edition, author: User) -> None:
    since = changes_of(second)
    assert since is not None
    addresses = [
        reverse("offers:edition-changes", args=["testshire", 2]),
        reverse("offers:write-learning", args=["testshire", 2]),
        reverse("offers:explain-change", args=["testshire", 2, *mark_of(since.changes[0])]),
    ]
    stranger = Client()
    stranger.force_login(UserFactory(role=Role.PHB_TEAM))
    assert [stranger.get(address).status_code for address in addresses] == [404, 404, 404]
    assert [Client().get(address).status_code for address in addresses] == [302, 302, 302]


def test_approval_asks_for_the_day_of_the_meeting(second: Edition, author: User) -> None:
    reasoned(second, author)
    editions.submit(edition=second, by=author)
    client = Client()
    client.force_login(approver_of(second.local_offer))
    where = reverse("offers:edition-approve", args=["testshire", 2])
    day = {"approved_on_day": 21, "approved_on_month": 9, "approved_on_year": 2099}
    assert client.post(where, day).status_code == 422
    assert client.post(where, day | {"approved_on_year": 2017}).status_code == 302
    assert Edition.objects.get(pk=second.pk).approved_on == dt.date(2017, 9, 21)
