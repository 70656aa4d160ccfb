"""Keys are found in any text, in parts of any size, and nothing else is taken for one."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pulumi_openai_admin.cli.keys_in_text import LONGEST_KEY, candidates, decoded

BODY = st.text(string.ascii_letters + string.digits + "_-", min_size=40, max_size=160)
KEYS = st.builds("{}{}".format, st.sampled_from(["sk-proj-", "sk-admin-", "sk-svcacct-"]), BODY).filter(
    lambda key: key.count("sk-") == 1
)
AROUND = st.text(max_size=60).filter(lambda text: "sk-" not in text)
INSIDE = set(string.ascii_letters + string.digits + "_-*•….")
LEGACY = f"sk-{'aB3' * 16}"


def found(text: str, size: int = 1_000_000) -> dict[str, list[int]]:
    parts = (text[start : start + size] for start in range(0, len(text), size))
    return {it.value: it.lines for it in candidates(parts) if it.is_whole}


@given(before=AROUND, key=KEYS, after=AROUND, size=st.integers(1, 70), encoding=st.sampled_from(["utf-8", "utf-16"]))
@example(before="\0", key=f"sk-proj-{'a' * 40}", after="", size=1, encoding="utf-8")
@example(before="=", key=f"sk-proj-{'a' * 40}", after="", size=1, encoding="utf-16")
def test_a_key_is_found_exactly_in_any_text(before: str, key: str, after: str, size: int, encoding: str) -> None:
    if after[:1] in INSIDE:
        after = f" {after}"
    text = f".{before}{key}{after}".encode("utf-8", "replace").decode()
    data = text.encode(encoding)
    parts = decoded(data[start : start + size] for start in range(0, len(data), size))
    (only,) = candidates(parts)
    assert (only.value, only.is_whole, only.count) == (key, True, 1)
    assert only.lines == [text[: text.index(key)].count("\n") + 1]


@pytest.mark.parametrize("key", [LEGACY, f"sk-proj-{'a' * 60}"])
@pytest.mark.parametrize(
    "form",
    [
        "OPENAI_API_KEY={}",
        '"{}",',
        "export OPENAI_API_KEY='{}'",
        "Authorization: Bearer {}",
        "-{}",
        "+  key: {}  # old",
        "**{}**",
        "<{}>",
        "The key is {}.",
        "https://x/?key={}&a=b",
        "`{}`",
    ],
)
def test_forms_in_which_people_write_keys(key: str, form: str) -> None:
    assert found(f"\n{form.format(key)}\n") == {key: [2]}


def test_each_key_has_all_its_lines() -> None:
    first, second = f"sk-proj-{'a' * 60}", f"sk-proj-{'b' * 60}"
    text = f"{first}\n{second} {first}\n\n{first} {first}{second}"
    for size in (1, 7, 1000):
        assert found(text, size) == {first: [1, 2, 4], second: [2, 4]}


@pytest.mark.parametrize("text", ["sk-…abc", "sk-***", "sk-proj-...wxyz", f"{LEGACY}...", f"sk-proj-{'x' * 60}"])
def test_what_is_masked_or_cut_is_not_a_whole_key(text: str) -> None:
    (only,) = candidates([f"key: {text}\n"])
    assert (only.is_whole, only.hint.partition("...")[2]) == (
        False,
        re.split("[.…*]", text)[-1][:4] * ("xxxx" not in text),
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "sk-learn",
        "sk-SK",
        "task-" + "a" * 60,
        "disk-Aa1" + "a" * 60,
        "sk-learn-contrib-and-many-more-words-with-hyphens",
        f"sk-{'aB3' * LONGEST_KEY}",
    ],
)
def test_what_is_no_key(text: str) -> None:
    assert candidates([text]) == []


def test_keys_in_utf16_without_a_mark() -> None:
    for encoding in ("utf-16-le", "utf-16-be"):
        parts = decoded([f"a={LEGACY};".encode(encoding)])
        assert [it.value for it in candidates(parts)] == [LEGACY]


def test_a_large_text_without_spaces_is_read_in_parts() -> None:
    assert found("a" * 300_000 + f"={LEGACY}=" + "b" * 300_000, 4096) == {LEGACY: [1]}
