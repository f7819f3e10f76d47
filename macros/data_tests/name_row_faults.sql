{#
    The on-run-end hook. dbt prints how much a test found, but not what; the tests of rows are asked
    again, once each and only those that found something, for what they found.
#}
{% macro name_row_faults(results) -%}
    {%- if execute -%}
        {%- for result in results if result.status in ('fail', 'warn') -%}
            {%- set test = (result.node.test_metadata or {}).name -%}
            {%- if test in ('has_valid_rows', 'has_plausible_rows') -%}
                {%- set found = [] -%}
                {%- for row in run_query(result.node.compiled_code).rows -%}
                    {%- do found.append(
                        row['fault'] ~ ' (' ~ row['row_count']
                        ~ (' row)' if row['row_count'] == 1 else ' rows)')
                    ) -%}
                {%- endfor -%}
                {%- do log(
                    result.status | upper ~ ' ' ~ test ~ ' in '
                    ~ result.node.attached_node.split('.') | last ~ ': ' ~ found | join(', '),
                    info=true
                ) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
