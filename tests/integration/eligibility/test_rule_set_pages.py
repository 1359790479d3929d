"""Rule sets through their addresses: written, tried on cases, approved by a second person, taken in and out."""

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from eligibility.models import RuleSet, RuleSetVersion
from eligibility.services.rule_sets import save_content, send_back, submit_version
from phb_register.models import AccessLogEntry
from phb_register.roles import Role
from tests.factories.eligibility import make_nurse, make_team
from tests.factories.phb_register import CommissionerFactory, UserFactory
from tests.factories.rule_sets import (
    AUTISM,
    CONTENT,
    in_days,
    make_approved,
    make_approver,
    make_rule_set,
    make_version,
    worked_case,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def icb():
    return CommissionerFactory(name="Testshire ICB")


@pytest.fixture
def team(icb):
    return make_team(icb)


@pytest.fixture
def approver(icb):
    return make_approver(icb)


@pytest.fixture
def rule_set(icb, team):
    return make_rule_set(icb, by=team)


@pytest.fixture
def draft(rule_set, team):
    return make_version(rule_set, by=team)


def address(version, page="version", *more):
    return reverse(f"eligibility:rule-set-{page}", args=[version.rule_set.code, version.number, *more])


def as_user(client, user):
    client.force_login(user)
    return client


def text_of(response):
    """The page's words, so that mark-up and line breaks do not matter."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def boxes(name, day):
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


def details(version, **more):
    return {
        **boxes("effective_from", version.effective_from),
        "status": "in_force",
        "outcome": "may_request",
        "says": "Autistic people may ask.",
        "source": "Paper, para 1",
        "funding_kind": "nhs",
        "change_note": "A first one",
        "revision": version.revision,
        **more,
    }


# ------------------------------------------------------------------ reading


def test_list_says_what_holds_today_and_what_waits_for_whom(client, rule_set, team, approver):
    make_approved(rule_set, by=team, approver=approver, effective_from=in_days(-30))
    submit_version(version=make_version(rule_set, by=team), by=team)

    page = text_of(as_user(client, team).get(reverse("eligibility:rule-sets")))

    assert "In force: may request (version 1)" in page
    assert f"Version 2: waiting for approval of {team.full_name}" in page
    assert "National (the law)" in page


def test_list_is_filtered(client, draft, team):
    as_user(client, team)
    for query, is_there in [
        ({"owner": "national"}, False),
        ({"owner": draft.rule_set.commissioner.code}, True),
        ({"status": "draft"}, True),
        ({"status": "submitted"}, False),
        ({"status": "in_force"}, False),
        ({"cohort": "ld-autism-adult", "status": "draft"}, True),
        ({"cohort": "chc"}, False),
    ]:
        response = client.get(reverse("eligibility:rule-sets"), query)
        assert response.status_code == 200
        assert (f"/rule-sets/{draft.rule_set.code}/" in response.content.decode()) is is_there, query
    assert client.get(reverse("eligibility:rule-sets"), {"status": "nonsense"}).status_code == 422


def test_list_costs_the_same_however_many_there_are(client, icb, team, django_assert_max_num_queries):
    as_user(client, team)
    client.get(reverse("eligibility:rule-sets"))
    for _ in range(3):
        make_version(make_rule_set(icb, by=team), by=team)
    with django_assert_max_num_queries(13):
        client.get(reverse("eligibility:rule-sets"))


def test_version_is_told_in_words_with_its_cases_and_history(client, draft, team):
    page = text_of(as_user(client, team).get(address(draft)))
    for words in ("Draft", "Autistic people may ask.", "Paper, para 1", "1 case passes", "Changed the worked cases by"):
        assert words in page


def test_national_version_is_read_and_not_edited(client, team):
    national = RuleSetVersion.objects.get(rule_set__code="national-chc", number=3)
    as_user(client, team)
    page = client.get(address(national)).content.decode()
    assert "Change the details" not in page
    assert "Withdraw" not in page
    assert client.get(address(national, "details")).status_code == 404
    assert client.post(address(national, "withdraw"), {"reason": "No"}).status_code == 403


def test_nurse_reads_and_writes_nothing(client, icb, draft):
    as_user(client, make_nurse(icb))
    assert client.get(address(draft)).status_code == 200
    assert client.get(address(draft, "details")).status_code == 403
    assert client.post(address(draft, "submit")).status_code == 403


def test_statement_about_a_right_says_that_it_gives_nothing(client, draft, team):
    as_user(client, team).post(address(draft, "details"), details(draft, outcome="right_to_have"))
    assert "Only the law gives or takes a right" in text_of(client.get(address(draft)))


def test_draft_with_faults_says_where_they_are(client, draft, team):
    faulty = {**CONTENT, "readings": [{"id": "R1", "title": "As written", "criteria": {"all": []}}]}
    save_content(version=draft, content=faulty, revision=draft.revision, by=team)
    as_user(client, team)
    assert "readings[0].criteria.all: This branch is empty" in text_of(client.get(address(draft)))
    refused = client.post(address(draft, "submit"))
    assert refused.status_code == 422
    assert "This branch is empty. List at least one criterion" in text_of(refused)


# ------------------------------------------------------------------ writing


def test_rule_set_is_added_started_and_edited(client, icb, team):
    as_user(client, team)
    form = {"title": "Adults with a brain injury", "cohort": "", "commissioner": icb.code}
    assert client.post(reverse("eligibility:new-rule-set"), form).status_code == 422
    form["cohort"] = RuleSet.objects.get(code="national-chc").cohort_id
    added = client.post(reverse("eligibility:new-rule-set"), form)
    assert added.headers["Location"] == "/rule-sets/adults-with-a-brain-injury/versions/new/"

    started = client.post(
        added.headers["Location"],
        {"copy_of": "empty", "change_note": "The paper of May", **boxes("effective_from", in_days(10))},
    )
    version = RuleSetVersion.objects.get(rule_set__code="adults-with-a-brain-injury")
    assert started.headers["Location"] == address(version)

    sent = details(version, effective_from_year=version.effective_from.year, says="People with a brain injury may ask.")
    saved = client.post(address(version, "details"), sent, follow=True)
    assert "The details are saved" in text_of(saved)
    version.refresh_from_db()
    assert (version.content["says"], version.revision) == ("People with a brain injury may ask.", 2)


def test_last_day_before_the_first_is_refused(client, draft, team):
    sent = details(draft, **boxes("effective_to", in_days(0)))
    refused = as_user(client, team).post(address(draft, "details"), sent)
    assert refused.status_code == 422
    assert "Last day must be on or after the first day" in text_of(refused)


def test_edit_over_somebody_elses_loses_nothing_and_shows_theirs(client, icb, draft, team):
    colleague = make_team(icb)
    theirs = {**CONTENT, "says": "What the colleague wrote."}
    save_content(version=draft, content=theirs, revision=draft.revision, by=colleague)
    as_user(client, team)

    refused = client.post(address(draft, "details"), details(draft, says="What I wrote."))

    assert refused.status_code == 422
    page = text_of(refused)
    assert f"{colleague.full_name} changed this version after you opened it" in page
    assert "What the colleague wrote." in page
    assert "What I wrote." in page
    revision = re.search(r'name="revision" value="(\d+)"', refused.content.decode())[1]
    client.post(address(draft, "details"), details(draft, says="What I wrote.", revision=revision))
    draft.refresh_from_db()
    assert draft.content["says"] == "What I wrote."


def test_submitted_version_cannot_be_edited_on_its_pages(client, draft, team):
    submit_version(version=draft, by=team)
    as_user(client, team)
    assert client.get(address(draft, "details")).headers["Location"] == address(draft)
    refused = client.post(address(draft, "details"), details(draft))
    assert refused.status_code == 422
    assert "Have it sent back to change it" in text_of(refused)


def test_warnings_and_conditions_are_kept_with_what_the_page_does_not_ask(client, draft, team):
    warning = {"kind": "age", "text": "Look.", "source": "Para 2", "at": "met", "when": AUTISM, "unless_policy": ""}
    content = {**CONTENT, "warnings": [warning], "direct_payment_conditions": []}
    draft = save_content(version=draft, content=content, revision=draft.revision, by=team)
    page = as_user(client, team).get(address(draft, "notes"))
    carried = page.context["warnings"][0]["carried"].value()
    sent = {
        "revision": draft.revision,
        "warnings-TOTAL_FORMS": 2,
        "warnings-INITIAL_FORMS": 1,
        "warnings-0-text": "Look twice.",
        "warnings-0-kind": "age",
        "warnings-0-at": "met",
        "warnings-0-source": "Para 2",
        "warnings-0-carried": carried,
        "warnings-1-kind": "",
        "warnings-1-at": "",
        "conditions-TOTAL_FORMS": 1,
        "conditions-INITIAL_FORMS": 0,
        "conditions-0-text": "No block contract.",
        "conditions-0-source": "Para 11",
    }
    for spoilt in ("[1]", '{"when": NaN}', '{"when": ' + "[" * 10_000, "\x00"):
        assert client.post(address(draft, "notes"), {**sent, "warnings-0-carried": spoilt}).status_code == 422
    assert client.post(address(draft, "notes"), {**sent, "warnings-TOTAL_FORMS": 1999}).status_code == 422
    faulty = client.post(address(draft, "notes"), {**sent, "warnings-0-source": ""})
    assert (faulty.status_code, "Enter source" in text_of(faulty)) == (422, True)
    assert client.post(address(draft, "notes"), sent).status_code == 302
    draft.refresh_from_db()
    assert draft.content["warnings"] == [{**warning, "text": "Look twice."}]
    assert draft.content["direct_payment_conditions"] == [{"text": "No block contract.", "source": "Para 11"}]


# ------------------------------------------------------------------ worked cases


def test_case_is_added_by_a_form_changed_and_removed(client, icb, draft, team):
    as_user(client, team)
    assert client.get(address(draft, "new-case")).context["form"]["fact_chc"].value() == "not_eligible"
    sent = {
        "id": "autistic-child",
        "commissioner": icb.code,
        **boxes("assessed_on", draft.effective_from),
        **boxes("fact_born_on", draft.effective_from.replace(year=2015, day=1)),
        "fact_autism": "yes",
        "fact_chc": "not_eligible",
        "outcome": "more_information_needed",
        "missing": "none",
        "warns": ["reading"],
        "why": "Para 1",
        "revision": draft.revision,
    }
    assert client.post(address(draft, "new-case"), sent).status_code == 302
    draft.refresh_from_db()
    kept = draft.cases[1]
    assert (kept["id"], kept["facts"]["autism"], kept["expect"]["missing"]) == ("autistic-child", True, [])

    shown = client.get(address(draft, "case", 2)).context["form"]
    assert (shown["fact_autism"].value(), shown["missing"].value()) == ("yes", "none")
    changed = {**sent, "missing": "autsim", "revision": draft.revision}
    refused = client.post(address(draft, "case", 2), changed)
    assert refused.status_code == 422
    assert "Did you mean autism?" in text_of(refused)

    client.post(address(draft, "case-remove", 2), {"revision": draft.revision})
    draft.refresh_from_db()
    assert len(draft.cases) == 1
    assert client.get(address(draft, "case", 2)).status_code == 404


def test_case_that_fails_is_shown_with_the_difference(client, icb, draft, team, approver):
    as_user(client, team)
    case = {**worked_case(icb, in_days(1), passes=False), "id": "too-much"}
    text = json.dumps({"cases": [case]})
    client.post(address(draft, "replace-cases"), {"text": text, "revision": draft.revision})
    difference = "too-much: outcome more information needed, expected right to have"
    assert difference in text_of(client.get(address(draft, "cases")))

    draft.refresh_from_db()
    submit_version(version=draft, by=team)
    refused = as_user(client, approver).post(address(draft, "approve"))
    assert refused.status_code == 422
    assert "1 of 1 worked cases failed" in text_of(refused)
    assert difference in text_of(refused)


def test_case_file_with_faults_is_refused_with_lines_and_keeps_what_was_typed(client, icb, draft, team):
    text = f"""{{
  "cases": [
    {{
      "id": "one",
      "commissioner": "{icb.code}",
      "assessed_on": "1 April",
      "facts": {{
        "autsim": true
      }},
      "expect": {{"outcome": "may_request"}}
    }}
  ]
}}"""
    refused = as_user(client, team).post(address(draft, "replace-cases"), {"text": text, "revision": draft.revision})
    assert refused.status_code == 422
    page = text_of(refused)
    assert "line 6, case one: Give the day of the screening" in page
    assert "line 8, case one: autsim: There is no fact called autsim. Did you mean autism?" in page
    assert "1 April" in page
    draft.refresh_from_db()
    assert draft.cases[0]["id"] == "nothing-on-offer"


def test_cases_go_out_as_a_file_and_come_in_again(client, draft, team):
    as_user(client, team)
    file = client.get(address(draft, "cases-file"))
    before = draft.cases
    unreadable = SimpleUploadedFile("cases.json", file.content + b"\xff")
    refused = client.post(address(draft, "replace-cases"), {"file": unreadable, "revision": draft.revision})
    assert "The file must be text in UTF-8" in text_of(refused)
    chosen = SimpleUploadedFile("cases.json", file.content.replace(b"nothing-on-offer", b"renamed"))
    client.post(address(draft, "replace-cases"), {"file": chosen, "text": "{}", "revision": draft.revision})
    draft.refresh_from_db()
    assert [each["id"] for each in draft.cases] == ["renamed"]
    client.post(address(draft, "replace-cases"), {"text": file.content.decode(), "revision": draft.revision})
    draft.refresh_from_db()
    assert {each["id"]: each["facts"] for each in draft.cases} == {each["id"]: each["facts"] for each in before}
    assert AccessLogEntry.objects.filter(action="export", detail__what="worked-cases", actor=team).exists()


# ------------------------------------------------------------------ submitting, approving, sending back


def test_second_person_approves_what_the_first_submitted(client, draft, team, approver):
    as_user(client, team)
    assert client.get(address(draft, "submit")).status_code == 200
    client.post(address(draft, "submit"))
    assert "somebody else must approve it" in text_of(client.get(address(draft)))
    assert client.get(address(draft, "approve")).headers["Location"] == address(draft)
    assert "so somebody else must approve it" in text_of(client.post(address(draft, "approve")))

    assert "No rule set waits for your approval" in text_of(client.get("/"))

    as_user(client, approver)
    assert "Rule sets waiting for approval" in text_of(client.get("/"))
    assert "Autistic adults, version 1" in text_of(client.get("/"))
    done = client.post(address(draft, "approve"), follow=True)
    assert "Version 1 is approved" in text_of(done)
    assert "Autistic adults, version 1" not in text_of(client.get("/"))


def test_version_sent_back_is_on_the_list_of_who_prepared_it(client, draft, team, approver):
    version = submit_version(version=draft, by=team)
    refused = as_user(client, approver).post(address(draft, "send-back"), {"reason": ""})
    assert refused.status_code == 422
    send_back(version=version, reason="Say who attests it", by=approver)
    home = text_of(as_user(client, team).get("/"))
    assert f"{approver.full_name} sent it back: Say who attests it" in home


def test_withdrawing_asks_for_the_reason(client, draft, team):
    as_user(client, team)
    assert client.post(address(draft, "withdraw"), {}).status_code == 422
    client.post(address(draft, "withdraw"), {"reason": "Overtaken"})
    assert "Overtaken" in text_of(client.get(address(draft)))


def test_versions_are_compared(client, rule_set, draft, team):
    other = make_version(rule_set, by=team, content={**CONTENT, "says": "Autistic people may well ask."})
    page = text_of(as_user(client, team).get(address(draft, "compare", other.number)))
    assert "Autistic people may ask." in page
    assert "Autistic people may well ask." in page
    assert "They say the same." in text_of(client.get(address(draft, "compare", draft.number)))


# ------------------------------------------------------------------ files


def test_version_goes_out_as_a_file_and_comes_in_as_a_draft(client, icb, rule_set, draft, team):
    as_user(client, team)
    file = client.get(address(draft, "version-file")).content.decode()
    into = reverse("eligibility:rule-set-import", args=[rule_set.code])
    client.post(into, {"text": file})
    came = rule_set.versions.get(number=2)
    assert (came.approval_status, came.prepared_by, came.cases) == ("draft", team, draft.cases)
    assert came.as_rules().content() == draft.as_rules().content()

    client.post(reverse("eligibility:import-rule-set"), {"text": file, "commissioner": icb.code})
    assert RuleSet.objects.get(code=f"{rule_set.code}-2").versions.count() == 1


PARTS = {name: {"title": name, "criteria": {"part": other}} for name, other in (("one", "two"), ("two", "one"))}
# What is put into the second version of the file, a text on the line of the fault, and the remedy that is told.
FAULTS = {
    "unknown fact": ({"criteria": {"fact": "autsim", "equals": True}}, "autsim", "Did you mean autism?"),
    "empty branch": ({"criteria": {"any": []}}, '"any"', "This branch is empty. List at least one criterion"),
    "loop": ({"parts": PARTS, "criteria": {"part": "one"}}, '"part": "two"', "one → two → one"),
    "overlap": ({"effective_from": "2031-03-01"}, "2031-03-01", "End the earlier one the day before the later"),
    "case": ({"cases": [{"id": "a"}]}, '"id": "a"', "Give the day of the screening"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_file_with_a_fault_is_refused_whole_with_the_line_and_the_remedy(client, rule_set, draft, team, fault):
    as_user(client, team)
    changes, on_the_line, remedy = FAULTS[fault]
    file = json.loads(client.get(address(draft, "version-file")).content)
    good = {**file["rule_sets"][0]["versions"][0], "effective_from": "2031-01-01", "effective_to": "2031-03-31"}
    faulty = {**good, "effective_from": "2031-04-01", "effective_to": None, **changes}
    if "criteria" in changes:
        del faulty["readings"], faulty["chosen"]
    file["rule_sets"][0]["versions"] = [good, faulty]
    text = json.dumps(file, indent=1, ensure_ascii=False)
    line = next(place for place, each in enumerate(text.splitlines(), start=1) if on_the_line in each)

    refused = client.post(reverse("eligibility:rule-set-import", args=[rule_set.code]), {"text": text})

    assert refused.status_code == 422
    summary = text_of(refused).split("There is a problem")[1].split("Import a version")[0]
    assert remedy in summary
    assert re.search(rf"line ({line - 1}|{line})\b", summary), summary
    assert rule_set.versions.count() == 1


def test_what_is_no_rule_set_file_is_refused(client, rule_set, team):
    as_user(client, team)
    for text in ("", "{", "[]", '{"rule_sets": []}', '{"rule_sets": [{"code": "x"}]}', "null", "7"):
        sent = {"text": text, "commissioner": rule_set.commissioner.code}
        for where in (
            reverse("eligibility:rule-set-import", args=[rule_set.code]),
            reverse("eligibility:import-rule-set"),
        ):
            assert client.post(where, sent).status_code == 422, text
    assert rule_set.versions.count() == 0


def test_file_of_another_cohort_is_refused(client, rule_set, draft, team):
    as_user(client, team)
    file = json.loads(client.get(address(draft, "version-file")).content)
    file["rule_sets"][0]["cohort"] = "chc"
    refused = client.post(reverse("eligibility:rule-set-import", args=[rule_set.code]), {"text": json.dumps(file)})
    assert "The file is for chc, and this rule set for ld-autism-adult" in text_of(refused)


# ------------------------------------------------------------------ other commissioners


def test_rule_set_of_another_commissioner_is_not_found(client, draft):
    for role in (Role.PHB_TEAM, Role.APPROVER, Role.REFERRING_NURSE):
        as_user(client, UserFactory(role=role, role__commissioner=CommissionerFactory()))
        for page in ("version", "cases", "version-file", "cases-file", "withdraw"):
            assert client.get(address(draft, page)).status_code == 404
        assert draft.rule_set.code not in client.get(reverse("eligibility:rule-sets")).content.decode()
