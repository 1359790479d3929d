"""The sheet of the timeline: rows added and moved, and two people's sheets brought together."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from offers.rules.timeline_sheet import Remark, Row, Sheet, completed, mark_of, merged


def kept(key: str, **values: str) -> Row:
    return Row(key, values, seen=mark_of(values))


def typed(row: Row, **values: str) -> Row:
    return replace(row, values={**row.values, **values})


PHASES = (kept("1", name="2016/17"), kept("2", name="2017/18"))
LINES = (kept("7", phase="1", note="a"), kept("8", phase="1", note="b"), kept("9", phase="2", note="c"))
SHEET = Sheet(PHASES, LINES)


def keys(sheet: Sheet) -> tuple[list[str], list[str]]:
    return [row.key for row in sheet.phases], [row.key for row in sheet.lines]


def notes(sheet: Sheet) -> list[str]:
    return [row.values.get("note", "") for row in sheet.lines]


# ── Adding, moving, counting ──────────────────────────────────────────────────────────────────────────────────


def test_with_phase_adds_one_at_the_end_with_a_line_to_begin_with() -> None:
    twice = SHEET.with_phase().with_phase()
    assert keys(twice) == (["1", "2", "new0", "new1"], ["7", "8", "9", "new0", "new1"])
    assert [line.values["phase"] for line in twice.lines[3:]] == [row.key for row in twice.phases[2:]]


def test_with_line_goes_to_the_end_of_its_phase_and_nowhere_else() -> None:
    assert [line.key for line in SHEET.with_line("1").lines_of("1")] == ["7", "8", "new0"]
    assert SHEET.with_line("99") == SHEET


def test_move_exchanges_neighbours_of_one_phase_only() -> None:
    assert [row.key for row in SHEET.with_line_moved("8", up=True).lines_of("1")] == ["8", "7"]
    assert SHEET.with_line_moved("8", up=False) == SHEET
    assert keys(SHEET.with_phase_moved("1", up=False))[0] == ["2", "1"]
    assert SHEET.with_phase_moved("1", up=True) == SHEET.with_phase_moved("99", up=True) == SHEET


def test_counted_leaves_out_what_goes_and_new_rows_without_a_word() -> None:
    sheet = SHEET.with_phase().with_line("2")
    assert keys(sheet.counted()) == (["1", "2"], ["7", "8", "9"])
    gone = replace(sheet, phases=(replace(PHASES[0], is_removed=True), *sheet.phases[1:]))
    assert keys(gone.counted()) == (["2"], ["9"])


def test_counted_keeps_a_new_phase_without_a_name_for_the_line_typed_in_it() -> None:
    sheet = Sheet((Row("new0", {"continues_earlier": "on"}),), (Row("new0", {"phase": "new0", "note": "x"}),))
    assert sheet.counted() == sheet


def test_completed_puts_back_what_did_not_arrive() -> None:
    assert completed(Sheet(PHASES[:1], LINES[1:2]), SHEET).counted() == Sheet(PHASES, (LINES[1], LINES[0], LINES[2]))


# ── Two people at once ────────────────────────────────────────────────────────────────────────────────────────


def test_merged_takes_theirs_where_i_changed_nothing_and_keeps_mine_where_they_did_not() -> None:
    mine = Sheet(PHASES, (typed(LINES[0], note="mine"), *LINES[1:]))
    saved = Sheet(PHASES, (LINES[0], kept("8", phase="1", note="theirs"), LINES[2]))
    found = merged(mine, saved)
    assert notes(found) == ["mine", "theirs", "c"]
    assert {row.remark for row in found.lines} == {Remark.NONE}


def test_merged_shows_both_where_both_changed_a_row() -> None:
    mine = Sheet((typed(PHASES[0], name="Mine"), PHASES[1]), LINES)
    saved = Sheet((kept("1", name="Theirs"), PHASES[1]), LINES)
    row = merged(mine, saved).phases[0]
    assert (row.values["name"], row.remark, row.theirs) == ("Mine", Remark.BOTH, {"name": "Theirs"})
    # Seen now: saved again, it replaces theirs.
    assert merged(merged(mine, saved), saved).phases[0].remark is Remark.BOTH
    assert row.seen == mark_of({"name": "Theirs"})


def test_merged_says_nothing_where_both_typed_the_same() -> None:
    mine = Sheet(PHASES, (typed(LINES[0], note="same "), *LINES[1:]))
    saved = Sheet(PHASES, (kept("7", phase="1", note="same"), *LINES[1:]))
    assert merged(mine, saved) == saved


def test_merged_adds_what_they_added_in_its_place() -> None:
    saved = Sheet(
        (PHASES[0], kept("3", name="Between"), PHASES[1]), (LINES[0], kept("10", phase="3", note="new"), *LINES[1:])
    )
    found = merged(SHEET, saved)
    assert keys(found) == (["1", "3", "2"], ["7", "10", "8", "9"])
    assert [row.remark for row in found.phases] == [Remark.NONE, Remark.ADDED, Remark.NONE]


def test_merged_drops_what_they_removed_and_i_had_not_touched() -> None:
    assert merged(SHEET, Sheet(PHASES[1:], LINES[2:])) == Sheet(PHASES[1:], LINES[2:])


def test_merged_enters_again_what_they_removed_and_i_had_changed() -> None:
    mine = Sheet(PHASES, (typed(LINES[0], note="mine"), *LINES[1:]))
    found = merged(mine, Sheet(PHASES[1:], LINES[2:]))
    assert [(row.values["name"], row.is_kept, row.remark) for row in found.phases] == [
        ("2016/17", False, Remark.REMOVED),
        ("2017/18", True, Remark.NONE),
    ]
    assert [line.values for line in found.lines_of(found.phases[0].key)] == [
        {"phase": found.phases[0].key, "note": "mine"}
    ]


def test_merged_keeps_my_new_line_in_a_phase_they_removed() -> None:
    mine = Sheet(PHASES, (*LINES, Row("new0", {"phase": "1", "note": "brand new"})))
    found = merged(mine, Sheet(PHASES[1:], LINES[2:]))
    assert [line.values["note"] for line in found.lines_of(found.phases[0].key)] == ["brand new"]


def test_merged_both_removed_it_is_gone() -> None:
    mine = Sheet(PHASES, (replace(LINES[0], is_removed=True), *LINES[1:]))
    assert keys(merged(mine, Sheet(PHASES, LINES[1:])))[1] == ["8", "9"]


EDIT = st.sampled_from(["", "change", "remove"])


@given(st.lists(EDIT, min_size=5, max_size=5), st.lists(EDIT, min_size=5, max_size=5), st.booleans(), st.booleans())
def test_merged_loses_nothing_that_either_typed(
    mine_did: list[str], they_did: list[str], i_added: bool, they_added: bool
) -> None:
    def edited(rows: tuple[Row, ...], did: list[str], word: str) -> list[Row]:
        pairs = zip(rows, did, strict=True)
        changed = [typed(row, note=f"{word}{row.key}") if what == "change" else row for row, what in pairs]
        return [replace(row, is_removed=what == "remove") for row, what in zip(changed, did, strict=True)]

    mine = Sheet(
        tuple(edited(PHASES, mine_did[:2], "mine")),
        (*edited(LINES, mine_did[2:], "mine"), *([Row("new0", {"phase": "1", "note": "my new"})] if i_added else [])),
    )
    theirs = [row for row in edited(PHASES, they_did[:2], "theirs") if not row.is_removed]
    there = {row.key for row in theirs}
    their_lines = [row for row in edited(LINES, they_did[2:], "theirs") if not row.is_removed]
    if they_added and "2" in there:
        their_lines.append(kept("11", phase="2", note="their new"))
    saved = Sheet(
        tuple(kept(row.key, **row.values) for row in theirs),
        tuple(kept(row.key, **row.values) for row in their_lines if row.values["phase"] in there),
    )

    found = merged(mine, saved)

    shown = (*found.phases, *found.lines)
    words = {row.values.get("note") for row in shown} | {row.theirs.get("note") for row in shown}
    for row in (*mine.phases, *mine.lines):
        goes_with = next((phase for phase in mine.phases if phase.key == row.values.get("phase")), None)
        if row.is_changed and not row.is_removed and not (goes_with and goes_with.is_removed):
            assert row.values["note"] in words
    for row in (*saved.phases, *saved.lines):
        assert row.values.get("note") in words or row.key in {each.key for each in shown}
    assert len({row.key for row in found.phases}) == len(found.phases)
    assert len({row.key for row in found.lines}) == len(found.lines)
    assert {line.values["phase"] for line in found.lines} <= {phase.key for phase in found.phases}
