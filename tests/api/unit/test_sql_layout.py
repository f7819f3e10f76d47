"""The layout of golden files changes white space and nothing else."""

from tests.api.unit.sql_layout import laid_out

SQL = (
    "WITH g AS \n(SELECT a.x AS x, sum(y) AS y FROM a WHERE a.k = %(k_1)s::VARCHAR AND "
    "(a.z IS NULL OR a.z > '2 (two)') GROUP BY 1)\n SELECT (SELECT coalesce(json_agg(n), "
    "'[]'::json) FROM (SELECT g.x FROM g LEFT OUTER JOIN h ON true) AS n) AS nodes"
)


def test_clauses_and_subqueries_stand_on_lines_of_their_own():
    assert laid_out(SQL) == (
        "WITH g AS (\n"
        "    SELECT a.x AS x,\n"
        "    sum(y) AS y\n"
        "    FROM a\n"
        "    WHERE a.k = %(k_1)s::VARCHAR\n"
        "    AND (a.z IS NULL OR a.z > '2 (two)')\n"
        "    GROUP BY 1\n"
        ")\n"
        "SELECT (\n"
        "    SELECT coalesce(json_agg(n), '[]'::json)\n"
        "    FROM (\n"
        "        SELECT g.x\n"
        "        FROM g\n"
        "        LEFT OUTER JOIN h ON true\n"
        "    ) AS n\n"
        ") AS nodes\n"
    )


def test_no_token_is_lost():
    assert laid_out(SQL).split() != SQL.split()
    assert "".join(laid_out(SQL).split()) == "".join(SQL.split())
