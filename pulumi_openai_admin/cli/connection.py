"""Settings and clients of the commands: key and base URL from the environment, time limits from the options."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from pulumi_openai_admin import config, errors, remedies
from pulumi_openai_admin.engine.process import log_requests
from pulumi_openai_admin.http.client import Client
from pulumi_openai_admin.http.requestor import Requestor, require_read
from pulumi_openai_admin.remedies import Advice, Message

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.http.call import Call

_MAX_WAIT = config.SettingName("maxWaitSeconds")


class ReadOnlyRequestor(Requestor):
    """Sends only GET requests, and none after the time limit: a list that is not complete by then is an error."""

    @override
    def send(self, call: Call) -> dict[str, Any]:
        require_read(call)
        if self._left() <= 0:
            raise _timeout(call)
        try:
            return super().send(call)
        except errors.ResponseLostError:
            if self._left() <= 0:
                raise _timeout(call) from None
            raise


class _CachingRequestor(ReadOnlyRequestor):
    """Sends each request once."""

    def __init__(self, settings: config.Settings) -> None:
        super().__init__(settings)
        self.responses: dict[str, dict[str, Any]] = {}
        self._turns: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    @override
    def send(self, call: Call) -> dict[str, Any]:
        key = _key(call.path, call.query)
        with self._lock:
            turn = self._turns.setdefault(key, threading.Lock())
        with turn:  # a second thread that needs the same response waits for the first
            if key not in self.responses:
                self.responses[key] = super().send(call)
            return dict(self.responses[key])


def _key(path: str, query: Mapping[str, Any]) -> str:
    return f"{path}?{sorted(query.items())}"


class CachingClient(Client):
    """Sends each request once, for a command that reads an organization as it is now. It can't change anything."""

    def __init__(self, settings: config.Settings) -> None:
        self._requestor = _CachingRequestor(settings)
        super().__init__(self._requestor, settings.parallel)

    def preload(self, path: str, shown: dict[str, Any]) -> None:
        """Set what GET shows of an object that was read in a list."""
        self._requestor.responses[_key(path, {})] = shown


def _timeout(call: Call) -> errors.OperationTimeoutError:
    what = Message(f"Could not {call.action}: the list was not complete within ", _MAX_WAIT)
    return errors.OperationTimeoutError(what, Advice(remedies.RUN_AGAIN, ", and raise ", _MAX_WAIT, " to wait longer."))


KEY, ADDRESS, ORGANIZATION = (config.VARIABLES[name] for name in ("adminApiKey", "baseUrl", "organization"))


def error_in(variable: str) -> errors.ConfigurationError | None:
    """Return what is wrong with one of the three variables, whatever the values of the others are."""
    environ = {KEY: "any", variable: os.environ.get(variable, "")}
    try:
        config.resolve(environ, dict[str, object]().get)
    except errors.ConfigurationError as error:
        return error
    return None


def settings(
    max_wait: float, parallel: int = config.Settings.parallel, otherwise: Mapping[str, Any] | None = None
) -> config.Settings:
    """Return the settings, with key and base URL from the environment.

    Args:
        max_wait: The time limit of an operation in seconds.
        parallel: How many requests are sent at a time.
        otherwise: The stack configuration, by full name, where the environment has none.

    Raises:
        errors.ConfigurationError: There is no key, or the base URL is invalid.
    """
    options = {f"{config.NAMESPACE}:maxWaitSeconds": max_wait, f"{config.NAMESPACE}:parallel": parallel}
    log_requests(os.environ.get("OPENAI_LOG", ""))
    return of_provider({**(otherwise or {}), **options})


def of_provider(values: Mapping[str, Any], mappings: Mapping[str, str] | None = None) -> config.Settings:
    """Return the settings of a provider, which a command has from its options and from a file.

    Whoever wrote the file could otherwise read the key: a key of the environment is sent only to the address of the
    environment, or to OpenAI.

    Args:
        values: The settings, by full name.
        mappings: The provider's `envVarMappings`.

    Raises:
        errors.ConfigurationError: One is invalid, or the file would send the key of the environment to its address.
    """
    environ = config.mapped(os.environ, mappings)
    resolved = config.resolve(environ, values.get)
    is_of_environment = resolved.admin_api_key == environ.get(KEY, "").strip()
    if is_of_environment and resolved.base_url not in {
        config.DEFAULT_BASE_URL,
        os.environ.get(ADDRESS, "").strip().rstrip("/"),
    }:
        what = f"The admin key from {KEY} is not sent to {resolved.base_url}, because only the state has this address"
        raise errors.ConfigurationError(what, f"If the address is right, set {ADDRESS} to it.")
    return resolved


def read_only_client(settings: config.Settings) -> Client:
    """Return a client that cannot change anything."""
    return Client(ReadOnlyRequestor(settings), settings.parallel)


def with_own_lists(client: Client) -> Client:
    """Return a client with the same requestor and its own lists, which are freed with it."""
    return Client(client.requestor, client.parallel)
