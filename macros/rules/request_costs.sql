{#
    Two columns: what the parts of a request's tokens cost at its price (full_cost_usd), and what they
    would at the listed standard price with nothing cached (uncached_cost_usd, NULL where that is the
    same). NULL without a price, or without any count. Most requests have no parts but input and output,
    and are quickly done.
#}
{% macro request_costs(request, price, listed) -%}
    {%- set simple = {'input': ['input'], 'output': ['output']} -%}
    {%- set full = {
        'input': ['input'],
        'cached_input': ['cached_input', 'input'],
        'cache_write': ['cache_write', 'input'],
        'cache_write_1h': ['cache_write_1h', 'cache_write', 'input'],
        'audio_input': ['audio_input', 'input'],
        'cached_audio_input': ['cached_audio_input', 'cached_input', 'audio_input', 'input'],
        'output': ['output'],
        'audio_output': ['audio_output', 'output'],
        'reasoning': ['reasoning', 'output'],
    } -%}
    {%- set uncached = dict(
        full, cached_input=['input'], cache_write=['input'], cache_write_1h=['input'],
        cached_audio_input=['audio_input', 'input']
    ) -%}
    {%- set is_unpriced -%}
        {{ price }}.price_list is null
            or coalesce({{ request }}.input_tokens, {{ request }}.output_tokens) is null
    {%- endset %}
    case
        when {{ is_unpriced }} then null
        when {{ request }}.is_simple then {{ sum_of_costs(request, price, simple) }}
        else {{ sum_of_costs(request, price, full) }}
    end as full_cost_usd,
    case
        when {{ is_unpriced }}
            or ({{ request }}.is_simple and {{ price }}.processing = 'standard') then null
        else {{ sum_of_costs(request, listed, uncached) }}
    end as uncached_cost_usd
{%- endmacro %}
