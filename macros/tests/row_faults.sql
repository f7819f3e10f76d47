{#
    All faults are looked for in one scan that keeps faulty rows only: where there are none, that is
    little more than looking for one. `model` stands in one from clause, so that dbt may narrow it,
    and each CTE is read once, because Spark computes it anew for every reading.
#}
{% macro rows_at_fault(model, faults) -%}
    {%- if execute and not faults -%}
        {{ exceptions.raise_compiler_error(
            'nothing is promised of the rows: no not_null in a contract, no accepted_values, no argument'
        ) }}
    {%- endif -%}
with

faulty_rows as (
    select *
    from {{ model }}
    where
        {% for fault in faults -%}
        {{ 'or ' if not loop.first }}({{ fault.condition }})
        {% endfor %}
),

counted as (
    select
        {%- for fault in faults %}
        count(case when {{ fault.condition }} then 1 end) as fault_{{ loop.index }}
        {{- ',' if not loop.last }}
        {%- endfor %}
    from faulty_rows
),

named as (
    select
        looked_for.fault,
        case looked_for.fault_number
            {%- for fault in faults %}
            when {{ loop.index }} then counted.fault_{{ loop.index }}
            {%- endfor %}
        end as row_count
    from counted
    cross join (
        values
        {%- for fault in faults %}
        ({{ loop.index }}, {{ sql_text(fault.name) }}){{ ',' if not loop.last }}
        {%- endfor %}
    ) as looked_for (fault_number, fault)
)

select
    fault,
    row_count
from named
where row_count > 0
{%- endmacro %}

{#
    Called by a generic test, where `model` is the relation, it sees dbt's own: the test's node.
    While dbt only parses, columns are not known yet.
#}
{% macro promised_row_faults() -%}
    {%- set faults = [] -%}
    {%- if execute -%}
        {%- for column in graph.nodes[model.attached_node].columns.values() -%}
            {%- if column.constraints | selectattr('type', 'equalto', 'not_null') | list -%}
                {%- do faults.extend(named_row_faults(not_null=[column.name])) -%}
            {%- endif -%}
            {%- set accepted = [] -%}
            {%- for value in accepted_values(column) -%}
                {%- do accepted.append(sql_text(value)) -%}
            {%- endfor -%}
            {%- if accepted -%}
                {%- do faults.append({
                    'name': column.name ~ ' is none of the accepted values',
                    'condition': column.name ~ ' not in (' ~ accepted | join(', ') ~ ')',
                }) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(faults) }}
{%- endmacro %}

{#
    The values that a column accepts, if it is a closed set: those that config.meta.accepted_values lists,
    or, where it says source_systems, the systems that are built.
#}
{% macro accepted_values(column) -%}
    {%- set declared = column.config.meta.get('accepted_values', []) -%}
    {%- if declared == 'source_systems' -%}
        {{ return(enabled_source_systems()) }}
    {%- elif declared is string -%}
        {{ exceptions.raise_compiler_error(
            'config.meta.accepted_values of ' ~ column.name ~ ' is ' ~ declared
            ~ '; say source_systems, or list the values'
        ) }}
    {%- endif -%}
    {{ return(declared) }}
{%- endmacro %}

{# What a row can be guilty of, as a list of {name, condition}; the condition is true of such rows. #}
{% macro named_row_faults(not_null=[], not_negative=[], rules={}) -%}
    {%- set faults = [] -%}
    {%- for column in not_null -%}
        {%- do faults.append({'name': column ~ ' is null', 'condition': column ~ ' is null'}) -%}
    {%- endfor -%}
    {%- for column in not_negative -%}
        {%- do faults.append({'name': column ~ ' is negative', 'condition': column ~ ' < 0'}) -%}
    {%- endfor -%}
    {%- for name, rule in rules.items() -%}
        {%- do faults.append({
            'name': 'not ' ~ name, 'condition': 'not coalesce(' ~ rule | trim ~ ', false)'
        }) -%}
    {%- endfor -%}
    {{ return(faults) }}
{%- endmacro %}

{#
    The on-run-end hook. dbt prints how much a test found, but not what; the tests of rows and of keys are
    asked again, once each and only those that found something, for what they found.
#}
{% macro name_row_faults(results) -%}
    {%- if execute -%}
        {%- for result in results if result.status in ('fail', 'warn') -%}
            {%- set test = (result.node.test_metadata or {}).name -%}
            {%- if test in ('unique', 'unique_combination_of_columns', 'has_one_price_for_each_request') -%}
                {%- set repeated = run_query(result.node.compiled_code) -%}
                {%- set found = [] -%}
                {%- for row in repeated.rows[:3] -%}
                    {%- set values = [] -%}
                    {%- for name in repeated.column_names -%}
                        {%- do values.append(name ~ ' ' ~ row[name]) -%}
                    {%- endfor -%}
                    {%- do found.append('(' ~ values | join(', ') ~ ')') -%}
                {%- endfor -%}
                {%- set more = repeated.rows | length - 3 -%}
                {%- do log(
                    result.status | upper ~ ' ' ~ test ~ ' in '
                    ~ result.node.attached_node.split('.') | last ~ ': ' ~ found | join(', ')
                    ~ (' and ' ~ more ~ ' more' if more > 0 else '')
                    ~ ' (' ~ result.node.original_file_path ~ ')',
                    info=true
                ) -%}
            {%- elif test in ('has_valid_rows', 'has_plausible_rows') -%}
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

{# Types of the columns of the model that the calling generic test is attached to, by name. #}
{% macro contracted_types() -%}
    {%- set types = {} -%}
    {%- if execute -%}
        {%- for column in graph.nodes[model.attached_node].columns.values() -%}
            {%- do types.update({column.name: api.Column.translate_type(column.data_type)}) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(types) }}
{%- endmacro %}
