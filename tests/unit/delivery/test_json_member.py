"""A JSON object is changed at one member, and stays as it is elsewhere."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_openai_admin.delivery.json_member import member_of, members_of, with_member, without_member
from pulumi_openai_admin.delivery.secret_store import Refusal

SPACE = st.text(" \t\r\n", max_size=3)
NUMBERS = st.sampled_from(["1.10", "1e400", "-0", "-0.0", "1E+5", "9" * 5000, "0.1000000000000000055511151231257827"])
NAMES = st.text(max_size=6)
STRINGS = st.builds(lambda text, ascii_only: json.dumps(text, ensure_ascii=ascii_only), NAMES, st.booleans())
SCALARS = NUMBERS | STRINGS | st.sampled_from(["true", "null", '"\\ud800"', '"\\/"'])


def _joined(draw_open: str, parts: list[tuple[str, str, str]], close: str) -> str:
    return draw_open + ",".join(f"{before}{part}{after}" for before, part, after in parts) + close


def _objects(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pair = st.builds(lambda *parts: "".join(parts), STRINGS, SPACE, st.just(":"), SPACE, values)
    pairs = st.lists(st.tuples(SPACE, pair, SPACE), max_size=4)
    return st.builds(
        lambda first, pairs, space, last: _joined(f"{first}{{", pairs, f"}}{last}" if pairs else f"{space}}}{last}"),
        SPACE,
        pairs,
        SPACE,
        SPACE,
    )


def _lists(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(st.tuples(SPACE, values, SPACE), min_size=1, max_size=3).map(lambda parts: _joined("[", parts, "]"))


DOCUMENTS = _objects(st.recursive(SCALARS, lambda values: _objects(values) | _lists(values), max_leaves=4))


def pairs_of(text: str) -> list[tuple[str, object]]:
    """All pairs, also those whose name is there twice, by Python's own reading."""
    found: list[tuple[str, object]] = json.loads(text, object_pairs_hook=list, parse_float=str, parse_int=str)
    return found


@given(text=DOCUMENTS, name=NAMES, value=NAMES)
def test_a_member_is_set_and_removed_and_nothing_else(text: str, name: str, value: str) -> None:
    before = pairs_of(text)
    same = [place for place, (other, _) in enumerate(before) if other == name]
    if len(same) > 1:
        with pytest.raises(Refusal, match="times"):
            with_member(text, name, value)
        return
    changed = with_member(text, name, value)
    place = same[0] if same else len(before)
    assert pairs_of(changed) == [*before[:place], (name, value), *before[place + 1 :]]
    if same:
        member = members_of(text)[place]
        assert changed.startswith(text[: member.value_start])
        assert changed.endswith(text[member.end :])
        removed = without_member(text, name)
        assert pairs_of(removed) == [*before[:place], *before[place + 1 :]]
        literals = [text[other.start : other.end] for other in members_of(text) if other != member]
        assert [removed[other.start : other.end] for other in members_of(removed)] == literals
    else:
        assert without_member(changed, name) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{}", '{"k": "v"}'),
        ('{"a":1}', '{"a":1,"k":"v"}'),
        ('{"a": 1}', '{"a": 1, "k": "v"}'),
        ('{\n  "a": 1\n}\n', '{\n  "a": 1,\n  "k": "v"\n}\n'),
        ('{\n  "a": 1,\n  "b": 2\n}', '{\n  "a": 1,\n  "b": 2,\n  "k": "v"\n}'),
    ],
)
def test_a_new_member_looks_like_the_others(text: str, expected: str) -> None:
    assert with_member(text, "k", "v") == expected


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "there is no '{' (line 1, column 1)"),
        ("[1]", "there is no '{' (line 1, column 1)"),
        ("\ufeff{}", "there is no '{' (line 1, column 1)"),
        ('{"a": 1', "there is no '}' (line 1, column 8)"),
        ('{"a": 1,\n}', "there is no name (line 2, column 1)"),
        ('{"a" 1}', "there is no ':' (line 1, column 6)"),
        ('{"a": }', "Expecting value (line 1, column 7)"),
        ('{"a": NaN}', "NaN is no JSON (line 1, column 7)"),
        ('{"a": [-Infinity]}', "-Infinity is no JSON (line 1, column 7)"),
        ('{"a": 01}', "there is no '}' (line 1, column 8)"),
        ('{"a\n": 1}', "Invalid control character at (line 1, column 4)"),
        ("{} {}", "there is more after it (line 1, column 4)"),
        ('{"a":' + "[" * 100_000, "it is nested too deeply"),
        ('{"a": 1, "\\u0061": 2}', "the document has the name 'a' 2 times"),
    ],
)
def test_what_can_not_be_changed_is_refused(text: str, told: str) -> None:
    with pytest.raises(Refusal) as raised:
        member_of(text, "a")
    assert told in raised.value.reason
