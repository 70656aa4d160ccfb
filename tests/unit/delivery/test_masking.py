from __future__ import annotations

import base64
import json
import logging

import pytest

from pulumi_openai_admin.delivery.secret_store import Mask, fingerprint, unlogged

KEY = "sk-svcacct-" + "Zx9Qw7Lm2Kp4Rt6Yv8Bn"
REFUSED = "User: arn:aws:iam::123456789012:user/ci is not authorized to perform: secretsmanager:PutSecretValue"


@pytest.mark.parametrize(
    "echoed",
    [
        KEY,
        KEY[4:],
        KEY[:-6],
        KEY[6:-4],
        KEY.encode().hex(),
        base64.b64encode(KEY.encode()).decode(),
        base64.b64encode(b"1" + KEY.encode() + b"1").decode(),
        base64.b64encode(b"12" + KEY.encode() + b"12").decode(),
        base64.urlsafe_b64encode(b'{"data": "' + KEY.encode() + b'"}').decode(),
        json.dumps({"value": KEY}),
    ],
)
def test_a_key_is_masked_in_every_form(echoed: str) -> None:
    shown = Mask(KEY)(f"before {echoed} after")
    assert "***" in shown
    assert shown.startswith("before ")
    assert shown.endswith(" after")
    for start in range(len(echoed) - 16):
        assert echoed[start : start + 16] not in shown
    assert Mask(KEY)(echoed) != echoed


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"no {KEY} here", "no *** here"),
        (f"{KEY}{KEY}", "******"),
        (f"wrapped {KEY[:16]}\n{KEY[16:]}", "wrapped ***\n***"),
        (f"cut {KEY[5:25]}", "cut ***"),
        (f"the end of {KEY[-12:]}", "the end of ***"),
        (f"{KEY[:12]} begins it", "*** begins it"),
        ("too little c-Zx9Qw7Lm2", "too little c-Zx9Qw7Lm2"),
        ("", ""),
        (REFUSED, REFUSED),
    ],
)
def test_a_part_of_a_key_is_masked(text: str, shown: str) -> None:
    assert Mask(KEY)(text) == shown


def test_keys_that_are_not_known_are_found_by_their_look() -> None:
    encoded = base64.b64encode(KEY.encode()).decode()
    assert Mask()(f"a {KEY} b {encoded} c") == "a *** b *** c"


def test_other_members_of_a_document_are_masked_as_a_whole() -> None:
    mask = Mask()
    mask.add(["hunter2-hunter2", 'quoted"value', "short", 7, None])
    shown = mask('hunter2-hunter2 hunter2 short {"a": "quoted\\"value"} 7')
    assert shown == '*** hunter2 short {"a": "***"} 7'


def test_a_fingerprint_tells_keys_apart_and_has_nothing_of_them() -> None:
    assert fingerprint(KEY) == fingerprint(KEY)
    assert fingerprint(KEY) != fingerprint(KEY[:-1] + "x")
    assert Mask(KEY)(fingerprint(KEY)) == fingerprint(KEY)


def test_lines_with_the_key_are_dropped_and_others_are_not(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    with unlogged(Mask(KEY)):
        logger = logging.getLogger("made.meanwhile")
        logger.debug("body: %s", {"value": KEY})
        logger.warning("it failed", exc_info=ValueError(KEY))
        logger.warning("%d", KEY)  # which can't be formatted: the handler would print the arguments
        logger.debug("status: %s", 200)
    assert [record.getMessage() for record in caplog.records] == ["status: 200"]
    assert KEY not in capsys.readouterr().err
