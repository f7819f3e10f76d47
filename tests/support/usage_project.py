"""The small dbt project with the two marts that publishing compares: requests and daily usage."""

from pathlib import Path
from typing import Any

import psycopg

from tests.support.small_project import SmallProject, write_small_project

# A row per request; the mart of requests copies it.
RAW_USAGE = """
create schema raw;
create table raw.usage (
    request_id text primary key,
    source_system text not null default 'kaapi',
    organization_id text not null default '1',
    project_id text not null default 'p',
    user_id text,
    session_id text,
    provider text not null default 'openai',
    model text not null default 'm',
    is_failed boolean not null default false,
    total_tokens bigint not null default 10,
    cost_usd numeric(38, 22) not null default 0.5,
    requested_at timestamptz,
    source_updated_at timestamptz
);
create table raw.providers as select 'openai' as provider;
"""

DAILY_USAGE = """
select
    cast(requested_at as date) as day,
    source_system, organization_id, project_id, user_id, provider, model,
    count(*) as requests,
    count(*) filter (where is_failed) as failed_requests,
    cast(sum(total_tokens) as bigint) as total_tokens,
    cast(sum(cost_usd) as numeric(38, 22)) as cost_usd
from {{ ref('fct_requests') }}
where requested_at is not null
group by 1, 2, 3, 4, 5, 6, 7
"""

MODELS = """
models:
  - name: fct_requests
    columns:
      - {name: request_id, data_type: string}
      - {name: source_system, data_type: string}
      - {name: organization_id, data_type: string}
      - {name: project_id, data_type: string}
      - {name: user_id, data_type: string}
      - {name: session_id, data_type: string}
      - {name: provider, data_type: string}
      - {name: model, data_type: string}
      - {name: is_failed, data_type: boolean}
      - {name: total_tokens, data_type: bigint}
      - {name: cost_usd, data_type: "decimal(38,22)"}
      - {name: requested_at, data_type: timestamptz}
      - {name: source_updated_at, data_type: timestamptz}
  - name: fct_daily_usage
    columns:
      - {name: day, data_type: date}
      - {name: source_system, data_type: string}
      - {name: organization_id, data_type: string}
      - {name: project_id, data_type: string}
      - {name: user_id, data_type: string}
      - {name: provider, data_type: string}
      - {name: model, data_type: string}
      - {name: requests, data_type: bigint}
      - {name: failed_requests, data_type: bigint}
      - {name: total_tokens, data_type: bigint}
      - {name: cost_usd, data_type: "decimal(38,22)"}
  - name: dim_providers
    columns:
      - {name: provider, data_type: string}
"""


def write_usage_project(root: Path) -> SmallProject:
    """Write the project into the new folder `root`."""
    project = write_small_project(root)
    for path in project.models.glob("*.sql"):
        path.unlink()
    (project.models / "fct_requests.sql").write_text("select * from raw.usage\n")
    (project.models / "fct_daily_usage.sql").write_text(DAILY_USAGE)
    (project.models / "dim_providers.sql").write_text("select * from raw.providers\n")
    (project.models / "marts.yml").write_text(MODELS)
    return project


def add_usage(connection: psycopg.Connection[Any], request_id: str, at: str, **values: Any) -> None:
    """One request more; what is not given is the column's default."""
    row = {"request_id": request_id, "requested_at": at, **values}
    names = ", ".join(row)
    marks = ", ".join(["%s"] * len(row))
    connection.execute(f"insert into raw.usage ({names}) values ({marks})", list(row.values()))
