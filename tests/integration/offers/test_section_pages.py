"""Writing a section: the live preview, what is kept of it, the figures to pick, who else writes, and easy read."""

import datetime as dt
import re
from html.parser import HTMLParser

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from offers.enums import WritingPart
from offers.exceptions import EasyReadWrong, EditConflict, TextIsLocked
from offers.models import EasyReadLine, LocalOffer, OfferSection, SectionDraft
from offers.rules.easy_read import MOST_LINES, TypedLine
from offers.services.drafts import discard_draft, keep_draft
from offers.services.easy_read import save_easy_read
from phb_register.exceptions import Refused
from phb_register.models import User
from phb_register.roles import Role
from tests.factories.offers import LocalOfferFactory, submitted_edition
from tests.factories.phb_register import UserFactory

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
TEXT, EASY = WritingPart.TEXT, WritingPart.EASY_READ
WRITE = "/local-offers/testshire/write/sections/funding/"
EASY_READ = f"{WRITE}easy-read/"


@pytest.fixture
def section() -> OfferSection:
    cache.clear()
    offer = LocalOfferFactory(slug="testshire", title="Budgets in Testshire")
    return offer.sections.get(kind="funding")


@pytest.fixture
def team(section: OfferSection) -> User:
    return member(section.local_offer)


@pytest.fixture
def writing(client: Client, team: User) -> Client:
    client.force_login(team)
    return client


def member(offer: LocalOffer, **more: object) -> User:
    return UserFactory(role=Role.PHB_TEAM, role__commissioner=offer.commissioner, **more)


def sign_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(body: str = "", version: int = 1, **more: str) -> dict[str, object]:
    return {"heading": "Funding", "body": body, "version": version, **more}


def lines(*typed: tuple[str, str], version: int = 1, **more: str) -> dict[str, object]:
    """Easy read lines as the page sends them."""
    data: dict[str, object] = {"version": version, "lines-TOTAL_FORMS": len(typed), "lines-INITIAL_FORMS": 0, **more}
    for place, (picture, words) in enumerate(typed):
        data |= {f"lines-{place}-picture": picture, f"lines-{place}-words": words}
    return data


def page(response: object) -> str:
    return " ".join(response.content.decode().split())  # type: ignore[attr-defined]


def saved(section: OfferSection) -> list[tuple[str, str]]:
    return list(EasyReadLine.objects.filter(section=section).values_list("picture", "words"))


# ── What is kept ──────────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_typed_is_kept_shown_and_offered_back(writing: Client, section: OfferSection, team: User) -> None:
    kept = writing.post(f"{WRITE}keep/", text("We have **{{ figure.phbs_in_place }}**"))
    assert '<strong><span class="app-slot">122</span></strong>' in page(kept)
    assert "not saved yet" in page(kept)
    section.refresh_from_db()
    assert (section.body, section.version) == ("", 1)
    assert SectionDraft.objects.get().content == {
        "heading": "Funding",
        "body": "We have **{{ figure.phbs_in_place }}**",
    }

    back = page(writing.get(WRITE))
    assert "This is what you typed on" in back
    assert "We have **{{ figure.phbs_in_place }}**</textarea>" in back
    assert "You have not saved" in page(writing.get("/local-offers/testshire/write/"))
    assert "We have" not in page(sign_in(member(section.local_offer)).get(WRITE))

    assert writing.post(WRITE, text("We have **{{ figure.phbs_in_place }}**")).status_code == 302
    assert not SectionDraft.objects.exists()


def test_draft_is_thrown_away_and_the_saved_text_stays(writing: Client, section: OfferSection) -> None:
    writing.post(WRITE, text("What is saved"))
    writing.post(f"{WRITE}keep/", text("Something else", version=2))
    assert writing.post(f"{WRITE}discard/text/")["Location"] == WRITE
    assert not SectionDraft.objects.exists()
    assert "What is saved</textarea>" in page(writing.get(WRITE))
    assert writing.post(f"{WRITE}discard/nothing/").status_code == 404


def test_what_is_saved_already_is_not_kept(writing: Client, section: OfferSection) -> None:
    writing.post(WRITE, text("One\r\ntwo"))
    assert "not saved yet" not in page(writing.post(f"{WRITE}keep/", text("One\r\ntwo", version=1)))
    assert not SectionDraft.objects.exists()


def test_draft_shows_what_somebody_saved_meanwhile(writing: Client, section: OfferSection) -> None:
    writing.post(f"{WRITE}keep/", text("What I wrote"))
    olive = sign_in(member(section.local_offer, full_name="Olive Oriole"))
    olive.post(WRITE, text("What Olive wrote"))
    assert "Olive Oriole saved this on" in page(writing.post(f"{WRITE}keep/", text("What I wrote")))
    back = page(writing.get(WRITE))
    assert "As Olive Oriole saved it" in back
    assert "What <mark>Olive </mark>wrote" in back
    assert "What I wrote</textarea>" in back


def test_others_who_write_are_named_until_they_save(writing: Client, section: OfferSection) -> None:
    olive = sign_in(member(section.local_offer, full_name="Olive Oriole"))
    olive.post(f"{WRITE}keep/", text("Half a"))
    assert "Olive Oriole is writing this section too." in page(writing.get(WRITE))
    assert "Olive Oriole" not in page(olive.post(f"{WRITE}keep/", text("Half a s")))
    assert "Olive Oriole" not in page(writing.get(EASY_READ))
    olive.post(WRITE, text("A sentence"))
    assert "is writing this section too" not in page(writing.get(WRITE))


def test_draft_stands_beside_a_version_and_needs_the_permission(section: OfferSection, team: User) -> None:
    content = {"heading": "Funding", "body": "x"}
    nurse = UserFactory(role=Role.REFERRING_NURSE, role__commissioner=section.local_offer.commissioner)
    with pytest.raises(PermissionDenied):
        keep_draft(section=section, part=TEXT, content=content, based_on=1, by=nurse, at=NOW)
    with pytest.raises(PermissionDenied):
        discard_draft(section=section, part=TEXT, by=nurse)
    for body in ("x", "y"):
        keep_draft(section=section, part=TEXT, content=content | {"body": body}, based_on=1, by=team, at=NOW)
    assert SectionDraft.objects.get().content["body"] == "y"
    with pytest.raises(IntegrityError, match="section_draft_once_a_user"), transaction.atomic():
        SectionDraft.objects.create(section=section, user=team, part=TEXT, content={}, based_on=1, saved_at=NOW)
    with pytest.raises(IntegrityError, match="section_draft_based_on_a_version"), transaction.atomic():
        SectionDraft.objects.create(section=section, user=team, part=EASY, content={}, based_on=0, saved_at=NOW)


# ── What is put in ────────────────────────────────────────────────────────────────────────────────────────────


def test_figures_are_picked_from_a_list_with_their_values(writing: Client, section: OfferSection) -> None:
    found = page(writing.get(WRITE))
    assert "Phbs in place" in found
    assert ">122<" in found.replace(" ", "")
    assert f"What phbs_in_place means for {section.local_offer.commissioner.code}" in found
    assert 'data-insert="{{ figure.population }}"' in found
    put_in = page(writing.post(WRITE, text("We serve", insert="population")))
    assert "We serve {{ figure.population }}</textarea>" in put_in
    assert '<span class="app-slot">1,011,000</span>' in put_in
    assert SectionDraft.objects.get().content["body"] == "We serve {{ figure.population }}"


def test_template_and_table_are_put_in(writing: Client) -> None:
    assert "Start from the template" in page(writing.get(WRITE))
    started = page(writing.post(WRITE, text(insert="template")))
    assert "A budget uses what the NHS would have spent" in started
    assert "Start from the template" not in started
    assert "<th" in page(writing.post(WRITE, text("Words", insert="table")))


def test_text_that_is_too_long_says_so(writing: Client) -> None:
    response = writing.post(WRITE, text("x" * 50_001))
    assert response.status_code == 422
    assert "Text must be 50,000 characters or fewer" in page(response)


def test_page_of_a_section_takes_few_queries(writing: Client) -> None:
    writing.get(WRITE)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        writing.get(WRITE)
    assert len(queries) <= 22, [each["sql"][:90] for each in queries]


# ── Easy read ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_easy_read_is_saved_line_by_line(writing: Client, section: OfferSection, team: User) -> None:
    data = lines(("money", "There is  no new money."), ("", " "), ("", "You can ask us."))
    assert writing.post(EASY_READ, data)["Location"] == "/local-offers/testshire/write/"
    assert saved(section) == [("money", "There is no new money."), ("", "You can ask us.")]
    section.refresh_from_db()
    assert (section.easy_read_version, section.easy_read_saved_by, section.version) == (2, team, 1)
    workshop = page(writing.get("/local-offers/testshire/write/"))
    assert "2 lines" in workshop
    assert "Easy: grade" in workshop
    shown = page(writing.get(EASY_READ))
    assert re.search(r'value="money" checked', shown)
    assert 'alt="A bank note"' in shown
    assert writing.post(EASY_READ, data | {"version": 2}).status_code == 302
    section.refresh_from_db()
    assert section.easy_read_version == 2, "saving what is there already changes nothing"


def test_easy_read_tells_what_is_too_hard(writing: Client) -> None:
    hard = "Eligibility is determined by a multidisciplinary assessment"
    kept = page(writing.post(f"{EASY_READ}keep/", lines(("", hard))))
    assert "Too hard: grade" in kept
    assert "multidisciplinary" in kept
    assert "Easy read is 5 or below" in kept
    checked = page(writing.post(EASY_READ, lines(("", "We help you."), check="1")))
    assert "Easy: grade 0" in checked
    assert not EasyReadLine.objects.exists()
    assert SectionDraft.objects.get().content == {"lines": [{"picture": "", "words": "We help you."}]}


def test_easy_read_lines_are_moved_without_saving(writing: Client) -> None:
    moved = writing.post(EASY_READ, lines(("home", "One"), ("", "Two"), act="down-1"))
    assert re.findall(r'name="lines-\d+-words"[^>]*value="(\w+)"', page(moved)) == ["Two", "One"]
    assert not EasyReadLine.objects.exists()
    assert re.findall(r'name="lines-\d+-words"[^>]*value="(\w+)"', page(writing.get(EASY_READ))) == ["One", "Two"]


def test_easy_read_with_a_mistake_names_the_line(writing: Client) -> None:
    response = writing.post(EASY_READ, lines(("", "Fine"), ("", "There are {{ figure.phbs_in_place }}")))
    assert response.status_code == 422
    assert 'href="#id_lines-1-words"' in page(response)
    assert "Take the figure out" in page(response)
    assert "There are {{ figure.phbs_in_place }}" in page(response)
    assert writing.post(EASY_READ, lines(("dragon", "A line"))).status_code == 422
    assert writing.post(EASY_READ, {"version": 1}).status_code == 422
    assert not EasyReadLine.objects.exists()


def test_easy_read_conflict_shows_both_and_loses_nothing(writing: Client, section: OfferSection) -> None:
    olive = sign_in(member(section.local_offer, full_name="Olive Oriole"))
    olive.post(EASY_READ, lines(("home", "Ask Olive")))
    response = writing.post(EASY_READ, lines(("", "Ask me")))
    assert response.status_code == 409
    assert "As Olive Oriole saved it" in page(response)
    assert 'value="Ask me"' in page(response)
    assert 'name="version" value="2"' in page(response)
    assert saved(section) == [("home", "Ask Olive")]
    assert writing.post(EASY_READ, lines(("", "Ask me"), version=2)).status_code == 302
    assert saved(section) == [("", "Ask me")]


def test_easy_read_service_refuses(section: OfferSection, team: User) -> None:
    def save(*words: str, version: int = 1, by: User = team) -> object:
        typed = [TypedLine("", each) for each in words]
        return save_easy_read(section=section, lines=typed, expected_version=version, by=by)

    with pytest.raises(PermissionDenied):
        save("A line", by=UserFactory(role=Role.PHB_TEAM))
    with pytest.raises(EditConflict):
        save("A line", version=7)
    with pytest.raises(Refused, match="Keep the easy read version to 40 lines"):
        save(*["A line"] * (MOST_LINES + 1))
    with pytest.raises(EasyReadWrong) as refused:
        save("", "A line", "x" * 301)
    assert [place for place, _, _ in refused.value.wrong] == [2], "the place on the page, empty lines counted"
    submitted_edition(local_offer=section.local_offer)
    with pytest.raises(TextIsLocked):
        save("A line")


# ── Previews ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_previews_in_large_print_and_easy_read(writing: Client) -> None:
    writing.post(WRITE, text("There is **no** new money"))
    writing.post(EASY_READ, lines(("money", "No new money.")))
    large = page(writing.get("/local-offers/testshire/write/preview/large-print/"))
    assert "app-large-print" in large
    assert "<strong>no</strong> new money" in large
    easy = page(writing.get("/local-offers/testshire/write/preview/easy-read/"))
    assert "No new money." in easy
    assert 'alt="A bank note"' in easy
    assert "No easy read version yet: Timeline" in easy


# ── Nothing gets in ───────────────────────────────────────────────────────────────────────────────────────────

PIECES = st.sampled_from(
    [
        *("<script>alert(1)</script>", "<img src=https://evil.example/x onerror=a()>", "![x](https://evil.example/x)"),
        *("<style>*{}</style>", "<svg onload=a()>", "[x](javascript:a())", "[x](https://example.org)", "</textarea>"),
        *("<iframe src=//evil.example>", '"><b>', "'", "{{ figure.phbs_in_place }}", "{% now %}", "|a|\n|-|\n", "\n\n"),
        *(
            "<link rel=stylesheet href=//evil.example>",
            "<a href=data:text/html,x>",
            "&#60;script>",
            "\x00",
            "<!--",
            "]]>",
        ),
    ]
)
NASTY = st.lists(st.one_of(PIECES, st.text(max_size=6)), max_size=12).map("".join)


class Page(HTMLParser):
    """What a browser would load, run or open."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name.startswith("on") or name in ("style", "srcdoc", "srcset", "background"):
                self.wrong.append(f"{tag} {name}")
            if name in ("src", "action", "data") and not (value or "").startswith("/"):
                self.wrong.append(f"{tag} {name}={value}")
            if name == "href" and not re.match(r"/|#|https://|mailto:|$", value or ""):
                self.wrong.append(f"{tag} {name}={value}")
        allowed = {"p", "br", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "strong", "em", "a", "span", "div", "img"}
        if tag not in allowed | {"table", "thead", "tbody", "tr", "th", "td", "caption"}:
            self.wrong.append(tag)
        if tag == "img" and "evil" in str(attrs):
            self.wrong.append(str(attrs))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=NASTY, words=NASTY)
def test_nothing_foreign_comes_through_the_page(writing: Client, body: str, words: str) -> None:
    shown = writing.post(f"{WRITE}keep/", text(body))
    assert Page(shown.content.decode()).wrong == []
    easy = writing.post(f"{EASY_READ}keep/", lines(("home", words)))
    assert Page(easy.content.decode()).wrong == []
