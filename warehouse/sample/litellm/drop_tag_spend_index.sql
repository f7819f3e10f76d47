drop index sample_spend_logs_by_time;
