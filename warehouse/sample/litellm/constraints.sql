-- The primary keys, then those of LiteLLM's indexes that reports on usage need;
-- drop_constraints.sql lists the same names.
alter table "LiteLLM_UserTable" add constraint "LiteLLM_UserTable_pkey" primary key (user_id);
alter table "LiteLLM_VerificationToken"
add constraint "LiteLLM_VerificationToken_pkey" primary key (token);
alter table "LiteLLM_DailyTagSpend" add constraint "LiteLLM_DailyTagSpend_pkey" primary key (id);
alter table "LiteLLM_SpendLogs" add constraint "LiteLLM_SpendLogs_pkey" primary key (request_id);

create index "LiteLLM_DailyTagSpend_date_idx" on "LiteLLM_DailyTagSpend" (date);
create index "LiteLLM_SpendLogs_startTime_idx" on "LiteLLM_SpendLogs" ("startTime");
create index "LiteLLM_SpendLogs_session_id_idx" on "LiteLLM_SpendLogs" (session_id);

analyze "LiteLLM_UserTable";
analyze "LiteLLM_VerificationToken";
analyze "LiteLLM_DailyTagSpend";
analyze "LiteLLM_SpendLogs";
