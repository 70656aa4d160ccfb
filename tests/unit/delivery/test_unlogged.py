from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from pulumi_openai_admin.delivery.masking import Mask
from pulumi_openai_admin.delivery.unlogged import unlogged

if TYPE_CHECKING:
    import pytest

KEY = "sk-svcacct-" + "Zx9Qw7Lm2Kp4Rt6Yv8Bn"


def test_lines_with_the_key_are_dropped_and_others_are_not(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with unlogged(Mask(KEY)):
        logging.getLogger("made.meanwhile").debug("body: %s", {"value": KEY})
        logging.getLogger("made.meanwhile").debug("status: %s", 200)
    assert [record.getMessage() for record in caplog.records] == ["status: 200"]


def test_the_key_of_a_traceback_is_seen(caplog: pytest.LogCaptureFixture) -> None:
    with unlogged(Mask(KEY)):
        logging.getLogger("made.meanwhile").warning("it failed", exc_info=ValueError(KEY))
    assert not caplog.records


def test_a_line_that_cannot_be_formatted_is_dropped(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    with unlogged(Mask(KEY)):
        logging.getLogger("made.meanwhile").warning("%d", KEY)
    assert not caplog.records
    assert KEY not in capsys.readouterr().err


def test_afterwards_everything_is_logged_again(caplog: pytest.LogCaptureFixture) -> None:
    with unlogged(Mask(KEY)):
        pass
    logging.getLogger("made.meanwhile").warning("%s", KEY)
    assert KEY in caplog.text
