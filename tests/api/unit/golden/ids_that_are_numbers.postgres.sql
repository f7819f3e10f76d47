WITH groups AS (
    SELECT usage.fct_feedback.feedback_id AS feedback_id,
    usage.fct_feedback.source_system AS source_system,
    usage.fct_feedback.rated_at AS rated_at
    FROM usage.fct_feedback
    WHERE true
),
page AS (
    SELECT groups.feedback_id AS feedback_id,
    groups.source_system AS source_system,
    groups.rated_at AS rated_at,
    row_number() OVER (ORDER BY groups.rated_at DESC NULLS LAST, lpad(CAST(length(groups.feedback_id) AS TEXT), %(lpad_1)s::INTEGER, %(lpad_2)s::VARCHAR) || groups.feedback_id DESC, groups.source_system ASC) AS position
    FROM groups
    WHERE groups.rated_at < %(param_1)s::TIMESTAMP WITH TIME ZONE
    OR groups.rated_at IS NULL
    OR groups.rated_at = %(param_1)s::TIMESTAMP WITH TIME ZONE
    AND ((lpad(CAST(length(groups.feedback_id) AS TEXT), %(lpad_3)s::INTEGER, %(lpad_4)s::VARCHAR) || groups.feedback_id) < (lpad(CAST(length(%(param_2)s::VARCHAR) AS TEXT), %(lpad_5)s::INTEGER, %(lpad_6)s::VARCHAR) || %(param_2)s::VARCHAR) OR groups.feedback_id IS NULL)
    OR groups.rated_at = %(param_1)s::TIMESTAMP WITH TIME ZONE
    AND groups.feedback_id = %(param_2)s::VARCHAR
    AND (groups.source_system > %(param_3)s::VARCHAR OR groups.source_system IS NULL)
    ORDER BY groups.rated_at DESC NULLS LAST, lpad(CAST(length(groups.feedback_id) AS TEXT), %(lpad_1)s::INTEGER, %(lpad_2)s::VARCHAR) || groups.feedback_id DESC, groups.source_system ASC
    LIMIT %(param_4)s::INTEGER
)
SELECT (
    SELECT coalesce(json_agg(node), '[]'::json) AS coalesce_1
    FROM (
        SELECT page.feedback_id AS feedback_id
        FROM page
        WHERE page.position <= %(position_1)s::INTEGER
        ORDER BY page.position
    ) AS node
) AS nodes,
(
    SELECT row_to_json(page_info) AS row_to_json_1
    FROM (
        SELECT (
            SELECT EXISTS (
                SELECT *
                FROM page
                WHERE page.position > %(position_2)s::INTEGER
            ) AS anon_1
        ) AS has_next,
        (
            SELECT json_build_array(CAST(timezone(%(timezone_1)s::VARCHAR, page.rated_at) AS TEXT), CAST(page.feedback_id AS TEXT), CAST(page.source_system AS TEXT)) AS json_build_array_1
            FROM page
            WHERE page.position <= %(position_2)s::INTEGER
            ORDER BY page.position DESC
            LIMIT %(param_5)s::INTEGER
        ) AS end_keys
    ) AS page_info
) AS page

-- lpad_1 = 10
-- lpad_2 = '0'
-- lpad_3 = 10
-- lpad_4 = '0'
-- lpad_5 = 10
-- lpad_6 = '0'
-- param_1 = datetime.datetime(2026, 1, 31, 12, 0, 0, 250000)
-- param_2 = '9'
-- param_3 = 'auto_analyst'
-- param_4 = 3
-- param_5 = 1
-- position_1 = 2
-- position_2 = 2
-- timezone_1 = 'UTC'
