from __future__ import annotations

import pytest

from pulumi_openai_admin import config
from pulumi_openai_admin.engine.wording import PULUMI
from pulumi_openai_admin.errors import ConfigurationError

KEY = "sk-admin-SECRET"


def resolve(environ: dict[str, str] | None = None, **stack: object) -> config.Settings:
    qualified = {f"openai-admin:{name}": value for name, value in stack.items()}
    return config.resolve({"OPENAI_ADMIN_KEY": KEY} if environ is None else environ, qualified.get)


def address(url: str) -> config.Settings:
    return resolve({"OPENAI_ADMIN_KEY": KEY, "OPENAI_BASE_URL": url})


def test_defaults() -> None:
    assert resolve() == config.Settings(KEY, "", "https://api.openai.com/v1", "", 600, 10, 60, 16)


@pytest.mark.parametrize("environ", [{}, {"OPENAI_ADMIN_KEY": " ", "OPENAI_BASE_URL": "", "OPENAI_ORG_ID": "\n"}])
def test_the_stack_serves_where_the_environment_says_nothing(environ: dict[str, str]) -> None:
    settings = resolve(environ, **GOOD | {"connectTimeoutSeconds": 2, "readTimeoutSeconds": 7.5, "parallel": 4})
    assert settings == config.Settings(KEY, "", "https://s.test/v1", "org-s", 30, 2, 7.5, 4, preview_reads=True)
    assert settings.key_source == "the stack configuration openai-admin:adminApiKey"


@pytest.mark.parametrize("key", ["sk-admin SECRET", "sk-admin\nSECRET", "sk-admin-SECRÉT", "sk-admin-\x00SECRET"])
def test_a_key_that_no_header_can_carry_is_refused_unseen(key: str) -> None:
    with pytest.raises(ConfigurationError, match="from the environment variable OPENAI_ADMIN_KEY") as error:
        resolve({"OPENAI_ADMIN_KEY": key})
    assert "SECR" not in str(error.value)


def test_the_key_is_not_in_the_repr() -> None:
    assert KEY not in repr(resolve())


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://user:hunter2@127.0.0.1:8731/v1", "http://127.0.0.1 has a user name or a password. Set"),
        ("https://me@api.openai.com/v1", "https://api.openai.com has a user name or a password. Set"),
        ("https://api.openai.com/v1#x", "https://api.openai.com has a query or a fragment. Set"),
        ("http://openai.example", "http://openai.example. Set"),
        ("https://:me@/v1", "it has no host name. Set"),
        ("127.0.0.1:8123/v1", "it does not begin with https://. Set"),
        ("localhost:8123/v1", "it does not begin with https://. Set"),
        *(
            (url, "")
            for url in (
                "http://api.openai.com/v1",
                "http://localhost.evil.com/v1",
                "http://evil.com#localhost",
                "http://127.0.0.1@evil.com/v1",
                "http://0.0.0.0/v1",
                "https://api.openai.com/v1?",
                "https://api.openai.com/v1#",
                "https://api.openai.com:port/v1",
                "https://api.openai.com:99999/v1",
                "https://[::1/v1",
                "https:///v1",
                "api.openai.com/v1",
                "ftp://127.0.0.1/v1",
                "file:///etc/passwd",
            )
        ),
    ],
)
def test_no_other_address_gets_the_key(url: str, reason: str) -> None:
    with pytest.raises(ConfigurationError, match=r"https://api\.openai\.com/v1") as error:
        address(url)
    assert f"Invalid base URL: {reason}" in str(error.value)
    assert "hunter2" not in str(error.value)


@pytest.mark.parametrize(
    ("url", "is_loopback"),
    [
        ("https://eu.api.openai.com:8443/v1", False),
        ("http://127.9.9.9/v1", True),
        ("http://LOCALHOST/v1", True),
        ("https://localhost/v1", True),
        ("http://[::1]:8080/v1", True),
        ("https://127.0.0.1.evil.com", False),
        ("https://api.openai.com/v1//", False),
    ],
)
def test_https_and_this_machine_are_addresses(url: str, is_loopback: bool) -> None:
    assert address(url).base_url == url.rstrip("/")
    assert address(url).is_loopback is is_loopback


@pytest.mark.parametrize("value", ["org 1", "org\n1", "örg"])
def test_an_organization_that_no_header_can_carry_is_refused(value: str) -> None:
    with pytest.raises(ConfigurationError, match="OPENAI_ORG_ID"):
        resolve({"OPENAI_ADMIN_KEY": KEY, "OPENAI_ORG_ID": value})


@pytest.mark.parametrize("name", ["maxWaitSeconds", "connectTimeoutSeconds", "readTimeoutSeconds"])
@pytest.mark.parametrize("value", ["0", "-1", "soon", "inf", "nan", "1e999", "1 0", True])
def test_seconds_that_are_none_are_refused_by_name(name: str, value: object) -> None:
    with pytest.raises(ConfigurationError) as error:
        resolve(**{name: value})
    assert f"openai-admin:{name}" in error.value.what
    assert f"For example, run `pulumi config set openai-admin:{name} " in error.value.in_words(PULUMI)


@pytest.mark.parametrize("value", ["0", "65", "-1", "1.5", "many", "1e1", "\u00b2", True, "9" * 30])
def test_a_parallel_that_is_none_is_refused_by_name(value: object) -> None:
    with pytest.raises(ConfigurationError) as error:
        resolve(parallel=value)
    assert error.value.what == f"openai-admin:parallel must be a whole number from 1 to 64, not {str(value)!r}"
    assert "For example, run `pulumi config set openai-admin:parallel 16`." in error.value.in_words(PULUMI)


def test_a_truth_value_that_is_none_is_refused_by_name() -> None:
    with pytest.raises(ConfigurationError) as error:
        resolve(previewReads="yes")
    assert error.value.what == "openai-admin:previewReads must be true or false, not 'yes'"
    assert "For example, run `pulumi config set openai-admin:previewReads true`." in error.value.in_words(PULUMI)
    of_provider = {"openai-admin:previewReads": "yes", "openai-admin:provider": "b"}
    with pytest.raises(ConfigurationError, match="preview_reads of Provider 'b' must be true or false"):
        config.reads_in_preview(of_provider.get)


# The stack's settings, all of them


def check(*, is_shared: bool = False, **stack: object) -> None:
    for error in config.failures(stack, is_shared=is_shared).values():
        raise error


GOOD = {
    "adminApiKey": KEY,
    "baseUrl": "https://s.test/v1",
    "organization": "org-s",
    "maxWaitSeconds": "30",
    "connectTimeoutSeconds": "2",
    "readTimeoutSeconds": "7.5",
    "parallel": "4",
    "previewReads": "true",
}


def test_every_setting_is_known_and_checked() -> None:
    assert set(config.SETTINGS) == set(GOOD)
    check(**GOOD)
    for name in GOOD:
        with pytest.raises(ConfigurationError):
            check(**{**GOOD, name: "no\nvalue"})


@pytest.mark.parametrize("name", GOOD)
def test_a_fault_says_how_the_value_is_recorded_again(name: str) -> None:
    then = "Then run `pulumi up` to record it: refresh and destroy use the recorded value."
    with pytest.raises(ConfigurationError) as error:
        resolve({} if name == "adminApiKey" else None, **{name: "no\nvalue"})
    assert error.value.in_words(PULUMI).endswith(then)


@pytest.mark.parametrize(("variable", "name"), [("OPENAI_BASE_URL", "baseUrl"), ("OPENAI_ORG_ID", "organization")])
def test_nothing_is_recorded_of_the_environment(variable: str, name: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        resolve({"OPENAI_ADMIN_KEY": KEY, variable: "no\nvalue"}, **{name: GOOD[name]})
    assert "record" not in error.value.advice


def test_a_project_of_the_same_name_keeps_settings_of_its_own() -> None:
    check(is_shared=True, maxWait="30", region="eu")
    with pytest.raises(ConfigurationError, match="Did you mean openai-admin:adminApiKey"):
        check(is_shared=True, adminApikey=KEY)


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        *(
            (
                name,
                f"Did you mean openai-admin:{meant}? Then run `pulumi config set {flag}openai-admin:{meant}`, and run ",
            )
            for name, flag, meant in (
                ("max_wait_seconds", "", "maxWaitSeconds"),
                ("url", "", "baseUrl"),
                ("base-url", "", "baseUrl"),
                ("apiKey", "--secret ", "adminApiKey"),
            )
        ),
        ("xyz", "Run `pulumi config rm openai-admin:xyz`. The settings are adminApiKey, baseUrl, "),
        ("provider", ""),
    ],
)
def test_an_unknown_setting_is_named_with_what_to_do(name: str, advice: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        check(**{name: KEY})
    assert error.value.what == f"openai-admin:{name} is not a setting of pulumi-openai-admin"
    assert error.value.guidance.in_words(PULUMI).startswith(advice)
    assert f"un `pulumi config rm openai-admin:{name}`." in error.value.in_words(PULUMI)
    assert KEY not in str(error.value)


def advice_after_a_refusal(environ: dict[str, str], **stack: object) -> str:
    return str(resolve(environ, **stack).other_key)


def test_a_refused_key_of_the_environment_is_changed_there() -> None:
    environ = {"OPENAI_ADMIN_KEY": KEY}
    assert advice_after_a_refusal(environ) == " To use another key, change OPENAI_ADMIN_KEY."
    assert advice_after_a_refusal(environ, adminApiKey=KEY) == " To use another key, change OPENAI_ADMIN_KEY."
    assert advice_after_a_refusal(environ, adminApiKey="sk-admin-other") == (
        " To use another key, change OPENAI_ADMIN_KEY, or unset it to use the key in the stack configuration "
        "openai-admin:adminApiKey."
    )
