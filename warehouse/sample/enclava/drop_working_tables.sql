drop table pg_temp.sample_keys;
drop table pg_temp.sample_key_picks;
drop table pg_temp.sample_kinds;
drop table pg_temp.sample_kind_picks;
