drop table pg_temp.sample_kinds;
drop table pg_temp.sample_kind_picks;
drop table pg_temp.sample_errors;
