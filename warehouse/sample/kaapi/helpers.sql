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

drop table if exists pg_temp.sample_slots;
create temporary table sample_slots (
    population text not null,
    first_row bigint not null,
    last_row bigint not null,
    starts_at timestamp not null,
    length_us bigint not null
);

drop table if exists pg_temp.sample_project_picks;
create temporary table sample_project_picks (
    pick integer primary key,
    organization_id integer not null,
    project_id integer not null
);

drop table if exists pg_temp.sample_traffic_picks;
create temporary table sample_traffic_picks (
    pick integer primary key,
    input_type text not null,
    output_type text,
    provider text not null,
    model text not null,
    input_scale integer not null,
    output_scale integer not null
);
