drop table pg_temp.sample_project_picks;
drop table pg_temp.sample_traffic_picks;
