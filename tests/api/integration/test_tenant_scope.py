"""Which rows a key stands for: a tenant's, by default its current project's, in both layers."""

import pytest

from graphql_api.catalogue.load import load_catalogue
from tests.api.integration import tenants
from tests.api.integration.apis import Apis, TenantsWarehouse
from warehouse.embedded.roles import LOGIN_ROLE
from warehouse.project import project_names

pytestmark = pytest.mark.database


class TestCurrentProject:
    """A project narrows what its key asks for, unless the filter names projects."""

    def rows(self, apis: Apis, key: str, filter_: str) -> list[tuple[str, int]]:
        arguments = f'groupBy: [PROJECT_ID], asOf: "{tenants.AS_OF}", filter: {filter_}'
        document = f"{{ requests({arguments}) {{ nodes {{ projectId requests }} }} }}"
        nodes = apis.served.ask(document, apis.key(key)).data["requests"]["nodes"]
        return [(node["projectId"], node["requests"]) for node in nodes]

    def test_narrows_by_default(self, apis: Apis) -> None:
        narrowed = self.rows(apis, "1/20", "{}")
        assert narrowed == self.rows(apis, "1", '{projectId: {eq: "20"}}')
        assert [project for project, _ in narrowed] == ["20"]

    @pytest.mark.parametrize(
        "filter_",
        [
            '{projectId: {eq: "10"}}',
            '{projectId: {in: ["10", "19"]}}',
            '{projectId: {ne: "20"}}',
            "{projectId: {isNull: false}}",
            '{or: [{projectId: {eq: "10"}}, {modality: {eq: STT}}]}',
            '{not: {projectId: {eq: "10"}}}',
        ],
    )
    def test_gives_way_to_a_filter_that_names_projects(self, apis: Apis, filter_: str) -> None:
        assert self.rows(apis, "1/20", filter_) == self.rows(apis, "1", filter_) != []

    def test_is_kept_by_a_filter_that_names_none(self, apis: Apis) -> None:
        filter_ = "{or: [{provider: {isNull: false}}, {projectId: {}}]}"
        assert [project for project, _ in self.rows(apis, "1/20", filter_)] == ["20"]

    @pytest.mark.parametrize("foreign", ["29", "30", "90", "no such project"])
    @pytest.mark.parametrize("key", ["1", "1/20"])
    def test_of_others_is_empty(self, apis: Apis, key: str, foreign: str) -> None:
        document = f"""{{
            monthlyUsage(groupBy: [MONTH], filter: {{projectId: {{eq: "{foreign}"}}}}) {{
                nodes {{ requests }} totalCount totals {{ requests costUsd }}
                chart(measure: REQUESTS) {{ labels series {{ name }} }}
            }}
        }}"""
        assert apis.served.ask(document, apis.key(key)).data["monthlyUsage"] == {
            "nodes": [],
            "totalCount": 0,
            "totals": {"requests": 0, "costUsd": "0"},
            "chart": {"labels": [], "series": []},
        }

    def test_of_the_same_number_elsewhere_is_not_seen(self, apis: Apis) -> None:
        """Organisations 1, 2, 3 and 9 all have requests in project 20."""
        document = '{ requests(filter: {projectId: {eq: "20"}}) { totalCount } }'
        counts = [
            apis.served.ask(document, apis.key(key)).data["requests"]["totalCount"]
            for key in ("1", "2", "9", "admin")
        ]
        assert min(counts) > 0
        assert sum(counts[:3]) < counts[3]


class TestRowSecurity:
    """What the API's role may read at all, asked of the database itself."""

    @pytest.fixture
    def tables(self, tenants_warehouse: TenantsWarehouse) -> list[str]:
        marts = load_catalogue(tenants_warehouse.target).marts.values()
        scoped = [mart.name for mart in marts if mart.is_tenant_scoped]
        assert len(scoped) >= 5
        return [*scoped, "publication_sources", "publication_changes"]

    def counts(
        self, warehouse: TenantsWarehouse, tables: list[str], role: str, settings: dict[str, str]
    ) -> list[int]:
        with warehouse.server.connect(warehouse.database) as connection, connection.transaction():
            connection.execute(f"set local role {role}")
            for name, value in settings.items():
                connection.execute(
                    "select set_config(%s, %s, true)", [f"usage_warehouse.{name}", value]
                )
            rows = [connection.execute(f"select count(*) from usage.{table}") for table in tables]
            return [row.fetchone()[0] for row in rows]  # type: ignore[index]

    @pytest.mark.parametrize(
        "settings_",
        [
            {},
            {"scope": ""},
            {"scope": "Admin"},
            {"scope": "member"},
            {"scope": "member", "source_system": "kaapi"},
            {"scope": "member", "organization_id": "1"},
            {"scope": "member", "source_system": "", "organization_id": ""},
            {"scope": "none", "source_system": "kaapi", "organization_id": "1"},
            {"source_system": "kaapi", "organization_id": "1"},
        ],
        ids=str,
    )
    def test_shows_nothing_without_a_whole_scope(
        self, tenants_warehouse: TenantsWarehouse, tables: list[str], settings_: dict[str, str]
    ) -> None:
        role = project_names().api_role
        assert set(self.counts(tenants_warehouse, tables, role, settings_)) == {0}

    def test_shows_a_tenant_its_rows(
        self, tenants_warehouse: TenantsWarehouse, tables: list[str]
    ) -> None:
        names = project_names()
        member = {"scope": "member", "source_system": "kaapi", "organization_id": "1"}
        mine = self.counts(tenants_warehouse, tables, names.api_role, member)
        all_ = self.counts(tenants_warehouse, tables, names.api_role, {"scope": "admin"})
        owners = self.counts(tenants_warehouse, tables, LOGIN_ROLE, {})
        # Marts of systems that are not built are empty.
        filled = [pair for pair in zip(mine, all_, strict=True) if any(pair)]
        assert filled
        assert all(0 < some < every for some, every in filled)
        assert all_ == owners

    def test_the_role_of_the_api_reads_the_published_marts_and_nothing_else(
        self, tenants_warehouse: TenantsWarehouse
    ) -> None:
        warehouse, names = tenants_warehouse, project_names()
        with warehouse.server.connect(warehouse.database) as connection:
            readable = connection.execute(
                "select schemaname || '.' || tablename from pg_catalog.pg_tables"
                " where schemaname not in ('pg_catalog', 'information_schema')"
                " and has_any_column_privilege(%s, schemaname || '.' || tablename, 'select')",
                [names.api_role],
            ).fetchall()
            writable = connection.execute(
                "select 1 from pg_catalog.pg_tables where has_table_privilege("
                "%s, schemaname || '.' || tablename, 'insert, update, delete, truncate')",
                [names.api_role],
            ).fetchall()
        assert {row[0].split(".")[0] for row in readable} == {names.serving_schema}
        assert writable == []
