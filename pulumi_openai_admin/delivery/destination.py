"""What a secret store has to do to receive a key."""

from __future__ import annotations

from abc import ABC, abstractmethod
from enum import Enum

from pulumi_openai_admin.errors import DeliveryError as DeliveryError


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
        """Check that a key can be written, before one is created. Writes nothing.

        Raises:
            DeliveryError: A package is missing, the store can't be reached, there is no permission, or no such secret.
        """

    @abstractmethod
    def deliver(self, key: str) -> str:
        """Write a key.

        Args:
            key: The API key.

        Returns:
            The version that the store gave the value; for a store without versions, what identifies the value without
            revealing it.
        """

    @abstractmethod
    def presence(self, version: str) -> Presence:
        """What the destination holds of a version that `deliver` returned."""

    @abstractmethod
    def remove(self, version: str) -> None:
        """Remove a version that `deliver` returned. Leaves the secret alone if it holds another value now."""
