"""Board packs on their pages and in the PDF: one set of figures, controlled, for those who may read them."""

import datetime as dt
import io
import re
from html import unescape

import page as page_validation
import pypdf
import pytest
from django.test import Client

from offers import figures as offered
from offers.enums import LineStatus
from offers.models import LocalOffer, OfferLine
from offers.services import publication
from offers.services.editions import withdraw as withdraw_edition
from phb_register import clock
from phb_register.models import AccessLogEntry, Commissioner
from reporting import board_packs as words
from reporting.models import BoardPack
from reporting.presenters.board_packs import write_pdf
from reporting.services.board_packs import make, withdraw
from tests.factories.board_packs import made_pack, make_member, make_writer, planned_pack, wanted
from tests.factories.offers import LocalOfferFactory, OfferLineFactory, PhaseFactory, published_edition
from tests.factories.phb_register import CommissionerFactory, PersonFactory, PopulationFactory
from tests.factories.reporting import cohort, make_spell
from tests.support.documents import small_documents

pytestmark = pytest.mark.django_db

ATTACK = (
    '<script>alert(1)</script> <img src="https://elsewhere.example.org/x.png"> ![x](https://elsewhere.example.org/y)'
)


@pytest.fixture
def icb() -> Commissioner:
    """Fourteen people: nine women and five men, seven of one ethnic category, three of another, four not asked."""
    commissioner = CommissionerFactory(name="Testing ICB")
    PopulationFactory(commissioner=commissioner, people=10_000)
    for number in range(14):
        category = "A" if number < 7 else "H" if number < 10 else "99"
        sex = "female" if number < 9 else "male"
        make_spell(commissioner, person=PersonFactory(commissioner=commissioner, sex=sex, ethnic_category=category))
    offer = LocalOfferFactory(commissioner=commissioner)
    phase = PhaseFactory(local_offer=offer, name="Phase 1", starts_on=dt.date(2016, 4, 1))
    OfferLineFactory(phase=phase, cohort=cohort("chc"), status=LineStatus.LIVE)
    OfferLineFactory(phase=phase, cohort=cohort("wheelchair"), status=LineStatus.PLANNED)
    return commissioner


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def alternatives(reader: pypdf.PdfReader) -> list[str]:
    """The alternative texts of the drawings of a PDF."""
    root = reader.trailer["/Root"]["/StructTreeRoot"]
    found, waiting = [], [root]
    while waiting:
        element = waiting.pop().get_object()
        if isinstance(element, list):
            waiting += element
        elif isinstance(element, dict):
            found += [str(element["/Alt"])] if "/Alt" in element else []
            waiting += [element["/K"]] if "/K" in element else []
    return found


def rows_of(pack: BoardPack, part: str, caption: str) -> list[list[str]]:
    assert pack.snapshot is not None
    blocks = next(each["blocks"] for each in pack.snapshot["parts"] if each["code"] == part)
    found: list[list[str]] = next(each["rows"] for each in blocks if each.get("caption") == caption)
    return found


def test_page_and_pdf_say_every_figure_of_the_snapshot_and_the_dashboard(icb: Commissioner, client: Client) -> None:
    pack = planned_pack(icb, introduction=f"# Hello\n\n{ATTACK}", meeting="Łódź & Leicester")
    wanted(pack, question="Open <b>it</b>", why=ATTACK)
    pack = make(pack=pack, write_pdf=write_pdf)
    assert pack.pdf is not None
    assert pack.snapshot is not None
    numbers = words.numbers_in(pack.snapshot)
    assert len(numbers) > 60
    client.force_login(make_member(icb))
    html = client.get(f"/board-packs/{pack.reference}/").content.decode()
    answer = client.get(f"/board-packs/{pack.reference}/pdf/")
    reader = pypdf.PdfReader(io.BytesIO(answer.content))
    text = re.sub(r"\s+", " ", " ".join(each.extract_text() for each in reader.pages))
    for shown in (plain(html), text):
        place = 0
        for number in numbers:
            place = shown.find(f" {number} ", place)
            assert place >= 0, number
    for code in ("phbs_in_place", "rate_per_1000", "target_low", "gap_to_low"):
        (figure,) = offered.values([code], commissioner=icb, as_at=pack.as_at).values()
        assert figure.text in numbers
    assert "elsewhere.example.org" not in re.sub(r"&[a-z]+;|<p>.*?</p>|<td.*?</td>", "", html, flags=re.DOTALL)
    assert "<script>alert" not in html
    assert "<b>it</b>" not in html
    report = page_validation.validate_pdf_bytes(answer.content, profile="ua1")
    assert [(each.rule_id, each.message) for each in report.failures] == []
    assert reader.metadata is not None
    assert reader.metadata.title == f"Board pack: Łódź & Leicester, {pack.meets_on.day} {pack.meets_on:%B %Y}"
    assert [each["/Title"] for each in reader.outline if not isinstance(each, list)]
    assert any("Personal health budgets in place, Testing ICB" in each for each in alternatives(reader))


def test_figures_stay_as_they_were_made(icb: Commissioner, client: Client) -> None:
    pack = made_pack(icb)
    client.force_login(make_member(icb))
    address = f"/board-packs/{pack.reference}/"
    before = client.get(address).content
    for _ in range(6):
        make_spell(icb, person=PersonFactory(commissioner=icb))
    assert plain(client.get(address).content.decode()) == plain(before.decode())
    # Nor does another pack of the same day say anything else: what was shown of a day is kept.
    assert words.numbers_in(made_pack(icb, meeting="Later").snapshot or {})[0] == "14"
    assert words.numbers_in(pack.snapshot or {})[0] == "14"


def test_small_groups_are_hidden_for_the_team_too(icb: Commissioner) -> None:
    pack = made_pack(icb, by=make_writer(icb))
    sex = rows_of(pack, "equality", "People with a budget in place, by sex")
    assert sex[:2] == [["Female", "9", "64.3%"], ["Male", "5", "35.7%"]]
    groups = {row[0]: row[1:] for row in rows_of(pack, "equality", "People with a budget in place, by ethnic group")}
    assert groups["White"] == ["7", "50.0%"]
    assert groups["Asian"] == ["*", "*"]
    assert groups["Not known (not asked)"] == ["*", "*"]
    assert groups["All"] == ["14", ""]


def test_progress_tells_what_should_have_begun(icb: Commissioner) -> None:
    pack = made_pack(icb, parts=["progress"])
    rows = rows_of(pack, "progress", "The local offer’s timeline, and where each line stands")
    assert [[row[0], row[1], row[4], row[5]] for row in rows] == [
        ["Phase 1", "NHS continuing healthcare", "Open", "14"],
        ["Phase 1", "Wheelchair users", "Late: should have begun", "0"],
    ]
    assert "1 of 2 lines were planned to have begun" in str(pack.snapshot)


def test_line_of_uptake_does_not_end_in_a_number_that_is_hidden() -> None:
    """Three in place are hidden for their own sake, and so is the day's point."""
    commissioner = CommissionerFactory()
    for code in ("chc", "chc", "wheelchair"):
        make_spell(commissioner, cohort_code=code, started_on=clock.today() - dt.timedelta(days=1))
    snapshot = made_pack(commissioner, parts=["uptake"]).snapshot
    assert snapshot is not None
    blocks = snapshot["parts"][0]["blocks"]
    assert words.numbers_in(snapshot)[0] == "*"
    assert [point.in_place for block in blocks if "points" in block for point in words.points_of(block)] == [None]


def test_progress_is_of_the_published_timeline(icb: Commissioner, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has approved what is being written, and the dashboard beside it does not show it either."""
    monkeypatch.setattr(publication, "make_documents", lambda snapshot, digest: small_documents())
    edition = published_edition(local_offer=LocalOffer.objects.get(commissioner=icb))
    OfferLine.objects.update(status=LineStatus.PROPOSED)
    caption = "The local offer’s timeline, and where each line stands"
    rows = rows_of(made_pack(icb, parts=["progress"]), "progress", caption)
    assert [row[:4] for row in rows] == [
        ["Phase 1", "NHS continuing healthcare", "Live", "1 April 2016"],
        ["Phase 1", "Wheelchair users", "Planned", "1 April 2016"],
    ]
    withdraw_edition(edition=edition, by=edition.approved_by, reason="A mistake")
    later = made_pack(icb, parts=["progress"], meeting="Next meeting")
    assert "The local offer has no timeline that holds now." in str(later.snapshot)


def test_member_reads_what_was_made_and_nothing_that_is_planned(icb: Commissioner, client: Client) -> None:
    planned, made = planned_pack(icb, meeting="Planned"), made_pack(icb, meeting="Made")
    client.force_login(make_member(icb))
    listed = plain(client.get("/board-packs/").content.decode())
    assert "Made" in listed
    assert "Planned" not in listed
    assert client.get(f"/board-packs/{planned.reference}/").status_code == 404
    page = plain(client.get(f"/board-packs/{made.reference}/").content.decode())
    assert "History" not in page
    assert client.get("/board-packs/plan/").status_code == 403
    assert "Read the board pack: Made" in plain(client.get("/").content.decode())
    client.get(f"/board-packs/{made.reference}/pdf/")
    assert [entry.action for entry in AccessLogEntry.objects.filter(subject_id=str(made.pk)).order_by("pk")][-2:] == [
        "read",
        "export",
    ]
    withdraw(pack=made, by=made.planned_by, reason="The target was wrong")
    page = plain(client.get(f"/board-packs/{made.reference}/").content.decode())
    assert "The target was wrong" in page
    assert "Uptake is" not in page
    assert client.get(f"/board-packs/{made.reference}/pdf/").status_code == 404


def dates(**days: dt.date) -> dict[str, str]:
    return {
        f"{name}_{part}": str(getattr(day, part)) for name, day in days.items() for part in ("day", "month", "year")
    }


def test_writer_plans_adds_a_decision_previews_and_has_it_made(icb: Commissioner, client: Client) -> None:
    writer, today = make_writer(icb), clock.today()
    client.force_login(writer)
    form = {"commissioner": icb.code, "meeting": "Board", "parts": ["uptake", "decisions"]}
    form |= dates(meets_on=today + dt.timedelta(days=20), as_at=today, make_on=today + dt.timedelta(days=9))
    wrong = client.post("/board-packs/plan/", form | {"meeting": "", "introduction": "Kept"})
    assert wrong.status_code == 422
    assert "Enter what the meeting is called" in plain(wrong.content.decode())
    assert "Kept" in wrong.content.decode()
    address = client.post("/board-packs/plan/", form)["Location"]
    sent = client.post(f"{address}decisions/add/", {"question": "Raise the cap", "recommendation": "To 50"})
    assert sent["Location"] == address
    assert "Raise the cap" in plain(client.get(address).content.decode())
    preview = plain(client.get(f"{address}preview/").content.decode())
    assert "Uptake is within the target band: 14 in place" in preview
    assert "To 50" in preview
    job = client.post(f"{address}make/")["Location"]
    assert job.startswith("/jobs/")
    assert client.post(f"{address}make/")["Location"] == job
    assert client.get(f"{address}cancel/").status_code == 200
    client.post(f"{address}cancel/", {"reason": "The meeting is off"})
    assert BoardPack.objects.get().status == "cancelled"
    assert "The meeting is off" in plain(client.get(address).content.decode())


def test_change_over_somebody_elses_is_shown_and_nothing_typed_is_lost(icb: Commissioner, client: Client) -> None:
    pack = planned_pack(icb)
    client.force_login(make_writer(icb))
    address = f"/board-packs/{pack.reference}/change/"
    form = {"meeting": "Board", "parts": ["uptake"], "version": "1", "introduction": "Mine"}
    form |= dates(meets_on=pack.meets_on, as_at=pack.as_at, make_on=pack.make_on)
    assert client.post(address, form | {"introduction": "Theirs"}).status_code == 302
    late = client.post(address, form | {"meeting": "Mine of it"})
    assert late.status_code == 422
    html = late.content.decode()
    assert "Somebody else saved this board pack" in html
    assert "Mine of it" in html
    assert 'name="version" value="2"' in html
    assert client.post(address, form | {"version": "2"}).status_code == 302
    pack.refresh_from_db()
    assert (pack.introduction, pack.version) == ("Mine", 3)


def test_list_takes_the_same_queries_however_long_it_is(
    icb: Commissioner, client: Client, django_assert_num_queries
) -> None:
    writer = make_writer(icb)
    for number in range(3):
        made_pack(icb, by=writer, meeting=f"Meeting {number}", parts=["decisions"])
    client.force_login(writer)
    client.get("/board-packs/")
    with django_assert_num_queries(11):
        client.get("/board-packs/")
