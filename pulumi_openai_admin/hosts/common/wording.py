"""The remedies in the words of the Pulumi CLI and of Pulumi programs. Pure."""

from __future__ import annotations

from pulumi_openai_admin.remedies import RemedyKind, Worded, Words

WORDS: Words = {
    RemedyKind.RUN: "run `pulumi up`",
    RemedyKind.RUN_AGAIN: "run `pulumi up` again",
    RemedyKind.REFRESH: "run `pulumi refresh`",
    RemedyKind.REFRESH_THEN_RUN: "run `pulumi refresh`, then `pulumi up`",
    RemedyKind.CORRECT_PROGRAM: "correct the program and run `pulumi up` again",
    RemedyKind.DECLARE_OLD_NAME: (
        "keep what it remembers with `pulumi.ResourceOptions(aliases=[pulumi.Alias(name=…)])` and the old name"
    ),
    RemedyKind.CONFIGURE: "run `pulumi config set {setting}`",
    RemedyKind.CONFIGURE_ENCRYPTED: "run `pulumi config set --secret {setting}`",
    RemedyKind.REMOVE_SETTING: "run `pulumi config rm {setting}`",
    RemedyKind.REMOVE_FROM_STATE: "remove it with `pulumi state delete '{urn}'`",
}


def describe(error: BaseException) -> str:
    """What a user of the Pulumi CLI is shown of an error."""
    return error.in_words(WORDS) if isinstance(error, Worded) else str(error)
