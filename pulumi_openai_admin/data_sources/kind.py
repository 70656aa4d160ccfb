"""One kind of object that programs can look up: of a resource, or of a declaration that can only be read."""

from __future__ import annotations

import ast
import inspect
import re
import sys
from dataclasses import KW_ONLY, dataclass, field
from functools import cached_property
from importlib import import_module
from itertools import pairwise
from typing import TYPE_CHECKING, Any, ClassVar, Literal, get_origin

from pulumi_openai_admin import errors, resources
from pulumi_openai_admin.data_sources.result import LookUpError, Shown, declared, from_wire, result_class
from pulumi_openai_admin.handlers import documents
from pulumi_openai_admin.handlers.audit_events import NOT_LOGGED, AuditEvents
from pulumi_openai_admin.handlers.handler import Remote, Shows, Traits
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.lifecycle import read
from pulumi_openai_admin.printable import bounded, capitalized
from pulumi_openai_admin.remedies import Advice
from pulumi_openai_admin.resources.base import declaration_of
from pulumi_openai_admin.schema import ids as forms
from pulumi_openai_admin.schema.fields import Declaration, Field, FieldRole
from pulumi_openai_admin.schema.paths import PARENTS, PROJECT, describe, fill
from pulumi_openai_admin.similar import suggestion

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from types import ModuleType

    from pulumi_openai_admin.data_sources.look_up import Parameter
    from pulumi_openai_admin.http.client import Client, Listing
    from pulumi_openai_admin.resources.base import AdminResource

ENTRY = re.compile(r"^ {4}(\w+): (.*?)(?=^ {4}\w+: |\Z)", re.MULTILINE | re.DOTALL)
"""An entry of a docstring's `Args:` or `Raises:`."""
_SENTENCE = re.compile(r"(?<=\.) +(?=[A-Z`])")


@dataclass(frozen=True)
class Docstring:
    """The parts of the docstring of a resource."""

    summary: str
    """The first paragraph."""
    paragraphs: list[str]
    """What else is said, before the parts below."""
    id: str
    """The paragraph on the resource's id."""
    raises: list[tuple[str, str]]
    """Each error, and when it is raised."""
    also_sends: str
    """Requests to OpenAI at other paths than those of the handler, if there are any."""
    never_sends: str
    """Requests at its paths that other clients send, if there are any."""

    @property
    def id_form(self) -> str:
        """The form of the id, such as `<project_id>/<rate_limit_id>`."""
        return self.id.partition("`")[2].partition("`")[0]

    @classmethod
    def of(cls, declared: type) -> Docstring:
        """Read the docstring of a class; a `ValueError` if a part is missing."""
        summary, *others = (inspect.getdoc(declared) or "").split("\n\n")
        begins = ("The resource ID is", "Raises:", "Also sends:", "Never sends:")
        parts = {begin: [text for text in others if text.startswith(begin)] for begin in begins}
        for begin in begins[:2]:
            if len(parts[begin]) != 1:
                raise ValueError(f"{declared.__name__}: its docstring needs exactly one paragraph {begin!r}")
        (ids,), (raises,), also, never = parts.values()
        return cls(
            summary=summary,
            paragraphs=[text for text in others if not text.startswith(begins)],
            id=flat(ids),
            raises=entries(raises),
            also_sends=flat("".join(also).removeprefix("Also sends: ")),
            never_sends=flat("".join(never).removeprefix("Never sends: ")),
        )


def entries(section: str) -> list[tuple[str, str]]:
    """The entries of a docstring's `Args:` or `Raises:`, by name."""
    return [(name, flat(text)) for name, text in ENTRY.findall(section)]


def flat(text: str) -> str:
    """A text on one line."""
    return " ".join(text.split())


def field_prose(module: ModuleType, class_name: str) -> dict[str, str]:
    """The description of each field of a class, by name; empty if Python runs without the sources."""
    try:
        source = inspect.getsource(module)
    except OSError:
        return {}
    body = next(
        node.body for node in ast.parse(source).body if isinstance(node, ast.ClassDef) and node.name == class_name
    )
    descriptions = {}
    for named, literal in pairwise(body):
        if isinstance(named, ast.AnnAssign) and isinstance(named.target, ast.Name) and isinstance(literal, ast.Expr):
            text = literal.value.value if isinstance(literal.value, ast.Constant) else ""
            descriptions[named.target.id] = " ".join(str(text).split())
    return descriptions


def first_sentence(text: str) -> str:
    """The first sentence of a description. The others are about the resource."""
    return _SENTENCE.split(text, maxsplit=1)[0]


def plural(noun: str) -> str:
    """The plural of a noun, or of a name: "policies", "groups"."""
    return f"{noun[:-1]}ies" if re.search(r"[^aeiou]y$", noun) else f"{noun}s"


def article(noun: str) -> str:
    """A noun with its indefinite article: "an API key"."""
    return f"{'an' if noun[0] in 'aeioAEIO' else 'a'} {noun}"


def snake(name: str) -> str:
    """The name of a class in the form of function names: `project_api_key`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


@dataclass(eq=False)
class LookUpKind:
    """One kind of object. A kind that is found or listed in a special way is a subclass in `special_kinds`.

    Args:
        declared: The class of the resource or of the read-only kind.
        optional: Fields that may be None, in addition to those of the declaration.
        prose: Descriptions of fields that differ from the declaration's.
        about: The docstring of the result, if it differs from the default.
        about_list: The first line of the docstring of `list_…`, if it differs from the default.
        dashboard: The name of the list in the dashboard, if it is not the plural of the noun.
    """

    options: ClassVar[tuple[Parameter, ...]] = ()
    """Additional arguments."""
    refusals: ClassVar[str] = ""
    """Additional reasons for which `get_…` may fail, in words."""
    base: ClassVar[type] = object
    """The base class of the result, for additional properties."""

    declared: type[AdminResource | ReadOnly]
    _: KW_ONLY
    optional: Collection[str] = ()
    prose: Mapping[str, str] = field(default_factory=dict)
    about: str = ""
    about_list: str = ""
    dashboard: str = ""

    def __post_init__(self) -> None:
        """Read what others ask of the handler."""
        self.name = self.declared.__name__
        handler: Any = self.declared.handler
        self.handler = handler
        self.noun: str = handler.noun
        self.shows: Shows = handler.traits.shows
        self.is_listed = self.shows in {Shows.LIST, Shows.LIST_AND_EACH}
        """Whether OpenAI lists the objects."""
        self.project_key: str = handler.traits.project_key
        """The argument with the API key of a project, with which requests are sent; empty for the admin key."""
        self._fields = self.declared.declaration.fields

    @cached_property
    def parents(self) -> list[str]:
        """The arguments for the ids of its parents."""
        paths = self.declared.declaration.with_role(FieldRole.PATH)
        return [field.name for field in paths if field.name != self.identity]

    @property
    def identity(self) -> str | None:
        """The field that is its own id; None if there is only one object in a place.

        The id of a member is a part of the resource's path, and not of the list's path.
        """
        member = getattr(self.handler, "id_name", None)
        paths = self.declared.declaration.with_role(FieldRole.PATH)
        return self.declared.declaration.identity or next((field.name for field in paths if field.wire == member), None)

    @cached_property
    def keys(self) -> list[str]:
        """The fields by which an object can be found, such as a name; the last is its id."""
        if self.identity is None:
            return []
        recognized = getattr(self.handler, "recognized_by", ()) if self.is_listed else ()
        found = [
            field.name
            for field in self._fields.values()
            if field.type is str
            and not field.identity
            and (field.role is FieldRole.SELECTOR or field.name in recognized)
        ]
        return [*found, self.identity]

    @property
    def inside(self) -> str:
        """The parent in words: "a project", "a user in a project" or "the organization"."""
        if self.project_key:
            return "the project of the API key"
        *outer, noun = ["", *(PARENTS[name].noun for name in self.parents if name in PARENTS)]
        if not noun:
            return "the organization"
        place = article(outer[-1]) if outer[-1] else "the organization"
        return article(noun) if noun == PROJECT.noun else f"{article(noun)} in {place}"

    @property
    def parent_noun(self) -> str:
        """What the parent is called in messages: "project"."""
        nouns = [PARENTS[name].noun for name in self.parents if name in PARENTS]
        return nouns[-1] if nouns else "organization"

    @property
    def place(self) -> str:
        """Where the dashboard shows it."""
        level = "Project" if "project_id" in self.parents or self.project_key else "Organization"
        name = self.dashboard or plural(self.noun)
        return f"Settings > {level} > {capitalized(name)}"

    @cached_property
    def result(self) -> type[Any]:
        """The class of the result: `GetProjectResult`."""
        return result_class(f"Get{self.name}Result", self.base, self._declared_result)

    def _declared_result(self) -> tuple[str, list[Shown]]:
        about = self.about or f"{capitalized(article(self.noun))} of {self.inside}, as OpenAI shows it."
        modules = resources.ALL
        module = import_module(f"{resources.__name__}.{modules[self.name]}") if self.name in modules else None
        texts = field_prose(module or sys.modules[self.declared.__module__], self.name)
        return about, [self._declared_field(field, texts.get(field.name, "")) for field in self._shown()]

    def _declared_field(self, field: Field[Any, Any], prose: str) -> Shown:
        is_path = field.role is FieldRole.PATH
        # A list may name the id of a member differently from the path.
        wire = str(self.handler.identity) if is_path and field.name == self.identity else field.wire
        # Objects that were not created by this package may lack some fields.
        may_lack = field.name in self.declared.nullable or field.name in self.optional
        is_optional = not is_path and (may_lack or self.shows is Shows.ONE_OR_NONE)
        if field.role is not FieldRole.OUTPUT:
            prose = first_sentence(prose)
            if prose and is_optional and "`None`" not in prose:
                prose = f"{prose.rstrip('.')}; `None` where OpenAI shows none."
        prose = self.prose.get(field.name) or prose
        # OpenAI may add values, and results are not validated.
        kind = str if get_origin(field.type) is Literal else field.type
        key = wire if is_path else field.key
        return Shown(field.name, prose, kind, is_optional, wire, key, form=field.wire_form, own_shape=field.shape)

    @cached_property
    def texts(self) -> dict[str, str]:
        """The descriptions of the result's fields, by name."""
        return {name: declared(field).prose for name, field in self.result.__dataclass_fields__.items()}

    def _shown(self) -> Iterator[Field[Any, Any]]:
        """The fields that OpenAI always shows, with ids first."""
        ids = [*self.parents, *([self.identity] if self.identity else [])]
        others = (field for field in self._fields.values() if field.name not in ids)
        fields = [*(self._fields[name] for name in ids), *others]
        for each in fields:
            is_answered = each.role is not FieldRole.OPTION and not each.shown_once and not each.write_only
            if is_answered and each.key.partition(".")[0] not in self.handler.traits.not_shown:
                yield each

    def listing(self, client: Client, parents: Mapping[str, str], **options: Any) -> Listing:  # noqa: ARG002
        """The list, with the same query as the resources, so that they share one list.

        The ids in the path have OpenAI's names.
        """
        listing: Listing = self.handler.listing(client, Remote(parents))
        return listing

    def rows(self, client: Client, **arguments: Any) -> list[dict[str, Any]]:
        """All objects, as OpenAI shows them. The ids in the path have the names of the fields."""
        ids, options = self._split(arguments)
        with read.naming_parents(client), client.inside(ids):
            return [*map(self._named, self.listing(client, ids, **options).rows().values())]

    def all(self, client: Client, **arguments: Any) -> list[Any]:
        """All objects, as results."""
        return [self.to_result(row, **arguments) for row in self.rows(client, **arguments)]

    def find(self, client: Client, key: str, value: str, **arguments: Any) -> Any:
        """The only object of the list whose `key` is `value`.

        With none, the error gives the nearest names, and with several all ids.
        """
        ids, options = self._split(arguments)
        results = self.all(client, **arguments)
        if not any(getattr(result, key) == value for result in results):
            self.listing(client, ids, **options).forget()  # the same run may have created it since
            results = self.all(client, **arguments)
        found = [result for result in results if getattr(result, key) == value]
        if len(found) == 1:
            return found[0]
        where = describe(ids)
        word = key.replace("_", " ")
        if found:
            identity = str(self.identity)
            own_ids = bounded(", ", (getattr(result, identity) for result in found))
            what = f"{len(found)} {plural(self.noun)} of {where} have the {word} {value!r}: {own_ids}"
            raise LookUpError(what, f"Read it by its {identity}.")
        names = {str(getattr(result, key)) for result in results if getattr(result, key) is not None}
        advice = suggestion(value, sorted(names), self.place)
        raise errors.NoMatchError(f"{capitalized(where)} has no {self.noun} with the {word} {value!r}", advice)

    def show(self, client: Client, own_id: str, **arguments: Any) -> Any:
        """The object with an id. This needs one request, and no list."""
        ids, options = self._split(arguments)
        action = f"look up {self.noun} {own_id}{f' of {describe(ids)}' if ids else ''}"
        try:
            with read.naming_parents(client), client.inside(ids):
                document = client.send(Call("GET", fill(self.handler.path + "/{id}", **ids, id=own_id), action))
        except errors.NotFoundError as missing:
            nearest = read.nearest_in(self.listing(client, ids, **options), own_id) if self.is_listed else ""
            hints = f"{forms.other_kind(forms.form_of_field(str(self.identity)), own_id)}{nearest} ".lstrip()
            raise errors.NotFoundError(missing.what, Advice(hints, missing.guidance), missing.facts) from missing
        return self.to_result(self._named(document), **arguments)

    def only(self, client: Client, **arguments: Any) -> Any:
        """The only object in its place; if it is absent, a result without values."""
        ids, _ = self._split(arguments)
        action = f"look up the {self.noun} of {describe(ids)}"
        try:
            with read.naming_parents(client), client.inside(ids):
                document = client.send(Call("GET", fill(self.handler.path, **ids), action))
        except errors.NotFoundError:
            if self.shows is Shows.ONE:
                raise
            document = {}
        return self.to_result(self._named(document), **arguments)

    def to_result(self, document: Mapping[str, Any], **arguments: Any) -> Any:
        """The result for an object."""
        shown = self.handler.as_declared(document)
        return from_wire(self.result, shown, {name: arguments[name] for name in self.parents})

    def _named(self, document: Mapping[str, Any]) -> dict[str, Any]:
        return documents.renamed(document, self.declared.declaration.wire_names)

    def _split(self, arguments: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, Any]]:
        """Split arguments into the ids in the path, by OpenAI's names, and the options."""
        ids = {self._fields[name].wire: str(arguments[name]) for name in self.parents}
        names = [option.name for option in self.options]
        return ids, {name: value for name, value in arguments.items() if name in names}


@dataclass(frozen=True)
class ReadOnlyList:
    """Objects that can only be read.

    Args:
        path: The path of the list.
        noun: The name of one object in messages, singular: "API key".
        query: The query of the list; the same as a handler's, if they share the list.
        shows: Whether GET also shows each object at `{path}/{id}`.
        audit_events: The events of the audit log about the objects.
    """

    path: str
    noun: str
    query: tuple[tuple[str, str | int], ...] = (("limit", 100),)
    shows: Shows = Shows.LIST_AND_EACH
    audit_events: AuditEvents = NOT_LOGGED

    @property
    def traits(self) -> Traits:
        """Return its traits, as a handler has them."""
        return Traits(shows=self.shows)

    def as_declared(self, shown: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return an object as it is shown: it has no other form."""
        return shown

    def listing(self, client: Client, remote: Remote, **filters: str | int) -> Listing:
        """The list, with filters."""
        action = f"list the {self.noun}s of {describe(remote.parents)}"
        query = {**dict(self.query), **filters}
        return client.listing(fill(self.path, **remote.parents), action, query)


class ReadOnly:
    """A kind that can only be read. A subclass declares `handler` and its fields: paths and outputs."""

    handler: ClassVar[ReadOnlyList]
    declaration: ClassVar[Declaration]
    nullable: ClassVar[frozenset[str]]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.declaration, cls.nullable = declaration_of(cls)
