"""The dynamic provider: translates between the verbs of `lifecycle` and the classes of `pulumi.dynamic`."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pulumi import dynamic
from typing_extensions import override

from pulumi_openai_admin import errors
from pulumi_openai_admin.engine.key_users import warn_of_same_key
from pulumi_openai_admin.engine.outputs import NAMES, SECRET, SIGNATURE, hide_added, plain, wrap
from pulumi_openai_admin.engine.process import of_this_process
from pulumi_openai_admin.hosts.dynamic import host
from pulumi_openai_admin.hosts.dynamic.host import DynamicHost, marked
from pulumi_openai_admin.lifecycle import preview, state
from pulumi_openai_admin.lifecycle.apply import create, delete, update
from pulumi_openai_admin.lifecycle.check import AUTONAMING, Autonaming, check
from pulumi_openai_admin.lifecycle.diff import diff
from pulumi_openai_admin.lifecycle.read import Adopted, read
from pulumi_openai_admin.lifecycle.run import Run
from pulumi_openai_admin.lifecycle.state import Inputs
from pulumi_openai_admin.program import provider

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_openai_admin.resources.base import AdminResource


def imported(resource: type[AdminResource], entry: Adopted) -> dict[str, Any]:
    """The id, the inputs and the whole state of an adopted object, with the provider that serves its resource."""
    serialized = {provider.PROPERTY: provider.to(resource.__name__)}
    secret = entry.outputs.secret_outputs  # all empty: OpenAI shows no key, and a refresh marks them again
    values = {
        name: {SIGNATURE: SECRET, "plaintext": json.dumps(value)} if name in secret else value
        for name, value in entry.outputs.values.items()
    }
    return {"id": entry.id, "inputs": {**entry.inputs, **serialized}, "outputs": {**values, **serialized}}


class AdminProvider(dynamic.ResourceProvider):
    """Serves check, diff, create, read, update and delete for one resource class.

    A stack's state contains a pickled provider for each resource: a reference to this class and to the class of the
    resource, and nothing else. So their module and class names can never change.
    """

    def __init__(self, resource: type[AdminResource]) -> None:
        super().__init__()
        self._resource = resource
        self._stack_config: Callable[[str], object] = dict[str, object]().get
        self._run = Run()

    def __reduce__(self) -> tuple[type[AdminProvider], tuple[type[AdminResource]]]:
        return AdminProvider, (self._resource,)

    def configure(self, req: dynamic.ConfigureRequest) -> None:
        """Store the stack configuration. The key is read at the first request, because a preview needs none."""
        self._stack_config = req.config.get
        self._run = host.install()
        warn_of_same_key(of_this_process(), self._stack_config)

    @override
    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> dynamic.CheckResult:
        inputs = _inputs(news)
        with host.serving(self._stack_config, self._run) as served:
            if is_preview := bool(news.get(state.PREVIEW)):
                self._run.previews.add(served.urn)
            autonaming = Autonaming.of(news.get(AUTONAMING))
            checked = check(self._resource, served, _olds, inputs, autonaming)
            failures = checked.failures
            if is_preview:
                failures = preview.with_nearest(self._resource, served, inputs, failures)
            reasons = [served.respell(failure.reason) for failure in failures]
            if is_preview and not reasons and checked.is_new:
                reasons = self._found(served, inputs._replace(values=checked.inputs))
        if reasons:
            # The engine gets no property name, because it would print the value of the property beside the reason.
            return dynamic.CheckResult(news, [dynamic.CheckFailure("", reason) for reason in reasons])
        kept = [name for name in _olds.get(NAMES) or () if name in checked.inputs and news.get(name) is None]
        hidden = {name: wrap(checked.inputs[name]) for name in kept}
        given = hide_added(checked.inputs, news, inputs.secret)
        return dynamic.CheckResult(given | hidden | _named([*inputs.secret, *kept]), [])

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> dynamic.DiffResult:
        """See `lifecycle.diff`.

        If inputs differ, `changes` is `None`: then the engine compares the inputs, and shows only those that differ.
        """
        inputs = _inputs(_news)
        with host.serving(self._stack_config, self._run) as served:
            difference = diff(self._resource, served, _id, _olds, inputs)
            has_differences = bool(difference.inputs or difference.replaces)
            if served.urn in self._run.previews and not difference.replaces:
                changes = has_differences or difference.is_due
                preview.before_update(self._resource, served, _id, _olds, inputs, changes=changes)
        shown = True if difference.is_due else None if has_differences else False
        replaces, deletes_first = list(difference.replaces), difference.deletes_first or None
        return dynamic.DiffResult(changes=shown, replaces=replaces, delete_before_replace=deletes_first)

    @override
    def create(self, props: dict[str, Any]) -> dynamic.CreateResult:
        with host.serving(self._stack_config, self._run) as served:
            created = create(self._resource, served, _inputs(props))
        return dynamic.CreateResult(created.id, marked(created.outputs))

    @override
    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> dynamic.UpdateResult:
        with host.serving(self._stack_config, self._run) as served:
            return dynamic.UpdateResult(marked(update(self._resource, served, _id, _olds, _inputs(_news))))

    def read(self, id_: str, props: dict[str, Any]) -> dynamic.ReadResult:
        """See `lifecycle.read`. With `ResourceOptions(id=…)`, the program only reads the object."""
        with host.serving(self._stack_config, self._run) as served:
            found = read(self._resource, served, id_, props)
        if found is None:
            return dynamic.ReadResult(None, {})
        if found.inputs is None:
            return dynamic.ReadResult(id_, marked(found.outputs))
        secret = found.outputs.secret_inputs
        outputs = replace(found.outputs, values=hide_added(found.outputs.values, props, secret))
        inputs = hide_added(found.inputs, props, secret)
        return dynamic.ReadResult(id_, marked(outputs), inputs | _named(sorted(secret)))

    @override
    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        with host.serving(self._stack_config, self._run) as served:
            delete(self._resource, served, _id, _props)

    def _found(self, served: DynamicHost, inputs: Inputs) -> list[str]:
        """Look for the object, if previews ask OpenAI: the engine does not call `create` in a preview."""
        preview.suggest(served)
        try:
            preview.before_create(self._resource, served, inputs)
        except errors.AdminError as error:
            return [served.describe(error)]
        return []


def _inputs(values: dict[str, Any]) -> Inputs:
    """The inputs from the constructor, which passes the names of the secret inputs as a separate input."""
    return Inputs(plain(values), values.get(NAMES) or ())


def _named(secret: Any) -> dict[str, Any]:
    return {NAMES: secret} if secret else {}


AdminProvider.__module__ = "pulumi_openai_admin"  # states refer to it by this path, whatever module holds it
