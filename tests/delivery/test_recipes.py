"""The programs of examples/delivery and the commands of docs/secret-stores.md, against fakes of their tools.

The fakes accept what the documentation of the tools names, and nothing else.
"""

from __future__ import annotations

import ast
import json
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from pulumi_openai_admin.delivery.command import Command
from pulumi_openai_admin.delivery.secret_store import DeliveryError
from tests.delivery.fake_store import FakeStore, Reply, Request

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(os.name == "nt", reason="the fakes are programs of Unix")
KEY = "sk-svcacct-delivered-0123456789"
PAGE = (ROOT / "docs" / "secret-stores.md").read_text(encoding="utf-8").partition("## Recipes for commands")[2]
PREAMBLE = """\
#!/usr/bin/env python3
import json, os, pathlib, sys
store = pathlib.Path(os.environ["STORE"])
with open(store / "arguments", "a") as calls:
    calls.write(json.dumps(sys.argv[1:]) + "\\n")
"""
OP = """
assert os.environ["OP_SERVICE_ACCOUNT_TOKEN"]
match sys.argv[1:]:
    case ["item", "get", "openai", "--vault", "CI", "--format", "json", *reveal]:
        item = json.loads((store / "item").read_text())
        if reveal != ["--reveal"]:
            item["fields"] = [field | {"value": "hidden"} for field in item["fields"]]
        print(json.dumps(item))
    case ["item", "edit", "openai", "--vault", "CI"]:
        (store / "item").write_text(json.dumps(json.load(sys.stdin)))
        print((store / "item").read_text())
    case _:
        sys.exit("unknown command")
"""
DOPPLER = """
assert os.environ["DOPPLER_TOKEN"]
options = ["-p", "shop", "-c", "prd"]
match sys.argv[1:]:
    case ["secrets", "--only-names", *rest] if rest == options:
        print("OPENAI_API_KEY")
    case ["secrets", "set", "OPENAI_API_KEY", *rest] if rest == [*options, "--no-interactive", "--silent"]:
        (store / "OPENAI_API_KEY").write_text(sys.stdin.read())
    case _:
        sys.exit("unknown command")
"""
BITWARDEN_SDK = """\
import json, os, pathlib, types
store = pathlib.Path(os.environ["STORE"])
class DeviceType: SDK = "SDK"
def client_settings_from_dict(settings):
    assert settings["apiUrl"] == "https://api.bitwarden.com", settings
    assert settings["identityUrl"] == "https://identity.bitwarden.com", settings
    return settings
class BitwardenClient:
    def __init__(self, settings): self.token = None
    def auth(self): return self
    def login_access_token(self, token, state_file=None): self.token = token
    def secrets(self):
        assert self.token == "bitwarden-token"
        return self
    def get(self, id):
        read = json.loads((store / "secret").read_text())
        assert read["id"] == id
        return types.SimpleNamespace(data=types.SimpleNamespace(**read))
    def update(self, organization_id, id, key, value, note, project_ids=None):
        (project_id,) = project_ids
        new = dict(organization_id=organization_id, id=id, key=key, value=value, note=note, project_id=project_id)
        (store / "secret").write_text(json.dumps(new))
"""
FIELDS = [{"id": "password", "value": "before"}, {"id": "notesPlain", "value": "for the shop"}]
ITEM = {"id": "abc", "title": "openai", "category": "PASSWORD", "fields": FIELDS}
SECRET = {"organization_id": "o", "id": "s", "key": "OPENAI_API_KEY", "value": "before", "note": "n", "project_id": "p"}


class Store(NamedTuple):
    """A folder with what the fakes keep, and the arguments that they were called with."""

    folder: Path

    def read(self, name: str) -> Any:
        return json.loads((self.folder / name).read_text(encoding="utf-8"))


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """The fakes, first on PATH, and the credentials that they ask for. The recipes run beside their programs."""
    for name, program in (("op", OP), ("doppler", DOPPLER)):
        (tmp_path / name).write_text(PREAMBLE + program, encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    (tmp_path / "python3").symlink_to(sys.executable)
    (tmp_path / "bitwarden_sdk.py").write_text(BITWARDEN_SDK, encoding="utf-8")
    (tmp_path / "item").write_text(json.dumps(ITEM), encoding="utf-8")
    (tmp_path / "secret").write_text(json.dumps(SECRET), encoding="utf-8")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("STORE", str(tmp_path))
    tokens = {"OP_SERVICE_ACCOUNT_TOKEN": "op", "DOPPLER_TOKEN": "dp", "BWS_ACCESS_TOKEN": "bitwarden-token"}
    for name, value in tokens.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(ROOT / "examples" / "delivery")
    return Store(tmp_path)


def recipe(section: str, replaced: dict[str, str] | None = None) -> Command:
    """The command in a section of the page, with other texts where the page has its examples."""
    text = re.split(r"^### ", PAGE, flags=re.MULTILINE)
    (found,) = [part for part in text if part.startswith(f"{section}\n")]
    (program,) = re.findall(r"```python\n(Command\(.*?\n?\))\n```", found, re.DOTALL)
    for old, new in (replaced or {}).items():
        program = program.replace(old, new)
    (call,) = ast.parse(program).body
    assert isinstance(call, ast.Expr)
    assert isinstance(call.value, ast.Call)
    options = {str(word.arg): ast.literal_eval(word.value) for word in call.value.keywords}
    return Command(ast.literal_eval(call.value.args[0]), **{"show_errors": True, **options})


def test_1password_gets_the_key_in_its_item_and_nothing_else_changes(store: Store) -> None:
    command = recipe("1Password")
    command.check()
    command.deliver(KEY)
    password, notes = FIELDS
    assert store.read("item") == {**ITEM, "fields": [{**password, "value": KEY}, notes]}
    assert KEY not in (store.folder / "arguments").read_text(encoding="utf-8")


def test_doppler_gets_the_key_on_standard_input(store: Store) -> None:
    command = recipe("Doppler")
    command.check()
    command.deliver(KEY)
    assert (store.folder / "OPENAI_API_KEY").read_text(encoding="utf-8") == KEY
    assert KEY not in (store.folder / "arguments").read_text(encoding="utf-8")


def test_bitwarden_keeps_the_rest_of_the_secret(store: Store) -> None:
    command = recipe("Bitwarden Secrets Manager", {"382580ab-1368-4e85-bfa3-b02e01400c9f": "s"})
    command.check()
    command.deliver(KEY)
    assert store.read("secret") == {**SECRET, "value": KEY}


class Gateway(FakeStore):
    """A LiteLLM gateway with one credential. It reports an unknown one with the status 200, as LiteLLM does."""

    def __init__(self) -> None:
        super().__init__()
        self.kept = {"api_base": "https://api.openai.com/v1"}

    def answer(self, request: Request) -> Reply:
        assert (request.verb, request.headers["Authorization"]) == ("PATCH", "Bearer sk-master")
        name = request.path.removeprefix("/credentials/")
        if found := name == request.json["credential_name"] == "openai":
            self.kept.update(request.json["credential_values"])
        return Reply(200, {"success": True} if found else {"message": "Credential not found in DB.", "code": "404"})


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    monkeypatch.setenv("LITELLM_MASTER_KEY", "sk-master")
    monkeypatch.setenv("NO_PROXY", "*")
    server = Gateway()
    server.start()
    yield server
    server.stop()


@pytest.mark.usefixtures("store")
def test_litellm_gets_the_key_in_its_credential(gateway: Gateway) -> None:
    recipe("LiteLLM", {"https://litellm.example.com": gateway.url}).deliver(KEY)
    assert gateway.kept == {"api_base": "https://api.openai.com/v1", "api_key": KEY}
    unknown = recipe("LiteLLM", {"https://litellm.example.com": gateway.url, '"openai"': '"other"'})
    with pytest.raises(DeliveryError, match="LiteLLM did not update the credential 'other': Credential not found"):
        unknown.deliver(KEY)
