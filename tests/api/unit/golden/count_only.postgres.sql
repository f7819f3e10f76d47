WITH groups AS (
    SELECT usage.fct_requests.session_id AS session_id
    FROM usage.fct_requests
    WHERE true
    GROUP BY 1
)
SELECT (
    SELECT count(*) AS count_1
    FROM groups
) AS total_count

