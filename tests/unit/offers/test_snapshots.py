"""One form, one hash."""

import datetime as dt
import hashlib
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offers.rules.snapshots import canonical, content_hash

EXACT = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=15,
)


def test_canonical_sorts_keys_and_keeps_letters() -> None:
    assert canonical({"b": [1, None], "a": "é"}) == '{"a":"é","b":[1,null]}'.encode()


def test_content_hash_of_a_known_snapshot() -> None:
    assert content_hash({"a": 1}) == hashlib.sha256(b'{"a":1}').hexdigest()


@given(st.dictionaries(st.text(max_size=6), EXACT, max_size=6))
def test_content_hash_does_not_depend_on_order_or_a_journey_through_json(snapshot: dict[str, object]) -> None:
    turned = dict(reversed(list(json.loads(json.dumps(snapshot)).items())))
    assert content_hash(turned) == content_hash(snapshot)


def test_content_hash_changes_with_any_word() -> None:
    assert content_hash({"text": "one"}) != content_hash({"text": "One"})


@pytest.mark.parametrize("value", [1.5, Decimal("1.5"), dt.date(2017, 2, 7), {"x"}, b"x"])
def test_canonical_refuses_what_has_no_exact_form(value: object) -> None:
    with pytest.raises(TypeError, match=r"snapshot\.a\[0\]"):
        canonical({"a": [value]})


def test_canonical_refuses_keys_that_are_no_text() -> None:
    with pytest.raises(TypeError, match="a key that is not text"):
        canonical({"a": {1: "x"}})
