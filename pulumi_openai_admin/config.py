"""Where the key, the address and the patience come from.

The environment wins over the stack's configuration, since it is the only one of the two
that is always live: refresh and destroy see the configuration as the last `pulumi up`
recorded it.

| environment            | stack configuration            | default                     |
|------------------------|--------------------------------|-----------------------------|
| `OPENAI_ADMIN_KEY`     | `openai-admin:adminApiKey`     | none: required at the first request |
| `OPENAI_BASE_URL`      | `openai-admin:baseUrl`         | `https://api.openai.com/v1` |
| `OPENAI_ORG_ID`        | `openai-admin:organization`    | none: the key's own         |
| none                   | `openai-admin:maxWaitSeconds`  | 600                         |
| none                   | `openai-admin:connectTimeoutSeconds` | 10                    |
| none                   | `openai-admin:readTimeoutSeconds`    | 60                    |
| none                   | `openai-admin:parallel`        | 16                          |

A `Provider` that a program declares has a configuration of its own, with the same keys, which wins over the
environment: see `OF_PROVIDER`.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pulumi_openai_admin.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

NAMESPACE = "openai-admin"
OF_PROVIDER = f"{NAMESPACE}:provider"
"""In the configuration of a `Provider`: its name in the program. A stack's configuration does not have it."""
MOST_PARALLEL = 64
DEFAULT_BASE_URL = "https://api.openai.com/v1"

_HEADER_SAFE = re.compile(r"[\x21-\x7e]+")


@dataclass(frozen=True)
class Wording:
    """What messages call the things that a user can turn: others on the command line than in a Pulumi program."""

    again: str = "Run `pulumi up` again"
    max_wait: str = f"{NAMESPACE}:maxWaitSeconds"
    """What sets `max_wait_seconds`."""
    address: str = f"OPENAI_BASE_URL (or {NAMESPACE}:baseUrl)"
    """What sets `base_url`."""
    organization: str = f"OPENAI_ORG_ID (or {NAMESPACE}:organization)"
    """What sets `organization`."""
    give_up: str = " To give up at once, press Ctrl-C a second time."
    other_key: str = (
        " For this run alone, set OPENAI_ADMIN_KEY: it wins over the stack's configuration, of which refresh and "
        "destroy use what the last `pulumi up` recorded."
    )
    """How to use another key than the one that was refused."""
    key_in_configuration: str = f"the stack's configuration {NAMESPACE}:adminApiKey"
    """Where a key came from that is not the environment's."""
    no_key: str = (
        "Set the environment variable OPENAI_ADMIN_KEY, or keep it in the stack: "
        f"`pulumi config set --secret {NAMESPACE}:adminApiKey`."
    )
    provider: str = ""
    """The Provider in the program whose settings they are; empty for those of the stack."""

    def name_of(self, setting: str) -> str:
        """What sets a setting."""
        if not self.provider:
            return f"{NAMESPACE}:{setting}"
        return f"{re.sub('[A-Z]', lambda letter: f'_{letter[0].lower()}', setting)} of {self.provider}"

    def example_of(self, setting: str, value: float) -> str:
        """An advice that shows how to set it."""
        return "" if self.provider else f"For instance: `pulumi config set {NAMESPACE}:{setting} {value:.0f}`."


@dataclass(frozen=True)
class Settings:
    """What a requestor needs to know. Equal settings share one requestor."""

    admin_api_key: str = field(repr=False)
    """The Admin API key. Secret."""
    key_source: str = field(compare=False)
    """Where the key came from, in words for a message."""
    base_url: str = DEFAULT_BASE_URL
    organization: str = ""
    max_wait_seconds: float = 600
    """How long one operation may take in all, in seconds; where it is made of many steps, how long each of them may."""
    connect_timeout_seconds: float = 10
    read_timeout_seconds: float = 60
    parallel: int = 16
    """How many resources are created, changed, read or deleted at a time, where Pulumi's own number is four; and how
    many requests one of them that needs many sends at a time."""
    wording: Wording = field(default=Wording(), compare=False)

    @property
    def is_loopback(self) -> bool:
        """Whether the address is this machine's own."""
        return _is_loopback(urlsplit(self.base_url).hostname or "")


def resolve(
    environ: Mapping[str, str], stack_config: Callable[[str], object], wording: Wording = Settings.wording
) -> Settings:
    """Read the settings, environment first.

    Args:
        environ: The process's environment.
        stack_config: Gives the stack's value of a full key (`openai-admin:baseUrl`), None where there is none.
        wording: What messages call the things that the user can turn.

    Raises:
        ConfigurationError: No key, or a value that will not do.
    """

    def configured(name: str) -> str:
        value = stack_config(f"{NAMESPACE}:{name}")
        return "" if value is None else str(value).strip()

    if name := stack_config(OF_PROVIDER):
        # The key and the organization in the environment belong together, and to the default provider.
        environ = {one: environ.get(one, "") for one in ("OPENAI_BASE_URL",) if not configured("baseUrl")}
        wording = _provider_wording(name, wording)
    key, source = _admin_key(environ, configured, wording)
    return Settings(
        admin_api_key=key,
        key_source=source,
        base_url=_base_url(environ, configured, wording),
        organization=_organization(environ.get("OPENAI_ORG_ID", "").strip() or configured("organization"), wording),
        max_wait_seconds=_seconds("maxWaitSeconds", configured, Settings.max_wait_seconds, wording),
        connect_timeout_seconds=_seconds(
            "connectTimeoutSeconds", configured, Settings.connect_timeout_seconds, wording
        ),
        read_timeout_seconds=_seconds("readTimeoutSeconds", configured, Settings.read_timeout_seconds, wording),
        parallel=_parallel(configured("parallel"), wording),
        wording=wording,
    )


def _provider_wording(name: object, wording: Wording) -> Wording:
    provider = f"Provider {name!r}"
    return replace(
        wording,
        max_wait=f"max_wait_seconds of {provider}",
        address=f"base_url of {provider}",
        organization=f"organization of {provider}",
        other_key=(
            f" Change admin_api_key of {provider} in the program, then run `pulumi up`: refresh and destroy use the "
            "key that the last `pulumi up` recorded."
        ),
        key_in_configuration=f"admin_api_key of {provider}",
        no_key=f"Set admin_api_key of {provider} in the program.",
        provider=provider,
    )


def _admin_key(environ: Mapping[str, str], configured: Callable[[str], str], wording: Wording) -> tuple[str, str]:
    key, source = environ.get("OPENAI_ADMIN_KEY", "").strip(), "the environment variable OPENAI_ADMIN_KEY"
    if not key:
        key, source = configured("adminApiKey"), wording.key_in_configuration
    if not key:
        raise ConfigurationError("There is no OpenAI admin key", wording.no_key)
    if not _HEADER_SAFE.fullmatch(key):
        what = f"The OpenAI admin key from {source} holds a space or another character that no key has"
        raise ConfigurationError(what, "Copy it again, on one line and without quotes.")
    return key, source


def _base_url(environ: Mapping[str, str], configured: Callable[[str], str], wording: Wording) -> str:
    url = environ.get("OPENAI_BASE_URL", "").strip() or configured("baseUrl") or DEFAULT_BASE_URL
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        parts, host = urlsplit(""), ""
    plain = not (set("?#") & set(url) or parts.username or parts.password)
    if host and plain and (parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host))):
        return url.rstrip("/")
    shown = f"{parts.scheme}://{host}" if host else "no address"
    what = f"OpenAI's address will not do (it reads as {shown})"
    raise ConfigurationError(
        what,
        f"Set {wording.address} to an https:// address such as {DEFAULT_BASE_URL}; "
        "http:// is for this machine alone (127.0.0.1).",
    )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _organization(value: str, wording: Wording) -> str:
    if value and not _HEADER_SAFE.fullmatch(value):
        what = "The organization holds a space or another character that no id has"
        raise ConfigurationError(what, f"Correct {wording.organization}: org-….")
    return value


def _parallel(text: str, wording: Wording) -> int:
    if not text:
        return Settings.parallel
    if text.isdecimal() and 1 <= int(text) <= MOST_PARALLEL:
        return int(text)
    what = f"{wording.name_of('parallel')} must be a whole number from 1 to {MOST_PARALLEL}, not {text!r}"
    raise ConfigurationError(what, wording.example_of("parallel", Settings.parallel))


def _seconds(name: str, configured: Callable[[str], str], default: float, wording: Wording) -> float:
    text = configured(name)
    try:
        seconds = float(text) if text else default
    except ValueError:
        seconds = 0
    if 0 < seconds < float("inf"):
        return seconds
    what = f"{wording.name_of(name)} must be a number of seconds above 0, not {text!r}"
    raise ConfigurationError(what, wording.example_of(name, default))
