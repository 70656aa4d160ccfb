"""A fingerprint identifies a key, and reveals nothing of it."""

from __future__ import annotations

from pulumi_openai_admin.delivery.key_text import fingerprint
from pulumi_openai_admin.delivery.masking import Mask

KEY = "sk-svcacct-q7Zt0Vb3Kx9Lm2Rp5Ws8Yd1Hf4J"


def test_a_fingerprint_tells_keys_apart_and_has_nothing_of_them() -> None:
    assert fingerprint(KEY) == fingerprint(KEY)
    assert fingerprint(KEY) != fingerprint(KEY[:-1] + "x")
    assert not Mask(KEY).finds(fingerprint(KEY))
