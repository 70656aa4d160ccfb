"""Stores of JSON documents, in which the key is one member."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_openai_admin.delivery.json_member import member_of, members_of, with_member, without_member
from pulumi_openai_admin.delivery.secret_store import (
    ATTEMPTS,
    Presence,
    SecretStore,
    contended,
    is_version,
    member_presence,
    member_version,
)

if TYPE_CHECKING:
    from pulumi_openai_admin.delivery.secret_store import StoreCall


class MemberStore(SecretStore):
    """A store of documents, in which the key is one member. Others may change the other members at the same time."""

    member: ClassVar[str]
    """The property that has the name of the member."""

    @abstractmethod
    def _document(self, client: Any, call: StoreCall) -> tuple[str, Any]:
        """The document, a JSON object as the store has it, and its version."""

    @abstractmethod
    def _write(self, client: Any, call: StoreCall, document: str, after: Any) -> Any:
        """Write a version that follows another one, and return it; empty if that one is no longer the current one."""

    def _read(self, client: Any, call: StoreCall) -> tuple[str, object, Any]:
        """The document, the value of the member (None if there is none), and the version. Other values are masked."""
        document, current = self._document(client, call)
        call.mask.add(member.value for member in members_of(document))
        member = member_of(document, getattr(self, self.member))
        return document, member.value if member else None, current

    def _deliver(self, key: str, client: Any, call: StoreCall) -> str:
        for _ in range(ATTEMPTS):
            document, value, current = self._read(client, call)
            if value == key:
                return member_version(current, key)
            if new := self._write(client, call, with_member(document, getattr(self, self.member), key), current):
                return member_version(new, key)
        raise contended()

    def _presence(self, version: str, client: Any, call: StoreCall) -> Presence:
        document, value, _ = self._read(client, call)
        is_there = member_of(document, getattr(self, self.member))
        return member_presence(version, value) if is_there else Presence.GONE

    def _remove(self, version: str, client: Any, call: StoreCall) -> None:
        for _ in range(ATTEMPTS):
            document, value, current = self._read(client, call)
            if not is_version(version, value):
                return
            if self._write(client, call, without_member(document, getattr(self, self.member)), current):
                return
        raise contended()
