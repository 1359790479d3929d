"""The timeline as a drawing: every cohort and status in words, inside the frame, with nothing a page may not hold."""

from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

from hypothesis import given, settings
from hypothesis import strategies as st

from offers.enums import LineStatus
from offers.presenters.timeline_drawing import WIDTH, Bar, Row, drawing_of, rows_of, width_of, wrapped
from offers.rules.reading import ReadLine, ReadPhase

SVG = "{http://www.w3.org/2000/svg}"


def line(cohort: str, status: str = "live", change: str = "", **more: Any) -> ReadLine:
    given = {"note": "", "source": "", "starts_on": None, "ends_on": None} | more
    return ReadLine(cohort, status, LineStatus(status).label, change=change, **given)


def phase(name: str, *lines: ReadLine, continues: tuple[str, ...] = (), timing: str = "") -> ReadPhase:
    return ReadPhase(name, timing, None, continues, lines)


def drawn(*phases: ReadPhase) -> ElementTree.Element:
    reading = SimpleNamespace(number=1, commissioner="Testshire", phases=phases)
    return ElementTree.fromstring(drawing_of(reading))  # type: ignore[arg-type]  # noqa: S314  made just now


def words(drawing: ElementTree.Element) -> list[str]:
    return [text.text or "" for text in drawing.iter(f"{SVG}text")]


def test_rows_a_cohort_goes_on_until_the_end_and_past_it() -> None:
    phases = [
        phase("1", line("A"), line("B")),
        phase("2", line("C"), continues=("A",)),
        phase("3", continues=("A", "C")),
    ]
    assert rows_of(phases) == [
        Row("A", "", (Bar("live", "Live", 0, 3, True),)),
        Row("B", "", (Bar("live", "Live", 0, 1, False),)),
        Row("C", "", (Bar("live", "Live", 1, 3, True),)),
    ]


def test_rows_a_status_that_changes_begins_another_bar_and_the_strongest_counts() -> None:
    phases = [phase("1", line("A", "planned")), phase("2", line("A", "proposed"), line("A", "live"))]
    assert rows_of(phases)[0].bars == (Bar("planned", "Planned", 0, 1, False), Bar("live", "Live", 1, 2, True))


def test_rows_a_gap_is_a_gap() -> None:
    phases = [phase("1", line("A")), phase("2"), phase("3", line("A"))]
    assert [(bar.start, bar.end) for bar in rows_of(phases)[0].bars] == [(0, 1), (2, 3)]


def test_rows_say_what_is_new_and_what_changed() -> None:
    phases = [
        phase("1", line("A", change="new"), line("B", change="changed"), line("C")),
        phase("2", line("C", change="new")),
    ]
    assert [row.mark for row in rows_of(phases)] == ["New", "Changed", "Changed"]


def test_drawing_has_a_title_and_says_all_of_it_in_words() -> None:
    drawing = drawn(phase("Phase 1", line("Adults", change="new")), phase("Phase 2", continues=("Adults",)))
    title, description = drawing.find(f"{SVG}title"), drawing.find(f"{SVG}desc")
    assert title is not None
    assert description is not None
    assert "Testshire" in (title.text or "")
    assert description.text == "Adults (new): live in Phase 1 to Phase 2."
    assert drawing.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert words(drawing) == ["Phase 1", "Phase 2", "Adults – new", "Live"]


def test_drawing_of_nothing_is_nothing() -> None:
    assert drawing_of(SimpleNamespace(number=1, commissioner="", phases=[phase("1")])) == ""  # type: ignore[arg-type]


def test_drawing_escapes_what_is_written() -> None:
    drawing = drawn(phase("<script>", line('"><image href="x"/>')))
    assert {each.tag.removeprefix(SVG) for each in drawing.iter()} <= {
        "svg", "title", "desc", "g", "line", "rect", "polygon", "text"
    }  # fmt: skip


def test_names_without_room_stand_below_with_a_number() -> None:
    phases = [phase(f"Unabbreviatable{number}", line("A"), timing="within one to two years") for number in range(8)]
    shown = words(drawn(*phases))
    assert shown[:8] == [str(number) for number in range(1, 9)]
    assert "1: Unabbreviatable0 (within one to two years)" in shown


NAMES = st.text(st.characters(categories=["Lu", "Ll", "Nd", "Zs", "Po"]), min_size=1, max_size=60).filter(str.strip)
LINES = st.builds(line, NAMES, st.sampled_from(LineStatus.values), st.sampled_from(["", "new", "changed"]))
PHASES = st.lists(
    st.builds(
        lambda name, lines, timing: phase(name, *lines, timing=timing),
        NAMES,
        st.lists(LINES, max_size=4),
        st.one_of(st.just(""), NAMES),
    ),
    min_size=1,
    max_size=10,
)


@settings(max_examples=30)
@given(PHASES)
def test_drawing_stays_in_its_frame_and_shows_everybody(phases: list[ReadPhase]) -> None:
    rows = rows_of(phases)
    if not rows:
        return
    drawing = drawn(*phases)
    _, _, width, height = (float(part) for part in (drawing.get("viewBox") or "").split())
    assert width == WIDTH
    for text in drawing.iter(f"{SVG}text"):
        x, y, size = (float(text.get(name) or 0) for name in ("x", "y", "font-size"))
        is_one_word = " " not in (text.text or "").strip()
        assert x >= 0
        assert 0 < y < height
        assert is_one_word or x + width_of(text.text or "", int(size)) <= WIDTH + 1
    shown = " ".join(words(drawing)).split()
    for row in rows:
        assert set(row.cohort.split()) <= set(shown)
        assert all(set(bar.words.split()) <= set(shown) for bar in row.bars)
    assert not any(
        name in ("style", "href") or name.startswith("on") for each in drawing.iter() for name in each.attrib
    )


def test_wrapped_keeps_every_word() -> None:
    assert wrapped("one two three", width_of("one two", 10), 10) == ["one two", "three"]
    assert wrapped("unbreakable", 1, 10) == ["unbreakable"]
    assert wrapped("", 1, 10) == []
