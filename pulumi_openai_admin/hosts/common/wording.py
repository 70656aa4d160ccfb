"""The remedies in the words of the Pulumi CLI and of Pulumi programs. Pure."""

from __future__ import annotations

from pulumi_openai_admin.remedies import Kind, Worded, Words

WORDS: Words = {
    Kind.RUN: "run `pulumi up`",
    Kind.RUN_AGAIN: "run `pulumi up` again",
    Kind.REFRESH: "run `pulumi refresh`",
    Kind.REFRESH_THEN_RUN: "run `pulumi refresh`, then `pulumi up`",
    Kind.CORRECT_PROGRAM: "correct the program and run `pulumi up` again",
    Kind.DECLARE_OLD_NAME: (
        "keep what it remembers with `pulumi.ResourceOptions(aliases=[pulumi.Alias(name=…)])` and the old name"
    ),
    Kind.CONFIGURE: "run `pulumi config set {setting}`",
    Kind.CONFIGURE_ENCRYPTED: "run `pulumi config set --secret {setting}`",
    Kind.REMOVE_SETTING: "run `pulumi config rm {setting}`",
    Kind.REMOVE_FROM_STATE: "remove it with `pulumi state delete '{urn}'`",
}


def describe(error: BaseException) -> str:
    """What a user of the Pulumi CLI is shown of an error."""
    return error.in_words(WORDS) if isinstance(error, Worded) else str(error)
