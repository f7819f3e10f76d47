{#
    How exact a request's cost can be, after what decided it: what the source reports says so itself;
    a computed cost is not exact where the source does not say how much of the input was cached, or
    where the price list has no price for a cached part and that of uncached input had to do.
#}
{% macro cost_precision() -%}
    {%- set kinds = ['cached_input', 'cache_write', 'cache_write_1h', 'cached_audio_input'] -%}
    case
        when cost_source = 'reported' then reported_cost_precision
        when cost_source in ('unpriced', 'not_applicable') then null
        when is_cache_hit then 'exact'
        when
            cached_input_tokens is null
            and input_tokens > 0
            and (
                cached_input_price_usd_per_token is not null
                or price_source = 'model_config'
            )
            then 'no_cache_split'
        when
            {%- for kind in kinds %}
            {{ 'or ' if not loop.first }}(
                {{ kind }}_part > 0
                and {{ kind }}_price_usd_per_token is null
            )
            {%- endfor %}
            then 'no_cache_price'
        else 'exact'
    end
{%- endmacro %}
