drop function pg_temp.sample_rows(text, bigint, bigint);
drop table pg_temp.sample_slots;
drop function pg_temp.sample_tickets(bigint []);
drop function pg_temp.sample_instant(bytea, integer, timestamp, bigint);
drop function pg_temp.sample_draw_tokens(bytea, integer, integer);
drop function pg_temp.sample_draw_31_bits(bytea, integer);
drop function pg_temp.sample_draw_12_bits(bytea, integer);
drop function pg_temp.sample_uuid(bytea);
drop function pg_temp.sample_hash(bigint, text, text);
