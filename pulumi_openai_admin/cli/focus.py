"""Costs in the columns of the FOCUS specification, version 1.2, which tools for cloud costs read.

The columns are those of https://github.com/FinOps-Open-Cost-and-Usage-Spec/FOCUS_Spec, tag v1.2,
`specification/columns/columns.mdpp`, in the order of that file. A column that OpenAI's costs have nothing for is
present and empty: no value is guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.cli.report import Column
from pulumi_openai_admin.handlers.kinds.spending import DAY_SECONDS, month_of, next_month_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pulumi_openai_admin.handlers.kinds.spending import Cost

VERSION = "1.2"
_COLUMNS = """
    AvailabilityZone BilledCost BillingAccountId BillingAccountName BillingAccountType BillingCurrency BillingPeriodEnd
    BillingPeriodStart CapacityReservationId CapacityReservationStatus ChargeCategory ChargeClass ChargeDescription
    ChargeFrequency ChargePeriodEnd ChargePeriodStart CommitmentDiscountCategory CommitmentDiscountId
    CommitmentDiscountName CommitmentDiscountQuantity CommitmentDiscountStatus CommitmentDiscountType
    CommitmentDiscountUnit ConsumedQuantity ConsumedUnit ContractedCost ContractedUnitPrice EffectiveCost InvoiceId
    InvoiceIssuerName ListCost ListUnitPrice PricingCategory PricingCurrency PricingCurrencyContractedUnitPrice
    PricingCurrencyEffectiveCost PricingCurrencyListUnitPrice PricingQuantity PricingUnit ProviderName PublisherName
    RegionId RegionName ResourceId ResourceName ResourceType ServiceCategory ServiceName ServiceSubcategory SkuId
    SkuMeter SkuPriceDetails SkuPriceId SubAccountId SubAccountName SubAccountType Tags
"""


@dataclass(frozen=True)
class Charge:
    """A cost with the names of what it is for."""

    cost: Cost
    project: str | None = None
    """The name of the project; None outside of projects."""
    api_key: str | None = None
    """The name of the API key; None if it is not known."""


def columns(organization_id: str) -> Sequence[Column[Charge]]:
    """Return all columns of the specification.

    Args:
        organization_id: The organization (`org-…`); empty if it is not known.
    """
    filled = {**_FILLED}
    if organization_id:
        filled |= {"BillingAccountId": _always(organization_id), "BillingAccountType": _always("Organization")}
    return [Column(name, _no_text, {name: filled.get(name, _always(None))}) for name in _COLUMNS.split()]


def _no_text(_: Charge) -> None:
    """A data set has no table."""


def _always(value: str | None) -> Callable[[Charge], str | None]:
    return lambda _: value


def _time(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"


def _if_measured(charge: Charge, value: object) -> object:
    """A quantity only with its unit, and a unit only with its quantity."""
    return value if charge.cost.quantity is not None and charge.cost.quantity_unit else None


_FILLED: Mapping[str, Callable[[Charge], Any]] = {
    "BilledCost": lambda charge: charge.cost.amount,
    "BillingCurrency": lambda charge: charge.cost.currency.upper(),
    "BillingPeriodEnd": lambda charge: _time(next_month_of(charge.cost.start)),
    "BillingPeriodStart": lambda charge: _time(month_of(charge.cost.start)),
    "ChargeCategory": _always("Usage"),
    "ChargeDescription": lambda charge: charge.cost.line_item,
    "ChargeFrequency": _always("Usage-Based"),
    "ChargePeriodEnd": lambda charge: _time(charge.cost.start + DAY_SECONDS),
    "ChargePeriodStart": lambda charge: _time(charge.cost.start),
    "ConsumedQuantity": lambda charge: _if_measured(charge, charge.cost.quantity),
    "ConsumedUnit": lambda charge: _if_measured(charge, charge.cost.quantity_unit),
    "EffectiveCost": lambda charge: charge.cost.amount,
    "InvoiceIssuerName": _always("OpenAI"),
    "ProviderName": _always("OpenAI"),
    "PublisherName": _always("OpenAI"),
    "ResourceId": lambda charge: charge.cost.api_key_id,
    "ResourceName": lambda charge: charge.api_key,
    "ResourceType": lambda charge: charge.cost.api_key_id and "API key",
    "ServiceCategory": _always("AI and Machine Learning"),
    "ServiceName": _always("OpenAI API"),
    "ServiceSubcategory": _always("Generative AI"),
    "SubAccountId": lambda charge: charge.cost.project_id,
    "SubAccountName": lambda charge: charge.project,
    "SubAccountType": lambda charge: charge.cost.project_id and "Project",
}
"""What OpenAI's costs say. OpenAI shows one amount, without discounts and prices: list and contracted costs, prices and
SKUs are not known."""
