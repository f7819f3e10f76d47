-- Cheap draws: millions of rows are made, so that Postgres's own hash of a row's number replaces the
-- digests of the sample rows. The same seed gives the same rows on servers of one version.
create or replace function pg_temp.bench_draw(row_number bigint, seed bigint, use bigint)
returns bigint
language sql
immutable
as $$ select hashint8extended(row_number, seed * 64 + use) $$;

-- So many bits of a draw, as a whole number from 0.
create or replace function pg_temp.bench_bits(draw bigint, from_bit integer, bit_count integer)
returns integer
language sql
immutable
as $$ select cast((draw >> from_bit) & ((cast(1 as bigint) << bit_count) - 1) as integer) $$;

create or replace function pg_temp.bench_uuid(kind text, row_number bigint, seed bigint)
returns uuid
language sql
immutable
as $$ select cast(md5(seed || kind || row_number) as uuid) $$;

-- A token count with a long tail, from eight bits of a draw: the median lies near `scale`, the
-- largest a hundred times as high.
create or replace function pg_temp.bench_tokens(draw bigint, from_bit integer, scale integer)
returns bigint
language sql
immutable
as $$
    select
        cast(scale as bigint)
        * (array[2, 4, 6, 8, 10, 12, 14, 16, 18, 21, 25, 30, 38, 50, 80, 160])[
            1 + pg_temp.bench_bits(draw, from_bit, 4)
        ]
        * (array[2, 4, 6, 8, 10, 12, 14, 16, 18, 21, 25, 30, 38, 50, 80, 160])[
            1 + pg_temp.bench_bits(draw, from_bit + 4, 4)
        ]
        / 256
        + pg_temp.bench_bits(draw, from_bit, 6)
$$;

-- When a row was made: rows of a load follow each other through its time, as those of a log do.
create or replace function pg_temp.bench_instant(
    place bigint, row_count bigint, draw bigint, starts_at timestamp, seconds double precision
)
returns timestamp
language sql
immutable
as $$
    select
        starts_at
        + make_interval(
            secs => (place + pg_temp.bench_bits(draw, 0, 20) / 1048576.0) * seconds / row_count
        )
$$;
