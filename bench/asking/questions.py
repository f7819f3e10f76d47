"""The five questions, in the words of everyone who is asked.

All ask for the same rows. Ours take the tenant from the API key; the floor and PostGraphile are
told it as a parameter.
"""

from dataclasses import dataclass

_TENANT = "source_system = 'kaapi' and organization_id = {organization}"
_TWO_YEARS = "month >= date '2024-01-01' and month < date '2026-01-01'"
_LAST_90_DAYS = "day >= date '2025-10-03' and day < date '2026-01-01'"

_MONTHLY = "$organization: String!) { found: allFctMonthlyUsages"
_ONE_TENANT = 'condition: {sourceSystem: "kaapi", organizationId: $organization}'
_FROM_MONTH = 'filter: {month: {greaterThanOrEqualTo: "2024-01-01", lessThan: "2026-01-01"}}'
_FROM_DAY = 'filter: {day: {greaterThanOrEqualTo: "2025-10-03", lessThan: "2026-01-01"}}'
_OUR_MONTHS = 'filter: {month: {gte: "2024-01-01", lt: "2026-01-01"}}'
_OUR_DAYS = 'filter: {day: {gte: "2025-10-03", lt: "2026-01-01"}}'


@dataclass(frozen=True)
class Question:
    """One question.

    ``keys`` and ``values`` are the answer's columns as clients name them; ``select`` is the floor's
    SQL with ``{organization}`` for the tenant. ``is_admin``: about all organisations. ``best`` is
    how many groups count, by the first value, of a server that can neither order nor cut them.
    """

    name: str
    text: str
    mart: str
    keys: tuple[str, ...]
    values: tuple[str, ...]
    select: str
    graphql: str
    postgraphile: str
    is_admin: bool = False
    best: int | None = None

    def sql(self, organization: str) -> str:
        """The floor's statement: the whole answer as one JSON text."""
        rows = self.select.format(organization=organization)
        return f"select cast(coalesce(json_agg(answer), '[]') as text) from ({rows}) as answer"


def _sums(*columns: str) -> str:
    return ", ".join(_sum(column) for column in columns)


def _sum(column: str) -> str:
    total = f"sum({column})"
    is_money = column.endswith("_usd")
    value = f"cast(trim_scale({total}) as text)" if is_money else f"cast({total} as bigint)"
    return f'{value} as "{_camel(column)}"'


def _camel(column: str) -> str:
    first, *rest = column.split("_")
    return first + "".join(map(str.capitalize, rest))


def _grouped(keys: str, sums: str) -> str:
    return f"groupedAggregates(groupBy: [{keys}]) {{ keys sum {{ {sums} }} }}"


_Q2_SUMS = "requests inputTokens outputTokens totalTokens costUsd evalCostUsd"
_Q3_COLUMNS = (
    "month projectId modality provider model requests inputTokens outputTokens totalTokens costUsd"
)
_Q4_SUMS = "costUsd requests inputTokens outputTokens"
_KEY_ORDER = "month, organization_id, source_system, project_id, modality, provider, model"

QUESTIONS = (
    Question(
        name="Q1",
        text="24 months by provider and month: cost, requests, tokens",
        mart="monthlyUsage",
        keys=("month", "provider"),
        values=("costUsd", "requests", "totalTokens"),
        select=f"select month, provider, {_sums('cost_usd', 'requests', 'total_tokens')}"
        f" from usage.fct_monthly_usage where {_TENANT} and {_TWO_YEARS}"
        " group by month, provider order by month, provider",
        graphql=f"{{ monthlyUsage({_OUR_MONTHS}, groupBy: [MONTH, PROVIDER], first: 10000)"
        " { nodes { month provider costUsd requests totalTokens } } }",
        postgraphile=f"query ({_MONTHLY}({_ONE_TENANT}, {_FROM_MONTH})"
        f" {{ {_grouped('MONTH, PROVIDER', 'costUsd requests totalTokens')} }} }}",
    ),
    Question(
        name="Q2",
        text="24 months by month, modality, provider: six measures",
        mart="monthlyUsage",
        keys=("month", "modality", "provider"),
        values=tuple(_Q2_SUMS.split()),
        select="select month, modality, provider, "
        + _sums("requests", "input_tokens", "output_tokens", "total_tokens")
        + f", {_sums('cost_usd', 'eval_cost_usd')}"
        f" from usage.fct_monthly_usage where {_TENANT} and {_TWO_YEARS}"
        " group by month, modality, provider order by month, modality, provider",
        graphql=f"{{ monthlyUsage({_OUR_MONTHS}, groupBy: [MONTH, MODALITY, PROVIDER],"
        f" first: 10000) {{ nodes {{ month modality provider {_Q2_SUMS} }} }} }}",
        postgraphile=f"query ({_MONTHLY}({_ONE_TENANT}, {_FROM_MONTH})"
        f" {{ {_grouped('MONTH, MODALITY, PROVIDER', _Q2_SUMS)} }} }}",
    ),
    Question(
        name="Q3",
        text="flat page: the first 1,000 mart rows, 10 columns, by month",
        mart="monthlyUsage",
        keys=("month", "projectId", "modality", "provider", "model"),
        values=("requests", "inputTokens", "outputTokens", "totalTokens", "costUsd"),
        select='select month, project_id as "projectId", modality, provider, model, requests,'
        ' input_tokens as "inputTokens", output_tokens as "outputTokens",'
        ' total_tokens as "totalTokens", cast(trim_scale(cost_usd) as text) as "costUsd"'
        f" from usage.fct_monthly_usage where {_TENANT} and {_TWO_YEARS}"
        f" order by {_KEY_ORDER} limit 1000",
        graphql=f"{{ monthlyUsage({_OUR_MONTHS}, orderBy: [{{field: MONTH, direction: ASC}}],"
        f" first: 1000) {{ nodes {{ {_Q3_COLUMNS} }} }} }}",
        postgraphile=f"query ({_MONTHLY}({_ONE_TENANT}, {_FROM_MONTH}, first: 1000,"
        f" orderBy: PRIMARY_KEY_ASC) {{ nodes {{ {_Q3_COLUMNS} }} }} }}",
    ),
    Question(
        name="Q4",
        text="last 90 days by day and model: four measures",
        mart="dailyUsage",
        keys=("day", "model"),
        values=tuple(_Q4_SUMS.split()),
        select="select day, model, "
        + _sums("cost_usd", "requests", "input_tokens", "output_tokens")
        + f" from usage.fct_daily_usage where {_TENANT} and {_LAST_90_DAYS}"
        " group by day, model order by day, model",
        graphql=f"{{ dailyUsage({_OUR_DAYS}, groupBy: [DAY, MODEL], first: 10000)"
        f" {{ nodes {{ day model {_Q4_SUMS} }} }} }}",
        postgraphile="query ($organization: String!) { found: allFctDailyUsages"
        f"({_ONE_TENANT}, {_FROM_DAY}) {{ {_grouped('DAY, MODEL', _Q4_SUMS)} }} }}",
    ),
    Question(
        name="Q5",
        text="all organisations, by organisation, the 20 costliest",
        mart="monthlyUsage",
        keys=("organizationId",),
        values=("costUsd", "requests", "totalTokens"),
        select='select organization_id as "organizationId", '
        + _sums("cost_usd", "requests", "total_tokens")
        + f" from usage.fct_monthly_usage where {_TWO_YEARS}"
        " group by organization_id order by sum(cost_usd) desc, organization_id limit 20",
        graphql=f"{{ monthlyUsage({_OUR_MONTHS}, groupBy: [ORGANIZATION_ID],"
        " orderBy: [{field: COST_USD, direction: DESC}], first: 20)"
        " { nodes { organizationId costUsd requests totalTokens } } }",
        postgraphile=f"{{ found: allFctMonthlyUsages({_FROM_MONTH})"
        f" {{ {_grouped('ORGANIZATION_ID', 'costUsd requests totalTokens')} }} }}",
        is_admin=True,
        best=20,
    ),
)
