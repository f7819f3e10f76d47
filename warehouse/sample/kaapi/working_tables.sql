-- What the rows of this source are drawn from; temporary.
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
