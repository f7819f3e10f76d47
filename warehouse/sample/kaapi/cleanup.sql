drop table pg_temp.sample_slots;
drop table pg_temp.sample_project_picks;
drop table pg_temp.sample_traffic_picks;
drop function pg_temp.sample_hash(bigint, text, text);
drop function pg_temp.sample_uuid(bytea);
drop function pg_temp.sample_draw_12_bits(bytea, integer);
drop function pg_temp.sample_draw_31_bits(bytea, integer);
drop function pg_temp.sample_draw_tokens(bytea, integer, integer);
