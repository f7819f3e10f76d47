drop function pg_temp.bench_instant(bigint, bigint, bigint, timestamp, double precision);
drop function pg_temp.bench_tokens(bigint, integer, integer);
drop function pg_temp.bench_uuid(text, bigint, bigint);
drop function pg_temp.bench_bits(bigint, integer, integer);
drop function pg_temp.bench_draw(bigint, bigint, bigint);
