{# From when on this build looks at the rows of a watched source: no rows at last time, all rows now. #}
{% macro low_watermark(source) -%}
    {{ return(watermark_instant('watermark.low_watermark', source)) }}
{%- endmacro %}
