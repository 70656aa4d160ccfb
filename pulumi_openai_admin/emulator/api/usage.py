"""The reports of usage: one for each API of OpenAI."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.emulator.api.usage_apis import APIS, FILTERS
from pulumi_openai_admin.emulator.api.usage_records import USAGE_RECORDS
from pulumi_openai_admin.emulator.handlers.buckets import Report
from pulumi_openai_admin.emulator.handlers.kind import Kind
from pulumi_openai_admin.emulator.handlers.operation import Operation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.emulator.api.usage_apis import UsageApi
    from pulumi_openai_admin.emulator.handlers.buckets import Sums
    from pulumi_openai_admin.emulator.handlers.operation import Request


class Usage(Kind):
    """What was used, by time."""

    name = "usage"
    path = "/organization/usage"

    def operations(self) -> list[Operation]:
        """Give one operation for each API: they can only be read."""
        return [self._operation(api) for api in APIS.values()]

    def _operation(self, api: UsageApi) -> Operation:
        filters = {name: FILTERS[name] for name in api.dimensions if name in FILTERS}
        report = Report(api.dimensions, filters)

        def answer(request: Request) -> dict[str, Any]:
            """Show the usage of one API in buckets of time."""
            recorded = USAGE_RECORDS.recorded(request.organization)
            found = (series for of, series in recorded if of is api)
            return report.page(request.query, request.now, found, show)

        def show(group: Mapping[str, Any], sums: Sums) -> dict[str, Any]:
            grouped = {name: group.get(name) for name in api.dimensions}
            return {"object": f"organization.usage.{api.object or api.name}.result", **sums, **grouped}

        query = report.query(f"{api.name.title().replace('_', '')}UsageQuery")
        return Operation("GET", f"{self.path}/{api.name}", api.name, self, answer, query=query)


USAGE = Usage()
