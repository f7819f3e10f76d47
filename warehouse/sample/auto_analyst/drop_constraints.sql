-- What constraints.sql adds, taken away again before tables that stay are filled anew.
alter table users drop constraint if exists users_pkey;
alter table chats drop constraint if exists chats_pkey;
alter table messages drop constraint if exists messages_pkey;
alter table model_usage drop constraint if exists model_usage_pkey;
alter table code_executions drop constraint if exists code_executions_pkey;
alter table message_feedback drop constraint if exists message_feedback_pkey;

drop index if exists model_usage_timestamp_idx;
drop index if exists code_executions_created_at_idx;
