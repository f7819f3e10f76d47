-- What constraints.sql adds, taken away again before tables that stay are filled anew.
alter table users drop constraint if exists users_pkey;
alter table api_keys drop constraint if exists api_keys_pkey;
alter table budgets drop constraint if exists budgets_pkey;
alter table usage_tracking drop constraint if exists usage_tracking_pkey;

drop index if exists api_keys_user_id_idx;
drop index if exists usage_tracking_created_at_idx;
