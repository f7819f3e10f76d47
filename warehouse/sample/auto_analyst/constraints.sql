-- The primary keys, then the indexes that reports on usage need; drop_constraints.sql lists the
-- same names.
alter table users add constraint users_pkey primary key (user_id);
alter table chats add constraint chats_pkey primary key (chat_id);
alter table messages add constraint messages_pkey primary key (message_id);
alter table model_usage add constraint model_usage_pkey primary key (usage_id);
alter table code_executions add constraint code_executions_pkey primary key (execution_id);
alter table message_feedback add constraint message_feedback_pkey primary key (feedback_id);

create index model_usage_timestamp_idx on model_usage (timestamp);
create index code_executions_created_at_idx on code_executions (created_at);

analyze users;
analyze chats;
analyze messages;
analyze model_usage;
analyze code_executions;
analyze message_feedback;
