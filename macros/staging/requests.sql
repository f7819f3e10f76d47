{#
    The columns of a request as models have it before it is priced, whatever its source: by name their type
    and, as SQL, what holds of a system that says nothing of them. A new column is a row here, in the
    models of the systems that know it, and from int_requests on.
#}
{% macro request_columns() -%}
    {%- set text, instant = dbt.type_string(), instant_type() -%}
    {{ return({
        'request_id': {'type': text, 'otherwise': none},
        'request_kind': {'type': text, 'otherwise': "'call'"},
        'source_system': {'type': text, 'otherwise': none},
        'organization_id': {'type': text, 'otherwise': var_text('default_organization_id')},
        'project_id': {'type': text, 'otherwise': var_text('default_project_id')},
        'user_id': {'type': text, 'otherwise': 'null'},
        'api_key_id': {'type': text, 'otherwise': 'null'},
        'session_id': {'type': text, 'otherwise': 'null'},
        'chain_id': {'type': text, 'otherwise': 'null'},
        'first_call_id': {'type': text, 'otherwise': 'null'},
        'modality': {'type': text, 'otherwise': "'OTHER'"},
        'provider': {'type': text, 'otherwise': "'unknown'"},
        'model': {'type': text, 'otherwise': none},
        'raw_model': {'type': text, 'otherwise': none},
        'endpoint': {'type': text, 'otherwise': 'null'},
        'http_method': {'type': text, 'otherwise': 'null'},
        'status': {'type': text, 'otherwise': 'null'},
        'processing': {'type': text, 'otherwise': 'null'},
        'usage_source': {'type': text, 'otherwise': none},
        'reported_cost_precision': {'type': text, 'otherwise': 'null'},
        'credit_tier': {'type': text, 'otherwise': 'null'},
        'is_successful': {'type': 'boolean', 'otherwise': 'null'},
        'is_failed': {'type': 'boolean', 'otherwise': 'null'},
        'is_cache_hit': {'type': 'boolean', 'otherwise': 'null'},
        'has_model': {'type': 'boolean', 'otherwise': none},
        'input_tokens': {'type': 'bigint', 'otherwise': 'null'},
        'cached_input_tokens': {'type': 'bigint', 'otherwise': 'null'},
        'cache_write_tokens': {'type': 'bigint', 'otherwise': 'null'},
        'cache_write_1h_tokens': {'type': 'bigint', 'otherwise': 'null'},
        'audio_input_tokens': {'type': 'bigint', 'otherwise': 'null'},
        'cached_audio_input_tokens': {'type': 'bigint', 'otherwise': 'null'},
        'output_tokens': {'type': 'bigint', 'otherwise': 'null'},
        'audio_output_tokens': {'type': 'bigint', 'otherwise': 'null'},
        'reasoning_tokens': {'type': 'bigint', 'otherwise': 'null'},
        'total_tokens': {'type': 'bigint', 'otherwise': none},
        'reported_cost_usd': {'type': 'numeric(38, 22)', 'otherwise': 'null'},
        'credits': {'type': 'bigint', 'otherwise': 'null'},
        'latency_ms': {'type': 'bigint', 'otherwise': 'null'},
        'first_token_latency_ms': {'type': 'bigint', 'otherwise': 'null'},
        'http_status_code': {'type': 'bigint', 'otherwise': 'null'},
        'requested_at': {'type': instant, 'otherwise': none},
        'source_updated_at': {'type': instant, 'otherwise': 'null'},
    }) }}
{%- endmacro %}

{#
    The columns of int_<system>__requests, in the order of request_columns: those that the system knows, as
    SQL by name, and for the others what holds of systems that do not. `same` are those that need no SQL but
    their name.
#}
{% macro select_request(same, made={}) -%}
    {%- set columns = request_columns() -%}
    {%- for name in same + made.keys() | list if name not in columns -%}
        {{ exceptions.raise_compiler_error(
            model.name ~ ' gives a request the column ' ~ name ~ ', which requests do not have: add it to '
            ~ 'request_columns (macros/staging/requests.sql), or choose from ' ~ columns | join(', ') ~ '.'
        ) }}
    {%- endfor -%}
    {%- for name, column in columns.items() -%}
        {%- if name not in same and name not in made and column.otherwise is none -%}
            {{ exceptions.raise_compiler_error(
                model.name ~ ' gives a request no ' ~ name ~ ', which every system must give: see '
                ~ 'models/docs/columns.md for what it means.'
            ) }}
        {%- endif -%}
        {%- if name in same -%}
        {{ name }}
        {%- elif name in made -%}
        cast({{ made[name] }} as {{ columns[name].type }}) as {{ name }}
        {%- else -%}
        cast({{ column.otherwise }} as {{ column.type }}) as {{ name }}
        {%- endif -%}
        {{ ',\n        ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
