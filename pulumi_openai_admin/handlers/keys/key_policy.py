"""Refusals of the creation of an API key, and the organization's policy that may be their reason.

Since September 2026 an organization can allow keys of service accounts only, or none. How OpenAI's refusal then reads
is not documented, so no code is expected here.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from pulumi_openai_admin import errors, remedies
from pulumi_openai_admin.http import replies
from pulumi_openai_admin.remedies import Advice

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

_POLICY = (
    " If the organization allows API keys of service accounts only, or none, an owner can change this policy in "
    "OpenAI's dashboard, in the organization's settings for API keys. Then "
)


@contextmanager
def explained_refusal(body: Mapping[str, Any]) -> Iterator[None]:
    """Create a key. If OpenAI refuses it without another reason, name the policy that may be the reason.

    Args:
        body: The properties that are sent. A refusal that names one of them is about that.

    Raises:
        StatusError: OpenAI's refusal, of the same class.
    """
    try:
        yield
    except errors.StatusError as refusal:
        if not _may_be_policy(refusal, body):
            raise
        advice = Advice(refusal.guidance, _POLICY, remedies.RUN_AGAIN, ".")
        raise type(refusal)(refusal.what, advice, refusal.facts) from refusal


def _may_be_policy(refusal: errors.StatusError, body: Mapping[str, Any]) -> bool:
    """Whether a refusal has no other reason that is known."""
    if isinstance(refusal, errors.NoAccessError) or not isinstance(
        refusal, errors.BadRequestError | errors.PermissionDeniedError
    ):
        return False
    message = refusal.facts.message
    is_explained = refusal.facts.code in replies.NO_KEY_POLICY or replies.scopes_in(message) is not None
    return not is_explained and not any(name in message for name in body)
