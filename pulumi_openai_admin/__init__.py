"""Manage an OpenAI organization as code, from Python, on Pulumi."""

from pulumi_openai_admin.public_names import load as _load
from pulumi_openai_admin.public_names import public_names as _public_names


def __getattr__(name: str) -> object:
    value = _public_names() if name == "__all__" else _load(name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__getattr__("__all__")})  # type: ignore[misc] # a list of strings
