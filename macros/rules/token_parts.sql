{#
    A FROM item with one row: the tokens of a request in parts that do not overlap and add up to its
    input and its output. Parts that claim more than the whole are cut, in this order: audio, cache
    writes for an hour, other writes, reads; of the output reasoning, then audio. LIMIT ALL makes each
    step one: Postgres would else write its expressions out at every place that uses them.
#}
{% macro token_parts(request) -%}
    {%- set parts = ['cached_input', 'cache_write', 'cache_write_1h', 'audio_input',
        'cached_audio_input', 'audio_output', 'reasoning'] -%}
    lateral (
        select
            all_input - cached - cache_write - cache_write_1h - audio as input,
            cached - cached_audio as cached_input, cache_write, cache_write_1h,
            audio as audio_input, cached_audio as cached_audio_input,
            all_output - audio_output - reasoning as output, audio_output, reasoning,
            claimed - cached - cache_write - cache_write_1h - audio - 2 * cached_audio
            - audio_output - reasoning as clamped_tokens,
            cached + cache_write + cache_write_1h + audio + audio_output + reasoning = 0
                as are_simple
        from (
            select
                all_input, all_output, claimed, least(cached_input, room) as cached,
                greatest(least(cache_write, room - cached_input), 0) as cache_write,
                greatest(least(cache_write_1h, room - cached_input - cache_write), 0)
                    as cache_write_1h,
                least(cached_audio_input, audio_input, cached_input, room) as cached_audio,
                greatest(least(
                    audio_input - least(cached_audio_input, audio_input, cached_input, room),
                    room - cached_input - cache_write - cache_write_1h
                ), 0) as audio,
                least(audio_output, room_out) as audio_output,
                greatest(least(reasoning, room_out - audio_output), 0) as reasoning
            from (
                select
                    {%- for part in parts %}
                    greatest(coalesce({{ request }}.{{ part }}_tokens, 0), 0) as {{ part }},
                    {%- endfor %}
                    {% for part in parts -%}
                    abs(coalesce({{ request }}.{{ part }}_tokens, 0)){{ ' + ' if not loop.last }}
                    {%- endfor %} as claimed,
                    coalesce({{ request }}.input_tokens, 0) as all_input,
                    coalesce({{ request }}.output_tokens, 0) as all_output,
                    greatest(coalesce({{ request }}.input_tokens, 0), 0) as room,
                    greatest(coalesce({{ request }}.output_tokens, 0), 0) as room_out
                limit all
            ) as counts
            limit all
        ) as cut
        limit all
    )
{%- endmacro %}
