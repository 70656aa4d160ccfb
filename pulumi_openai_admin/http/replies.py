"""Pure functions from status, headers and body of a response to facts and errors."""

from __future__ import annotations

import base64
import json
import re
from datetime import UTC
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from pulumi_openai_admin import errors, remedies
from pulumi_openai_admin.config import DEFAULT_BASE_URL, SettingName, Settings
from pulumi_openai_admin.printable import printable
from pulumi_openai_admin.remedies import Advice, Message
from pulumi_openai_admin.schema.paths import feature_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pulumi_openai_admin.http.call import Call

ADVICE = {
    "organization_rate_limit_exceeded": "Set {field} to {most}, or ask OpenAI to raise the organization's limit first.",
    "rate_limit_does_not_exist_for_org_and_model": (
        "The model is listed, but not enabled for the organization. Remove it from the program, or ask OpenAI to "
        "enable the model first."
    ),
    "rate_limit_not_updatable": (
        "OpenAI does not allow changes to this rate limit. Fine-tuned and shared models use the limits of their base "
        "model; set those instead."
    ),
    "invalid_rate_limit_type": (
        "This limit does not apply to the model, although OpenAI lists a value. Remove the field from the program."
    ),
}
"""By code, for messages only: an entry changes no behavior. One or two full sentences. `{field}` and `{most}` are the
limit and the maximum that the error message names."""

NOT_FOR_MODEL = frozenset({"rate_limit_does_not_exist_for_org_and_model", "rate_limit_not_updatable"})
"""Codes that say: no limit of the model can be changed, whatever the value."""

NOT_FOR_FIELD = frozenset({"invalid_rate_limit_type"})
"""Codes that say: this limit of the model can't be changed, whatever the value."""

NO_CONFLICT = NOT_FOR_MODEL | NOT_FOR_FIELD | {"organization_rate_limit_exceeded"}
"""Codes of a 409 that say why OpenAI refuses the value, so the same request can't succeed later. Their reason is not
that a project is archived, nor the organization's policy for API keys."""

NEVER_CLEARS = frozenset({"project_spend_limit_exceeded", "organization_spend_limit_exceeded", "insufficient_quota"})
"""Codes of a 429 for which waiting does not help."""

_CEILING = r"organization rate limit of (\d+(?:\.\d+)?)"

_SCOPES = r"[Mm]issing scopes?:\s*([A-Za-z0-9_.,\s]+?)(?:\.\s|\.?$)"


def field_in(message: str) -> str | None:
    """The limit that an error message names."""
    found = re.search(r"\b((?:max|batch)_[a-z0-9_]+)", message)
    return found.group(1) if found else None


def ceiling_in(message: str) -> int | None:
    """The limit of the organization in an error message, which OpenAI prints as a float."""
    found = re.search(_CEILING, message)
    return int(float(found.group(1))) if found else None


def scopes_in(message: str) -> list[str] | None:
    """The scopes that an error message names as missing."""
    found = re.search(_SCOPES, message)
    return found.group(1).replace(",", " ").split() if found else None


_OPENAIS_ADVICE = r"(?s)\s*Check that you have the correct role\b.*"
"""What OpenAI advises after the missing scopes: the error says it in its own words."""
_NOT_SERVED = r"(?i)unsupported endpoint"
_OF_ORGANIZATION = r"(?i)\borganization\b"
_DENIED = r"(?i)\b(access|available|enabled|eligible)\b"
_OF_THE_KEY = r"(?i)\b(scopes?|permissions?)\b"


def denied_feature(call: Call, status: int, message: str) -> str:
    """What the organization has no access to, if the response says so; empty otherwise."""
    if status == HTTPStatus.NOT_FOUND:
        is_denied = bool(re.match(_NOT_SERVED, message))
    else:
        names_organization = re.search(_OF_ORGANIZATION, message) and re.search(_DENIED, message)
        is_denied = status == HTTPStatus.FORBIDDEN and bool(names_organization) and not re.search(_OF_THE_KEY, message)
    return feature_of(call.path) if is_denied else ""


_MASK = "***"
_SHORTEST = 16
"""Keys are longer. A shorter string, as for an emulator, may be a part of a name, which must stay as it is."""
_ESCAPE = r"(?s)\\(?:u00([2-7][0-9a-fA-F])|(.))"


class KeyMask:
    """Masks one key, whatever it looks like: also one that does not begin with `sk-`.

    It is applied to a response before anything else reads it. So no message, log or state can have the key.

    Args:
        key: The key. Secret.
    """

    def __init__(self, key: str) -> None:
        self._forms = forms_of(key) if len(key) >= _SHORTEST else ()

    def text(self, text: str) -> str:
        """The text, with `***` in place of the key."""
        if self._forms and "\\" in text:
            text = re.sub(_ESCAPE, _unescaped, text)
        for form in self._forms:
            text = text.replace(form, _MASK)
        return text

    def body(self, body: bytes) -> bytes:
        """A body, in JSON or any other format, with `***` in place of the key."""
        return self.text(body.decode("latin-1")).encode("latin-1")


def _unescaped(found: re.Match[str]) -> str:
    """A character of JSON with the shortest escape that it needs, which leaves the document the same."""
    char = chr(int(found[1], 16)) if found[1] else found[2]
    if char == "/" or (found[1] and char.isprintable()):
        return json.dumps(char)[1:-1]
    return found[0]


def forms_of(key: str) -> tuple[str, ...]:
    """The key as it is, and as it stands in JSON, in a URL, in HTML, in hexadecimal and in base64."""
    import html  # noqa: PLC0415 - it loads a table of thousands of characters

    raw = key.encode()
    escaped = json.dumps(key)[1:-1]
    forms = [key, escaped, quote(key, safe=""), html.escape(key), raw.hex(), raw.hex().upper()]
    for before in range(3):  # the place in a group of three bytes where it begins
        encoded = base64.b64encode(b"\0" * before + raw).decode()
        # The characters at both ends also hold bits of what surrounds the key.
        inner = encoded[(0, 2, 3)[before] :].rstrip("=")[: -1 if (before + len(raw)) % 3 else None]
        forms += [inner, inner.replace("+", "-").replace("/", "_")]
    return tuple(dict.fromkeys(forms))


UNKNOWN_PATH_CODE = "unknown_url"
"""The code of a 404 for a path that OpenAI does not have."""

_ABOUT_THE_PATH = r"(?i)unsupported endpoint|invalid url"
_AMBIGUOUS = "endpoint"
"""A noun that may be about the path: "Endpoint not found" says nothing about a webhook endpoint."""
_ID_FIELD = r"(.+)_ids?"


def is_about_object(call: Call, message: str, code: str) -> bool:
    """Return whether a 404 says that an object of the request does not exist. Its code may be empty."""
    if code == UNKNOWN_PATH_CODE or re.match(_ABOUT_THE_PATH, message):
        return False
    if code.endswith(("not_found", "does_not_exist")):
        return True
    text = message.replace(unquote(call.path), " ").replace(call.path, " ").lower()
    return any(_has(text, id_.lower()) for id_ in _ids(call)) or any(_has(text, noun) for noun in _nouns(call))


def _has(text: str, word: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(word)}s?(?![\w-])", text) is not None


def _ids(call: Call) -> Iterator[str]:
    parts = call.path.strip("/").split("/")
    for part, name in zip(reversed(parts), reversed(call.endpoint), strict=False):
        if not name:
            yield unquote(part)
    for name, value in (call.body or {}).items():
        if re.fullmatch(_ID_FIELD, name):
            yield from (item for item in (value if isinstance(value, list) else [value]) if isinstance(item, str))


def _nouns(call: Call) -> Iterator[str]:
    """What the path and the body call the objects: `service account` and `account` for `service_accounts`."""
    names = [name.removesuffix("s") for name in call.endpoint[1:] if name]
    names += [found.group(1) for found in (re.fullmatch(_ID_FIELD, name) for name in call.body or {}) if found]
    for name in names:
        yield name
        yield name.replace("_", " ")
        if (last := name.rpartition("_")[2]) != _AMBIGUOUS:
            yield last


_MAX_QUOTE = 300

_OTHER_ORGANIZATION = "mismatched_organization"
"""The code of a 401 if the header `OpenAI-Organization` does not name the key's organization."""

_KEY_SHAPED = r"\bsk-[A-Za-z0-9*_-]{6,}"
_WHSEC_SHAPED = r"\bwhsec_[A-Za-z0-9*+/=_-]{4,}"
_DURATION = r"(\d+(?:\.\d+)?)\s*(ms|milliseconds?|h|hours?|m|min|minutes?|s|sec|seconds?)(?![a-z])"
_ADVICE = r"(?i)(?:try again|retry)\s+(?:after|in)\s+((?:\d+(?:\.\d+)?\s*[a-z]+[\s,]*)+)"
_TAG = r"<[^>]{0,500}>"


def parse_facts(status: int, headers: Mapping[str, str], body: bytes, call: Call) -> errors.ResponseFacts:
    """Read an error response in any of OpenAI's four formats."""
    message, code, is_openais = _understood(status, body)
    return errors.ResponseFacts(
        status=status,
        message=message,
        code=code,
        is_openais=is_openais,
        denied_feature=denied_feature(call, status, message) if is_openais else "",
        is_about_object=status != HTTPStatus.NOT_FOUND or is_about_object(call, message, code),
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
        return _quote(re.sub(_TAG, " ", text)), "", False
    # If OpenAI refuses a key, the response has `error`; a 401 without it is from another server.
    is_object = isinstance(parsed, dict) and (status != HTTPStatus.UNAUTHORIZED or "error" in parsed)
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
    redacted = re.sub(_WHSEC_SHAPED, "whsec_…", re.sub(_KEY_SHAPED, "sk-…", text))  # or a part of one
    flat = printable(" ".join(redacted.split()))
    return flat if len(flat) <= _MAX_QUOTE else flat[: _MAX_QUOTE - 1] + "…"


def parse_date(value: str) -> float | None:
    """Header `Date` as seconds since 1970, None if it is invalid. Its time zone is always UTC."""
    try:
        date = parsedate_to_datetime(value)
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()
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
    advice = re.search(_ADVICE, message)
    if advice is None:
        return None
    seconds = {"h": 3600.0, "m": 60.0, "s": 1.0}
    parts = re.findall(_DURATION, advice.group(1).lower())
    waits = (
        float(number) * (0.001 if unit.startswith(("ms", "milli")) else seconds[unit[0]]) for number, unit in parts
    )
    return sum(waits) if parts else None


def status_error(
    facts: errors.ResponseFacts, action: str, settings: Settings, max_wait: str | SettingName
) -> errors.StatusError:
    """The error for a response.

    Args:
        action: What the request does: it completes `Could not …`.
        settings: The settings of the request: the source of the key, for a 401, and their names.
        max_wait: The setting with the time limit of the operation.
    """
    what = f"Could not {action}"
    message = re.sub(_OPENAIS_ADVICE, "", facts.message) if scopes_in(facts.message) else facts.message
    said = f": {message.rstrip('.')}" if message else ""
    status = facts.status
    if status < HTTPStatus.BAD_REQUEST:
        return errors.RedirectError(
            f"{what}: the server returned a redirect. It is not followed, because that would send the key to another "
            "address",
            Advice("Set ", settings.name("baseUrl"), " to the final address."),
            facts,
        )
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return _too_many(facts, what, said, max_wait)
    if status == HTTPStatus.REQUEST_TIMEOUT or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return errors.InternalServerError(f"{what}{said}", Advice(remedies.RUN_AGAIN, " in a few minutes."), facts)
    if facts.denied_feature or not facts.is_openais or not facts.is_about_object:
        return _not_about_object(facts, what, said, settings)
    if status == HTTPStatus.UNAUTHORIZED:
        return _unauthenticated(facts, what, said, settings)
    kind: type[errors.StatusError] = errors.BadRequestError
    advice: str | Advice = Advice(remedies.CORRECT_PROGRAM, ".")
    if status == HTTPStatus.FORBIDDEN:
        kind, advice = errors.PermissionDeniedError, _scope_advice(facts.message, settings)
    elif status == HTTPStatus.NOT_FOUND:
        kind, advice = errors.NotFoundError, "Check the id, and that the key belongs to its organization."
    elif status == HTTPStatus.CONFLICT and facts.code not in NO_CONFLICT:
        kind = errors.ConflictError
        advice = Advice("Another change was in progress, or the object already exists. ", remedies.RUN_AGAIN, ".")
    return kind(f"{what}{said}", _advice_on(facts) or advice, facts)


def _not_about_object(facts: errors.ResponseFacts, what: str, said: str, settings: Settings) -> errors.StatusError:
    feature = facts.denied_feature
    if feature:
        advice = f"Ask OpenAI for access to {feature}. Until then, remove them from the program."
        return errors.NoAccessError(f"{what}: the organization has no access to {feature}{said}", advice, facts)
    check = Advice(
        "Check ", settings.name("baseUrl"), f", normally {DEFAULT_BASE_URL}, and the proxy, if there is one."
    )
    if not facts.is_openais or facts.code == UNKNOWN_PATH_CODE:
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
    missing = scopes_in(message)
    if not missing:
        return f"Use an {noun} with this permission, or ask an organization owner for one."
    them = "that scope, or use a key that has it" if len(missing) == 1 else "these scopes, or use a key that has them"
    return f"Give the {noun} {them}."


def _too_many(facts: errors.ResponseFacts, what: str, said: str, max_wait: str | SettingName) -> errors.StatusError:
    if facts.code in NEVER_CLEARS:
        raised = "Raise the spend limit or add credit under Settings > Billing and Limits, then "
        advice = _advice_on(facts) or Advice(raised, remedies.RUN_AGAIN, ".")
        return errors.SpendLimitError(f"{what}{said}", advice, facts)
    return errors.RateLimitError(
        Message(f"{what}: the Administration API rate limit did not clear within ", max_wait, said),
        _advice_on(facts) or Advice(remedies.RUN_AGAIN, " to continue. Raise ", max_wait, " to wait longer."),
        facts,
    )


def _advice_on(facts: errors.ResponseFacts) -> Advice | None:
    """What to do about an error code; None if nothing is known."""
    advice = ADVICE.get(facts.code)
    if advice is None:
        return None
    ceiling = ceiling_in(facts.message)
    most = "a lower value" if ceiling is None else f"at most {ceiling}"
    return Advice(advice.format(field=field_in(facts.message) or "the limit", most=most))
