"""The base class of all resources: derives constructor, type hints, signature and type token from the declaration."""

from __future__ import annotations

import inspect
import sys
from typing import TYPE_CHECKING, Any, ClassVar, Self, cast, get_args, is_typeddict

import pulumi
from pulumi import dynamic
from typing_extensions import dataclass_transform

from pulumi_openai_admin.engine import outputs
from pulumi_openai_admin.lifecycle import check, state
from pulumi_openai_admin.program import arguments, provider
from pulumi_openai_admin.program.arguments import DeclarationError
from pulumi_openai_admin.program.provider import PUBLIC_MODULE
from pulumi_openai_admin.schema.fields import (
    ABSENT,
    Declaration,
    Field,
    argument,
    moment,
    option,
    output,
    path,
    selector,
)
from pulumi_openai_admin.schema.validation import normalized

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.handlers.handler import Handler
    from pulumi_openai_admin.schema.rules import Rule


def constructor_argument(*, default: object = None, kw_only: bool = True) -> Any:
    """An argument of every constructor that is not a property of the resource."""


@dataclass_transform(
    kw_only_default=True, field_specifiers=(path, selector, argument, option, moment, output, constructor_argument)
)
class _Declared(dynamic.Resource):
    """Declares for type checkers that subclasses get their constructors from their fields."""


class _Signature:
    """The signature of a constructor. It is made when something reads it: most programs use few resources."""

    def __get__(self, _resource: object, kind: type[AdminResource]) -> inspect.Signature:
        made = _signature(kind.declaration)
        setattr(kind, "__signature__", made)  # noqa: B010 - in place of this descriptor
        return made


class AdminResource(_Declared):
    """The base class of the resources of the Administration API.

    A subclass declares `handler`, `rules` and its fields, and nothing else.
    """

    resource_name: str = constructor_argument(kw_only=False)
    opts: pulumi.ResourceOptions | None = constructor_argument(default=None)

    handler: ClassVar[Handler]
    rules: ClassVar[tuple[Rule, ...]] = ()
    declaration: ClassVar[Declaration]
    nullable: ClassVar[frozenset[str]]
    """The fields that OpenAI may omit (`Field[T | None]`)."""
    __signature__ = _Signature()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(module="openai-admin", name=cls.__name__, **kwargs)
        cls.declaration, cls.nullable = declaration_of(cls)
        cls.handler = cls.handler.with_fields(cls.declaration)
        # Otherwise Pulumi evaluates them again for each resource of a program, to convert floats: `read_field` does it.
        cls.__annotations__ = {}
        declared = vars(sys.modules[cls.__module__]).values()
        for own in (cls, *(value for value in declared if is_typeddict(value) and value.__module__ == cls.__module__)):
            own.__module__ = PUBLIC_MODULE

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Declare the resource with its name in the program, its arguments (see the class) and Pulumi's `opts`.

        Raises:
            ArgumentError: A TypeError that names the argument.
            DeclarationError: An input that is known already is invalid. Nothing is registered.
        """
        kind = type(self)
        declaration = kind.declaration
        inputs = arguments.bind(kind.__name__, kind.__signature__, declaration.fields, args, kwargs).arguments
        resource_name, opts = inputs.pop("resource_name"), inputs.pop("opts", None)
        provider.check()
        self._refuse_import(resource_name, opts)
        reads = opts is not None and opts.id is not None  # then the inputs mean nothing
        # What `check` would refuse later, when other resources of the program may exist.
        if not reads and (reasons := arguments.failures(kind, inputs)):
            what = f"{kind.__name__} {resource_name!r}: {' '.join(reasons).removesuffix('.')}"
            raise DeclarationError(f"{what}{arguments.calling_line()}")
        inputs |= {
            field.name: pulumi.Output.secret(inputs[field.name])
            for field in declaration.inputs
            if field.secret and inputs.get(field.name) is not None
        }
        if (secret := outputs.names(inputs)) is not None:  # Pulumi makes an Output of each entry, also of None
            inputs[outputs.NAMES] = secret
        if pulumi.runtime.is_dry_run():
            inputs[state.PREVIEW] = True
        if check.field_of(declaration) is not None and (setting := arguments.of(kind.__name__)) is not None:
            inputs[check.AUTONAMING] = setting.to_input()
        self._register(resource_name, inputs, opts)

    @classmethod
    def get(cls, resource_name: str, id: pulumi.Input[str], opts: pulumi.ResourceOptions | None = None) -> Self:  # noqa: A002 - Pulumi's name
        """Read an existing object without managing it.

        Each `pulumi up` reads the object again, and never changes or deletes it. `pulumi destroy` only removes it from
        the state. The object must exist.

        Args:
            resource_name: The logical name: the resource's name in the program.
            id: The resource ID, in the form that the resource's documentation shows.
            opts: Pulumi's options.

        Returns:
            The resource, with all properties that OpenAI shows.
        """
        provider.check()
        resource = cls.__new__(cls)
        read = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(id=id))
        resource._register(resource_name, {}, read)  # noqa: SLF001 - without the constructor, which requires inputs
        return resource

    def _register(self, resource_name: str, inputs: Mapping[str, Any], options: pulumi.ResourceOptions | None) -> None:
        secrets = type(self).declaration.secrets
        opts = pulumi.ResourceOptions(additional_secret_outputs=secrets)
        if options is not None:
            opts = pulumi.ResourceOptions.merge(options, opts)
        if opts.delete_before_replace is None and type(self).handler.traits.deletes_before_replace:
            # If the replacement were created first, its baseline would be the values that the old resource wrote.
            opts.delete_before_replace = True
        self._given = frozenset(name for name, value in inputs.items() if value is not None)
        # A new dict, because Pulumi adds entries; None for each output, because Pulumi only fills in existing entries.
        fields = type(self).declaration.fields.values()
        properties = dict[str, Any].fromkeys(name for field in fields for name in (field.stored, field.name))
        properties |= inputs
        properties[provider.PROPERTY] = provider.to(type(self).__name__)
        # Skips the constructor of `dynamic.Resource`, which pickles with the default protocol of the running Python.
        super(dynamic.Resource, self).__init__(type_token(type(self)), resource_name, properties, opts)

    def _refuse_import(self, resource_name: str, opts: pulumi.ResourceOptions | None) -> None:
        if opts is None or opts.import_ is None:
            return
        if type(self).handler.traits.manages_existing:
            advice = "Remove import_: the resource manages the existing object without it."
        elif type(self).handler.does("adopt"):
            advice = "Adopt it with `pulumi-openai-admin adopt`."
        else:
            advice = "Remove import_ to create a new key: OpenAI never shows a key a second time."
        why = "Pulumi's dynamic providers do not support import_"
        what = f"{type(self).__name__} {resource_name!r} can't be imported: {why}"
        raise DeclarationError(what, advice)

    def read_field(self, field: Field[Any, Any]) -> pulumi.Output[Any]:
        """The field's value; None if OpenAI omits it."""
        stored = cast("pulumi.Output[Any]", vars(self)[field.stored])
        if field.identity:
            may_differ = bool(field.renewed_by) and field.renewed_by in self._given
            return self._own_id(stored, may_differ=may_differ)
        if field.hidden:
            # The mocks of a unit test use the public name.
            named = vars(self)[field.name]
            stored = stored.apply(lambda value: named if value is None else value)
        # A key that the state does not keep is an empty text: `Output[str]` stays what the program's types say.
        absent = ABSENT if field.shown_once and field.name not in type(self).nullable else None
        return stored.apply(lambda value: absent if value == ABSENT else normalized(value))

    def _own_id(self, stored: pulumi.Output[Any], *, may_differ: bool) -> pulumi.Output[Any]:
        """The object's own id, from the resource's id if the output is unknown.

        The resource's id is known as soon as the object exists. An output is unknown in the preview of every update,
        and its dependents would preview as replaced. The mocks of a unit test may use any id, and set the output.

        Args:
            stored: The output.
            may_differ: Whether an update may change the output: the resource's id may be an earlier object's.
        """
        own_id = self.id.apply(lambda id_: type(self).own_id(id_))
        return stored.apply(
            lambda value: value if isinstance(value, str) and value else own_id, run_with_unknowns=not may_differ
        )

    @classmethod
    def own_id(cls, id_: str) -> str:
        """The object's own id in a Pulumi id; the whole id if it has another form, as from the mocks of a unit test."""
        try:
            return state.split_id(cls.declaration, id_)[1]
        except state.WrongIdError:
            return id_


def declaration_of(kind: type) -> tuple[Declaration, frozenset[str]]:
    """The fields of a class, and the names of those whose value may be None, from its annotations."""
    hints: Mapping[str, Any] = inspect.get_annotations(kind, eval_str=True)
    declared = {name: field for name, field in vars(kind).items() if isinstance(field, Field)}
    for name, field in declared.items():
        field.bind_annotation(hints[name])
    nullable = {name for name, hint in hints.items() if type(None) in get_args((get_args(hint) or (None,))[0])}
    return Declaration(declared, kind.__name__), frozenset(nullable)


def type_token(resource: type[AdminResource]) -> str:
    """The resource's type in states."""
    return f"pulumi-python:{resource._resource_type_name}"  # noqa: SLF001 - Pulumi's own, and nowhere public


def _signature(declaration: Declaration) -> inspect.Signature:
    keyword, empty = inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.empty
    inputs = [
        inspect.Parameter(field.name, keyword, default=empty if field.required else None, annotation=field.type)
        for field in declaration.inputs
    ]
    name = inspect.Parameter("resource_name", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=str)
    opts = inspect.Parameter("opts", keyword, default=None, annotation="pulumi.ResourceOptions | None")
    return inspect.Signature([name, *inputs, opts])
