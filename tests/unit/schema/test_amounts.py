from __future__ import annotations

import pytest

from pulumi_openai_admin import OrganizationSpendAlert, ProjectSpendLimit
from pulumi_openai_admin.schema.formats import format_dollars
from pulumi_openai_admin.schema.validation import failure


@pytest.mark.parametrize(
    ("cents", "text"),
    [(100_000, "$1,000"), (1050, "$10.50"), (1, "$0.01"), (0, "$0"), (123_456_789, "$1,234,567.89")],
)
def test_cents_are_shown_as_dollars(cents: int, text: str) -> None:
    assert format_dollars(cents) == text


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (1000.50, "threshold_amount must be a whole number of cents, 1 or more, not 1000.5: $1,000.50 is 100050."),
        (0, "threshold_amount must be a whole number of cents, 1 or more, not 0."),
        ("$1,000", "threshold_amount must be a whole number of cents, 1 or more, not a string."),
        (None, "threshold_amount is missing: set it to a whole number of cents, 1 or more."),
        (float("inf"), "threshold_amount must be a whole number of cents, 1 or more, not inf."),
    ],
)
def test_the_error_of_an_amount_names_cents_and_how_dollars_are_written(value: object, message: str) -> None:
    assert failure(ProjectSpendLimit.declaration.fields["threshold_amount"], value, is_secret=False) == message


def test_a_secret_amount_is_not_shown_in_dollars_either() -> None:
    message = failure(OrganizationSpendAlert.declaration.fields["threshold_amount"], 99.5, is_secret=True)
    assert message == "threshold_amount must be a whole number of cents, 0 or more."
