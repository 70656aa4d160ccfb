"""What fields name in a cloud, in the form that the cloud gives it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

RoleArn = Annotated[str, Field(pattern=r"^arn:aws[a-z-]*:iam::\d{12}:role/.+$")]
"""A role of AWS, with the number of its account."""
KmsArn = Annotated[str, Field(pattern=r"^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:(key|alias)/.+$")]
"""A key of AWS."""
AzureKeyName = Annotated[str, Field(pattern=r"^org-[^-]+--.+$")]
"""A key in Azure: the organization's id, two dashes and a name."""
