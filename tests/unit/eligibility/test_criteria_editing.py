"""Editing a tree: each operation on an example, and any sequence of them on any tree."""

import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eligibility.rules import criteria_editing as editing
from eligibility.rules import reading_editing
from eligibility.rules.content_checks import content_problems
from eligibility.rules.criteria_editing import EditRefused
from eligibility.rules.criteria_words import NodeKind, in_words
from tests.unit.eligibility.test_properties import criteria

A, B, C = ({"fact": "age", "under": number} for number in (16, 18, 25))
ROOT = "readings[0].criteria"


def content(tree, **more):
    return {
        "says": "It says so.",
        "readings": [{"id": "only", "title": "As written", "criteria": tree}],
        "chosen": "only",
        **more,
    }


def tree_of(edited):
    return edited["readings"][0]["criteria"]


@pytest.mark.parametrize(
    ("edit", "before", "after"),
    [
        (lambda c: editing.add(c, ROOT, A), {}, A),
        (lambda c: editing.add(c, ROOT, B), {"all": [A]}, {"all": [A, B]}),
        (lambda c: editing.add(c, ROOT, A), {"not": {}}, {"not": A}),
        (lambda c: editing.add(c, f"{ROOT}.all[0]", {"any": []}), {"all": [{"any": [A]}]},
         {"all": [{"any": [A, {"any": []}]}]}),
        (lambda c: editing.change(c, f"{ROOT}.any[1]", C), {"any": [A, B]}, {"any": [A, C]}),
        (lambda c: editing.remove(c, f"{ROOT}.any[0]"), {"any": [A, B]}, {"any": [B]}),
        (lambda c: editing.remove(c, f"{ROOT}.not"), {"not": A}, {"not": {}}),
        (lambda c: editing.remove(c, ROOT), A, {}),
        (lambda c: editing.move(c, f"{ROOT}.all[2]", -1), {"all": [A, B, C]}, {"all": [A, C, B]}),
        (lambda c: editing.move(c, f"{ROOT}.all[0]", 1), {"all": [A, B, C]}, {"all": [B, A, C]}),
        (lambda c: editing.move(c, f"{ROOT}.all[0]", -1), {"all": [A, B, C]}, {"all": [A, B, C]}),
        (lambda c: editing.move(c, f"{ROOT}.all[2]", 1), {"all": [A, B, C]}, {"all": [A, B, C]}),
        (lambda c: editing.wrap(c, f"{ROOT}.all[1]", NodeKind.ANY), {"all": [A, B]}, {"all": [A, {"any": [B]}]}),
        (lambda c: editing.wrap(c, ROOT, NodeKind.NOT), A, {"not": A}),
        (lambda c: editing.unwrap(c, ROOT), {"not": {"any": [A, B]}}, {"any": [A, B]}),
        (lambda c: editing.unwrap(c, f"{ROOT}.all[0]"), {"all": [{"any": [A, B]}, C]}, {"all": [A, B, C]}),
        (lambda c: editing.unwrap(c, f"{ROOT}.all[0]"), {"all": [{"any": []}, C]}, {"all": [C]}),
        (lambda c: editing.unwrap(c, ROOT), {"any": []}, {}),
        (lambda c: editing.turn(c, ROOT), {"any": [A, B]}, {"all": [A, B]}),
        (lambda c: editing.turn(c, ROOT), {"all": [A, B]}, {"any": [A, B]}),
    ],
)  # fmt: skip
def test_operation_changes_one_place(edit, before, after):
    given_content = content(before)
    kept = copy.deepcopy(given_content)

    assert tree_of(edit(given_content)) == after
    assert given_content == kept


@pytest.mark.parametrize(
    ("edit", "before", "why"),
    [
        (lambda c: editing.add(c, ROOT, A), A, "Only a group takes another condition"),
        (lambda c: editing.add(c, f"{ROOT}.all[3]", A), {"all": [A]}, "not there any more"),
        (lambda c: editing.change(c, "readings[4].criteria", A), A, "not there any more"),
        (lambda c: editing.change(c, "says", A), A, "not there any more"),
        (lambda c: editing.move(c, ROOT, 1), A, "does not stand in a list"),
        (lambda c: editing.unwrap(c, ROOT), {"all": [A, B]}, "Several conditions have to stand in a group"),
        (lambda c: editing.unwrap(c, ROOT), A, "This is no group"),
        (lambda c: editing.turn(c, ROOT), {"not": A}, "This is no group"),
        (lambda c: editing.extract(c, ROOT, name="young", title="Young"), {}, "Only a condition or a group"),
        (lambda c: editing.extract(c, ROOT, name="Ö d", title="Young"), A, "small letters"),
        (lambda c: editing.use_part(c, ROOT, "young"), A, "no such part"),
        (lambda c: editing.write_out(c, ROOT), A, "No part is named here"),
        (lambda c: editing.remove_part(c, "young"), A, "no such part"),
        (lambda c: reading_editing.remove_reading(c, "only"), A, "at least one reading"),
        (lambda c: reading_editing.title_reading(c, "R9", "x"), A, "no such reading"),
    ],
)
def test_what_cannot_be_done_says_why(edit, before, why):
    with pytest.raises(EditRefused, match=why):
        edit(content(before))


def test_criteria_become_the_one_reading():
    assert editing.normal({"says": "x", "criteria": A}) == {**content(A), "says": "x"}
    assert editing.normal({}) == {key: value for key, value in content({}).items() if key != "says"}
    assert editing.normal(content(A)) == content(A)


def test_part_is_extracted_wherever_the_same_stands_and_written_out_again():
    before = content({"all": [{"any": [A, B]}, {"not": {"any": [A, B]}}, C]}, applies_when={"any": [A, B]})
    once = editing.extract(before, f"{ROOT}.all[0]", name="young", title="Young people")
    everywhere = editing.extract(before, f"{ROOT}.all[0]", name="young", title="Young people", everywhere=True)

    assert tree_of(once) == {"all": [{"part": "young"}, {"not": {"any": [A, B]}}, C]}
    assert tree_of(everywhere) == {"all": [{"part": "young"}, {"not": {"part": "young"}}, C]}
    assert everywhere["applies_when"] == {"part": "young"}
    assert everywhere["parts"] == {"young": {"title": "Young people", "criteria": {"any": [A, B]}}}
    assert content_problems(everywhere) == []
    with pytest.raises(EditRefused, match="of this name already"):
        editing.extract(everywhere, f"{ROOT}.all[2]", name="young", title="Others")
    with pytest.raises(EditRefused, match="still used"):
        editing.remove_part(everywhere, "young")
    plain = editing.write_out(once, f"{ROOT}.all[0]")
    assert editing.remove_part(plain, "young") == before


def test_part_takes_the_place_of_a_condition():
    before = content({"all": [A, B]}, parts={"young": {"title": "Young", "criteria": C}})

    assert tree_of(editing.use_part(before, f"{ROOT}.all[1]", "young")) == {"all": [A, {"part": "young"}]}


def test_part_is_given_another_title_and_never_used_inside_itself():
    parts = {
        "inner": {"title": "Inner", "criteria": A},
        "outer": {"title": "Outer", "criteria": {"not": {"part": "inner"}}},
        "other": {"title": "Other", "criteria": B},
    }
    before = content({"part": "outer"}, parts=parts)

    assert editing.title_part(before, "inner", "Young")["parts"]["inner"] == {"title": "Young", "criteria": A}
    assert editing.parts_for(before, ROOT) == ["inner", "outer", "other"]
    assert editing.parts_for(before, "parts.inner.criteria") == ["other"]
    assert editing.parts_for(before, "parts.outer.criteria.not") == ["inner", "other"]


def test_scope_can_be_given_and_taken_away():
    scoped = editing.add(content(A), "applies_when", B)

    assert scoped["applies_when"] == B
    assert editing.remove(scoped, "applies_when")["applies_when"] is None


@pytest.mark.parametrize(
    ("title", "taken", "name"),
    [
        ("Learning disability or autism", {}, "learning-disability-or-autism"),
        ("Young!", {"young": 1, "young-2": 1}, "young-3"),
        ("—", {}, "part"),
    ],
)
def test_part_is_named_by_its_title(title, taken, name):
    assert editing.name_for(title, taken) == name


def test_readings_are_added_named_and_removed():
    two = reading_editing.add_reading(content(A), like="only", title="stricter")
    assert [(each["id"], each["title"]) for each in two["readings"]] == [("R1", "As written"), ("R2", "stricter")]
    assert (two["chosen"], two["readings"][1]["criteria"]) == ("R1", A)
    titled = reading_editing.title_reading(two, "R2", "strict")
    assert titled["readings"][1]["title"] == "strict"
    three = reading_editing.add_reading({**titled, "chosen": "R2"}, like="R2", title="third")
    without = reading_editing.remove_reading(three, "R2")
    assert without["chosen"] == ""
    assert [problem.path for problem in content_problems(without)] == ["chosen"]
    assert reading_editing.add_reading(without, like="R3", title="x")["readings"][-1]["id"] == "R4"
    assert reading_editing.remove_reading(without, "R3")["chosen"] == "R1"


# Any sequence of operations on any tree.
NEW = st.sampled_from([A, B, {"all": []}, {"any": []}, {"not": {}}, {}, {"part": "p"}, {"part": "q"}, {"fact": "age"}])
KINDS = st.sampled_from([NodeKind.ALL, NodeKind.ANY, NodeKind.NOT])
operations = st.one_of(
    st.builds(lambda new: lambda c, p: editing.add(c, p, new), NEW),
    st.builds(lambda new: lambda c, p: editing.change(c, p, new), NEW),
    st.just(editing.remove),
    st.builds(lambda by: lambda c, p: editing.move(c, p, by), st.sampled_from([-1, 1])),
    st.builds(lambda kind: lambda c, p: editing.wrap(c, p, kind), KINDS),
    st.just(editing.unwrap),
    st.just(editing.turn),
    st.builds(
        lambda name, everywhere: lambda c, p: editing.extract(c, p, name=name, title=name, everywhere=everywhere),
        st.sampled_from(["p", "q"]),
        st.booleans(),
    ),
    st.builds(lambda name: lambda c, p: editing.use_part(c, p, name), st.sampled_from(["p", "q"])),
    st.just(editing.write_out),
    st.builds(lambda name: lambda c, _p: editing.remove_part(c, name), st.sampled_from(["p", "q"])),
    st.builds(lambda like: lambda c, _p: reading_editing.add_reading(c, like=like, title="t"),
              st.sampled_from(["only", "R1", "R2"])),
    st.builds(lambda name: lambda c, _p: reading_editing.remove_reading(c, name), st.sampled_from(["R1", "R2"])),
)  # fmt: skip


@given(criteria, st.lists(st.tuples(operations, st.integers(0, 60)), max_size=8))
@settings(max_examples=150)
def test_any_sequence_of_operations_leaves_criteria_that_read_or_say_where_they_do_not(tree, sequence):
    edited = content(tree)
    for operation, number in sequence:
        everywhere = list(editing.places(edited))
        place = everywhere[number % len(everywhere)]
        kept = copy.deepcopy(edited)
        try:
            after = operation(edited, place)
        except EditRefused as refused:
            after = edited if str(refused) else None
        assert edited == kept
        edited = after
    standing = list(editing.places(edited))
    for problem in content_problems(edited):
        assert problem.path == "chosen" or any(problem.path.startswith(place) for place in standing)
    for place in standing:
        assert in_words(editing.node_at(edited, place), place).sentence()


@given(criteria, st.integers(0, 60), KINDS)
def test_unwrapping_undoes_wrapping(tree, number, kind):
    before = content(tree)
    everywhere = list(editing.places(before))
    place = everywhere[number % len(everywhere)]

    assert editing.unwrap(editing.wrap(before, place, kind), place) == before


@given(criteria, st.integers(0, 60))
def test_turning_twice_and_moving_there_and_back_change_nothing(tree, number):
    before = content({"all": [tree, A, B]})
    place = f"{ROOT}.all[{number % 2}]"

    assert editing.move(editing.move(before, place, 1), f"{ROOT}.all[{number % 2 + 1}]", -1) == before
    assert editing.turn(editing.turn(before, ROOT), ROOT) == before


@given(criteria, st.integers(0, 60))
def test_writing_out_undoes_extracting(tree, number):
    before = content(tree)
    everywhere = list(editing.places(before))
    place = everywhere[number % len(everywhere)]
    after = editing.extract(before, place, name="young", title="Young")

    assert content_problems(after) == []
    assert editing.remove_part(editing.write_out(after, place), "young") == before
