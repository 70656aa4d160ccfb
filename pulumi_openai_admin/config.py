"""Settings, and where they come from.

The environment (`VARIABLES`) takes precedence over the stack configuration, because refresh and destroy use the
configuration that the last update recorded. `Settings` has the defaults.

A `Provider` that a program declares has its own configuration with the same keys, which takes precedence over the
environment: see `OF_PROVIDER` and `_Sources`.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from urllib.parse import urlsplit

from typing_extensions import override

from pulumi_openai_admin import remedies
from pulumi_openai_admin.errors import ConfigurationError
from pulumi_openai_admin.remedies import Advice, Message, Name, OptionalAdvice, Remedy, RemedyKind, Term, Worded, Words
from pulumi_openai_admin.similar import similar

NAMESPACE = "openai-admin"
OF_PROVIDER = f"{NAMESPACE}:provider"
"""The key of a `Provider`'s name in its configuration. The stack configuration does not have it."""
MAX_PARALLEL = 64
DEFAULT_BASE_URL = "https://api.openai.com/v1"

VARIABLES = {"adminApiKey": "OPENAI_ADMIN_KEY", "baseUrl": "OPENAI_BASE_URL", "organization": "OPENAI_ORG_ID"}
"""The environment variables, by the name of their setting. They take precedence over the stack configuration."""

PROJECT_KEY = "api_key"
"""The input, or the argument of a provider function, with the API key of a project."""

_THEN_RECORD = Advice(" Then ", remedies.RUN, " to record it: refresh and destroy use the recorded value.")
_NO_KEY = Advice("Set the environment variable OPENAI_ADMIN_KEY. ", Remedy(RemedyKind.KEEP_KEY_IN_STACK), ".")
_IN_ENVIRONMENT = "the environment variable OPENAI_ADMIN_KEY"
"""The source of a key of the environment."""
_HEADER_SAFE = re.compile(r"[\x21-\x7e]+")


@dataclass(repr=False)
class SettingName(Worded):
    """What messages call a setting: by the tool that shows them, or by the argument of a `Provider`."""

    setting: str
    """The name in the stack configuration, without the namespace."""
    provider: str = ""
    """The name of the `Provider` that has the setting; empty for the default provider."""

    @override
    def in_words(self, words: Words) -> str:
        if self.provider:
            argument = re.sub("[A-Z]", lambda letter: f"_{letter[0].lower()}", self.setting)
            named = words[Name.OF_PROVIDER].replace("{argument}", argument).replace("{setting}", self.setting)
            return named.replace("{provider}", repr(self.provider))
        name = _NAMED_BY_TOOL.get(self.setting)
        return words[name] if name else f"{NAMESPACE}:{self.setting}"


_NAMED_BY_TOOL = {"maxWaitSeconds": Name.MAX_WAIT, "baseUrl": Name.BASE_URL, "organization": Name.ORGANIZATION}


@dataclass(frozen=True)
class Settings:
    """The settings of a requestor. Equal settings share one requestor."""

    admin_api_key: str = field(repr=False)
    """The Admin API key; for requests that take the API key of a project, that key. Secret."""
    key_source: str | SettingName = field(compare=False)
    """The source of the key, for messages."""
    base_url: str = DEFAULT_BASE_URL
    organization: str = ""
    max_wait_seconds: float = 600
    """The time limit of one operation in seconds, or of each step if the operation has several."""
    connect_timeout_seconds: float = 10
    """The timeout for opening a connection in seconds; the default is 10."""
    read_timeout_seconds: float = 60
    """The timeout for receiving a response in seconds; the default is 60."""
    parallel: int = 16
    """How many resources are created, updated, read or deleted at a time (Pulumi's default is four), and how many
    requests one `ProjectRateLimits` sends at a time."""
    preview_reads: bool = field(default=False, compare=False)
    """Whether previews ask OpenAI for current values, with GET requests only; the default is false."""
    provider: str = field(default="", compare=False)
    """The name of the `Provider` that has the settings; empty for the default provider."""
    has_other_key: bool = field(default=False, compare=False)
    """Whether the key is from the environment, and the stack configuration has another."""
    is_project_key: bool = field(default=False, compare=False)
    """Whether the key is the API key of a project, which a resource or a provider function sets."""

    def name(self, setting: str) -> SettingName:
        """What messages call a setting, from its name in the stack configuration without the namespace."""
        return SettingName(setting, self.provider)

    @property
    def other_key(self) -> Worded:
        """How to use another key after this one was refused, with a space before it."""
        if self.is_key_of_environment:
            return OptionalAdvice(RemedyKind.CHANGE_OR_UNSET_KEY if self.has_other_key else RemedyKind.CHANGE_KEY)
        if not self.provider:
            return OptionalAdvice(RemedyKind.SET_KEY)
        return Advice(
            " Change ",
            self.name("adminApiKey"),
            " in the program, then ",
            remedies.RUN,
            ": refresh and destroy use the key that the last update recorded.",
        )

    @property
    def is_key_of_environment(self) -> bool:
        """Whether the key is from the environment."""
        return self.key_source == _IN_ENVIRONMENT

    @property
    def is_loopback(self) -> bool:
        """Whether the base URL is an address of your machine."""
        return _is_loopback(urlsplit(self.base_url).hostname or "")


SETTINGS = tuple(
    re.sub(r"_(\w)", lambda letter: letter[1].upper(), setting.name)
    for setting in fields(Settings)
    if setting.name not in {"key_source", "provider", "has_other_key", "is_project_key"}
)
"""The names of the settings in the stack configuration, without the namespace."""


PLAIN_KEY = Message(
    "The admin key is in plain text in the stack configuration. To encrypt it, ",
    Remedy(RemedyKind.CONFIGURE_ENCRYPTED, setting=f"{NAMESPACE}:adminApiKey"),
    ". If others can read the configuration, replace the key.",
)
"""The warning about a key in the stack configuration that is not encrypted."""


def failures(
    values: Mapping[str, object], *, is_shared: bool = False, provider: str = ""
) -> dict[str, ConfigurationError]:
    """The errors in a configuration, by name, even if the environment takes precedence now. A key may be missing.

    Args:
        values: The settings, by their names without the namespace.
        is_shared: Whether the namespace has settings of a Pulumi project too.
        provider: The name of the `Provider` that has them; empty for the stack configuration.
    """
    found: dict[str, ConfigurationError] = {}
    for name, value in values.items():
        own = {f"{NAMESPACE}:adminApiKey": "none-is-needed-for-this", f"{NAMESPACE}:{name}": value}
        try:
            resolve({}, {**own, OF_PROVIDER: provider}.get)
            if name not in SETTINGS and not (is_shared and name.lower() not in map(str.lower, SETTINGS)):
                found[name] = _unknown(name, provider)
        except ConfigurationError as error:
            found[name] = error
    return found


def _unknown(name: str, provider: str) -> ConfigurationError:
    """The error for a key that is not a setting: often it is misspelled."""
    near, settings = similar(name, SETTINGS, 1), f"The settings are {', '.join(SETTINGS)}."
    if provider:
        advice = f"Did you mean {near[0]}?" if near else f"Remove it. {settings}"
        return ConfigurationError(f"{name} is not a setting of Provider {provider!r}", advice)
    removal = Remedy(RemedyKind.REMOVE_SETTING, setting=f"{NAMESPACE}:{name}")
    how = Advice(removal, f". {settings}")
    if near:
        kind = RemedyKind.CONFIGURE_ENCRYPTED if near == ["adminApiKey"] else RemedyKind.CONFIGURE
        setting = f"{NAMESPACE}:{near[0]}"
        how = Advice(f"Did you mean {setting}? Then ", Remedy(kind, setting=setting), ", and ", removal, ".")
    return ConfigurationError(f"{NAMESPACE}:{name} is not a setting of pulumi-openai-admin", how)


def resolve(
    environ: Mapping[str, str],
    stack_config: Callable[[str], object],
    project_key: str = "",
    project_key_source: str = PROJECT_KEY,
) -> Settings:
    """Read the settings; the environment takes precedence.

    Args:
        environ: The environment of the process.
        stack_config: Gives the stack's value of a full key (`openai-admin:baseUrl`), None if there is none.
        project_key: The API key of a project, for requests that are sent with it. No admin key is then needed.
        project_key_source: The source of that key, for messages.

    Raises:
        ConfigurationError: There is no key, or a value is invalid.
    """
    sources = _Sources(environ, stack_config)
    key, source = (project_key, project_key_source) if project_key else sources.admin_key()
    if project_key and not _HEADER_SAFE.fullmatch(project_key):
        what = f"The API key in {project_key_source} contains a space or another invalid character"
        raise ConfigurationError(what, "Copy the key again, on one line and without quotes.")
    return Settings(
        admin_api_key=key,
        key_source=source,
        base_url=sources.base_url(),
        organization=sources.organization(),
        max_wait_seconds=sources.seconds("maxWaitSeconds", Settings.max_wait_seconds),
        connect_timeout_seconds=sources.seconds("connectTimeoutSeconds", Settings.connect_timeout_seconds),
        read_timeout_seconds=sources.seconds("readTimeoutSeconds", Settings.read_timeout_seconds),
        parallel=sources.parallel(),
        preview_reads=sources.boolean("previewReads"),
        provider=sources.provider,
        has_other_key=source == _IN_ENVIRONMENT and sources.configured("adminApiKey") not in {"", key},
        is_project_key=bool(project_key),
    )


def reads_in_preview(stack_config: Callable[[str], object]) -> bool:
    """Whether previews ask OpenAI. Needs no key.

    Raises:
        ConfigurationError: The value is neither true nor false.
    """
    return _Sources({}, stack_config).boolean("previewReads")


def without_preview_reads(stack_config: Callable[[str], object]) -> Advice:
    """What to do for a preview that does not ask OpenAI."""
    if provider := _Sources({}, stack_config).provider:
        return Advice("To preview without asking, remove ", SettingName("previewReads", provider), ".")
    setting = Remedy(RemedyKind.CONFIGURE, setting=f"{NAMESPACE}:previewReads false")
    return Advice("To preview without asking, ", setting, ".")


def with_preview_reads(environ: Mapping[str, str], stack_config: Callable[[str], object]) -> Advice | None:
    """A sentence on how to turn on `previewReads`. None if there is no key, or if the setting has a value."""
    sources = _Sources(environ, stack_config)
    has_key = sources.configured("adminApiKey") or sources.live("adminApiKey")
    if sources.configured("previewReads") or not has_key:
        return None
    if sources.provider:
        setting = sources.name("previewReads")
        how: tuple[str | Worded, ...] = ("set ", setting, " to ", Term(Name.TRUE), " (or ", Term(Name.FALSE))
    else:
        how = (Remedy(RemedyKind.CONFIGURE, setting=f"{NAMESPACE}:previewReads true"), " (or false")
    return Advice("To find wrong models and ids, ", *how, ", to hide this message).")


def mapped(environ: Mapping[str, str], mappings: Mapping[str, str] | None) -> dict[str, str]:
    """The environment that the engine gives to a provider with the resource option `envVarMappings`.

    Args:
        environ: The engine's environment, which is also the program's.
        mappings: By the name of a variable, the name under which the provider has its value.
    """
    found = {name: environ[variable] for variable, name in (mappings or {}).items() if variable in environ}
    return {**environ, **found}


class _Sources:
    """Where the settings of a provider are from. Its methods raise `ConfigurationError` if a value is invalid."""

    def __init__(self, environ: Mapping[str, str], stack_config: Callable[[str], object]) -> None:
        self._stack_config = stack_config
        self.provider = str(stack_config(OF_PROVIDER) or "")
        """The name of the `Provider` that has the settings; empty for the default provider."""
        self._environ = environ
        if not self.provider:
            return
        # An explicit provider uses the variables of the settings that it does not have itself. A key of the environment
        # is not sent to an address that only the program has. The organization in the environment belongs to that key.
        base_url = self.configured("baseUrl").rstrip("/")
        used = [] if base_url else ["baseUrl"]
        is_known = base_url in {"", DEFAULT_BASE_URL, self.live("baseUrl").rstrip("/")}
        if is_known and not self.configured("adminApiKey"):
            used += ["adminApiKey"] if self.configured("organization") else ["adminApiKey", "organization"]
        self._environ = {VARIABLES[name]: self.live(name) for name in used}

    def configured(self, name: str) -> str:
        """The value of a setting in the configuration; empty if there is none."""
        value = self._stack_config(f"{NAMESPACE}:{name}")
        return "" if value is None else str(value).strip()

    def live(self, name: str) -> str:
        """The value of a setting in the environment; empty if there is none."""
        return self._environ.get(VARIABLES[name], "").strip()

    def name(self, setting: str) -> SettingName:
        """What messages call a setting."""
        return SettingName(setting, self.provider)

    def admin_key(self) -> tuple[str, str | SettingName]:
        """The key and its source."""
        name = self.name("adminApiKey")
        source: str | SettingName = _IN_ENVIRONMENT
        key = self.live("adminApiKey")
        if not key:
            key = self.configured("adminApiKey")
            source = name if self.provider else f"the stack configuration {name}"
        if not key:
            other = "" if self.configured("baseUrl") else ", or the environment variable OPENAI_ADMIN_KEY"
            advice = Advice("Set ", name, f" in the program{other}.") if self.provider else _NO_KEY
            raise ConfigurationError("There is no OpenAI admin key", advice)
        if not _HEADER_SAFE.fullmatch(key):
            what = Message("The OpenAI admin key from ", source, " contains a space or another invalid character")
            recorded = "" if source == _IN_ENVIRONMENT else _THEN_RECORD
            raise ConfigurationError(what, Advice("Copy the key again, on one line and without quotes.", recorded))
        return key, source

    def base_url(self) -> str:
        """The base URL, without a slash at its end."""
        live = self.live("baseUrl")
        url = live or self.configured("baseUrl") or DEFAULT_BASE_URL
        if not (fault := url_fault(url)):
            return url.rstrip("/")
        example = f" to an https:// URL such as {DEFAULT_BASE_URL}. {ONLY_LOOPBACK}"
        advice = Advice("Set ", self.name("baseUrl"), example, "" if live else _THEN_RECORD)
        raise ConfigurationError(f"Invalid base URL: {fault}", advice)

    def organization(self) -> str:
        """The id of the organization; empty if there is none."""
        live = self.live("organization")
        value = live or self.configured("organization")
        if value and not _HEADER_SAFE.fullmatch(value):
            what = "The organization id contains a space or another invalid character"
            advice = Advice("Correct ", self.name("organization"), ": org-….", "" if live else _THEN_RECORD)
            raise ConfigurationError(what, advice)
        return value

    def parallel(self) -> int:
        """How many operations run at a time."""
        text = self.configured("parallel") or str(Settings.parallel)
        if text.isdecimal() and 1 <= int(text) <= MAX_PARALLEL:
            return int(text)
        raise self._invalid("parallel", f"a whole number from 1 to {MAX_PARALLEL}", str(Settings.parallel))

    def seconds(self, name: str, default: float) -> float:
        """A number of seconds."""
        try:
            seconds = float(self.configured(name) or default)
        except ValueError:
            seconds = 0
        if 0 < seconds < float("inf"):
            return seconds
        raise self._invalid(name, "a number of seconds above 0", f"{default:.0f}")

    def boolean(self, name: str) -> bool:
        """A truth value."""
        text = self.configured(name).lower()
        if text not in {"", "true", "false"}:
            raise self._invalid(name, "true or false", "true")
        return text == "true"

    def _invalid(self, name: str, condition: str, example: str) -> ConfigurationError:
        """The error for a value that does not meet its condition, with an example of one that does."""
        what = Message(self.name(name), f" must be {condition}, not {self.configured(name)!r}")
        if self.provider:
            return ConfigurationError(what, Advice("Correct it in the program.", _THEN_RECORD))
        setting = Remedy(RemedyKind.CONFIGURE, setting=f"{NAMESPACE}:{name} {example}")
        return ConfigurationError(what, Advice("For example, ", setting, ".", _THEN_RECORD))


ONLY_LOOPBACK = "http:// is accepted only for your machine (127.0.0.1)."


def url_fault(url: str) -> str:
    """Why no key may be sent to a server; empty if one may: it has an https URL, or is on your machine.

    Args:
        url: Its URL. A user name, a password, a query or a fragment has no place in it.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        parts, host = urlsplit(""), ""
    has_user, has_query = parts.username is not None or parts.password is not None, bool(set("?#") & set(url))
    is_plain = not (has_user or has_query)
    if host and is_plain and (parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host))):
        return ""
    if not host:
        has_scheme = url.casefold().startswith(("https://", "http://"))
        return "it has no host name" if has_scheme else "it does not begin with https://"
    what = " has a user name or a password" if has_user else " has a query or a fragment" if has_query else ""
    return f"{parts.scheme}://{host}{what}"


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
