{#
    A query: each request with its tokens in parts (`<kind>_part`) that do not overlap and add up to
    its input and its output. Parts that claim more than the whole are cut, in this order: audio,
    cache writes for an hour, other writes, reads; of the output reasoning, then audio. Three steps,
    each computed once: Postgres would else write expressions out wherever they are used.
#}
{% macro token_parts(requests) -%}
    {%- set kinds = ['cached_input', 'cache_write', 'cache_write_1h', 'audio_input',
        'cached_audio_input', 'audio_output', 'reasoning'] -%}
    select
        cut.*,
        all_input - cached - cache_write_part - cache_write_1h_part - audio_input_part
            as input_part,
        cached - cached_audio_input_part as cached_input_part,
        all_output - audio_output_part - reasoning_part as output_part,
        claimed - cached - cache_write_part - cache_write_1h_part - audio_input_part
        - 2 * cached_audio_input_part - audio_output_part - reasoning_part as clamped_tokens,
        cached + cache_write_part + cache_write_1h_part + audio_input_part + audio_output_part
        + reasoning_part = 0 as is_simple
    from (
        select
            counts.*, least(claimed_cached_input, room) as cached,
            greatest(least(claimed_cache_write, room - claimed_cached_input), 0)
                as cache_write_part,
            greatest(
                least(claimed_cache_write_1h, room - claimed_cached_input - claimed_cache_write), 0
            ) as cache_write_1h_part,
            least(claimed_cached_audio_input, claimed_audio_input, claimed_cached_input, room)
                as cached_audio_input_part,
            greatest(least(
                claimed_audio_input - least(
                    claimed_cached_audio_input, claimed_audio_input, claimed_cached_input, room
                ),
                room - claimed_cached_input - claimed_cache_write - claimed_cache_write_1h
            ), 0) as audio_input_part,
            least(claimed_audio_output, room_out) as audio_output_part,
            greatest(least(claimed_reasoning, room_out - claimed_audio_output), 0) as reasoning_part
        from (
            select
                {{ requests }}.*,
                {%- for kind in kinds %}
                greatest(coalesce({{ kind }}_tokens, 0), 0) as claimed_{{ kind }},
                {%- endfor %}
                {% for kind in kinds -%}
                abs(coalesce({{ kind }}_tokens, 0)){{ ' + ' if not loop.last }}
                {%- endfor %} as claimed,
                coalesce(input_tokens, 0) as all_input, coalesce(output_tokens, 0) as all_output,
                greatest(input_tokens, 0) as room, greatest(output_tokens, 0) as room_out
            from {{ requests }}
            {{ optimization_fence() }}
        ) as counts
        {{ optimization_fence() }}
    ) as cut
    {{ optimization_fence() }}
{%- endmacro %}

{#
    A part of a request's tokens as it was priced, after cutting what claims more than the whole: NULL
    where the source says nothing of it. `left` is what token_parts leaves of it.
#}
{% macro priced_tokens(column, left) -%}
    case when {{ column }} is not null then {{ left }} end as {{ column }}
{%- endmacro %}
