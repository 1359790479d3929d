"""The pages of a programme, one set for all its tools: who opens them, what they show, what they take."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags
from pytest_django import DjangoAssertNumQueries

from offers import budgets_now
from offers.budgets_now import BudgetsNow
from offers.models import PROGRAMME, LocalOffer, ProgrammeTransition, Risk
from offers.programme_tools import TOOLS
from offers.selectors.programme import for_board_pack
from offers.services import programme as service
from phb_register import clock
from phb_register.models import User
from phb_register.roles import Role
from phb_register.slots import worklists_for
from tests.factories.offers import CohortFactory, LocalOfferFactory, PhaseFactory
from tests.factories.phb_register import UserFactory
from tests.factories.programme import LEAST, details_of, make_entry

pytestmark = pytest.mark.django_db

AS_AT = dt.date(2013, 12, 20)


@pytest.fixture
def offer() -> LocalOffer:
    return LocalOfferFactory(slug="testshire")


@pytest.fixture
def writer(offer: LocalOffer) -> User:
    return UserFactory(role=Role.PHB_TEAM, role__commissioner=offer.commissioner)


@pytest.fixture
def writing(client: Client, writer: User) -> Client:
    client.force_login(writer)
    return client


@pytest.fixture
def board(offer: LocalOffer) -> Client:
    client = Client()
    client.force_login(UserFactory(role=Role.GOVERNING_BODY, role__commissioner=offer.commissioner))
    return client


def at(name: str, *arguments: object) -> str:
    return reverse(f"offers:programme{'-' if name else ''}{name}", args=["testshire", *arguments])


def sent(tool: str, **given: object) -> dict[str, object]:
    """The least a form must be told."""
    return {name: value for name, value in (LEAST[tool] | given).items() if value is not None}


def words(response: object) -> str:
    return " ".join(response.content.decode().split())  # type: ignore[attr-defined]


# ── Every tool ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("tool", sorted(LEAST))
def test_entry_of_every_tool_is_added_and_read(writing, board, offer, tool):
    given = {"phase": PhaseFactory(local_offer=offer).pk} if tool == "phase-caps" else {}
    assert writing.post(at("add", tool), sent(tool, **given))["Location"] == at("tool", tool)
    entry = PROGRAMME[tool].objects.get()
    assert entry.is_in_board_pack is False  # an empty box
    assert str(entry)[:20] in words(board.get(at("entry", tool, 1)))
    listed = words(board.get(at("tool", tool)))
    assert next(iter(LEAST[tool].values())) if tool == "vision" else "1. " in listed
    assert "Add a" not in listed


def test_entry_is_changed_removed_and_put_back_by_writers_only(writing, board, writer, offer):
    make_entry(offer, "risks", by=writer)
    assert "Change it" in words(writing.get(at("entry", "risks", 1)))
    assert "Change it" not in words(board.get(at("entry", "risks", 1)))
    for name in ("change", "remove", "put-back"):
        assert writing.get(at(name, "risks", 1)).status_code == 200
        assert board.get(at(name, "risks", 1)).status_code == 403

    changed = sent("risks", is_in_board_pack="on", version=1, owner_role="Nobody")
    assert writing.post(at("change", "risks", 1), changed)["Location"] == at("entry", "risks", 1)
    risk = Risk.objects.get()
    assert (risk.version, risk.owner_role) == (2, "Nobody")

    assert writing.post(at("remove", "risks", 1))["Location"] == at("tool", "risks")
    assert "What was removed" in words(writing.get(at("tool", "risks")))
    assert writing.post(at("put-back", "risks", 1))["Location"] == at("tool", "risks")
    assert "What was removed" not in words(writing.get(at("tool", "risks")))


@pytest.mark.parametrize("tool", sorted(LEAST))
def test_form_sent_empty_says_what_is_missing(writing, tool):
    response = writing.post(at("add", tool), {})
    assert response.status_code == 422
    assert "There is a problem" in words(response)
    assert not PROGRAMME[tool].objects.exists()


def test_mistake_keeps_what_was_typed(writing):
    response = writing.post(at("add", "risks"), sent("risks", owner_role="", mitigation="Ask <b>twice</b>"))
    assert response.status_code == 422
    assert "Enter who owns it" in words(response)
    assert "Ask &lt;b&gt;twice&lt;/b&gt;" in words(response)


def test_risk_scored_for_afterwards_by_half_is_refused_in_words(writing):
    response = writing.post(at("add", "risks"), sent("risks", likelihood_after=2))
    assert response.status_code == 422
    assert "Select both how likely it is and how much it would matter then, or neither" in words(response)


def test_second_writer_sees_both_and_loses_nothing(writing, writer, offer):
    make_entry(offer, "risks", by=writer)
    colleague = UserFactory(role=Role.PHB_TEAM, role__commissioner=offer.commissioner)
    theirs = details_of("risks", mitigation="Their way")
    service.change_entry(entry=Risk.objects.get(), details=theirs, expected_version=1, by=colleague)

    response = writing.post(at("change", "risks", 1), sent("risks", mitigation="My way", version=1))
    assert response.status_code == 409
    page = words(response)
    assert f"As {colleague.full_name} saved it" in page
    assert "Their way" in page
    assert "My way" in page
    assert Risk.objects.get().mitigation == "Their way"

    response = writing.post(at("change", "risks", 1), sent("risks", mitigation="My way", version=2))
    assert response.status_code == 302
    assert Risk.objects.get().mitigation == "My way"


def test_tool_and_entry_that_are_not_there_are_not_found(writing, offer):
    assert writing.get(at("tool", "hopes")).status_code == 404
    assert writing.get(at("entry", "risks", 1)).status_code == 404
    assert writing.get(at("add-reading", 1)).status_code == 404


def test_text_of_an_entry_runs_nowhere(writing, board, writer, offer):
    evil = "<script>alert(1)</script>\n<img src=https://example.org/x onerror=alert(1)>"
    make_entry(offer, "risks", by=writer, description=evil, mitigation=evil)
    make_entry(offer, "swoc", by=writer, title="<b>x</b>", strengths=evil)
    make_entry(offer, "vision", by=writer, signs=evil)
    for tool in ("risks", "swoc", "vision"):
        for page in (at("tool", tool), at("entry", tool, 1), at("")):
            drawn = words(board.get(page))
            assert "<script>alert" not in drawn
            assert "<img src=https" not in drawn


# ── Tools with more than a list ───────────────────────────────────────────────────────────────────────────────


def test_open_risks_stand_where_likelihood_and_impact_meet(writing, writer, offer):
    for likelihood, impact in ((5, 5), (5, 4), (1, 2)):
        make_entry(offer, "risks", by=writer, likelihood=likelihood, impact=impact)
    service.take_step(entry=Risk.objects.get(number=1), action="resolve", on=AS_AT, note="Found", by=writer)
    page = words(writing.get(at("tool", "risks")))
    matrix = page[page.index("Risks by how likely they are") :].split("</table>")[0]
    assert "Risk 1<" not in matrix
    assert (
        '20 extreme</span> <a class="nhsuk-link" href="/local-offers/testshire/programme/risks/2/">Risk 2</a>' in matrix
    )
    assert '2 low</span> <a class="nhsuk-link" href="/local-offers/testshire/programme/risks/3/">Risk 3</a>' in matrix
    assert matrix.count("app-risk-score") == 25


def test_step_is_taken_on_its_page_and_told_on_the_entry(writing, board, writer, offer):
    make_entry(offer, "risks", by=writer)
    page = at("step", "risks", 1, "resolve")
    assert board.get(page).status_code == 403
    assert "What resolved it?" in words(writing.get(page))
    response = writing.post(page, {"on": clock.today().isoformat(), "note": ""})
    assert response.status_code == 422
    assert "Enter an answer to “What resolved it?”" in words(response)
    response = writing.post(page, {"on": clock.today().isoformat(), "note": "Somebody was found"}, follow=True)
    assert "Risk 1 is resolved" in words(response)
    assert "Somebody was found" in words(response)
    # Pressed again, or an old page: nothing happens twice.
    response = writing.post(page, {"on": clock.today().isoformat(), "note": "Again"}, follow=True)
    assert "That cannot be done to it any more" in words(response)
    assert ProgrammeTransition.objects.count() == 1


def test_reading_of_an_indicator_is_its_last_value(writing, writer, offer):
    make_entry(offer, "key-performance-indicators", by=writer, target=20, target_on=dt.date(2014, 3, 31))
    page = at("add-reading", 1)
    assert writing.post(page, {"read_on": "2014-03-01", "value": "many"}).status_code == 422
    assert writing.post(page, {"read_on": "2014-03-01", "value": "21"}).status_code == 302
    listed = words(writing.get(at("tool", "key-performance-indicators")))
    assert "21 people, 1 March 2014" in listed
    assert "20 people by 31 March 2014" in listed
    assert "Reached" in listed


def test_places_to_start_stand_side_by_side(writing, writer, offer):
    cohort = CohortFactory(name="Section 117")
    make_entry(offer, "swoc", by=writer, cohort=cohort, title="", strengths="Joint money\nKnown people")
    make_entry(offer, "swoc", by=writer, title="Short breaks", place="start", reason="Families ask for it")
    page = words(writing.get(at("tool", "swoc")))
    assert "1. Section 117" in page
    assert "2. Short breaks" in page
    assert "<li>Joint money</li><li>Known people</li>" in page
    assert "Start here" in page
    twice = writing.post(at("add", "swoc"), sent("swoc", cohort=cohort.pk, strengths="Typed"))
    assert twice.status_code == 422
    assert "Select a cohort, or enter a name where it is no cohort, and not both" in words(twice)
    assert "Typed" in words(twice)


@pytest.fixture
def counted(monkeypatch):
    def count(commissioner, as_at, reader):
        hidden = reader is None or reader.full_name == "Board"
        chc = BudgetsNow("*", None, as_at) if hidden else BudgetsNow("3", 3, as_at)
        return {"chc": chc, None: BudgetsNow("23", 23, as_at)}

    monkeypatch.setattr(budgets_now, "_counters", [count])


def test_cap_is_held_against_the_budgets_there_are(writing, writer, offer, counted):
    phase = PhaseFactory(local_offer=offer, name="Phase 1")
    chc = CohortFactory._meta.model.objects.get(code="chc")
    make_entry(offer, "phase-caps", by=writer, phase=phase, people=20)
    make_entry(offer, "phase-caps", by=writer, phase=phase, people=5, cohort=chc)
    _, _, *rows = words(writing.get(at("tool", "phase-caps"))).split("<tr")
    everybody, chc_only = (" ".join(strip_tags(f"<tr{row}").split()) for row in rows)
    assert everybody.endswith("In place now 23 Room 3 over")
    assert "In place now 3 Room 2 " in f"{chc_only} "


def test_cap_hides_small_numbers_in_what_everybody_reads(writer, offer, counted):
    chc = CohortFactory._meta.model.objects.get(code="chc")
    make_entry(offer, "phase-caps", by=writer, phase=PhaseFactory(local_offer=offer, name="Phase 1"), cohort=chc)
    (part,) = for_board_pack(offer, as_at=AS_AT)
    assert part.rows == (("1. Phase 1", "NHS continuing healthcare", "20", "Agreed", "*", "*"),)
    assert part.numeric == (2, 4, 5)


# ── The board pack ────────────────────────────────────────────────────────────────────────────────────────────


def test_board_pack_holds_the_tools_and_entries_chosen(writing, writer, offer):
    make_entry(offer, "risks", by=writer)
    make_entry(offer, "risks", by=writer, description="Only ours", is_in_board_pack=False)
    make_entry(offer, "vision", by=writer)
    make_entry(offer, "workstreams", by=writer)
    assert [part.code for part in for_board_pack(offer, as_at=AS_AT)] == ["workstreams", "risks"]
    assert writing.get(at("board-pack")).status_code == 200
    assert writing.post(at("board-pack"), {"tools": ["vision", "risks"]}).status_code == 302
    vision, risks = for_board_pack(offer, as_at=AS_AT)
    assert vision.paragraphs[0] == ("Our vision", "Everybody plans their own care")
    assert vision.paragraphs[4] == ("First steps", "Begin\nLearn")
    assert risks.head == ("Risk", "Score", "What is done about it", "Owner", "Status")
    assert risks.rows == (("1. Nobody has the time", "20, extreme", "Ask for it", "Chair", "Open"),)
    assert writing.post(at("board-pack"), {}).status_code == 302
    assert for_board_pack(offer, as_at=AS_AT) == []


def test_board_pack_says_how_far_each_workstream_is(writer, offer):
    stream = make_entry(offer, "workstreams", by=writer)
    for due_on in (AS_AT, AS_AT - dt.timedelta(days=1)):
        make_entry(offer, "deliverables", by=writer, workstream=stream, due_on=due_on)
    done = make_entry(offer, "deliverables", by=writer, workstream=stream)
    service.take_step(entry=done, action="finish", on=AS_AT, note="In use", by=writer)
    streams, deliverables = for_board_pack(offer, as_at=AS_AT)
    assert streams.rows[0][-1] == "1 of 3 done, 1 overdue"
    assert [row[-1] for row in deliverables.rows] == ["Overdue", "Planned", "Done"]


# ── What is due, and what pages cost ──────────────────────────────────────────────────────────────────────────


def test_home_page_lists_what_is_due(writing, writer, offer):
    today = clock.today()
    make_entry(offer, "deliverables", by=writer, title="Late", due_on=today - dt.timedelta(days=1))
    make_entry(offer, "development-needs", by=writer, who="Soon", due_on=today + dt.timedelta(days=14))
    make_entry(offer, "stakeholder-needs", by=writer, who="Not yet", due_on=today + dt.timedelta(days=15))
    make_entry(offer, "risks", by=writer, description="Look again", review_on=today)
    done = make_entry(offer, "deliverables", by=writer, title="Done", due_on=today)
    service.take_step(entry=done, action="finish", on=today, note="There", by=writer)
    (found,) = [items for worklist, items in worklists_for(writer, today) if worklist.code == "programme-due"]
    assert [item.text for item in found] == ["Late", "Look again", "Soon"]
    assert "overdue since" in found[0].why
    page = words(writing.get(reverse("offers:programme-due")))
    assert "Look again" in page
    assert "Not yet" not in page


@pytest.mark.parametrize(("tool", "queries"), [("risks", 15), ("workstreams", 15)])
def test_list_costs_the_same_however_long_it_is(
    writing, writer, offer, tool, queries, django_assert_max_num_queries: DjangoAssertNumQueries
):
    body = make_entry(offer, "governance-bodies", by=writer)
    stream = make_entry(offer, "workstreams", by=writer, title="First", body=body)
    given = {"body": body} if tool == "workstreams" else {"workstream": stream}
    for number in range(4):
        named = {"title": f"Number {number}"} if tool != "risks" else {}
        make_entry(offer, tool, by=writer, **given, **named)
    with django_assert_max_num_queries(queries):
        assert writing.get(at("tool", tool)).status_code == 200


def test_long_list_is_paged(writing, writer, offer):
    model = PROGRAMME["deliverables"]
    same = {"owner_role": "Lead", "local_offer": offer, "saved_by": writer, "saved_at": clock.now()}
    model.objects.bulk_create(model(number=number, title=f"Thing {number}", **same) for number in range(1, 53))
    first, second = (words(writing.get(at("tool", "deliverables"), {"page": page})) for page in (1, 2))
    assert "50. Thing 50" in first
    assert "51. Thing 51" not in first
    assert "51. Thing 51" in second


def test_overview_counts_every_tool(writing, board, writer, offer, django_assert_max_num_queries):
    for tool in TOOLS:
        given = {"phase": PhaseFactory(local_offer=offer)} if tool == "phase-caps" else {}
        make_entry(offer, tool, by=writer, **given)
    with django_assert_max_num_queries(14):
        page = words(board.get(at("")))
    assert page.count("1 entry") == len(TOOLS) - 1
    assert "Written" in page
    assert "Choose what goes into the board pack" not in page
    assert "Choose what goes into the board pack" in words(writing.get(at("")))


def test_entries_of_a_tool_are_a_file_for_those_who_see_the_offer(writing, writer, offer, client):
    for title in ("=Kestrel", "Merlin"):
        make_entry(offer, "risks", by=writer, owner_role=title)
    there = {"offer": offer.slug, "tool": "risks"}
    assert "/lists/programme.csv?" in writing.get(at("tool", "risks")).content.decode()
    text = b"".join(writing.get("/lists/programme.csv", there)).decode()
    assert "'=Kestrel" in text
    assert "Merlin" in text
    for wrong in ({**there, "tool": "no"}, {**there, "offer": "no"}, {}):
        assert writing.get("/lists/programme.csv", wrong).status_code == 302
    client.force_login(UserFactory(role=Role.PHB_TEAM))
    assert client.get("/lists/programme.csv", there).status_code == 302
