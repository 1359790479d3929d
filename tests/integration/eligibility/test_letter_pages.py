"""The pages of letters and their templates."""

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from eligibility.enums import LetterKind
from eligibility.models import Letter, LetterSending, LetterTemplate
from eligibility.panels.letters import events, person_panel, to_send
from eligibility.services.letter_templates import save_template
from eligibility.services.letters import make_pdf, record_sent
from phb_register import clock
from phb_register.models import AccessLogEntry, Commissioner, CommissionerSettings, Job, JobState, User
from phb_register.roles import Role
from tests.factories.eligibility import make_nurse, make_referral, make_team
from tests.factories.letters import decided, make_letter, with_contact
from tests.factories.phb_register import CommissionerFactory, PersonFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def icb() -> Commissioner:
    return with_contact(CommissionerFactory())


@pytest.fixture
def team(icb: Commissioner, client: Client) -> User:
    user = make_team(icb)
    client.force_login(user)
    return user


def fields_of(page: str) -> dict[str, str]:
    """What a browser would send of the page's form: hidden fields, inputs and text areas."""
    found = dict(re.findall(r'<input[^>]*name="(key|heading|version|template)"[^>]*value="([^"]*)"', page))
    areas = re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL)
    return {**found, **{name: _unescaped(text) for name, text in areas}}


def _unescaped(text: str) -> str:
    for entity, character in (("&#x27;", "'"), ("&quot;", '"'), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(entity, character)
    return text.strip()


def write_url(reference: uuid.UUID, kind: str = "") -> str:
    return reverse("eligibility:write-letter", args=[reference]) + (f"?kind={kind}" if kind else "")


def at(name: str, letter: Letter) -> str:
    return reverse(f"eligibility:{name}", args=[letter.reference])


# ── Writing ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_letter_that_fits_is_suggested(client: Client, icb: Commissioner, team: User) -> None:
    page = client.get(write_url(decided(icb, "declined", by=team).reference)).content.decode()
    assert re.findall(r'name="kind"[^>]*value="(\w+)"', page) == ["declined"]
    assert "checked" in page


def test_letter_is_filled_in_previewed_and_saved(client: Client, icb: Commissioner, team: User) -> None:
    person = PersonFactory(commissioner=icb, communication_format="large_print")
    address = write_url(decided(icb, "declined", by=team, person=person).reference, "declined")
    page = client.get(address).content.decode()
    assert "Needs large print" in page
    sent = fields_of(page)
    assert sent["reasons"] == "The care is given in one short stay."
    assert f"for Testa {person.family_name}. We decided on 9 November 2026" in sent["body"]
    preview = client.post(address, {**sent, "preview": "1"})
    assert preview.status_code == 200
    assert "Preview, not saved" in preview.content.decode()
    assert f"Dear Testa {person.family_name}," in preview.content.decode()
    assert not Letter.objects.exists()
    for _ in range(2):
        saved = client.post(address, {**sent, "body": sent["body"] + "\n\nA word of mine.", "save": "1"})
    letter = Letter.objects.get()
    assert saved["Location"] == at("letter", letter)
    assert "A word of mine." in letter.body
    assert letter.communication_format == "large_print"
    shown = client.get(at("letter", letter)).content.decode()
    assert "A word of mine." in shown
    assert "Not sent yet" in shown
    assert f'href="{at("letter", letter)}"' in client.get(f"/referrals/{letter.referral.reference}/").content.decode()  # type: ignore[union-attr]


def test_what_is_not_right_is_told_and_nothing_typed_is_lost(client: Client, icb: Commissioner, team: User) -> None:
    address = write_url(decided(icb, "declined", by=team).reference, "declined")
    sent = fields_of(client.get(address).content.decode())
    for button in ("save", "preview"):
        answer = client.post(address, {**sent, "body": "{{ reasons }} typed by me {{ adress }}", button: "1"})
        assert answer.status_code == 422
        page = answer.content.decode()
        assert "There is no slot {{ adress }}" in page
        assert "typed by me" in page
    assert fields_of(page)["key"] == sent["key"]
    assert not Letter.objects.exists()


def test_what_a_letter_wants_is_told_before_it_is_written(client: Client, icb: Commissioner, team: User) -> None:
    address = write_url(decided(icb, "declined", by=team).reference, "declined")
    assert "cannot be saved yet" not in client.get(address).content.decode()
    CommissionerSettings.objects.update(letter_contact="")
    assert "Enter the contact details on letters" in client.get(address).content.decode()


def test_more_information_is_asked_for_and_the_clock_can_be_paused(
    client: Client, icb: Commissioner, team: User
) -> None:
    referral = make_referral(icb)
    address = write_url(referral.reference, "more_information")
    sent = fields_of(client.get(address).content.decode())
    answer = client.post(address, {**sent, "save": "1"})
    assert answer.status_code == 422
    assert "Enter the information needed" in answer.content.decode()
    reply_by = {"reply_by_day": "4", "reply_by_month": "12", "reply_by_year": "2026"}
    client.post(address, {**sent, **reply_by, "information_needed": "One thing\nAnother", "save": "1"})
    letter = Letter.objects.get()
    assert "- One thing\n- Another" in letter.body
    assert "by 4 December 2026" in letter.body
    pause = reverse("eligibility:pause", args=[referral.reference])
    assert pause in client.get(at("letter", letter)).content.decode()


def test_mistake_is_put_right_by_another_letter(client: Client, icb: Commissioner, team: User) -> None:
    letter = make_letter(icb, by=team, kind=LetterKind.MORE_INFORMATION, asked=ASKED)
    address = at("replace-letter", letter)
    page = client.get(address).content.decode()
    sent = fields_of(page)
    assert sent["information_needed"] == "- One thing"
    assert "{{ information_needed }}" in sent["body"]
    assert 'name="reply_by_year"' in page
    assert 'value="2026"' in page
    reply_by = {"reply_by_day": "5", "reply_by_month": "12", "reply_by_year": "2026"}
    assert client.post(address, {**sent, **reply_by, "save": "1"}).status_code == 422
    client.post(address, {**sent, **reply_by, "replacement_reason": "The day was wrong", "save": "1"})
    second = Letter.objects.get(replaces=letter)
    assert "by 5 December 2026" in second.body
    assert at("letter", second) in client.get(at("letter", letter)).content.decode()
    assert client.get(address).status_code == 302


ASKED = {"information_needed": "One thing", "reply_by": "4 December 2026"}


def test_budget_is_offered_to_a_person_without_a_referral(client: Client, icb: Commissioner, team: User) -> None:
    person = PersonFactory(commissioner=icb)
    address = reverse("eligibility:write-letter-to-person", args=[person.reference]) + "?kind=budget_offer"
    client.post(address, {**fields_of(client.get(address).content.decode()), "save": "1"})
    letter = Letter.objects.get(person=person)
    assert "An offer of a personal health budget" in client.get(at("letter", letter)).content.decode()


def test_withdrawn_referral_has_no_letter_to_write(client: Client, icb: Commissioner, team: User) -> None:
    referral = make_referral(icb)
    client.post(f"/referrals/{referral.reference}/withdraw/", {"reason": "Asked", **_day("on", clock.today())})
    referral.refresh_from_db()
    assert referral.status == "withdrawn"
    assert "There is no letter to write" in client.get(write_url(referral.reference)).content.decode()


def _day(name: str, day: dt.date) -> dict[str, str]:
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}


# ── Reading and sending ───────────────────────────────────────────────────────────────────────────────────────


def test_reads_of_letter_pdf_and_text_are_logged(client: Client, icb: Commissioner, team: User) -> None:
    letter = make_letter(icb, by=team)
    assert client.get(at("letter-pdf", letter)).status_code == 404
    make_pdf(letter=letter)
    client.force_login(make_nurse(icb))
    answers = [client.get(at(name, letter)) for name in ("letter", "letter-pdf", "letter-text")]
    assert [each.status_code for each in answers] == [200, 200, 200]
    assert answers[1]["Content-Type"] == "application/pdf"
    assert "Write to the PHB team and say why." in answers[2].content.decode()
    reads = AccessLogEntry.objects.filter(action="read", subject_type="eligibility.Letter", subject_id=str(letter.pk))
    assert [each.detail for each in reads] == [{"person": letter.person.pk}] * 3


def test_nurse_reads_but_does_not_write(client: Client, icb: Commissioner) -> None:
    letter = make_letter(icb)
    client.force_login(make_nurse(icb))
    page = client.get(at("letter", letter)).content.decode()
    assert "Record as sent" not in page
    assert client.get(at("letter-sent", letter)).status_code == 403
    assert client.get(write_url(letter.referral.reference)).status_code == 403  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("needed", "words"),
    [
        ("large_print", "The PDF is in large print, 18 point"),
        ("braille", "whoever transcribes it into braille"),
        ("audio", "whoever records it"),
        ("email", "Text to paste into an e-mail"),
    ],
)
def test_page_says_what_the_format_needs(
    client: Client, icb: Commissioner, team: User, needed: str, words: str
) -> None:
    letter = make_letter(icb, by=team, person=PersonFactory(commissioner=icb, communication_format=needed))
    assert words in client.get(at("letter", letter)).content.decode()


def test_sending_is_recorded_on_the_page(client: Client, icb: Commissioner, team: User) -> None:
    letter = make_letter(icb, by=team)
    assert client.post(at("letter-sent", letter), {}).status_code == 422
    client.post(at("letter-sent", letter), {"how": "post", **_day("sent_on", clock.today())})
    assert LetterSending.objects.get().letter == letter
    assert "By post on" in client.get(at("letter", letter)).content.decode()


def test_pdf_that_could_not_be_made_can_be_asked_for_again(client: Client, icb: Commissioner, team: User) -> None:
    letter = make_letter(icb, by=team)
    Job.objects.update(state=JobState.RUNNING)
    Job.objects.update(state=JobState.FAILED, finished_at=clock.now())
    assert "Make the PDF again" in client.get(at("letter", letter)).content.decode()
    client.post(at("make-letter-pdf", letter))
    assert Job.objects.get().state == JobState.QUEUED


def test_letters_wait_on_the_worklist_until_they_are_sent(icb: Commissioner, team: User) -> None:
    person = PersonFactory(commissioner=icb, communication_format="braille")
    letter = make_letter(icb, by=team, person=person)
    (item,) = to_send(team, clock.today())
    assert item.text == f"Have the letter to {person.display_name} transcribed into braille, and send it"
    record_sent(letter=letter, sent_on=clock.today(), how="post", by=team)
    assert to_send(team, clock.today()) == []


def test_person_page_and_timeline_show_letters(icb: Commissioner, team: User) -> None:
    letter = make_letter(icb, by=team)
    record_sent(letter=letter, sent_on=clock.today(), how="email", by=team)
    assert person_panel(team, letter.person)["table"] is not None
    titles = [event.title for event in events(team, letter.person)]
    assert titles == ["Letter written: Referral declined", "Letter sent: Referral declined"]
    stranger = make_team(CommissionerFactory())
    assert events(stranger, letter.person) == []


# ── Templates ─────────────────────────────────────────────────────────────────────────────────────────────────


def template_url(commissioner: Commissioner, kind: str = "declined") -> str:
    return reverse("eligibility:letter-template", args=[commissioner.code, kind, "standard"])


def test_template_is_previewed_with_examples_and_saved(client: Client, icb: Commissioner, team: User) -> None:
    listed = reverse("eligibility:letter-templates", args=[icb.code])
    assert listed in client.get(reverse("phb_register:commissioner-settings", args=[icb.code])).content.decode()
    assert client.get(listed).content.decode().count("The register’s own wording") >= 12
    sent = fields_of(client.get(template_url(icb)).content.decode())
    sent["body"] += "\n\nOurs."
    preview = client.post(template_url(icb), {**sent, "preview": "1"}).content.decode()
    assert "Dear Testa Kestrel," in preview
    assert not LetterTemplate.objects.exists()
    assert client.post(template_url(icb), {**sent, "save": "1"})["Location"] == listed
    assert LetterTemplate.objects.get().body.endswith("Ours.")
    assert "Version 1" in client.get(listed).content.decode()


@pytest.mark.parametrize("button", ["preview", "save"])
def test_fault_of_a_template_is_told_with_its_line(client: Client, icb: Commissioner, team: User, button: str) -> None:
    sent = fields_of(client.get(template_url(icb)).content.decode())
    answer = client.post(template_url(icb), {**sent, "body": "{{ resons }}", button: "1"})
    assert answer.status_code == 422
    assert "Line 1: There is no slot {{ resons }}. Did you mean {{ reasons }}?" in answer.content.decode()


def test_two_who_write_one_template_see_each_others_text(client: Client, icb: Commissioner, team: User) -> None:
    sent: dict[str, Any] = fields_of(client.get(template_url(icb)).content.decode())
    save_template(
        commissioner=icb,
        kind="declined",
        wording="standard",
        heading="Theirs",
        body=sent["body"],
        expected_version=0,
        by=make_team(icb),
    )
    answer = client.post(template_url(icb), {**sent, "heading": "Mine", "save": "1"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Theirs" in page
    again = fields_of(page)
    assert (again["heading"], again["version"]) == ("Mine", "1")
    client.post(template_url(icb), {**again, "save": "1"})
    assert LetterTemplate.objects.get(version=2).heading == "Mine"


def test_template_of_no_kind_is_not_found(client: Client, icb: Commissioner, team: User) -> None:
    assert client.get(template_url(icb, "nonsense")).status_code == 404
    client.force_login(UserFactory(role=Role.ADMINISTRATOR, role__commissioner=icb))
    assert client.get(template_url(icb)).status_code == 200
