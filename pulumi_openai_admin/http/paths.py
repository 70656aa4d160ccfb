"""Request paths below the base URL, with ids that cannot change the rest of the path."""

from __future__ import annotations

import re
from urllib.parse import quote

from typing_extensions import Self

from pulumi_openai_admin.errors import ConfigurationError

ROOTS = ("/organization/", "/projects/")
"""The beginnings of the paths of the Administration API, below the base URL."""
_PLACEHOLDER = re.compile(r"\{[^/]*\}?|<[^/]*>?|(?<=/):[^/]*|\$[^/]*|\[[^/]*\]?")
"""What documentation and programs have in place of an id: `{project_id}`, `<project_id>`, `:id`, `$id`, `[id]`."""
_ID = re.compile(r"[A-Za-z0-9._~!$&'()*+,;=:@-]+")
"""The characters that a part of a path can have without being encoded (RFC 3986)."""


def id_failure(value: str) -> str | None:
    """Why `value` is not valid as an id in a path; None if it is."""
    if not value:
        return "is empty"
    if not _ID.fullmatch(value) or set(value) == {"."}:
        return "is not an id: only letters, digits and -._~!$&'()*+,;=:@ are allowed"
    return None


def path_failure(path: str) -> str | None:
    """Why `path` is no path of the Administration API without placeholders, behind "path"; None if it is one."""
    if not path.startswith(ROOTS):
        return f"must begin with {' or '.join(ROOTS)}, without the base URL"
    placeholder = _PLACEHOLDER.search(path)
    if placeholder:
        return f"has the placeholder {placeholder[0]}: put the id in its place"
    if "?" in path or "#" in path:
        return "has a query. Remove the query, because the provider reads the pages of a list itself"
    for part in path[1:].split("/"):
        failure = id_failure(part)
        if failure:
            return "has an empty part: remove the slash" if not part else f"has the part {part!r}, which {failure}"
    return None


class RestrictedPath(str):
    """The path template of an endpoint that OpenAI serves to some organizations only.

    A handler that has it as its `path` needs nothing else: all paths that are made of it carry what it is for, and the
    response of an organization without access becomes `errors.NoAccessError`.

    Args:
        template: The template.
        feature: What the endpoint is for, for messages, plural: "external keys".
    """

    __slots__ = ("feature",)

    feature: str

    def __new__(cls, template: str, feature: str) -> Self:
        """A template, and what it is for."""
        made = super().__new__(cls, template)
        made.feature = feature
        return made

    def __add__(self, more: str) -> RestrictedPath:
        """The template of an object inside."""
        return RestrictedPath(f"{self}{more}", self.feature)


class Path(str):
    """A path below the base URL, with its template."""

    __slots__ = ("feature", "template")

    template: str
    feature: str
    """What the endpoint is for, if OpenAI serves it to some organizations only; empty otherwise."""

    @classmethod
    def of(cls, template: str, path: str) -> Path:
        """A path, and its template."""
        made = cls(path)
        made.template = template
        made.feature = feature_of(template)
        return made

    def __add__(self, more: str) -> Path:
        """The path of an object inside."""
        return Path.of(self.template + more, f"{self}{more}")


def feature_of(path: str) -> str:
    """What a path or a template is for, if OpenAI serves it to some organizations only; empty otherwise."""
    return path.feature if isinstance(path, RestrictedPath | Path) else ""


def fill(template: str, **ids: str) -> Path:
    """Fill ids into a path template, each percent-encoded.

    Ids of rate limits may contain colons and slashes. Parts that are `.` or `..` are refused, because a proxy could
    resolve them.
    """
    for name, value in ids.items():
        if not value or any(part in {"", ".", ".."} for part in value.split("/")) or not value.isprintable():
            what = f"{name} can't be part of a request's path: {value!r}"
            raise ConfigurationError(what, "Check the resource's id in the program and in the state.")
    return Path.of(template, template.format(**{name: quote(value, safe="") for name, value in ids.items()}))
