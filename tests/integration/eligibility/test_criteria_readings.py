"""Readings of one wording side by side, the choice among them, and the vocabulary of facts."""

import pytest
from django.urls import reverse

from eligibility.services.rule_sets import save_cases, save_content, start_version
from tests.factories.eligibility import make_nurse, make_team
from tests.factories.phb_register import CommissionerFactory
from tests.factories.rule_sets import AUTISM, in_days, make_approved, make_approver, make_rule_set, worked_case
from tests.integration.eligibility.test_criteria_editor import press, send, text_of, url

pytestmark = pytest.mark.django_db

LEARNING = {"fact": "learning_disability", "equals": True}


@pytest.fixture
def icb():
    return CommissionerFactory()


@pytest.fixture
def team(icb):
    return make_team(icb)


@pytest.fixture
def draft(client, icb, team):
    """A draft with one reading and two worked cases."""
    version = start_version(
        rule_set=make_rule_set(icb, by=team), effective_from=in_days(30), change_note="New", by=team
    )
    content = {**version.content, "says": "x", "readings": [{"id": "R1", "title": "As written", "criteria": AUTISM}]}
    version = save_content(version=version, content=content, revision=version.revision, by=team)
    autistic = worked_case(icb, in_days(30)) | {"id": "autistic"}
    both = {**autistic, "id": "both", "facts": {**autistic["facts"], "learning_disability": True}}
    version = save_cases(version=version, cases=[autistic, both], revision=version.revision, by=team)
    client.force_login(team)
    return version


def add_strict_reading(client, draft):
    """A second reading, that asks for a learning disability too."""
    send(client, draft, "reading-new", {}, title="both of them", like="R1")
    press(client, draft, "all", "readings[1].criteria")
    send(
        client,
        draft,
        "condition",
        {"at": "readings[1].criteria", "do": "add", "fact": "learning_disability"},
        answer="yes",
    )


def test_reading_is_added_as_a_copy_written_titled_and_removed(client, draft):
    add_strict_reading(client, draft)

    assert draft.content["readings"][1] == {
        "id": "R2",
        "title": "both of them",
        "criteria": {"all": [AUTISM, LEARNING]},
    }
    send(client, draft, "reading-title", {"name": "R2"}, title="strict")
    assert draft.content["readings"][1]["title"] == "strict"
    shown = text_of(client.get(url(draft)))
    assert "Reading R2: strict" in shown
    assert "Say why answers rest on the reading that is chosen" in shown
    assert "Remove this?" in text_of(press(client, draft, "remove-reading", "R1"))
    press(client, draft, "remove-reading", "R1", is_sure="yes")
    send(client, draft, "reading-new", {}, title="another", like="R2")
    assert [each["id"] for each in draft.content["readings"]] == ["R2", "R3"]
    send(client, draft, "reading-new", {}, title="third", like="R2")
    assert "Choose the reading that answers rest on" in text_of(
        press(client, draft, "remove-reading", "R2", is_sure="yes")
    )
    press(client, draft, "remove-reading", "R3", is_sure="yes")
    assert "A version needs at least one reading" in text_of(
        press(client, draft, "remove-reading", "R4", is_sure="yes")
    )


def test_readings_are_tried_on_the_worked_cases(client, draft):
    add_strict_reading(client, draft)

    shown = text_of(client.get(url(draft, "readings")))

    table = shown.partition("How each reading answers the worked cases")[2]
    rows = [row.partition("</tr>")[0] for row in table.split("<tr")[2:4]]
    words = [[cell for cell in ("They disagree", "Not known", "Yes") if cell in row] for row in rows]
    assert ("autistic" in rows[0], "both" in rows[1]) == (True, True)
    assert words == [["They disagree", "Not known", "Yes"], ["Yes"]]


def test_reading_is_chosen_with_the_reason(client, draft):
    add_strict_reading(client, draft)

    without = send(client, draft, "readings", {}, reading="R2")
    assert (without.status_code, "Enter why this reading is the one to use" in text_of(without)) == (422, True)
    assert send(client, draft, "readings", {}, reading="R2", note="It says both.").status_code == 302
    assert (draft.content["chosen"], draft.content["reading_note"]) == ("R2", "It says both.")
    shown = text_of(client.get(url(draft, "readings")))
    assert "Why this reading:</b> It says both." in shown


def test_choice_on_top_of_somebody_elses_edit_is_kept_beside_it(client, icb, draft):
    stale = draft.revision
    other = {**draft.content, "readings": [{"id": "R1", "title": "As written", "criteria": LEARNING}]}
    save_content(version=draft, content=other, revision=stale, by=make_team(icb))

    answer = client.post(url(draft, "readings"), {"revision": stale, "reading": "R1", "note": "My reason"})

    assert answer.status_code == 422
    assert "Somebody else changed this meanwhile" in text_of(answer)
    assert "My reason" in text_of(answer)
    draft.refresh_from_db()
    assert draft.content["reading_note"] == ""


def test_reading_that_is_not_there_leads_back_to_the_criteria(client, draft):
    assert client.get(url(draft, "reading-title", name="R9")).url == url(draft)


def test_vocabulary_names_the_rule_sets_of_ones_own_that_look_at_a_fact(client, icb, team):
    make_approved(make_rule_set(icb, by=team, title="Ours"), by=team, approver=make_approver(icb))
    other = CommissionerFactory()
    theirs = make_rule_set(other, by=make_team(other), title="Of somebody else")
    make_approved(theirs, by=make_team(other), approver=make_approver(other))
    client.force_login(make_nurse(icb))

    shown = text_of(client.get(reverse("eligibility:facts")))
    autism = shown.partition(">Autism<")[2].partition("<h3")[0]

    assert "Are they autistic?" in autism
    assert "Yes or no" in autism
    assert "A clinician or the referrer" in autism
    assert "Ours" in autism
    assert "Of somebody else" not in shown


def test_vocabulary_costs_the_same_however_many_rule_sets_there_are(client, icb, team, django_assert_max_num_queries):
    for title in ("One", "Two", "Three"):
        make_approved(make_rule_set(icb, by=team, title=title), by=team, approver=make_approver(icb))
    client.force_login(team)
    client.get(reverse("eligibility:facts"))

    with django_assert_max_num_queries(12):
        client.get(reverse("eligibility:facts"))
