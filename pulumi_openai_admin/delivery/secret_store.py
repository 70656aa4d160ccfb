"""What the clients of secret stores share: errors in one form, without the key."""

from __future__ import annotations

import hashlib
import json
import logging
import re
import sys
import time
from abc import ABC, abstractmethod
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar
from urllib.parse import quote

from typing_extensions import override

from pulumi_openai_admin.config import ONLY_LOOPBACK, url_fault
from pulumi_openai_admin.errors import DeliveryError as DeliveryError
from pulumi_openai_admin.http.certificates import ADVICE, all_of, ca_bundle, not_trusted
from pulumi_openai_admin.http.replies import forms_of
from pulumi_openai_admin.printable import capitalized
from pulumi_openai_admin.remedies import CORRECT_PROGRAM, RUN_AGAIN, Advice, page_address

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from pulumi_openai_admin.remedies import Worded

logger = logging.getLogger(__name__)


class Presence(Enum):
    """What a destination holds of a version that was delivered earlier."""

    CURRENT = "current"
    """Readers of the secret get this version."""
    REPLACED = "replaced"
    """Readers of the secret get another value, which this package did not deliver."""
    GONE = "gone"
    """The secret, or this version of it, no longer exists."""
    UNKNOWN = "unknown"
    """The destination can't tell: a command, or a store that shows no versions."""


class Destination(ABC):
    """A place in a secret store that receives a key.

    No method may put the key into a log, an error, the arguments of a process or its environment. All methods raise
    `DeliveryError`.
    """

    @property
    @abstractmethod
    def place(self) -> str:
        """Where the key goes, for messages: "secret 'ci/openai' in AWS Secrets Manager (eu-central-1)"."""

    @abstractmethod
    def check(self) -> None:
        """Check client, store, permission and secret, before a key is created. Writes nothing."""

    @abstractmethod
    def deliver(self, key: str) -> str:
        """Write a key, and return the version that the store gave it.

        For a store without versions, that is what identifies the key without revealing it.
        """

    @abstractmethod
    def presence(self, version: str) -> Presence:
        """What the destination holds of a version that `deliver` returned."""

    @abstractmethod
    def remove(self, version: str) -> None:
        """Remove a version that `deliver` returned. Leaves the secret alone if it holds another value now."""


# What may be said of a key: strings of stores and commands, and logs of their clients, without it

_MASK = "***"
_SHORTEST_PART = 12
"""So many characters of a key in a row are masked: a program may break a key into lines."""
_SHORTEST_VALUE = 8
"""Other values of a document are masked from this length: shorter ones are words."""
_LOOKS_LIKE_A_KEY = re.compile(r"(?:sk-|c2st)[A-Za-z0-9+/=_\-*]{6,}")
"""An API key, or its base64 (`c2st` is the base64 of `sk-`), for responses about a key that is not known here."""
_FORMATTER = logging.Formatter()


def fingerprint(key: str) -> str:
    """A text that identifies a key and does not reveal it.

    Source: a key has more than 200 random bits, so nobody can find it by trying keys.
    """
    return f"sha256:{hashlib.sha256(key.encode()).hexdigest()[:16]}"


class Mask:
    """Finds keys in strings: as they are, encoded, and parts of them.

    The key that must not be shown is empty if it is not known. Other keys of OpenAI are found by their look.
    """

    def __init__(self, key: str = "") -> None:
        self._parts: dict[int, set[str]] = {}
        """By length, the shortest parts of the forms that are masked. All have one length, unless the key is short."""
        for form in forms_of(key) if key else ():
            length = min(_SHORTEST_PART, len(form))
            parts = (form[at : at + length] for at in range(len(form) - length + 1))
            self._parts.setdefault(length, set()).update(parts)
        self._values: set[str] = set()

    def add(self, values: Iterable[object]) -> None:
        """Mask these values, too, where they stand as a whole: other members of a document that was read."""
        texts = [value for value in values if isinstance(value, str) and len(value) >= _SHORTEST_VALUE]
        self._values |= {form for text in texts for form in (text, json.dumps(text)[1:-1])}

    def __call__(self, text: str) -> str:
        """The text, with `***` in place of keys."""
        for value in sorted(self._values, key=len, reverse=True):
            text = text.replace(value, _MASK)
        for length, parts in self._parts.items():
            shown, end = "", 0
            for start in [at for at in range(len(text) - length + 1) if text[at : at + length] in parts]:
                if start >= end:  # the beginning of another part
                    shown += text[end:start] + _MASK
                end = start + length
            text = shown + text[end:]
        return _LOOKS_LIKE_A_KEY.sub(_MASK, text)


@contextmanager
def unlogged(mask: Mask) -> Iterator[None]:
    """Drop log lines that contain a key: clients of stores log their requests, some with the body.

    The filter is at the handlers, and so holds for loggers that come later.
    """
    loggers = [logging.getLogger(), *logging.getLogger().manager.loggerDict.values()]
    found = [handler for logger in loggers if isinstance(logger, logging.Logger) for handler in logger.handlers]
    # Python uses the last resort if there are no handlers.
    handlers = {*found, *filter(None, [logging.lastResort])}

    def keep(record: logging.LogRecord) -> bool:
        try:
            text = _FORMATTER.format(record)
        except (TypeError, ValueError, KeyError):  # the handler would print the arguments
            return False
        return mask(text) == text

    for handler in handlers:
        handler.addFilter(keep)
    try:
        yield
    finally:
        for handler in handlers:
            handler.removeFilter(keep)


# What the clients share

T = TypeVar("T")

REMOVED = "removed: this API key was revoked"
"""What takes the place of a removed key where a store can't be without a value."""
PRODUCT = "pulumi-openai-admin"
"""How stores that record who wrote call this package."""
ATTEMPTS = 5
"""How often a document is read and written again, if others change it in between."""
CONNECT_SECONDS = 10
READ_SECONDS = 30
_FIRST_PAUSE = 0.2
_LONGEST_PAUSE = 120.0
"""A rate limit that lasts longer is an error. The key exists meanwhile, and nobody has it."""
_TOLD_PAUSE = 5.0
TRANSIENT = {429, 500, 502, 503, 504}
"""Statuses that pass by themselves."""
_FIRST_REDIRECT, _TIMED_OUT, _FIRST_FAILURE = 300, 408, 500
_SURROGATE = re.compile("[\ud800-\udfff]")
"""Half of a surrogate pair, which can't be encoded."""
_LONGEST = 240
"""So many characters of a store's own text are shown."""


class Refusal(Exception):  # noqa: N818 - it is no error that a user sees: `SecretStore` makes a `DeliveryError` of it
    """Why a store did not do something: a clause, which may hold the key. It is masked before it is shown.

    The advice says what to do before the remedy, and the end follows it.
    """

    def __init__(self, reason: str, advice: str = "", *, then: Worded = RUN_AGAIN, end: str = ".") -> None:
        super().__init__(reason)
        self.reason = reason
        self.advice = Advice(advice, then, end)


@dataclass
class StoreCall:
    """One call of a verb of a store, which may take several requests."""

    mask: Mask = field(default_factory=Mask)
    """What must not be shown."""
    may_have_acted: bool = False
    """Whether the store may have written the key: it got a request to write, and did not refuse it."""


class Pauses:
    """The pauses between attempts of one request: each is longer than the one before, or as long as the store asks."""

    def __init__(self, retries: int) -> None:
        self._pauses = iter([_FIRST_PAUSE * 2**attempt for attempt in range(retries)])
        self._left = _LONGEST_PAUSE

    def next(self) -> float | None:
        """The next pause in seconds; None if the request is not repeated again."""
        return next(self._pauses, None)

    def wait(self, asked: float, host: str | None) -> bool:
        """Wait for as many seconds as the host asks, or longer; False if the request is not repeated again."""
        pause = self.next()
        if pause is None or asked > self._left:
            return False
        self._left -= asked
        seconds = max(pause, asked)
        if seconds >= _TOLD_PAUSE:
            logger.warning("%s limits the rate of requests. The next attempt is in %.0f s.", host, seconds)
        time.sleep(seconds)
        return True


def retry_after(text: str) -> float | None:
    """The seconds of a header `Retry-After`, or the time of one like it; None if it has no number."""
    return float(text) if text.isascii() and text.isdigit() else None


class SecretStore(Destination):
    """A destination that is reached through a client package.

    Subclasses do the work in `_check`, `_deliver`, `_presence` and `_remove`, with what `_client` gives. Whatever these
    raise becomes a `DeliveryError` without a cause, since the errors of clients may hold requests and responses. All of
    them may add to the mask what they read, and all record in the call what they write.
    """

    extra: ClassVar[str]
    """The extra of this package that installs the client."""
    client: ClassVar[str]
    """The client's module."""
    called: ClassVar[str] = ""
    """The `place`, with the names of properties in braces. A store without it overrides `place`."""
    url_parts: ClassVar[Mapping[str, str]] = {}
    """The properties that are parts of the path of a URL, and the form of each: `<owner>/<name>`. A form without a
    slash is one segment, in which a slash is quoted. `…` stands for any number of segments."""
    server: ClassVar[str] = ""
    """The property with the URL of the server; empty if there is none."""
    advice: ClassVar[Mapping[int, str]] = {}
    """By the status of a response, what to do before the same run again."""

    @property
    @override
    def place(self) -> str:
        return self.called.format(**vars(self))

    def __post_init__(self) -> None:
        """Check that no property leads to another place, and that the client is installed, without importing it."""
        failure: DeliveryError | None = None
        try:
            for name, form in self.url_parts.items():
                _require_form(name, getattr(self, name), form)
            if self.server:
                require_safe(getattr(self, self.server), self.server)
            if not find_spec(self.client):
                failure = self._missing(self.client)
        except Refusal as refusal:
            failure = _failure(f"A key can't be delivered to {self.place}", refusal, StoreCall())
        except ModuleNotFoundError:  # a package around the client
            failure = self._missing(self.client)
        if failure:
            raise failure

    def check(self) -> None:
        """See `Destination.check`, and the class for what it can't tell."""
        self._ask(f"A key can't be delivered to {self.place}", self._check, StoreCall())

    def deliver(self, key: str) -> str:
        """See `Destination.deliver`. A repetition after an unclear failure is harmless."""
        failed = f"The key could not be delivered to {self.place}"
        return self._ask(failed, partial(self._deliver, key), StoreCall(Mask(key)))

    @override
    def presence(self, version: str) -> Presence:
        failed = f"{capitalized(self.place)} could not be read"
        return self._ask(failed, partial(self._presence, version), StoreCall())

    def remove(self, version: str) -> None:
        """See `Destination.remove`, and the class for what takes the key's place."""
        failed = f"The key could not be removed from {self.place}"
        self._ask(failed, partial(self._remove, version), StoreCall())

    @abstractmethod
    def _client(self, call: StoreCall) -> Any:
        """The client, with the credentials of the environment. It is closed after the call if it can be closed."""

    @abstractmethod
    def _check(self, client: Any, call: StoreCall) -> None: ...

    @abstractmethod
    def _deliver(self, key: str, client: Any, call: StoreCall) -> str: ...

    @abstractmethod
    def _presence(self, version: str, client: Any, call: StoreCall) -> Presence: ...

    @abstractmethod
    def _remove(self, version: str, client: Any, call: StoreCall) -> None: ...

    def _explain(self, error: Exception) -> Refusal:
        """What an error of the client means; of one that is not known, nothing that a user could act on."""
        return Refusal(f"{type(error).__name__}: {error}", end="; if it fails again, report it with this text.")

    def _in_url(self, name: str) -> str:
        """A property, quoted as a part of the path of a URL."""
        value = getattr(self, name)
        return quote(value.strip("/")) if "/" in self.url_parts[name] else quote(value, safe="")

    def _ask(self, failed: str, action: Callable[[Any, StoreCall], T], call: StoreCall) -> T:
        with unlogged(call.mask):
            try:
                client = self._client(call)
                with client if isinstance(client, AbstractContextManager) else nullcontext():
                    return action(client, call)
            except ImportError as error:
                failure = self._missing(error.name or self.client)
            except Exception as error:  # noqa: BLE001 - any error may hold the request, and so the key
                failure = _failure(failed, self._refusal(error), call)
        # Raised here, the error has no cause and no context that a traceback or a crash report would show.
        raise failure

    def _refusal(self, error: Exception) -> Refusal:
        return error if isinstance(error, Refusal) else self._explain(error)

    def _version_of_accepted(self, read: Callable[[], str], call: StoreCall) -> str:
        """Read the version of a key that the store has accepted; empty if that fails, because the key is delivered."""
        try:
            return read()
        except Exception as error:  # noqa: BLE001 - the same
            reason = _shown(self._refusal(error), call)
        logger.warning(
            "The key was delivered to %s, but its version could not be read: %s. Refresh cannot tell whether the store "
            "still has the key, and destroy does not remove it from the store.",
            self.place, reason,
        )  # fmt: skip
        return ""

    def _missing(self, module: str) -> DeliveryError:
        what = f"Keys can't be delivered to {self.place}: its client is not installed ({module})"
        install = f"`pip install '{PRODUCT}[{self.extra}]'`"
        if getattr(sys, "frozen", False):  # the mark of PyInstaller: nothing can be installed to a plugin archive
            what = f"Keys can't be delivered to {self.place}: the plugin archive has no clients of secret stores"
            use = "Use `command` in deliver_to, or run the provider from a Python environment: "
            page = page_address("native-provider.md#secret-stores")
            return DeliveryError(what, Advice(use, f"{install} ({page}). Then ", RUN_AGAIN, "."))
        return DeliveryError(what, Advice(f"Run {install} where the provider is installed, then ", RUN_AGAIN, "."))


def _failure(failed: str, refusal: Refusal, call: StoreCall) -> DeliveryError:
    failure = DeliveryError(f"{failed}: {_shown(refusal, call)}", refusal.advice)
    failure.may_have_acted = call.may_have_acted
    return failure


def require_safe(url: str, setting: str) -> None:
    """Refuse a server to which a key may not be sent, by the rule for OpenAI's base URL. The setting names it."""
    if fault := url_fault(url):
        raise Refusal(
            f"{setting} is not the URL of a server that may get a key: {fault}",
            f"Set {setting} to an https:// URL. {ONLY_LOOPBACK} Then ",
        )


def is_refusal(status: int) -> bool:
    """Return whether a response with this status says that nothing was written."""
    return _FIRST_REDIRECT <= status < _FIRST_FAILURE and status != _TIMED_OUT


def _require_form(name: str, value: str | None, form: str) -> None:
    """Check that a property stays the part of a URL that it is: clients and servers resolve empty parts and dots."""
    if value is None:
        return
    segments = value.strip("/").split("/") if "/" in form else value.split("/")
    is_long = "/" in form and "…" not in form and len(segments) != len(form.split("/"))
    if is_long or {"", ".", ".."}.intersection(segments) or _SURROGATE.search(value):
        reason = f"{value!r} can't be the {name} of a secret"
        dots = "with no part that is empty, '.' or '..'"
        raise Refusal(reason, f"Write {name} as `{form}`, {dots}: ", then=CORRECT_PROGRAM)


def grant_permissions(section: str) -> str:
    """What to do if permissions are missing, with the section of the page of secret stores that names them."""
    return f"Grant the permissions ({page_address(f'secret-stores.md#{section}')}), then "


def unreachable(where: str, error: Exception, certificates: str = "") -> Refusal:
    """There is no connection to the server of a store.

    The certificates are those that the client trusts, with their setting; empty for those of requests to OpenAI.
    """
    certificates = certificates or str(ca_bundle() or "")
    untrusted = not_trusted(all_of(error), certificates)
    if untrusted:
        add = f"Add its authority to {certificates or ADVICE}, then "
        return Refusal(f"the certificate of {where} {untrusted}", add)
    reason = f"{where} can't be reached ({type(error).__name__})"
    return Refusal(reason, "Check its address and the network, then ")


def contended() -> Refusal:
    """Others changed a document each time before it could be written."""
    return Refusal("others changed it at the same time, several times")


def member_version(version: object, key: str) -> str:
    """The version of a member of a document.

    Others may change other members, and so the document's own version, which therefore does not identify the key.
    """
    return f"{version}/{fingerprint(key)}"


def is_version(version: str, value: object) -> bool:
    """Return whether the value of a member is the key with this `member_version`."""
    return isinstance(value, str) and version.rpartition("/")[2] == fingerprint(value)


def member_presence(version: str, value: object) -> Presence:
    """Whether the value of a member is the key with this `member_version`, or has replaced it."""
    return Presence.CURRENT if is_version(version, value) else Presence.REPLACED


def clause(texts: Iterable[str]) -> str:
    """A store's own strings as one clause on one line."""
    return "; ".join(" ".join(text.split()).rstrip(".") for text in texts if text.strip())


def _shown(refusal: Refusal, call: StoreCall) -> str:
    text = clause([call.mask(refusal.reason)])
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def class_of(name: str) -> type[Destination]:
    """Return the class of a destination. Its module has the name of the property of `deliver_to`."""
    module = import_module(f"{__package__}.{name}")
    classes = (value for value in vars(module).values() if isinstance(value, type) and issubclass(value, Destination))
    return next(found for found in classes if found.__module__ == module.__name__)


def destination_of(deliver_to: Mapping[str, Any]) -> Destination:
    """The destination that `deliver_to` describes: its only property is the name of the kind."""
    ((name, properties),) = deliver_to.items()
    return class_of(name)(**properties)
