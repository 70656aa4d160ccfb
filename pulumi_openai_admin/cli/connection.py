"""How the commands reach OpenAI: key and address from the environment, patience from the options."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import config, errors, remedies
from pulumi_openai_admin.dynamic.host import log_requests
from pulumi_openai_admin.http.client import Client
from pulumi_openai_admin.http.requestor import Requestor
from pulumi_openai_admin.remedies import Advice

if TYPE_CHECKING:
    from pulumi_openai_admin.http.call import Call

WORDING = config.Wording(
    max_wait="--max-wait",
    address="OPENAI_BASE_URL",
    organization="OPENAI_ORG_ID",
    give_up="",
    other_key="",
    no_key=(
        "Set the environment variable OPENAI_ADMIN_KEY. Where a stack keeps the key: "
        f"`export OPENAI_ADMIN_KEY=$(pulumi config get {config.NAMESPACE}:adminApiKey)`."
    ),
)


class ReadOnly(Requestor):
    """Sends nothing that could change anything, and nothing after its time."""

    def send(self, call: Call) -> dict[str, Any]:
        """See `Requestor.send`.

        Raises:
            errors.OperationTimeoutError: The pages of a list took all the time that there was.
        """
        if call.method != "GET":
            raise RuntimeError(f"{call.method} {call.path}: this command only reads, so this is a mistake in it")
        if self._left() <= 0:
            raise _too_late(call)
        try:
            return super().send(call)
        except errors.ResponseLostError:
            if self._left() <= 0:
                raise _too_late(call) from None
            raise


def _too_late(call: Call) -> errors.OperationTimeoutError:
    what = f"Could not {call.action}: the list was not whole within {WORDING.max_wait}"
    return errors.OperationTimeoutError(
        what, Advice(remedies.RUN_AGAIN, f", and raise {WORDING.max_wait} to wait longer.")
    )


KEY, ADDRESS, ORGANIZATION = "OPENAI_ADMIN_KEY", "OPENAI_BASE_URL", "OPENAI_ORG_ID"


def fault_of(variable: str) -> errors.ConfigurationError | None:
    """What is wrong with one of the three variables, whatever the others hold."""
    environ = {KEY: "any", variable: os.environ.get(variable, "")}
    try:
        config.resolve(environ, dict[str, object]().get, WORDING)
    except errors.ConfigurationError as fault:
        return fault
    return None


def settings(max_wait: float, parallel: int = config.Settings.parallel) -> config.Settings:
    """Key and address from the environment.

    Raises:
        errors.ConfigurationError: There is no key, or the address will not do.
    """
    options = {f"{config.NAMESPACE}:maxWaitSeconds": max_wait, f"{config.NAMESPACE}:parallel": parallel}
    log_requests(os.environ.get("OPENAI_LOG", ""))
    return config.resolve(os.environ, options.get, WORDING)


def reading(found: config.Settings) -> Client:
    """A client that can change nothing."""
    return Client(ReadOnly(found), found.parallel)


def apart(client: Client) -> Client:
    """One that asks as this one does, and whose lists are its own: they are forgotten with it."""
    return Client(client.requestor, client.parallel)
