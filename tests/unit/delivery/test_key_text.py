"""No text that is shown has a key, or so much of it that the rest could be found."""

from __future__ import annotations

import pytest

from pulumi_openai_admin.delivery.key_text import fingerprint, masked

KEY = "sk-svcacct-q7Zt0Vb3Kx9Lm2Rp5Ws8Yd1Hf4J"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"no {KEY} here", "no *** here"),
        (f"{KEY}{KEY}", "******"),
        (f"wrapped {KEY[:20]}\n{KEY[20:]}", "wrapped ***\n***"),
        (f"cut {KEY[5:25]}", "cut ***"),
        ("nothing of it: sk-svcacct-", "nothing of it: sk-svcacct-"),
        (f"too little {KEY[-11:]}", f"too little {KEY[-11:]}"),
        ("", ""),
    ],
)
def test_a_key_and_its_parts_are_masked(text: str, shown: str) -> None:
    assert masked(text, KEY) == shown


def test_without_a_key_nothing_is_masked() -> None:
    assert masked("anything", "") == "anything"


def test_a_short_key_is_masked_as_a_whole() -> None:
    assert masked("it is abc", "abc") == "it is ***"


def test_a_fingerprint_tells_keys_apart_and_has_nothing_of_them() -> None:
    assert fingerprint(KEY) == fingerprint(KEY)
    assert fingerprint(KEY) != fingerprint(KEY[:-1] + "x")
    assert masked(fingerprint(KEY), KEY) == fingerprint(KEY)
