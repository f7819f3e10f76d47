-- What constraints.sql adds, taken away again before tables that stay are filled anew.
alter table "LiteLLM_UserTable" drop constraint if exists "LiteLLM_UserTable_pkey";
alter table "LiteLLM_VerificationToken" drop constraint if exists "LiteLLM_VerificationToken_pkey";
alter table "LiteLLM_DailyTagSpend" drop constraint if exists "LiteLLM_DailyTagSpend_pkey";
alter table "LiteLLM_SpendLogs" drop constraint if exists "LiteLLM_SpendLogs_pkey";

drop index if exists "LiteLLM_DailyTagSpend_date_idx";
drop index if exists "LiteLLM_SpendLogs_startTime_idx";
drop index if exists "LiteLLM_SpendLogs_session_id_idx";
