"""Request paths below the base URL, with ids that cannot change the rest of the path."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from typing import Any, NamedTuple, Self
from urllib.parse import quote

from pulumi_openai_admin import errors
from pulumi_openai_admin.errors import ConfigurationError
from pulumi_openai_admin.printable import capitalized

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


class Path(str):
    """A path below the base URL, or the template of paths.

    Args:
        path: The path. A handler has a template as its `path`, from which all paths of its requests are made.
        feature: What the endpoint is for, plural, if OpenAI serves it to some organizations only: "external keys". If
            the organization has no access, the response becomes `errors.NoAccessError`.
        template: The template that the path is made from.
    """

    __slots__ = ("feature", "template")

    feature: str
    template: str

    def __new__(cls, path: str, feature: str = "", template: str = "") -> Self:
        """A path, what it is for, and its template."""
        made = super().__new__(cls, path)
        made.feature, made.template = feature, template or path
        return made

    def __add__(self, more: str) -> Path:
        """The path of an object inside, or the template of such paths."""
        return Path(f"{self}{more}", self.feature, f"{self.template}{more}")


def feature_of(path: str) -> str:
    """What a path or a template is for, if OpenAI serves it to some organizations only; empty otherwise."""
    return path.feature if isinstance(path, Path) else ""


def fill(template: str, **ids: str) -> Path:
    """Fill ids into a path template, each percent-encoded.

    Ids of rate limits may contain colons and slashes. Parts that are `.` or `..` are refused, because a proxy could
    resolve them.
    """
    for name, value in ids.items():
        if not value or any(part in {"", ".", ".."} for part in value.split("/")) or not value.isprintable():
            what = f"{name} can't be part of a request's path: {value!r}"
            raise ConfigurationError(what, "Check the resource's id in the program and in the state.")
    path = template.format(**{name: quote(value, safe="") for name, value in ids.items()})
    return Path(path, feature_of(template), template)


class Paging(Enum):
    """The kinds of lists, by where a page has the cursor of the next one."""

    LAST_ID = "last_id"
    """`next` if the page has it, else `last_id`; if both are null, the id of the last object."""
    NEXT = "next"
    """`next`: a token. The id of an object does not work in its place."""
    NEXT_PAGE = "next_page"
    """`next_page`: a token, of reports in buckets of time."""

    @property
    def parameter(self) -> str:
        """The query parameter that takes the cursor."""
        return "page" if self is Paging.NEXT_PAGE else "after"

    def cursor(self, page: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], identity: str) -> object:
        """The cursor of the next page; None if the page has none.

        Args:
            identity: The field that has their ids.
        """
        if self in (Paging.NEXT, Paging.NEXT_PAGE):
            return page.get(self.value)
        last = rows[-1].get(identity) if rows else None
        return page.get("next") or page.get("last_id") or last


class Parent(NamedTuple):
    """A kind of object that contains others.

    Args:
        id_name: The name of its id in path templates.
        noun: Its name in messages, singular: "project".
        path: The path template of its GET.
        can_be_archived: Whether its `status` may be "archived", so that nothing in it can be used.
        can_be_deleted: Whether OpenAI can delete it. If not, an object that is not found belongs to another
            organization.
        ended: The error that says that one was archived or deleted.
        paging: How the list of all of them goes on.
    """

    id_name: str
    noun: str
    path: str
    can_be_archived: bool = False
    can_be_deleted: bool = True
    ended: type[errors.ParentEndedError] = errors.ParentEndedError
    paging: Paging = Paging.LAST_ID

    def path_of(self, id_: str) -> Path:
        """The path of its GET."""
        return fill(self.path, **{self.id_name: id_})

    def name_of(self, id_: str) -> str:
        """What one is called at the beginning of a sentence: "Project proj_1"."""
        return f"{capitalized(self.noun)} {id_}"


PROJECT = Parent(
    "project_id",
    "project",
    "/organization/projects/{project_id}",
    can_be_archived=True,
    can_be_deleted=False,
    ended=errors.ProjectArchivedError,
)
GROUP = Parent("group_id", "group", "/organization/groups/{group_id}", paging=Paging.NEXT)
USER = Parent("user_id", "user", "/organization/users/{user_id}")
WORKLOAD_IDENTITY_PROVIDER = Parent(
    "workload_identity_provider_id",
    "workload identity provider",
    "/organization/workload_identity_providers/{workload_identity_provider_id}",
)
PARENTS = {parent.id_name: parent for parent in (PROJECT, GROUP, USER, WORKLOAD_IDENTITY_PROVIDER)}


PATH = "path"
"""The name of a whole path among the ids of a resource: the path has the ids of its parents."""
_OF_PATHS = {parent.path.split("/")[-2]: parent for parent in PARENTS.values()}
"""By the name that paths have for a kind of parent: `projects`."""


def parents_in(ids: Mapping[str, str]) -> Iterator[tuple[Parent, str]]:
    """The parents among the ids of a path, outermost first."""
    for name, value in ids.items():
        if name == PATH:
            yield from ((PARENTS[id_name], id_) for id_name, id_ in ids_in(value).items())
        elif name in PARENTS:
            yield PARENTS[name], value


def ids_in(path: str) -> dict[str, str]:
    """The ids of the parents in a path, outermost first: `/organization/projects/proj_1/things` is inside proj_1."""
    parts = path.removeprefix("/organization").strip("/").split("/")
    ids: dict[str, str] = {}
    for name, id_ in zip(parts[::2], parts[1:-1:2], strict=False):
        if name not in _OF_PATHS:
            break
        ids[_OF_PATHS[name].id_name] = id_
    return ids


def template_of(path: str) -> str:
    """The template of a path: the names of the ids in place of the ids of its parents."""
    template = path
    for id_name, id_ in ids_in(path).items():
        name = PARENTS[id_name].path.split("/")[-2]
        template = template.replace(f"/{name}/{id_}/", f"/{name}/{{{id_name}}}/", 1)
    return template


def describe(ids: Mapping[str, str]) -> str:
    """The parent of an object, for messages: "project proj_1"."""
    return next((f"{parent.noun} {id_}" for parent, id_ in parents_in(ids)), "the organization")
