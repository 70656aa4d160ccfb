"""Pure functions from status, headers and body of a response to facts and errors."""

from __future__ import annotations

import json
import re
from datetime import timezone
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import errors, remedies
from pulumi_openai_admin.config import DEFAULT_BASE_URL
from pulumi_openai_admin.http import access, error_codes, not_found
from pulumi_openai_admin.printable import printable
from pulumi_openai_admin.remedies import Advice, Message

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.config import SettingName, Settings
    from pulumi_openai_admin.http.call import Call

_FIRST_REFUSAL = 400
_UNAUTHENTICATED = 401
_NOT_FOUND = 404
_REQUEST_TIMEOUT = 408
_CONFLICT = 409
_TOO_MANY = 429
_FIRST_SERVER_ERROR = 500
_MAX_QUOTE = 300

_OTHER_ORGANIZATION = "mismatched_organization"
"""The code of a 401 if the header `OpenAI-Organization` does not name the key's organization."""

_KEY_SHAPED = re.compile(r"\bsk-[A-Za-z0-9*_-]{6,}")
_SIGNING_SECRET = re.compile(r"\bwhsec_[A-Za-z0-9*+/=_-]{4,}")
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|milliseconds?|h|hours?|m|min|minutes?|s|sec|seconds?)(?![a-z])")
_ADVICE = re.compile(r"(?:try again|retry)\s+(?:after|in)\s+((?:\d+(?:\.\d+)?\s*[a-z]+[\s,]*)+)", re.IGNORECASE)
_TAG = re.compile(r"<[^>]{0,500}>")


def redact(text: str) -> str:
    """Remove everything that looks like a key or a signing secret, or a part of one."""
    return _SIGNING_SECRET.sub("whsec_…", _KEY_SHAPED.sub("sk-…", text))


def parse_facts(status: int, headers: Mapping[str, str], body: bytes, call: Call) -> errors.ResponseFacts:
    """Read an error response in any of OpenAI's four formats."""
    message, code, is_openais = _understood(status, body)
    return errors.ResponseFacts(
        status=status,
        message=message,
        code=code,
        is_openais=is_openais,
        denied_feature=access.denied_feature(call, status, message) if is_openais else "",
        is_about_object=status != _NOT_FOUND or not_found.is_about_object(call, message, code),
        request_id=printable(headers.get("x-request-id", ""))[:100],
        answered_at=parse_date(headers.get("date", "")),
        wait=advised_wait(headers, message),
        should_retry={"true": True, "false": False}.get(headers.get("x-should-retry", "").lower()),
    )


def _understood(status: int, body: bytes) -> tuple[str, str, bool]:
    """Message and code, and whether the body has a format of OpenAI."""
    text = body.decode("utf-8", "replace")
    try:
        parsed: Any = json.loads(text)
    except (ValueError, RecursionError):
        return _quote(_TAG.sub(" ", text)), "", False
    # If OpenAI refuses a key, the response has `error`; a 401 without it is from another server.
    is_object = isinstance(parsed, dict) and (status != _UNAUTHENTICATED or "error" in parsed)
    holder = parsed.get("error", parsed) if isinstance(parsed, dict) else parsed
    if isinstance(holder, str):
        return _quote(holder), "", is_object
    if not isinstance(holder, dict):
        return "", "", is_object
    message, code = holder.get("message"), holder.get("code")
    # The bare format has the HTTP status as its code, which is not an error code.
    return (
        _quote(message) if isinstance(message, str) else "",
        printable(code)[:100] if isinstance(code, str) else "",
        is_object,
    )


def _quote(text: str) -> str:
    flat = printable(" ".join(redact(text).split()))
    return flat if len(flat) <= _MAX_QUOTE else flat[: _MAX_QUOTE - 1] + "…"


def parse_date(value: str) -> float | None:
    """Header `Date` as seconds since 1970, None if it is invalid. Its time zone is always UTC."""
    try:
        date = parsedate_to_datetime(value)
        return (date if date.tzinfo else date.replace(tzinfo=timezone.utc)).timestamp()
    except (TypeError, ValueError, OverflowError):
        return None


def advised_wait(headers: Mapping[str, str], message: str) -> float | None:
    """The wait that the response advises, in seconds.

    The order is `retry-after-ms`, `retry-after` (seconds or a date), and the message, which is often the only one.
    """
    milliseconds = _number(headers.get("retry-after-ms", ""))
    if milliseconds is not None:
        return milliseconds / 1000
    after = headers.get("retry-after", "")
    seconds = _number(after)
    if seconds is not None:
        return seconds
    then, now = parse_date(after), parse_date(headers.get("date", ""))
    if then is not None and now is not None:
        return max(0.0, then - now)
    return wait_in_text(message)


def _number(value: str) -> float | None:
    try:
        number = float(value)
    except ValueError:
        return None
    return number if 0 <= number < float("inf") else None


def wait_in_text(message: str) -> float | None:
    """The wait in a message: `try again after 6.937 seconds`, `in 1m30s`, `in 250ms`."""
    advice = _ADVICE.search(message)
    if advice is None:
        return None
    parts = _DURATION.findall(advice.group(1).lower())
    if not parts:
        return None
    return sum(float(number) * _unit_seconds(unit) for number, unit in parts)


def _unit_seconds(unit: str) -> float:
    if unit.startswith(("ms", "milli")):
        return 0.001
    return {"h": 3600.0, "m": 60.0, "s": 1.0}[unit[0]]


def status_error(
    facts: errors.ResponseFacts, action: str, settings: Settings, max_wait: str | SettingName
) -> errors.StatusError:
    """The error for a response.

    Args:
        facts: The facts of the response.
        action: What the request does: it completes `Could not …`.
        settings: The settings of the request: the source of the key, for a 401, and their names.
        max_wait: The setting with the time limit of the operation.
    """
    what = f"Could not {action}"
    said = f": {facts.message.rstrip('.')}" if facts.message else ""
    status = facts.status
    if status < _FIRST_REFUSAL:
        return errors.RedirectError(
            f"{what}: the server returned a redirect. It is not followed, because that would send the key to another "
            "address",
            Advice("Set ", settings.name("baseUrl"), " to the final address."),
            facts,
        )
    if status == _TOO_MANY:
        return _too_many(facts, what, said, max_wait)
    if status == _REQUEST_TIMEOUT or status >= _FIRST_SERVER_ERROR:
        return errors.InternalServerError(f"{what}{said}", Advice(remedies.RUN_AGAIN, " in a few minutes."), facts)
    if facts.denied_feature or not facts.is_openais or not facts.is_about_object:
        return _not_about_object(facts, what, said, settings)
    if status == _UNAUTHENTICATED:
        return _unauthenticated(facts, what, said, settings)
    kind, advice = {
        403: (errors.PermissionDeniedError, _scope_advice(facts.message, settings)),
        _NOT_FOUND: (errors.NotFoundError, "Check the id, and that the key belongs to its organization."),
    }.get(status) or _refused(facts)
    return kind(f"{what}{said}", _advice_on(facts) or advice, facts)


def _not_about_object(facts: errors.ResponseFacts, what: str, said: str, settings: Settings) -> errors.StatusError:
    feature = facts.denied_feature
    if feature:
        advice = f"Ask OpenAI for access to {feature}. Until then, remove them from the program."
        return errors.NoAccessError(f"{what}: the organization has no access to {feature}{said}", advice, facts)
    check = Advice(
        "Check ", settings.name("baseUrl"), f", normally {DEFAULT_BASE_URL}, and the proxy, if there is one."
    )
    if not facts.is_openais or facts.code == not_found.UNKNOWN_PATH_CODE:
        what = f"{what}: the response is not from OpenAI's Administration API{said}"
        return errors.UnexpectedResponseError(what, check, facts)
    what = f"{what}: the 404 does not say that the object was deleted{said}"
    return errors.UnrelatedNotFoundError(what, Advice(check, " If both are right, ask OpenAI's support."), facts)


_KEY_ADVICE = (
    "Use an Admin API key (sk-admin-…, not a project's key), created by an organization owner under "
    "Settings > Organization > Admin keys."
)


_PROJECT_KEY_ADVICE = "The key may have been revoked. Use a live API key of the project, not an Admin API key."


def _unauthenticated(
    facts: errors.ResponseFacts, what: str, said: str, settings: Settings
) -> errors.AuthenticationError:
    if settings.is_project_key:
        happened = Message(f"{what}: OpenAI does not accept the API key in ", settings.key_source, said)
        return errors.AuthenticationError(happened, _advice_on(facts) or _PROJECT_KEY_ADVICE, facts)
    if facts.code == _OTHER_ORGANIZATION:
        happened = Message(f"{what}: the admin key from ", settings.key_source, f" is for another organization{said}")
        name = settings.name("organization")
        advice = Advice("Use a key of the organization in ", name, ", or unset ", name, ".")
    else:
        happened = Message(f"{what}: OpenAI does not accept the admin key from ", settings.key_source, said)
        advice = _advice_on(facts) or Advice(_KEY_ADVICE)
    return errors.AuthenticationError(happened, Advice(advice, settings.other_key), facts)


def _scope_advice(message: str, settings: Settings) -> str:
    noun = "API key" if settings.is_project_key else "admin key"
    missing = error_codes.scopes_in(message)
    if not missing:
        return f"Use an {noun} with this permission, or ask an organization owner for one."
    them = "that scope, or use a key that has it" if len(missing) == 1 else "these scopes, or use a key that has them"
    return f"Give the {noun} {them}."


def _too_many(facts: errors.ResponseFacts, what: str, said: str, max_wait: str | SettingName) -> errors.StatusError:
    if facts.code in error_codes.NEVER_CLEARS:
        return errors.SpendLimitError(
            f"{what}{said}",
            _advice_on(facts)
            or Advice(
                "Raise the spend limit or add credit under Settings > Billing and WaitLimits, then ",
                remedies.RUN_AGAIN,
                ".",
            ),
            facts,
        )
    return errors.RateLimitError(
        Message(f"{what}: the Administration API rate limit did not clear within ", max_wait, said),
        _advice_on(facts) or Advice(remedies.RUN_AGAIN, " to continue. Raise ", max_wait, " to wait longer."),
        facts,
    )


def _refused(facts: errors.ResponseFacts) -> tuple[type[errors.BadRequestError], Advice]:
    if facts.status == _CONFLICT and facts.code not in error_codes.NO_CONFLICT:
        retry = Advice("Another change was in progress, or the object already exists. ", remedies.RUN_AGAIN, ".")
        return errors.ConflictError, retry
    return errors.BadRequestError, Advice(remedies.CORRECT_PROGRAM, ".")


def _advice_on(facts: errors.ResponseFacts) -> Advice | None:
    """What to do about an error code; None if nothing is known."""
    advice = error_codes.ADVICE.get(facts.code)
    if advice is None:
        return None
    field, ceiling = error_codes.field_in(facts.message), error_codes.ceiling_in(facts.message)
    most = "a lower value" if ceiling is None else f"at most {ceiling}"
    names = {"field": field or "the limit", "most": most}
    parts = (advice,) if isinstance(advice, str) else advice
    return Advice(*(part.format(**names) if isinstance(part, str) else part for part in parts))
