"""The base of all resources: turns a declaration into a constructor, hints, a signature and a type token."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, ClassVar, cast, get_args

import pulumi
from pulumi import dynamic
from typing_extensions import Self, dataclass_transform

from pulumi_openai_admin.dynamic import arguments, origin, reference, secrets, stack_settings
from pulumi_openai_admin.dynamic.admin_provider import AdminProvider
from pulumi_openai_admin.dynamic.program_errors import DeclarationError
from pulumi_openai_admin.handlers.handler import Adoptable
from pulumi_openai_admin.lifecycle import state
from pulumi_openai_admin.schema import shapes
from pulumi_openai_admin.schema.fields import ABSENT, Declaration, Field, Role, argument, option, output, path, selector

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.handlers.handler import Handler
    from pulumi_openai_admin.schema.rules import Rule

PUBLIC_MODULE = "pulumi_openai_admin"
"""Where programs import resources from, and where pickled providers in states find them: for ever."""


def constructor_argument(*, default: object = None, kw_only: bool = True) -> Any:
    """An argument of every constructor that is no property of the resource."""


@dataclass_transform(
    kw_only_default=True, field_specifiers=(path, selector, argument, option, output, constructor_argument)
)
class _Declared(dynamic.Resource):
    """Tells type checkers that the classes below get their constructors from their fields."""


class AdminResource(_Declared):
    """A resource of the Administration API; see the subclasses.

    A subclass declares `endpoint`, `rules` and its fields, and nothing else.
    """

    resource_name: str = constructor_argument(kw_only=False)
    opts: pulumi.ResourceOptions | None = constructor_argument(default=None)

    handler: ClassVar[Handler]
    rules: ClassVar[tuple[Rule, ...]] = ()
    declaration: ClassVar[Declaration]
    nullable: ClassVar[frozenset[str]]
    """The fields that OpenAI may leave out (`Field[T | None]`)."""
    __signature__: ClassVar[inspect.Signature]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(module="openai-admin", name=cls.__name__, **kwargs)
        hints = inspect.get_annotations(cls, eval_str=True)
        declared = {name: one for name, one in vars(cls).items() if isinstance(one, Field)}
        for name, field in declared.items():
            field.learn_type(hints[name])
        cls.declaration = Declaration(declared)
        cls.nullable = nullable(hints)
        # Pulumi reads these to turn its floats back into ints.
        output_of: Any = pulumi.Output
        cls.__annotations__ = {
            name: output_of[shapes.translatable(field.type)]
            for field in declared.values()
            for name in (field.name, field.stored)
        }
        cls.__signature__ = _signature(cls.declaration)
        cls.__module__ = PUBLIC_MODULE

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Declare the resource: its name in the program, its arguments (see the class), and Pulumi's own `opts`.

        Raises:
            ArgumentError: A TypeError that names the argument.
        """
        declaration, inputs = type(self).declaration, arguments.bind(type(self), args, kwargs).arguments
        resource_name, opts = inputs.pop("resource_name"), inputs.pop("opts", None)
        stack_settings.check()
        self._refuse_import(resource_name, opts)
        inputs |= {
            field.name: pulumi.Output.secret(inputs[field.name])
            for field in declaration.inputs
            if field.secret and inputs.get(field.name) is not None
        }
        inputs[secrets.NAMES] = secrets.names(inputs)
        owners = {
            field.name: owner
            for field in declaration.with_role(Role.PATH)
            if (owner := origin.of(inputs.get(field.name))) is not None
        }
        if any(owner._ends_its_children for owner in owners.values()):  # noqa: SLF001 - of the same class
            inputs[state.ENDS_WITH_PARENT] = True
        self._register(resource_name, inputs, opts, owners)

    @classmethod
    def get(cls, resource_name: str, id: pulumi.Input[str], opts: pulumi.ResourceOptions | None = None) -> Self:  # noqa: A002 - Pulumi's name
        """Read an existing object into the program, without managing it.

        `pulumi up` reads it again each time, and never changes or deletes it. `pulumi destroy` only takes it out of the
        state. The object has to be there.

        Args:
            resource_name: Its name in the program.
            id: The resource's id, as its documentation gives it: the ids in its path, then its own.
            opts: Pulumi's own options.

        Returns:
            The resource, with all properties that OpenAI shows.
        """
        stack_settings.check()
        resource = cls.__new__(cls)
        read = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(id=id))
        resource._register(resource_name, {}, read, owners={})  # noqa: SLF001 - past the constructor, which asks for inputs
        return resource

    def _register(
        self,
        resource_name: str,
        inputs: Mapping[str, Any],
        options: pulumi.ResourceOptions | None,
        owners: dict[str, AdminResource],
    ) -> None:
        opts = self._with_defaults(options)
        self._owners = owners
        # Fresh, since Pulumi puts its own into it; a seed for each output, or it would not be filled.
        fields = type(self).declaration.fields.values()
        properties = dict[str, Any].fromkeys(name for field in fields for name in (field.stored, field.name))
        properties |= inputs
        properties[reference.PROPERTY] = reference.to(AdminProvider(type(self)))
        # An object that the program only reads is not deleted with the stack, either.
        self._outlives_destroy = bool(opts.retain_on_delete or opts.protect or opts.id is not None)
        # Past the constructor of `dynamic.Resource`, which pickles as the running Python does by default.
        super(dynamic.Resource, self).__init__(type_token(type(self)), resource_name, properties, opts)
        origin.mark(self.id, self)

    def _with_defaults(self, opts: pulumi.ResourceOptions | None) -> pulumi.ResourceOptions:
        """The program's options, with what this kind of resource needs where the program does not say otherwise."""
        merged = pulumi.ResourceOptions.merge(
            opts, pulumi.ResourceOptions(additional_secret_outputs=type(self).declaration.secrets)
        )
        if merged.delete_before_replace is None and type(self).handler.deletes_before_replace:
            # Created first, a replacement would take for the baseline what the old resource wrote.
            merged.delete_before_replace = True
        return merged

    def _refuse_import(self, resource_name: str, opts: pulumi.ResourceOptions | None) -> None:
        if opts is None or opts.import_ is None:
            return
        if type(self).handler.manages_existing:
            advice = "Leave import_ out: the resource begins to manage what is there."
        elif isinstance(type(self).handler, Adoptable):
            advice = "Take it over with `pulumi-openai-admin adopt`."
        else:
            advice = "Leave import_ out: OpenAI shows no key a second time, so a new one is made."
        what = f"{type(self).__name__} {resource_name!r} can't be imported: Pulumi's dynamic providers have no import_"
        raise DeclarationError(what, advice)

    @property
    def _ends_its_children(self) -> bool:
        return type(self).handler.ends_children and not self._outlives_destroy

    def read_field(self, field: Field[Any, Any]) -> pulumi.Output[Any]:
        """The field's value: None where the state holds that OpenAI leaves it out."""
        stored = cast("pulumi.Output[Any]", vars(self)[field.stored])
        if field.identity:
            return origin.mark(self._own_id(stored), self)
        if field.hidden:
            # The mocks of a unit test give it under the name that programs know.
            named = vars(self)[field.name]
            stored = stored.apply(lambda value: named if value is None else value)
        shown = stored.apply(lambda value: None if value == ABSENT else value)
        return origin.mark(shown, self.owner_of(field.name))

    def _own_id(self, stored: pulumi.Output[Any]) -> pulumi.Output[Any]:
        """The object's own id, from the resource's id where the output is not known.

        That id is known wherever the object exists, while an output is unknown in the preview of any update, and what
        depends on it would preview as replaced. The mocks of a unit test may give an id of any form, and the output.
        """
        own_id = self.id.apply(lambda id_: type(self).own_id(id_))
        return stored.apply(lambda value: value if isinstance(value, str) and value else own_id, run_with_unknowns=True)

    def owner_of(self, field: str) -> AdminResource | None:
        """The resource of the same program whose id a part of the path is."""
        return self._owners.get(field)

    @classmethod
    def own_id(cls, id_: str) -> str:
        """The object's own id in a Pulumi id; all of it where it is none of ours, as the mocks of a unit test give."""
        try:
            return state.split_id(cls.declaration, id_)[1]
        except ValueError:
            return id_


def nullable(hints: Mapping[str, Any]) -> frozenset[str]:
    """The fields whose value may be None, from the annotations of a declaration."""
    return frozenset(name for name, hint in hints.items() if type(None) in get_args((get_args(hint) or (None,))[0]))


def type_token(resource: type[AdminResource]) -> str:
    """The resource's type, as it stands in states."""
    return f"pulumi-python:{resource._resource_type_name}"  # noqa: SLF001 - Pulumi's own, and nowhere public


def _signature(declaration: Declaration) -> inspect.Signature:
    keyword, empty = inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.empty
    inputs = [
        inspect.Parameter(one.name, keyword, default=empty if one.required else None, annotation=one.type)
        for one in declaration.inputs
    ]
    name = inspect.Parameter("resource_name", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=str)
    opts = inspect.Parameter("opts", keyword, default=None, annotation="pulumi.ResourceOptions | None")
    return inspect.Signature([name, *inputs, opts])
