"""What is special about one store: what its check tells, what a removal leaves, and what its errors advise."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import trustme

from pulumi_openai_admin.delivery.aws_secrets_manager import AwsSecretsManager
from pulumi_openai_admin.delivery.kubernetes_secret import KubernetesSecret
from pulumi_openai_admin.delivery.pulumi_esc import PulumiEsc
from pulumi_openai_admin.delivery.secret_store import REMOVED, Presence
from pulumi_openai_admin.http.certificates import CA_BUNDLES
from tests.delivery import stores
from tests.delivery.fake_azure import Azure
from tests.delivery.fake_github import GitHub
from tests.delivery.fake_google import Gcp
from tests.delivery.fake_kubernetes import Kubernetes
from tests.delivery.fake_pulumi_esc import Esc
from tests.delivery.fake_store import AUTHORITY, Fault, Place, Store, refusal, secured
from tests.delivery.fake_vault import VaultField
from tests.delivery.moto_aws import REGION, Aws, AwsProperty
from tests.delivery.test_every_store import KEY, NEXT
from tests.delivery.test_no_leak import verbs_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.delivery.fake_store import Arrangement, FakeStore, Start


REFUSALS = {
    f"{kind.__name__}, {name}": (kind, arrange, verbs, told)
    for kind in stores.ALL.values()
    for name, (arrange, verbs, *told) in vars(kind).get("refusals", {}).items()
}


@pytest.mark.parametrize(("kind", "arrange", "verbs", "told"), REFUSALS.values(), ids=REFUSALS)
def test_an_error_says_what_to_do(
    start: Start, monkeypatch: pytest.MonkeyPatch, kind: type[Store], arrange: Arrangement, verbs: str, told: list[str]
) -> None:
    store = start(kind)
    arrange(store, monkeypatch)
    for verb in verbs.split():
        error = refusal(verbs_of(store, "1/x")[verb])
        assert [text for text in told if text not in error] == []


REMOVALS = {
    f"{kind.__name__}, {name}": (kind, *removal)
    for kind in stores.ALL.values()
    for name, removal in vars(kind).get("removals", {}).items()
}


@pytest.mark.parametrize(("kind", "exists", "look", "left"), REMOVALS.values(), ids=REMOVALS)
def test_a_removal_leaves_what_somebody_else_made(
    start: Start, kind: type[Store], exists: bool, look: Callable[[Any], object], left: object
) -> None:
    store = start(kind)
    if exists:
        store.put("by hand")
    version = store.destination.deliver(KEY)
    store.destination.remove(version)
    assert look(store) == left
    assert store.destination.presence(version) is (Presence.REPLACED if left == REMOVED else Presence.GONE)


def test_vault_the_token_of_openbao_is_used(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    store = start(VaultField)
    monkeypatch.delenv("VAULT_TOKEN")
    monkeypatch.setenv("BAO_TOKEN", "hvs.made-up")
    store.destination.check()


def test_aws_a_secret_has_to_exist(start: Start) -> None:
    store = start(Aws)
    missing = AwsSecretsManager(secret_id="other", region=REGION)
    told = "secret 'other' in AWS Secrets Manager (eu-central-1): it does not exist in this account. Create it"
    assert told in refusal(missing.check)
    assert told in refusal(lambda: missing.deliver(KEY))
    assert missing.presence("1") is Presence.GONE
    missing.remove("1")
    store.owner.delete_secret(SecretId="ci/openai")
    assert "scheduled for deletion. Restore it" in refusal(store.destination.check)
    assert store.destination.presence("1") is Presence.GONE
    store.destination.remove("1")


def test_aws_a_removed_key_has_no_label(start: Start) -> None:
    store = start(Aws)
    version = store.destination.deliver(KEY)
    store.destination.remove(version)
    assert not store.owner.describe_secret(SecretId="ci/openai")["VersionIdsToStages"].get(version)


def test_aws_a_repeated_delivery_writes_no_second_version(start: Start) -> None:
    store = start(Aws)
    assert store.destination.deliver(KEY) == store.destination.deliver(KEY)


def test_aws_a_property_needs_a_json_object(start: Start) -> None:
    store = start(AwsProperty)
    for value in ("text", "[1]"):
        store.owner.put_secret_value(SecretId="ci/openai", SecretString=value)
        told = refusal(store.destination.check)
        assert "the document is not a JSON object: there is no '{' (line 1, column 1). Make it a JSON object" in told


def test_aws_the_first_value_of_a_secret_can_be_a_property(start: Start) -> None:
    store = start(AwsProperty)
    store.owner.create_secret(Name="empty")
    empty = AwsSecretsManager(secret_id="empty", region=REGION, json_key="api_key")
    empty.check()
    version = empty.deliver(KEY)
    assert empty.presence(version) is Presence.CURRENT
    assert json.loads(store.owner.get_secret_value(SecretId="empty")["SecretString"]) == {"api_key": KEY}


def test_vault_a_new_secret_and_a_deleted_one_are_written(start: Start) -> None:
    store = start(VaultField)
    assert store.destination.deliver(KEY).startswith("1/")
    store.server.versions["ci/openai"].append(None)
    assert store.destination.presence("1/x") is Presence.GONE
    store.destination.check()
    assert store.destination.deliver(NEXT).startswith("3/")
    assert store.value() == NEXT


@pytest.mark.parametrize(
    ("capabilities", "exists", "missing"),
    [(["create", "update"], True, "read"), (["read", "update"], False, "create"), (["create", "read"], True, "update")],
)
def test_vault_a_check_tells_what_is_missing(start: Start, capabilities: list[str], exists: bool, missing: str) -> None:
    store = start(VaultField)
    if exists:
        store.put("by hand")
    store.server.capabilities = capabilities
    told = refusal(store.destination.check)
    assert f"the token lacks the capability '{missing}' on 'kv/data/ci/openai'. Extend its policy" in told
    store.server.capabilities = ["root"]
    if exists and missing == "update":
        store.server.capabilities = [*capabilities, "update"]
        store.destination.check()


def test_vault_others_never_stop_writing(start: Start) -> None:
    store = start(VaultField)
    store.put("0")

    def again() -> None:
        store.put_member("other", "value")
        store.server.at_first_write = again

    store.server.at_first_write = again
    told = refusal(lambda: store.destination.deliver(KEY))
    assert "others changed it at the same time, several times. Run the command again." in told


def test_google_a_secret_has_to_exist(start: Start) -> None:
    store = start(Gcp)
    store.server.secrets.clear()
    told = "secret 'openai' in Google Cloud Secret Manager (project 'acme'): it does not exist. Create it"
    assert told in refusal(store.destination.check)
    assert told in refusal(lambda: store.destination.deliver(KEY))
    assert store.destination.presence("1") is Presence.GONE
    store.destination.remove("1")


def test_azure_versions_of_the_same_second_have_no_order(start: Start) -> None:
    store = start(Azure)
    version = store.destination.deliver(KEY)
    store.server.clock -= 1
    store.put("another value")
    assert store.destination.presence(version) is Presence.UNKNOWN


def test_github_only_what_is_encrypted_is_sent(start: Start) -> None:
    store = start(GitHub)
    store.destination.deliver(KEY)
    assert not any(KEY[11:].encode() in request.body for request in store.server.requests)


def test_kubernetes_a_created_secret_has_the_label_of_the_package(start: Start) -> None:
    store = start(Kubernetes)
    store.destination.deliver(KEY)
    labels = store.server.secrets["openai"]["metadata"]["labels"]
    assert labels == {"app.kubernetes.io/managed-by": "pulumi-openai-admin"}


def test_kubernetes_a_check_is_a_trial_of_the_request(start: Start) -> None:
    store = start(Kubernetes)
    store.destination.check()
    assert [request.query.get("dryRun") for request in store.server.requests] == ["All", "All"]
    store.put("by hand")
    store.server.secrets["openai"]["immutable"] = True
    assert "field is immutable when `immutable` is set" in refusal(store.destination.check)
    nowhere = KubernetesSecret(namespace="none", name="openai", key="api_key")
    told = refusal(nowhere.check)
    assert "key 'api_key' of Kubernetes secret 'none/openai': Kubernetes returned 404: namespaces" in told
    assert "Create the namespace, or correct its name" in told


def test_kubernetes_somebody_else_creates_the_secret_first(start: Start) -> None:
    store = start(Kubernetes)

    def before_the_patch() -> None:
        store.server.at_first_write = lambda: store.put_member("password", "new")

    store.server.at_first_write = before_the_patch
    store.destination.deliver(KEY)
    assert store.document() == {"password": "new", "api_key": KEY}


def test_a_status_that_passes_is_tried_again(store: Store) -> None:
    store.server.fault = Fault(0, 503, times=2)
    version = store.destination.deliver(KEY)
    assert store.value() == KEY
    assert store.destination.presence(version) is Presence.CURRENT


@pytest.fixture(params=[name for name, kind in stores.ALL.items() if kind is not Kubernetes])
def over_tls(request: pytest.FixtureRequest, start: Start, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store whose certificate is of a private authority, which no variable names."""
    kind = stores.ALL[request.param]

    class OverTls(kind):  # type: ignore[misc, valid-type]
        def make_server(self, place: Place) -> FakeStore:
            server = super().make_server(place)
            return server if server.scheme == "https" else secured(server, place)

    store = start(OverTls)
    _unset_certificates(monkeypatch)
    return store


def _unset_certificates(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*CA_BUNDLES, "AWS_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


def test_certificates_are_those_of_requests_to_openai(
    over_tls: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / AUTHORITY))
    over_tls.destination.deliver(KEY)
    assert over_tls.value() == KEY


def test_a_certificate_that_is_not_trusted_is_said_to_be(
    over_tls: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    trustme.CA().cert_pem.write_to_path(other := tmp_path / "other.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(other))
    told = refusal(over_tls.destination.check)
    assert f" is not trusted by the certificates in {other} (SSL_CERT_FILE) (" in told
    assert f"Add its authority to {other} (SSL_CERT_FILE), then run" in told


def test_a_bundle_that_can_not_be_used_is_named(start: Start, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    store = start(GitHub)
    _unset_certificates(monkeypatch)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("GITHUB_API_URL", store.server.url.replace("http:", "https:"))
    told = refusal(store.destination.check)
    assert f"SSL_CERT_FILE names {tmp_path / 'none'}, which does not exist. Name a file" in told


DEFINITION = """\
# The keys of the app.
imports:
  - base

values:
  region: eu-central-1 # and no other
  openai:
    # Rotated by Pulumi.
    key:
      fn::secret: by hand
  # Of another team.
  mail: {fn::secret: hunter2-hunter2}
  aws:
    login:
      fn::open::aws-login: {oidc: {}}
  names: [a, b]
  link: ${aws.login}
"""


def test_esc_the_key_is_a_secret_and_others_are_not_decrypted(start: Start) -> None:
    store = start(Esc)
    store.server.put(DEFINITION)
    store.destination.deliver(KEY)
    assert KEY not in store.server.text()
    assert [str(request).rpartition("/")[2] for request in store.server.requests] == ["openai", "openai"]
    assert b"hunter2" not in store.server.requests[-1].body


def test_esc_a_change_between_decryption_and_removal_is_seen(start: Start) -> None:
    store = start(Esc)
    version = store.destination.deliver(KEY)
    store.server.at_first_decryption = lambda: store.put("another value")
    store.destination.remove(version)
    assert store.value() == "another value"


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("imports[0].key", "'imports' names other environments and holds no values. Name a path in `values`"),
        (
            "aws.login.key",
            "'aws.login' has the value of fn::open::aws-login and can't contain 'key'. Name another path",
        ),
        ("aws.login", "'aws.login' has the value of fn::open::aws-login, which a key would replace"),
        ("openai.key.more", "'openai.key' has the value of fn::secret and can't contain 'more'"),
        ("openai", "'openai' is an object, which a key would replace"),
        ("region.key", "'region' is no object and can't contain 'key'"),
        ("link.key", "'link' refers to another value and can't contain 'key'"),
        ("names.key", "'names' is a list and can't contain 'key'"),
        ("names[4].key", "'names' has no entry [4]"),
        ("names[0]", "'names[0]' ends with a place in a list"),
        ("openai[0].key", "'openai' is an object and can't contain [0]"),
        ("new[0].key", "there is no list for the entry [0]"),
    ],
)
def test_esc_a_path_that_can_hold_no_key(start: Start, path: str, told: str) -> None:
    store = start(Esc)
    store.server.put(DEFINITION)
    destination = PulumiEsc(environment=store.destination.environment, path=path)
    for verb in (destination.check, lambda: destination.deliver(KEY)):
        assert told in refusal(verb)
    assert store.server.writes == []


def test_esc_without_an_etag_nothing_is_written(start: Start) -> None:
    store = start(Esc)
    store.server.has_etags = False
    assert "returned no ETag, so another change" in refusal(lambda: store.destination.deliver(KEY))
    assert store.server.writes == []


def test_esc_the_token_is_that_of_the_login(start: Start, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    store = start(Esc)
    monkeypatch.delenv("PULUMI_ACCESS_TOKEN")
    assert "there is no token. Set PULUMI_ACCESS_TOKEN, or run `pulumi login`" in refusal(store.destination.check)
    (tmp_path / ".pulumi").mkdir()
    login = {"current": f"{store.server.url}/", "accessTokens": {f"{store.server.url}/": "pul-made-up"}}
    (tmp_path / ".pulumi" / "credentials.json").write_text(json.dumps(login), encoding="utf-8")
    store.destination.check()
    monkeypatch.delenv("PULUMI_BACKEND_URL")
    store.destination.check()
    monkeypatch.setenv("PULUMI_BACKEND_URL", "file://~")
    store.destination.check()
