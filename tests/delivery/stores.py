"""All secret stores for tests: each class of the modules of fakes."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from tests.delivery.fake_store import MemberStore, Store

_MODULES = [
    import_module(f"tests.delivery.{file.stem}")
    for file in sorted(Path(__file__).parent.glob("*_*.py"))
    if file.stem.startswith(("fake_", "moto_"))
]
ALL: dict[str, type[Store]] = {
    name: value
    for module in _MODULES
    for name, value in vars(module).items()
    if isinstance(value, type)
    and issubclass(value, Store)
    and value.__module__ == module.__name__
    and not value.__abstractmethods__
}
WITH_MEMBERS = {name: kind for name, kind in ALL.items() if issubclass(kind, MemberStore)}
