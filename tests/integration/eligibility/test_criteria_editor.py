"""The pages on which criteria are written: every press and form, what is kept when it cannot be saved, who may."""

import html
import json

import pytest
from django.urls import reverse

from eligibility.models import RuleSetVersionEdit
from eligibility.services.rule_sets import save_content, start_version, submit_version
from tests.factories.eligibility import make_nurse, make_team
from tests.factories.phb_register import CommissionerFactory
from tests.factories.rule_sets import AUTISM, in_days, make_rule_set, make_version

pytestmark = pytest.mark.django_db

ROOT = "readings[0].criteria"
LEARNING = {"fact": "learning_disability", "equals": True}
CHILD = {"fact": "age", "under": 18}


@pytest.fixture
def icb():
    return CommissionerFactory()


@pytest.fixture
def team(icb):
    return make_team(icb)


@pytest.fixture
def rule_set(icb, team):
    return make_rule_set(icb, by=team)


@pytest.fixture
def draft(rule_set, team):
    """A draft with nothing in it yet."""
    return start_version(rule_set=rule_set, effective_from=in_days(30), change_note="New", by=team)


@pytest.fixture
def write(client, team, draft):
    """Put a tree, and perhaps more, into the draft."""
    client.force_login(team)

    def put(tree, **more):
        readings = [{"id": "R1", "title": "As written", "criteria": tree}]
        content = {**draft.content, "says": "It says so.", "readings": readings, "chosen": "R1", **more}
        save_content(version=draft, content=content, revision=draft.revision, by=team)
        draft.refresh_from_db()

    put({"all": []})
    return put


def url(draft, page="", **query):
    name = f"eligibility:criteria-{page}" if page else "eligibility:criteria"
    return reverse(name, args=[draft.rule_set.code, draft.number], query=query or None)


def press(client, draft, action, at=ROOT, revision=None, **more):
    """Press a button, and give the page that follows."""
    sent = {"action": action, "at": at, "revision": revision or draft.revision, **more}
    answer = client.post(url(draft, "press"), sent, follow=True)
    draft.refresh_from_db()
    return answer


def send(client, draft, page, query, **sent):
    answer = client.post(url(draft, page, **query), {"revision": draft.revision, **sent})
    if answer.status_code == 302:
        draft.refresh_from_db()
    return answer


def tree(draft, reading=0):
    return draft.content["readings"][reading]["criteria"]


def text_of(answer):
    return " ".join(html.unescape(answer.content.decode()).split())


# ------------------------------------------------------------------ the tree


def test_tree_is_shown_with_what_is_missing_and_what_can_be_done(client, draft, write):
    write({"all": [AUTISM, {"any": []}]}, parts={"young": {"title": "Young people", "criteria": CHILD}})

    shown = text_of(client.get(url(draft)))

    assert "All of these:" in shown
    assert "Autism: yes" in shown
    assert "Nothing is in this group yet" in shown
    assert "1 place is still to be filled in" in shown
    assert "Young people (nothing uses this part yet)" in shown
    for words in ("Move up", "Make it: any of these", "Put a part in its place", "Remove this part", "none of this"):
        assert words in shown


@pytest.mark.parametrize(
    ("action", "at", "before", "after"),
    [
        ("add-any", ROOT, {"all": [AUTISM]}, {"all": [AUTISM, {"any": []}]}),
        ("add-all", ROOT, {}, {"all": []}),
        ("add-not", ROOT, {"all": []}, {"all": [{"not": {}}]}),
        ("up", f"{ROOT}.all[1]", {"all": [AUTISM, CHILD]}, {"all": [CHILD, AUTISM]}),
        ("down", f"{ROOT}.all[0]", {"all": [AUTISM, CHILD]}, {"all": [CHILD, AUTISM]}),
        ("all", ROOT, AUTISM, {"all": [AUTISM]}),
        ("any", ROOT, AUTISM, {"any": [AUTISM]}),
        ("not", ROOT, AUTISM, {"not": AUTISM}),
        ("unwrap", ROOT, {"not": AUTISM}, AUTISM),
        ("turn", ROOT, {"all": [AUTISM, CHILD]}, {"any": [AUTISM, CHILD]}),
        ("remove", f"{ROOT}.all[0]", {"all": [AUTISM, CHILD]}, {"all": [CHILD]}),
    ],
)
def test_press_changes_the_tree_and_comes_back_to_it(client, draft, write, action, at, before, after):
    write(before)

    answer = press(client, draft, action, at)

    assert tree(draft) == after
    assert answer.redirect_chain[0][0].startswith(f"{url(draft)}#at-readings-0-criteria")
    assert answer.status_code == 200


def test_press_is_kept_as_an_edit_of_who_made_it(client, team, draft, write):
    press(client, draft, "add-any")

    edit = RuleSetVersionEdit.objects.filter(version=draft).last()
    assert (edit.edited_by, edit.revision) == (team, draft.revision)


def test_removing_more_than_one_condition_asks_first(client, draft, write):
    before = {"all": [CHILD, {"any": [AUTISM, LEARNING]}]}
    write(before)

    shown = text_of(press(client, draft, "remove", f"{ROOT}.all[1]"))
    assert ("Remove this?" in shown, "Learning disability: yes" in shown) == (True, True)
    assert tree(draft) == before
    press(client, draft, "remove", f"{ROOT}.all[1]", is_sure="yes")
    assert tree(draft) == {"all": [CHILD]}


@pytest.mark.parametrize(
    ("action", "at", "says"),
    [
        ("unwrap", ROOT, "This is no group"),
        ("explode", ROOT, "Choose what to do from the buttons"),
        ("remove", f"{ROOT}.all[7]", "not there any more"),
        ("remove", "says", "not there any more"),
        ("remove-part", "young", "no such part any more"),
    ],
)
def test_press_that_cannot_be_done_says_why_and_changes_nothing(client, draft, write, action, at, says):
    write(AUTISM)

    assert says in text_of(press(client, draft, action, at))
    assert tree(draft) == AUTISM


def test_press_on_what_somebody_else_changed_does_nothing_and_says_so(client, icb, draft, write):
    write({"all": [AUTISM, CHILD]})
    stale = draft.revision
    other = {**draft.content, "readings": [{"id": "R1", "title": "As written", "criteria": {"all": [LEARNING]}}]}
    save_content(version=draft, content=other, revision=stale, by=make_team(icb))

    shown = text_of(press(client, draft, "remove", f"{ROOT}.all[0]", revision=stale))

    assert "Somebody else changed this meanwhile, so nothing was done" in shown
    assert "Learning disability: yes" in shown
    assert tree(draft) == {"all": [LEARNING]}


# ------------------------------------------------------------------ conditions


def test_every_fact_can_be_picked_with_what_it_asks(client, draft, write):
    shown = text_of(client.get(url(draft, "fact", at=ROOT, do="add")))

    assert "Which fact does the condition compare?" in shown
    assert "Are they autistic?" in shown
    assert "Who may say so: A clinician or the referrer." in shown
    assert "fact=autism" in shown


@pytest.mark.parametrize(
    ("fact", "sent", "condition"),
    [
        ("autism", {"answer": "yes"}, AUTISM),
        ("autism", {"answer": "no"}, {"fact": "autism", "equals": False}),
        ("chc", {"answers": ["eligible"]}, {"fact": "chc", "equals": "eligible"}),
        ("chc", {"answers": ["eligible", "not_eligible"]}, {"fact": "chc", "in": ["eligible", "not_eligible"]}),
        ("age", {"comparison": "under", "number": "18"}, CHILD),
        ("high_level_domains", {"comparison": "at_least", "number": "2"},
         {"fact": "high_level_domains", "at_least": 2}),
    ],
)  # fmt: skip
def test_condition_is_added_as_its_answer_type_allows(client, draft, write, fact, sent, condition):
    answer = send(client, draft, "condition", {"at": ROOT, "do": "add", "fact": fact}, **sent)

    assert (answer.status_code, tree(draft)) == (302, {"all": [condition]})


def test_condition_is_changed_where_it_stands(client, draft, write):
    write({"all": [AUTISM, {"fact": "age", "under": 25}]})
    place = {"at": f"{ROOT}.all[1]", "do": "change", "fact": "age"}

    assert 'value="25"' in text_of(client.get(url(draft, "condition", **place)))
    send(client, draft, "condition", place, comparison="at_least", number="16")
    assert tree(draft) == {"all": [AUTISM, {"fact": "age", "at_least": 16}]}


@pytest.mark.parametrize(
    ("fact", "sent", "error"),
    [
        ("autism", {}, "Select the answer that meets the condition"),
        ("chc", {}, "Select at least one answer that meets the condition"),
        ("chc", {"answers": ["not_assessed"]}, "from the list"),
        ("age", {"number": "18"}, "Select how to compare"),
        ("age", {"comparison": "under", "number": "131"}, "Age in years must be 130 or less"),
        ("age", {"comparison": "under", "number": "ten"}, "Age in years must be a whole number"),
    ],
)
def test_incomplete_condition_names_the_remedy_and_keeps_what_was_typed(client, draft, write, fact, sent, error):
    answer = send(client, draft, "condition", {"at": ROOT, "do": "add", "fact": fact}, **sent)

    assert answer.status_code == 422
    assert error in text_of(answer)
    assert "number" not in sent or f'value="{sent["number"]}"' in text_of(answer)
    draft.refresh_from_db()
    assert tree(draft) == {"all": []}


def test_unknown_fact_leads_to_the_list_and_a_place_that_is_gone_to_the_tree(client, draft, write):
    answer = client.get(url(draft, "condition", at=ROOT, do="add", fact="moon"))
    assert answer.url == url(draft, "fact", at=ROOT, do="add")
    assert client.get(url(draft, "condition", at=f"{ROOT}.all[4]", do="add", fact="age")).url == url(draft)


def test_slower_of_two_writers_keeps_what_was_typed_and_sees_what_was_saved(client, icb, draft, write):
    stale = draft.revision
    other = make_team(icb)
    content = {**draft.content, "readings": [{"id": "R1", "title": "As written", "criteria": {"all": [LEARNING]}}]}
    save_content(version=draft, content=content, revision=stale, by=other)
    page = url(draft, "condition", at=ROOT, do="add", fact="age")

    answer = client.post(page, {"revision": stale, "comparison": "under", "number": "17"})

    shown = text_of(answer)
    assert answer.status_code == 422
    assert "Somebody else changed this meanwhile" in shown
    assert f"{other.full_name} saved while you were writing" in shown
    assert "Learning disability: yes" in shown
    assert 'value="17"' in shown
    draft.refresh_from_db()
    assert tree(draft) == {"all": [LEARNING]}
    assert f'name="revision" value="{draft.revision}"' in shown
    send(client, draft, "condition", {"at": ROOT, "do": "add", "fact": "age"}, comparison="under", number="17")
    assert tree(draft) == {"all": [LEARNING, {"fact": "age", "under": 17}]}


def test_scope_is_added_once_and_can_be_taken_away(client, draft, write):
    write(AUTISM)
    send(client, draft, "condition", {"at": "applies_when", "do": "add", "fact": "age"}, comparison="under", number=18)
    assert draft.content["applies_when"] == CHILD
    press(client, draft, "remove", "applies_when")
    assert draft.content["applies_when"] is None


# ------------------------------------------------------------------ parts


def test_part_is_made_used_titled_written_out_and_removed(client, draft, write):
    either = {"any": [AUTISM, LEARNING]}
    write({"all": [either, {"not": either}]})
    answer = send(client, draft, "part", {"at": f"{ROOT}.all[0]"}, title="LD or autism", everywhere="on")
    assert answer.status_code == 302
    assert draft.content["parts"] == {"ld-or-autism": {"title": "LD or autism", "criteria": either}}
    assert tree(draft) == {"all": [{"part": "ld-or-autism"}, {"not": {"part": "ld-or-autism"}}]}
    send(client, draft, "part-title", {"name": "ld-or-autism"}, title="Either")
    assert draft.content["parts"]["ld-or-autism"]["title"] == "Either"
    assert "This part is still used" in text_of(press(client, draft, "remove-part", "ld-or-autism"))
    press(client, draft, "write-out", f"{ROOT}.all[0]")
    press(client, draft, "remove", f"{ROOT}.all[1]", is_sure="yes")
    assert tree(draft) == {"all": [either]}
    press(client, draft, "remove-part", "ld-or-autism")
    assert "parts" not in draft.content


@pytest.mark.parametrize(
    ("do", "after"), [("add", {"all": [AUTISM, {"part": "young"}]}), ("change", {"part": "young"})]
)
def test_part_is_put_into_a_group_or_in_its_place(client, draft, write, do, after):
    write({"all": [AUTISM]}, parts={"young": {"title": "Young people", "criteria": CHILD}})

    assert "Young people" in text_of(client.get(url(draft, "use-part", at=ROOT, do=do)))
    send(client, draft, "use-part", {"at": ROOT, "do": do}, part="young")
    assert tree(draft) == after


def test_part_is_not_offered_inside_itself(client, draft, write):
    write(AUTISM, parts={"young": {"title": "Young people", "criteria": {"all": [CHILD]}}})

    answer = send(client, draft, "use-part", {"at": "parts.young.criteria", "do": "add"}, part="young")
    assert answer.status_code == 422


def test_part_without_a_title_is_asked_for_it(client, draft, write):
    write({"all": [AUTISM]})

    answer = send(client, draft, "part", {"at": f"{ROOT}.all[0]"}, title=" ")
    assert (answer.status_code, "Enter title" in text_of(answer)) == (422, True)


# ------------------------------------------------------------------ text


def test_text_is_saved_whole_and_may_have_gaps(client, draft, write):
    shown = client.get(url(draft, "text"))
    assert '"says": "It says so."' in text_of(shown)
    content = {**draft.content, "readings": [{"id": "R1", "title": "t", "criteria": {"any": [AUTISM, {}]}}]}

    assert send(client, draft, "text", {}, text=json.dumps(content)).status_code == 302
    assert tree(draft) == {"any": [AUTISM, {}]}


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ('{\n"says": "x",\n"criteria": {"fact": "chcc", "equals": 1}}', "Line 3: criteria.fact: There is no fact"),
        ('{\n"says": ', "Line 2: This is not JSON"),
        ("", "Enter criteria as text"),
        ('{"says": "x", "criteria": {"fact": "autism", "equals": true},\n"warnings": [3]}', "Line 2: warnings[0]"),
    ],
)
def test_faulty_text_names_the_line_and_is_kept_as_typed(client, draft, write, typed, error):
    answer = send(client, draft, "text", {}, text=typed)

    assert answer.status_code == 422
    assert error in text_of(answer)
    assert " ".join(typed.split()) in text_of(answer)
    draft.refresh_from_db()
    assert tree(draft) == {"all": []}


def test_text_on_top_of_somebody_elses_shows_both_and_what_differs(client, icb, draft, write):
    stale = draft.revision
    mine = {**draft.content, "says": "Mine.", "readings": [{"id": "R1", "title": "t", "criteria": AUTISM}]}
    theirs = {**draft.content, "says": "Theirs."}
    save_content(version=draft, content=theirs, revision=stale, by=make_team(icb))

    answer = client.post(url(draft, "text"), {"revision": stale, "text": json.dumps(mine)})

    shown = text_of(answer)
    assert answer.status_code == 422
    assert '"says": "Theirs."' in shown
    assert "Sentence that explains it, changed: “Theirs.” → “Mine.”" in shown
    assert '"says": "Mine."' in shown
    draft.refresh_from_db()
    assert draft.content["says"] == "Theirs."


# ------------------------------------------------------------------ who may


def pages(draft):
    at = {"at": ROOT, "do": "add"}
    return [
        url(draft),
        url(draft, "fact", **at),
        url(draft, "condition", **at, fact="age"),
        url(draft, "part", at=ROOT),
        url(draft, "use-part", **at),
        url(draft, "readings"),
        url(draft, "reading-new"),
        url(draft, "reading-title", name="R1"),
        url(draft, "text"),
    ]


def test_version_that_is_no_draft_is_shown_and_never_changed(client, team, rule_set):
    version = submit_version(version=make_version(rule_set, by=team), by=team)
    client.force_login(team)
    content = version.content

    for page in pages(version):
        assert "These criteria cannot be changed" in text_of(client.get(page))
        assert client.post(page, {"revision": version.revision, "title": "x"}).status_code in (405, 409)
    assert client.post(url(version, "press"), {"action": "remove", "at": ROOT, "revision": 1}).status_code == 409
    version.refresh_from_db()
    assert version.content == content


def test_draft_of_another_commissioner_or_of_the_law_is_not_found(client, draft, write):
    client.force_login(make_team(CommissionerFactory()))
    assert {client.get(page).status_code for page in pages(draft)} == {404}
    assert client.post(url(draft, "press"), {"action": "remove", "at": ROOT}).status_code == 404
    assert client.get(reverse("eligibility:criteria", args=["national-chc", 1])).status_code == 404


def test_whoever_may_only_read_rules_does_not_write_them(client, icb, draft, write):
    client.force_login(make_nurse(icb))
    assert {client.get(page).status_code for page in pages(draft)} <= {403, 404}


def test_content_that_another_way_brought_in_with_faults_is_shown_not_broken(client, draft, write):
    write({"all": [{"fact": "moon", "equals": 1}, 7, {"any": [], "all": []}]}, parts=[3], warnings="x")

    shown = text_of(client.get(url(draft)))
    assert "moon: not a fact of the vocabulary" in shown
    assert "Something that is no criterion" in shown
    assert client.get(url(draft, "readings")).status_code == 200
    assert client.get(url(draft, "text")).status_code == 200
