"""What the clients of secret stores share: errors in one form, without the key."""

from __future__ import annotations

import sys
from abc import abstractmethod
from importlib.util import find_spec
from typing import TYPE_CHECKING, ClassVar, TypeVar

from pulumi_openai_admin.delivery.destination import DeliveryError, Destination
from pulumi_openai_admin.delivery.key_text import fingerprint
from pulumi_openai_admin.delivery.masking import Mask
from pulumi_openai_admin.delivery.unlogged import unlogged
from pulumi_openai_admin.http.causes import all_of
from pulumi_openai_admin.http.certificates import ADVICE, ca_bundle, not_trusted
from pulumi_openai_admin.printable import capitalized
from pulumi_openai_admin.project_urls import page_address
from pulumi_openai_admin.remedies import RUN_AGAIN, Advice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pulumi_openai_admin.delivery.destination import Presence
    from pulumi_openai_admin.remedies import Worded

T = TypeVar("T")

REMOVED = "removed: this API key was revoked"
"""What takes the place of a removed key where a store can't be without a value."""
PRODUCT = "pulumi-openai-admin"
"""How stores that record who wrote call this package."""
ATTEMPTS = 5
"""How often a document is read and written again, if others change it in between."""
CONNECT_SECONDS = 10
READ_SECONDS = 30
_SHOWN = 240
"""So many characters of a store's own text are shown."""


class Refusal(Exception):  # noqa: N818 - it is no error that a user sees: `SecretStore` makes a `DeliveryError` of it
    """Why a store did not do something.

    Args:
        reason: A clause, which may hold the key: it is masked before it is shown.
        advice: Full sentences, and remedies.
        may_have_acted: Whether the store may have written the key all the same.
    """

    def __init__(self, reason: str, *advice: str | Worded, may_have_acted: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.advice = advice
        self.may_have_acted = may_have_acted


class SecretStore(Destination):
    """A destination that is reached through a client package.

    Subclasses do the work in `_check`, `_deliver`, `_presence` and `_remove`. Whatever these raise becomes a
    `DeliveryError` without a cause, since the errors of clients may hold requests and responses. All of them may add to
    the mask what they read.
    """

    extra: ClassVar[str]
    """The extra of this package that installs the client."""
    client: ClassVar[str]
    """The client's module."""

    def require_client(self) -> None:
        """Check that the client is installed, without importing it.

        Raises:
            DeliveryError: It is not.
        """
        try:
            found = find_spec(self.client)
        except ModuleNotFoundError:  # a package around it
            found = None
        if found is None:
            raise self._missing(self.client)

    def check(self) -> None:
        """See `Destination.check`, and the class for what it can't tell."""
        self._ask(f"A key can't be delivered to {self.place}", self._check, Mask())

    def deliver(self, key: str) -> str:
        """See `Destination.deliver`. A repetition after an unclear failure is harmless."""
        failed = f"The key could not be delivered to {self.place}"
        return self._ask(failed, lambda mask: self._deliver(key, mask), Mask(key))

    def presence(self, version: str) -> Presence:
        """See `Destination.presence`."""
        failed = f"{capitalized(self.place)} could not be read"
        return self._ask(failed, lambda mask: self._presence(version, mask), Mask())

    def remove(self, version: str) -> None:
        """See `Destination.remove`, and the class for what takes the key's place."""
        failed = f"The key could not be removed from {self.place}"
        self._ask(failed, lambda mask: self._remove(version, mask), Mask())

    @abstractmethod
    def _check(self, mask: Mask) -> None: ...

    @abstractmethod
    def _deliver(self, key: str, mask: Mask) -> str: ...

    @abstractmethod
    def _presence(self, version: str, mask: Mask) -> Presence: ...

    @abstractmethod
    def _remove(self, version: str, mask: Mask) -> None: ...

    @abstractmethod
    def _explain(self, error: Exception) -> Refusal:
        """What an error of the client means."""

    def _ask(self, failed: str, action: Callable[[Mask], T], mask: Mask) -> T:
        with unlogged(mask):
            try:
                return action(mask)
            except ImportError as error:
                failure = self._missing(error.name or self.client)
            except Refusal as refusal:
                failure = _failure(failed, refusal, mask)
            except Exception as error:  # noqa: BLE001 - any error may hold the request, and so the key
                failure = _failure(failed, self._explain(error), mask)
        # Raised here, the error has no cause and no context that a traceback or a crash report would show.
        raise failure

    def _missing(self, module: str) -> DeliveryError:
        what = f"Keys can't be delivered to {self.place}: its client is not installed ({module})"
        install = f"`pip install '{PRODUCT}[{self.extra}]'`"
        if _is_archive():
            what = f"Keys can't be delivered to {self.place}: the plugin archive has no clients of secret stores"
            use = "Use `command` in deliver_to, or run the provider from a Python environment: "
            page = page_address("native-provider.md#secret-stores")
            return DeliveryError(what, Advice(use, f"{install} ({page}). Then ", RUN_AGAIN, "."))
        return DeliveryError(what, Advice(f"Run {install} where the provider is installed, then ", RUN_AGAIN, "."))


def _is_archive() -> bool:
    """Whether this is the program in the plugin archive, to which nothing can be installed: PyInstaller's mark."""
    return bool(getattr(sys, "frozen", False))


def _failure(failed: str, refusal: Refusal, mask: Mask) -> DeliveryError:
    failure = DeliveryError(f"{failed}: {_shortened(mask(refusal.reason))}", Advice(*refusal.advice))
    failure.may_have_acted = refusal.may_have_acted
    return failure


def unexplained(error: Exception) -> Refusal:
    """An error that says nothing that a user could act on."""
    advice = "; if it fails again, report it with this text."
    return Refusal(f"{type(error).__name__}: {error}", RUN_AGAIN, advice, may_have_acted=True)


def unreachable(where: str, error: Exception, certificates: str = "") -> Refusal:
    """There is no connection to the store.

    Args:
        where: The server.
        error: The error of the client.
        certificates: Those that the client trusts, with their setting; empty for those of requests to OpenAI.
    """
    certificates = certificates or str(ca_bundle() or "")
    untrusted = not_trusted(all_of(error), certificates)
    if untrusted:
        add = f"Add its authority to {certificates or ADVICE}, then "
        return Refusal(f"the certificate of {where} {untrusted}", add, RUN_AGAIN, ".")
    reason = f"{where} can't be reached ({type(error).__name__})"
    return Refusal(reason, "Check its address and the network, then ", RUN_AGAIN, ".", may_have_acted=True)


def contended() -> Refusal:
    """Others changed a document each time before it could be written."""
    return Refusal("others changed it at the same time, several times", RUN_AGAIN, ".")


def member_version(version: object, key: str) -> str:
    """The version of a member of a document.

    Others may change other members, and so the document's own version, which therefore does not identify the key.
    """
    return f"{version}/{fingerprint(key)}"


def is_version(version: str, value: object) -> bool:
    """Whether the value of a member is the key with this `member_version`."""
    return isinstance(value, str) and version.rpartition("/")[2] == fingerprint(value)


def clause(texts: Iterable[str]) -> str:
    """A store's own strings as one clause on one line."""
    return "; ".join(" ".join(text.split()).rstrip(".") for text in texts if text.strip())


def _shortened(text: str) -> str:
    text = clause([text])
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
