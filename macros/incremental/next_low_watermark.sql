{# From when on the next build looks at the rows of a watched source. #}
{% macro next_low_watermark(source) -%}
    {{ return(watermark_instant(
        'watermark.high_watermark - interval ' ~ sql_text(source.look_back), source
    )) }}
{%- endmacro %}
