-- 365 x (200 x 41 + 56) = 3,013,440 rows
{{ reference_rows('2025-01-01', 'day', periods=365, least=21, step=10, fuller=56) }}
