-- 24 x (200 x 104 + 63) = 500,712 rows
{{ reference_rows('2024-01-01', 'month', periods=24, least=64, step=20, fuller=63) }}
