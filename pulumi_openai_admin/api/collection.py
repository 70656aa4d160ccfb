"""A plain collection: POST makes an object, GET shows it, POST changes it, DELETE ends it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import errors
from pulumi_openai_admin.api.paths import fill
from pulumi_openai_admin.api.requestor import Call

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.api.client import Client
    from pulumi_openai_admin.api.remote import Remote, Wanted

YOUNG_SECONDS = 60
"""How long OpenAI may take to show a new object: 404 within it does not mean gone."""


@dataclass(frozen=True)
class Collection:
    """The shape.

    Args:
        path: Where objects are made and listed; one object is at `{path}/{id}`.
        noun: What an object is called, singular: "service account".
        settable: What POST to one object takes, in OpenAI's spelling.
    """

    path: str
    noun: str
    settable: tuple[str, ...]

    def create(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Make the object. Never repeated blindly: OpenAI offers no idempotency key."""
        self._make(client, remote, wanted.settings)
        self._settle(client, remote, wanted)

    def read(self, client: Client, remote: Remote) -> None:
        """Bring the document up to date; an object too young to be shown stays as it is known."""
        try:
            reply = client.send(Call("GET", self._object_path(remote), f"read {self._name(remote)}"))
        except errors.NotFound as missing:
            if _is_young(remote, missing):
                return
            what = f"{self._name(remote)} is not at OpenAI any more"
            raise errors.Gone(what, "Run `pulumi up` to make it again.") from missing
        except (errors.Refused, errors.Forbidden) as refusal:
            client.raise_if_project_is_gone(remote.parents["project_id"], refusal)
            raise
        learn(remote, reply)

    def update(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Send what may be changed in place, if any of it differs."""
        self._settle(client, remote, wanted)

    def delete(self, client: Client, remote: Remote) -> None:
        """DELETE; an object that is gone, with its project or alone, is done."""
        try:
            client.send(Call("DELETE", self._object_path(remote), f"delete {self._name(remote)}"))
        except errors.NotFound:
            return
        except (errors.Refused, errors.Forbidden) as refusal:
            try:
                client.raise_if_project_is_gone(remote.parents["project_id"], refusal)
            except errors.Gone:
                return
            raise

    def undo(self, client: Client, remote: Remote) -> bool:  # noqa: ARG002 - the shape's signature
        """A made object is kept: deleting it could lose what somebody uses already."""
        return False

    def _make(self, client: Client, remote: Remote, body: Mapping[str, Any]) -> None:
        name = body.get("name")
        purpose = f"create {self.noun} {name!r} in {self._parent(remote)}"
        call = Call("POST", fill(self.path, **remote.parents), purpose, body=body, repeatable=False)
        try:
            reply = client.send(call)
        except (errors.Refused, errors.NotFound, errors.Forbidden) as refusal:
            client.raise_if_project_is_gone(remote.parents["project_id"], refusal)
            raise
        except errors.AdminError as error:
            if error.may_have_acted:
                raise self._may_exist(remote, name, error) from error
            raise
        if not isinstance(reply.get("id"), str) or not reply["id"]:
            what = f"Could not {purpose}: the reply names no id"
            raise self._may_exist(remote, name, errors.BrokenReply(what))
        learn(remote, {**body, **reply})
        remote.has_changed = True

    def _may_exist(self, remote: Remote, name: object, error: errors.AdminError) -> errors.AdminError:
        """Say what may exist now, and how to look: a second POST could make a second object."""
        noun = self.noun.capitalize()
        what = f"{error.what}. {noun} {name!r} may exist in {self._parent(remote)} all the same"
        advice = (
            f"Look for it in OpenAI's dashboard, in the project's list of {self.noun}s, and delete it there if it is "
            "new; then run `pulumi up` again."
        )
        lost = errors.Lost(what, advice)
        lost.may_have_acted = True
        return lost

    def _settle(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Send name, role and the like together if one of them differs from what is known."""
        body = {key: wanted.settings[key] for key in self.settable if key in wanted.settings}
        if all(remote.document.get(key) == value for key, value in body.items()):
            return
        self._set(client, remote, body)

    def _set(self, client: Client, remote: Remote, body: Mapping[str, Any]) -> None:
        purpose = f"set {', '.join(body)} of {self._name(remote)}"
        try:
            reply = client.send(Call("POST", self._object_path(remote), purpose, body=body))
        except errors.AdminError as error:
            if isinstance(error, errors.NotFound | errors.Refused | errors.Forbidden):
                client.raise_if_project_is_gone(remote.parents["project_id"], error)
            raise
        learn(remote, {**body, **reply})
        remote.has_changed = True

    def _object_path(self, remote: Remote) -> str:
        return fill(self.path + "/{id}", **remote.parents, id=remote.id)

    def _name(self, remote: Remote) -> str:
        name = remote.document.get("name")
        called = f"{self.noun} {name!r} ({remote.id})" if name else f"{self.noun} {remote.id}"
        return f"{called} of {self._parent(remote)}"

    def _parent(self, remote: Remote) -> str:
        return f"project {remote.parents['project_id']}"


def learn(remote: Remote, reply: Mapping[str, Any]) -> None:
    """Take over what a reply shows; what it leaves out, or shows as null, stays as it is known."""
    remote.document.update({key: value for key, value in reply.items() if value is not None})
    remote.id = str(remote.document.get("id") or remote.id)


def _is_young(remote: Remote, missing: errors.NotFound) -> bool:
    """Whether the object was made seconds ago, by OpenAI's own clock: the one that stamped both."""
    created_at = remote.document.get("created_at")
    now = missing.facts.answered_at or time.time()
    return isinstance(created_at, int | float) and now - created_at < YOUNG_SECONDS
