-- The primary keys, then the indexes that reports on usage need; drop_constraints.sql lists the
-- same names.
alter table users add constraint users_pkey primary key (id);
alter table api_keys add constraint api_keys_pkey primary key (id);
alter table budgets add constraint budgets_pkey primary key (id);
alter table usage_tracking add constraint usage_tracking_pkey primary key (id);

create index api_keys_user_id_idx on api_keys (user_id);
create index usage_tracking_created_at_idx on usage_tracking (created_at);

analyze users;
analyze api_keys;
analyze budgets;
analyze usage_tracking;
