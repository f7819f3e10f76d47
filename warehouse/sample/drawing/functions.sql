-- Working objects of one load, all temporary. Everything random is drawn from the bytes of
-- sha256(seed, table, key): the same on every machine, server version and session setting, and
-- independent of the order in which rows are made. Integer arithmetic only, as floating point
-- functions differ between C libraries.
create or replace function pg_temp.sample_hash(seed bigint, table_name text, row_key text)
returns bytea
language sql
stable
as $$ select sha256(convert_to(seed || ':' || table_name || ':' || row_key, 'UTF8')) $$;

-- The first 16 bytes as a random (version 4) UUID, which leaves bytes 16 to 31 for other draws.
create or replace function pg_temp.sample_uuid(hash bytea)
returns uuid
language sql
immutable
as $$
    select cast(
        encode(
            set_byte(
                set_byte(substring(hash from 1 for 16), 6, (get_byte(hash, 6) & 15) | 64),
                8,
                (get_byte(hash, 8) & 63) | 128
            ),
            'hex'
        ) as uuid
    )
$$;

create or replace function pg_temp.sample_draw_12_bits(hash bytea, byte_number integer)
returns integer
language sql
immutable
as $$ select ((get_byte(hash, byte_number) & 15) << 8) | get_byte(hash, byte_number + 1) $$;

create or replace function pg_temp.sample_draw_31_bits(hash bytea, byte_number integer)
returns bigint
language sql
immutable
as $$
    select
        (cast(get_byte(hash, byte_number) & 127 as bigint) << 24)
        | (get_byte(hash, byte_number + 1) << 16)
        | (get_byte(hash, byte_number + 2) << 8)
        | get_byte(hash, byte_number + 3)
$$;

-- A token count with a long tail: the product of two skewed factors (1 = 16/16, at most 10 each)
-- and a jitter of 0.6 to 1.4: the median lies near `scale`, the largest near 140 times as high.
create or replace function pg_temp.sample_draw_tokens(
    hash bytea, byte_number integer, scale integer
)
returns bigint
language sql
immutable
as $$
    select
        cast(scale as bigint)
        * (array[2, 4, 6, 8, 10, 12, 14, 16, 18, 21, 25, 30, 38, 50, 80, 160])[
            1 + (get_byte(hash, byte_number) & 15)
        ]
        * (array[2, 4, 6, 8, 10, 12, 14, 16, 18, 21, 25, 30, 38, 50, 80, 160])[
            1 + (get_byte(hash, byte_number) >> 4)
        ]
        * (192 + get_byte(hash, byte_number + 1))
        / 81920
$$;

-- A moment of a slot, drawn from the four bytes that start at `byte_number`.
create or replace function pg_temp.sample_instant(
    hash bytea, byte_number integer, starts_at timestamp, length_us bigint
)
returns timestamp
language sql
immutable
as $$
    select
        starts_at
        + ((pg_temp.sample_draw_31_bits(hash, byte_number) * length_us) >> 31)
        * interval '1 microsecond'
$$;

-- 4,096 tickets shared out by weight, so that 12 random bits choose one. A weight too small for a
-- ticket gets none.
create or replace function pg_temp.sample_tickets(weights bigint [])
returns table (choice bigint, pick integer)
language sql
immutable
as $$
    with

    cumulated as (
        select
            choice,
            sum(weight) over (order by choice) - weight as weight_before,
            sum(weight) over (order by choice) as weight_after,
            sum(weight) over () as weight_total
        from unnest(weights) with ordinality as weighted (weight, choice)
    )

    select
        cumulated.choice,
        ticket.pick
    from cumulated
    cross join lateral generate_series(
        cast(div(cumulated.weight_before * 4096, cumulated.weight_total) as integer),
        cast(div(cumulated.weight_after * 4096, cumulated.weight_total) as integer) - 1
    ) as ticket (pick)
$$;

drop table if exists pg_temp.sample_slots;
create temporary table sample_slots (
    population text not null,
    first_row bigint not null,
    last_row bigint not null,
    starts_at timestamp not null,
    length_us bigint not null
);

-- The rows from_row to to_row of a population, each with its slot.
create or replace function pg_temp.sample_rows(
    wanted_population text, from_row bigint, to_row bigint
)
returns table (row_number bigint, starts_at timestamp, length_us bigint)
language sql
stable
as $$
    select
        numbered.row_number,
        slot.starts_at,
        slot.length_us
    from sample_slots as slot
    cross join lateral generate_series(
        greatest(slot.first_row, from_row), least(slot.last_row, to_row)
    ) as numbered (row_number)
    where
        slot.population = wanted_population
        and slot.last_row >= from_row
        and slot.first_row <= to_row
$$;
