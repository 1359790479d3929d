"""The text of letters: slots, values that stay text, and the register's own wording."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligibility.enums import AsksFor, LetterKind, LetterWording
from eligibility.rules import letter_text
from eligibility.rules.letter_kinds import (
    BY_CODE,
    asked_slots,
    carried_by_letter,
    carried_by_template,
    codes,
    has_right_to_reconsideration,
    kinds_for,
    slots_of,
)
from eligibility.rules.letter_wording import FOLDER, own_wording
from phb_register import safe_markdown

DECLINED = "Dear {{ greeting }},\n\n{{ reasons }}\n\n{{ reconsideration_route }}"


def messages(kind: str, heading: str, body: str) -> list[str]:
    return [str(each) for each in letter_text.template_problems(kind, heading, body)]


# ── Slots ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_template_with_all_that_it_must_carry_has_no_problem() -> None:
    assert messages("declined", "For {{ person_name }}", DECLINED) == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("persn_name", "person_name"), ("Person Name", "person_name"), ("reconsideration", "reconsideration_route")],
)
def test_unknown_slot_is_named_with_its_line_and_the_one_that_was_meant(typed: str, meant: str) -> None:
    found = messages("declined", "Heading", f"First\n\n{{{{ {typed} }}}}\n{DECLINED}")
    assert found == [f"Line 3: There is no slot {{{{ {typed} }}}}. Did you mean {{{{ {meant} }}}}?"]


def test_slot_like_no_other_lists_those_there_are() -> None:
    (found,) = messages("budget_offer", "Heading", "{{ xyzzy }}")
    assert found.startswith("Line 1: There is no slot {{ xyzzy }} in this letter. Change it to one of: greeting, ")


def test_slot_of_another_kind_of_letter_is_unknown_here() -> None:
    assert messages("accepted", "Heading", "{{ refused_part }}")[0].startswith("Line 1: There is no slot")


@pytest.mark.parametrize("text", ["{{ person_name", "person_name }}", "{{ { }}", "{{{ person_name }}}}}"])
def test_braces_that_are_no_slot_are_refused(text: str) -> None:
    assert any("Write each slot as {{ person_name }}" in each for each in messages("accepted", "Heading", text))


def test_slot_that_is_written_with_the_letter_does_not_fit_its_heading() -> None:
    (found,) = messages("declined", "Why: {{ reasons }}", DECLINED)
    assert "There is no slot {{ reasons }}" in found
    assert not found.startswith("Line")


@pytest.mark.parametrize("kind", LetterKind)
def test_template_without_what_it_must_carry_is_refused(kind: LetterKind) -> None:
    found = messages(kind, "Heading", "Words\nalone")
    assert found == [
        f"Line 2: Put {slot.written} where it belongs: every letter of this kind has to say it"
        for slot in carried_by_template(kind)
    ]


def test_value_takes_the_place_of_its_slot_and_others_stay() -> None:
    filled = letter_text.fill("Dear {{greeting}}, {{ reasons }}", {"greeting": "Testa Kestrel", "reasons": ""})
    assert filled == "Dear Testa Kestrel, {{ reasons }}"


def test_slot_inside_a_value_is_text() -> None:
    filled = letter_text.fill("{{ person_name }}", {"person_name": "{{ reasons }}", "reasons": "secret"})
    assert letter_text.slots_in(filled) == []
    assert letter_text.plain_text(filled) == "{{ reasons }}"


SPECIAL = st.sampled_from(
    [
        *("#", "* ", "_", "**", "[a](https://example.org)", "![x](y)", "<script>", "&lt;", "&", "|", "\n", "\n\n"),
        *("- ", "1. ", "\\", "{{", "}}", "`", "+ ", "---", "> ", "\t", "https://example.org", "|---|", "a_b", "~"),
    ]
)


@given(st.lists(st.one_of(SPECIAL, st.text("ab <&é", max_size=4)), max_size=25).map("".join))
def test_value_is_read_as_the_characters_it_has(value: str) -> None:
    shown = letter_text.html(letter_text.as_text(value), top_level=2)
    assert set(re.findall(r"<(/?\w+)", shown)) <= {"p", "/p", "br"}
    words = " ".join(value.replace("\u2028", " ").split())
    assert " ".join(letter_text.plain_text(letter_text.as_text(value)).split()) == words


def test_lists_of_a_value_stay_lists_where_they_may() -> None:
    filled = letter_text.fill("{{ reasons }}", {"reasons": "# Not\n\n- one\n- two"}, keeping_lists=["reasons"])
    shown = letter_text.html(filled, top_level=2)
    assert shown.count("<li>") == 2
    assert "<h2" not in shown


def test_address_with_an_underscore_is_not_escaped() -> None:
    assert letter_text.as_text("phb_team@example.nhs.uk") == "phb_team@example.nhs.uk"


def test_lines_become_points_whatever_they_begin_with() -> None:
    assert letter_text.as_list("a\n- b\n\n • c\n*d") == "- a\n- b\n- c\n- d"


def test_each_line_that_was_typed_stays_a_line() -> None:
    assert letter_text.html("One.\nTwo.", top_level=2) == "<p>One.<br>\nTwo.</p>\n"


def test_plain_text_says_what_the_text_says_without_its_marks() -> None:
    body = (
        "## Heading\n\nSome **bold** words, [a page](https://example.org/x)\nand a line.\n\n- one\n- two\n\n"
        "Then:\n\n2. second\n3. third\n\n|A|B|\n|---|---|\n|1|2|"
    )
    assert letter_text.plain_text(body) == (
        "Heading\n\nSome bold words, a page (https://example.org/x)\nand a line.\n\n- one\n- two\n\nThen:\n\n"
        "2. second\n3. third\nA, B\n1, 2"
    )


def test_heading_of_the_second_level_comes_through_both_fences() -> None:
    assert safe_markdown.render("# A", top_level=2) == '<h2 class="nhsuk-heading-l">A</h2>\n'


# ── What the law makes a letter carry ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("kind", "is_right_to_have", "asks_for", "has_right"),
    [
        ("declined", True, "", True),
        ("declined", False, "", False),
        ("declined", False, AsksFor.NOTIONAL, False),
        ("declined", False, AsksFor.DIRECT_PAYMENT, True),
        ("declined", False, AsksFor.MIXED, True),
        ("accepted_in_part", False, "", True),
        ("accepted", True, AsksFor.DIRECT_PAYMENT, False),
    ],
)
def test_refusal_that_can_be_reconsidered_by_right(
    kind: str, is_right_to_have: bool, asks_for: str, has_right: bool
) -> None:
    found = has_right_to_reconsideration(kind, is_right_to_have=is_right_to_have, asks_for=asks_for)
    assert found is has_right


def test_reasons_are_carried_with_and_without_a_route() -> None:
    assert codes(carried_by_letter("declined", has_route=True)) == ["reasons", "reconsideration_route"]
    assert codes(carried_by_letter("declined", has_route=False)) == ["reasons"]


@pytest.mark.parametrize(
    ("status", "outcome", "refuses", "again", "kinds"),
    [
        ("submitted", None, False, False, ["more_information", "budget_offer"]),
        ("accepted", "accepted", False, False, ["accepted", "budget_offer"]),
        ("accepted", "accepted", True, False, ["accepted_in_part", "budget_offer"]),
        ("accepted", "accepted_in_part", False, False, ["accepted_in_part", "budget_offer"]),
        ("declined", "declined", False, False, ["declined"]),
        ("declined", "declined", False, True, ["reconsideration_outcome", "declined"]),
        ("withdrawn", None, False, False, []),
    ],
)
def test_letter_that_fits_the_referral_is_suggested_first(
    status: str, outcome: str | None, refuses: bool, again: bool, kinds: list[str]
) -> None:
    assert kinds_for(status, outcome, refuses_something=refuses, is_reconsidered=again) == kinds


# ── The register's own wording ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", LetterKind)
@pytest.mark.parametrize("wording", LetterWording)
def test_own_wording_is_a_template_without_problems(kind: LetterKind, wording: LetterWording) -> None:
    own = own_wording(kind, wording)
    assert messages(kind, own.heading, own.body) == []
    assert "{{ contact }}" in own.body


def test_there_is_no_wording_that_nothing_uses() -> None:
    assert len(list(FOLDER.iterdir())) == len(LetterKind) * len(LetterWording)


@pytest.mark.parametrize("kind", LetterKind)
def test_easy_read_has_one_short_idea_a_line(kind: LetterKind) -> None:
    for line in own_wording(kind, LetterWording.EASY_READ).body.splitlines():
        assert len(re.findall(r"[.?!](?:\s|$)", line)) <= 2, line
        assert len(line.split()) <= 14, line


def test_every_slot_has_an_example_and_fits_a_letter() -> None:
    assert all(slot.example and slot.remedy and slot.kinds for slot in BY_CODE.values())
    assert {slot.code for kind in LetterKind for slot in slots_of(kind)} == set(BY_CODE)
    assert all(slot in slots_of(kind) for kind in LetterKind for slot in asked_slots(kind))
