"""A change of one value in any definition: the value changes, all other values stay, and so does every comment."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pulumi_openai_admin.delivery import pulumi_esc
from pulumi_openai_admin.delivery.secret_store import Refusal

NAMES = st.sampled_from(["a", "b", "openai", "key", "a b", "x.y", "true", "12", "ö", "fn"])
TEXTS = st.text("ab :#'\"\\{}[]&*!|>%@`-,\n\t\u00f6", max_size=8)
SCALARS = st.none() | st.booleans() | st.integers() | TEXTS | st.sampled_from(["no", "${a}", "2026-01-01"])
VALUES = st.recursive(
    SCALARS | st.builds(lambda text: {"fn::secret": {"ciphertext": text}}, TEXTS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)
PATHS = st.lists(NAMES, min_size=1, max_size=3)


def comments_in(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.lstrip().startswith("# note ")]


def with_comments(text: str) -> str:
    """The text with a comment in front of each line of a property, where YAML allows one."""
    lines = text.splitlines(keepends=True)
    commented = "".join(f"# note {number}\n{line}" for number, line in enumerate(lines))
    try:
        return commented if yaml.safe_load(commented) == yaml.safe_load(text) else text
    except yaml.YAMLError:
        return text


def put(values: Any, names: list[str], value: Any) -> Any:
    """A nested object with a value at a path, or without the one there."""
    values = dict(values or {})
    if len(names) > 1:
        return {**values, names[0]: put(values.get(names[0]), names[1:], value)}
    if value is None:
        del values[names[0]]
        return values
    return {**values, names[0]: value}


def same(found: Any) -> Any:
    """Null and an empty object are one: a removal leaves the one or the other."""
    if isinstance(found, dict):
        return {key: same(value) for key, value in found.items()} or None
    return [same(value) for value in found] if isinstance(found, list) else found


@given(st.dictionaries(NAMES, VALUES, max_size=3), PATHS, st.sampled_from([None, False, True]), st.sampled_from([2, 4]))
def test_one_value_changes(values: dict[str, Any], names: list[str], is_flow: bool | None, indent: int) -> None:
    definition = {"imports": ["base"], "values": values}
    text = with_comments(
        yaml.safe_dump(definition, sort_keys=False, default_flow_style=is_flow, indent=indent, allow_unicode=True)
    )
    path = pulumi_esc.path_of("".join(f"[{json.dumps(name, ensure_ascii=False)}]" for name in names))
    changed = refused = ""
    try:
        changed = pulumi_esc.with_secret(text, path, "sk-new")
    except Refusal as refusal:
        refused = refusal.reason
    assert "form that can't be changed" not in refused
    if refused:  # it has something else at this path
        return
    wanted = put(values, names, {"fn::secret": "sk-new"})
    assert same(yaml.safe_load(changed)) == same({**definition, "values": wanted})
    assert comments_in(changed) == comments_in(text)
    assert pulumi_esc.value_at(changed, path) == "sk-new"
    without = pulumi_esc.without(changed, path)
    assert same(yaml.safe_load(without)) == same({**definition, "values": put(wanted, names, None)})
    assert pulumi_esc.value_at(without, path) is None


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("", 'values:\n  openai:\n    key:\n      fn::secret: "k"\n'),
        ("# Nothing yet.\n", '# Nothing yet.\nvalues:\n  openai:\n    key:\n      fn::secret: "k"\n'),
        ("values:\n", 'values: {openai: {key: {fn::secret: "k"}}}\n'),
        ("values:\n  openai: # none\n", 'values:\n  openai: {key: {fn::secret: "k"}} # none\n'),
        ("values:\n  openai:\n    key: old # why\n", 'values:\n  openai:\n    key: {fn::secret: "k"} # why\n'),
        (
            "values:\n  openai:\n    a: 0o14 # one\n\n  # next\n  b: 'x'",
            "values:\n  openai:\n    a: 0o14 # one\n    key:\n      fn::secret: \"k\"\n\n  # next\n  b: 'x'",
        ),
        (
            "values:\n  openai:\n    text: |\n      a\n      b\n  b: 1\n",
            'values:\n  openai:\n    text: |\n      a\n      b\n    key:\n      fn::secret: "k"\n  b: 1\n',
        ),
        ("values: {openai: {a: 1}, b: 2}\n", 'values: {openai: {a: 1, key: {fn::secret: "k"}}, b: 2}\n'),
    ],
)
def test_the_text_of_a_change(text: str, changed: str) -> None:
    path = pulumi_esc.path_of("openai.key")
    assert pulumi_esc.with_secret(text, path, "k") == changed


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("openai.key", ("values", "openai", "key")),
        ('openai["a.b"].c', ("values", "openai", "a.b", "c")),
        (r'["a \"b\" \c"].d', ("values", 'a "b" c', "d")),
        ("list[0].key", ("values", "list", 0, "key")),
        ("pulumiConfig.openai:apiKey", ("values", "pulumiConfig", "openai:apiKey")),
        ("environmentVariables.OPENAI_API_KEY", ("values", "environmentVariables", "OPENAI_API_KEY")),
    ],
)
def test_a_property_path(text: str, path: tuple[str | int, ...]) -> None:
    assert pulumi_esc.path_of(text) == path


@pytest.mark.parametrize("text", ["", ".a", "a.", "a..b", "a[", "a[b]", "[0]", 'a["b', "a b]"])
def test_what_is_no_property_path(text: str) -> None:
    with pytest.raises(Refusal, match="is not a property path"):
        pulumi_esc.path_of(text)
