-- The log lies in the order of time, so that a tiny index finds the rows of a few days.
create index sample_spend_logs_by_time on "LiteLLM_SpendLogs" using brin ("startTime");
