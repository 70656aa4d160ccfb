"""What leaves the emulator: a whole response, an end of the connection without one, and errors in OpenAI's shapes.

The usual body of an error is `{"error": {"message", "type", "param", "code"}}` (ErrorResponse in the specification).
Two others were seen: `{"code": 404, "message": …}` with no wrapper (the examples of the rate limit endpoints), and a
bare string under `error` (a key without the scope).
"""

from __future__ import annotations

import json
import math
import time
from dataclasses import KW_ONLY, dataclass, field, replace
from email.utils import formatdate
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence


JSON_TYPE = "application/json"


@dataclass(frozen=True)
class Reply:
    """A status, headers, and a body that may break off."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = JSON_TYPE
    sent_bytes: int | None = None
    """How much of the body is sent before the connection closes; None for all of it."""
    stream: AsyncIterator[bytes] | None = None
    """Instead of a body: what is sent as it comes, until the client closes the connection."""

    @classmethod
    def of_json(cls, status: int, content: object, headers: dict[str, str] | None = None) -> Reply:
        """Make a response of anything that JSON can say."""
        return cls(status, json.dumps(content).encode(), headers or {})

    def edited(self, edit: Callable[[dict[str, Any]], None]) -> Reply:
        """Give the same response with a change to its JSON object; a refusal stays as it is."""
        if not HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES:
            return self
        content = json.loads(self.body)
        edit(content)
        return replace(self, body=json.dumps(content).encode())


@dataclass(frozen=True)
class Reset:
    """The connection is reset, and no byte is sent."""


Ending = Reply | Reset


Shape = Literal["usual", "bare", "string", "html", "empty"]
Advice = Literal["retry-after-ms", "retry-after", "retry-after-date", "text", "none"]


@dataclass(eq=False)
class Refused(Exception):
    """A call for which the emulator returns an error."""

    status: int
    message: str
    _: KW_ONLY
    code: str | None = None
    param: str | None = None
    kind: str = "invalid_request_error"
    shape: Shape = "usual"
    headers: dict[str, str] = field(default_factory=dict)

    def reply(self) -> Reply:
        if self.shape == "html":
            page = f"<html><head><title>{self.status}</title></head><body><h1>{self.message}</h1></body></html>\n"
            return Reply(self.status, page.encode(), self.headers, content_type="text/html; charset=utf-8")
        if self.shape == "empty":
            return Reply(self.status, headers=self.headers)
        content: dict[str, Any] = {"message": self.message, "type": self.kind, "param": self.param, "code": self.code}
        wrapped = {"bare": {"code": self.status, "message": self.message}, "string": {"error": self.message}}
        return Reply.of_json(self.status, wrapped.get(self.shape, {"error": content}), self.headers)


def not_found(what: str, identifier: str, shape: Shape = "usual") -> Refused:
    """Refuse an id that nothing has."""
    return Refused(404, f"The {what} {identifier} was not found", code="not_found", shape=shape)


def slow_down(wait: float, advice: Advice, code: str = "rate_limit_exceeded") -> Reply:
    """Answer 429, with the wait in one place or in none."""
    seconds = math.ceil(wait)
    headers: dict[Advice, dict[str, str]] = {
        "retry-after": {"retry-after": str(seconds)},
        "retry-after-ms": {"retry-after-ms": str(math.ceil(wait * 1000))},
        "retry-after-date": {"retry-after": formatdate(time.time() + seconds, usegmt=True)},
    }
    when = f" and try again after {round(wait, 3)} seconds" if advice == "text" else ""
    message = f"You've exceeded the rate limit, please slow down{when}."
    return Refused(429, message, code=code, headers=headers.get(advice, {})).reply()


def from_validation(
    problems: Sequence[Mapping[str, Any]], sent: object = None, lists_of_objects: Collection[str] = ()
) -> Refused:
    """Turn the first thing pydantic found into the 400 that OpenAI returns, never a 422.

    `sent`: the body, where there is one. `lists_of_objects`: its fields that take such a list; others take strings.
    """
    problem = problems[0]
    kind, context = problem["type"], problem.get("ctx", {})
    place = list(problem["loc"])
    if sent is not None:
        place = _without_types(place, sent, is_missing=kind == "missing")
    if kind in ("union_tag_not_found", "union_tag_invalid"):
        place.append(context["discriminator"].strip("'"))
    if not place:
        return Refused(400, str(context["error"]) if kind == "value_error" else _ABOUT_THE_WHOLE.get(kind, _NO_OBJECT))
    # `scopes[0]`, as OpenAI spells it
    param = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place).lstrip(".")
    message, code = _ABOUT_A_FIELD.get(kind, _INVALID_TYPE)
    given = problem.get("input")
    words = {"param": param, "given": given, "got": _json_type(given), "length": len(str(given))}
    wanted = _EXPECTED.get(kind.partition("_")[0], "another type")
    words["wanted"] = "an array of objects" if param in lists_of_objects else wanted
    return Refused(400, message.format(**{**words, **context}), code=code, param=param)


def _without_types(place: Sequence[str | int], sent: Any, *, is_missing: bool) -> list[str | int]:
    """Omit what pydantic adds for a union: the name of the type that it tried."""
    kept: list[str | int] = []
    for part in place[:-1] if is_missing else place:
        if isinstance(part, int) or (isinstance(sent, dict) and part in sent):
            kept.append(part)
            sent = sent[part]
    return [*kept, place[-1]] if is_missing else kept


_NO_OBJECT = "Invalid body: expected a JSON object."
_ABOUT_THE_WHOLE = {
    "json_invalid": "We could not parse the JSON body of your request. The API expects a JSON payload.",
    "missing": "Missing required request body.",
}
_EXPECTED = {
    "int": "an integer",
    "string": "a string",
    "bool": "a boolean",
    "list": "an array of strings",
    "model": "an object",
}

_ABOUT_A_FIELD = {
    "missing": ("Missing required parameter: '{param}'.", "missing_required_parameter"),
    "extra_forbidden": ("Unknown parameter: '{param}'.", "unknown_parameter"),
    "literal_error": ("Invalid value: '{given}'. Supported values are: {expected}.", "invalid_value"),
    "greater_than_equal": (
        "Invalid '{param}': integer below minimum value. Expected a value >= {ge}, but got {given} instead.",
        "integer_below_min_value",
    ),
    "less_than_equal": (
        "Invalid '{param}': integer above maximum value. Expected a value <= {le}, but got {given} instead.",
        "integer_above_max_value",
    ),
    "string_too_short": ("Invalid '{param}': empty string.", "empty_string"),
    "string_too_long": (
        (
            "Invalid '{param}': string too long. Expected a string with maximum length {max_length}, but got "
            "a string with length {length} instead."
        ),
        "string_above_max_length",
    ),
    "string_pattern_mismatch": (
        "Invalid '{param}': string does not match pattern. Expected a string that matches the pattern '{pattern}'.",
        "invalid_value",
    ),
    "too_short": (
        (
            "Invalid '{param}': empty array. Expected an array with minimum length {min_length}, but got an empty "
            "array instead."
        ),
        "empty_array",
    ),
    "too_long": (
        (
            "Invalid '{param}': array too long. Expected an array with maximum length {max_length}, but got "
            "an array with length {actual_length} instead."
        ),
        "array_above_max_length",
    ),
    "union_tag_not_found": ("Missing required parameter: '{param}'.", "missing_required_parameter"),
    "union_tag_invalid": ("Invalid value: '{tag}'. Supported values are: {expected_tags}.", "invalid_value"),
}
"""The message and the code for each type of problem that pydantic reports."""

_INVALID_TYPE = ("Invalid type for '{param}': expected {wanted}, but got {got} instead.", "invalid_type")


def _json_type(given: object) -> str:
    if given is None:
        return "null"
    names = ((bool, "a boolean"), (int, "an integer"), (float, "a decimal"), (str, "a string"), (dict, "an object"))
    return next((name for kind, name in names if isinstance(given, kind)), "an array")
