-- One row a site: its last run, what it came to, and what is open; how complete articles were when some were last read.
SELECT
    site.name AS site,
    site.publisher,
    last.id AS run_id,
    last.state,
    last.reason,
    last.started_at,
    last.ended_at,
    (SELECT max(run.ended_at) FROM run WHERE run.site_id = site.id AND run.state = 'finished') AS last_finished_at,
    schedule.due_at,
    schedule.interval_seconds,
    schedule.held_until,
    coalesce((SELECT value FROM run_count WHERE run_id = last.id AND name = 'responses'), 0) AS pages,
    coalesce((SELECT value FROM run_count WHERE run_id = last.id AND name = 'new_articles'), 0) AS new_articles,
    coalesce((SELECT value FROM run_count WHERE run_id = last.id AND name = 'new_versions'), 0) AS new_versions,
    coalesce((SELECT value FROM run_count WHERE run_id = last.id AND name = 'copies'), 0) AS copies,
    (
        SELECT CAST(coalesce(sum(value), 0) AS bigint)
        FROM run_count
        WHERE run_id = last.id AND substr(name, 1, 12) = 'page_failed/'
    ) AS failures,
    coalesce((SELECT value FROM run_count WHERE run_id = last.id AND name = 'bytes'), 0) AS bytes,
    field.articles AS articles_read,
    field.title AS with_title,
    field.published AS with_published,
    field.source AS with_source,
    field.body AS with_body,
    (SELECT count(*) FROM present_article WHERE present_article.site_id = site.id) AS articles,
    (SELECT max(present_article.published_day) FROM present_article WHERE present_article.site_id = site.id)
        AS newest_day,
    coalesce(failing.pages, 0) AS failing_pages,
    (SELECT count(*) FROM alarm WHERE alarm.site_id = site.id AND alarm.healed_run_id IS NULL) AS open_alarms,
    (SELECT count(*) FROM gap WHERE gap.site_id = site.id AND gap.closed_run_id IS NULL) AS open_gaps,
    code.version AS code_version
FROM site
JOIN run AS last ON last.id = (SELECT max(run.id) FROM run WHERE run.site_id = site.id)
LEFT JOIN schedule ON schedule.site_id = site.id
LEFT JOIN (
    SELECT page.site_id, count(*) AS pages
    FROM page_fetch
    -- in this order also on SQLite: there are few failures, and an index of them
    CROSS JOIN page
    WHERE page_fetch.failure_stage IS NOT NULL
        AND page.id = page_fetch.page_id
        AND page.last_fetched_at = page_fetch.fetched_at
    GROUP BY page.site_id
) AS failing ON failing.site_id = site.id
LEFT JOIN run_origin ON run_origin.run_id = last.id
LEFT JOIN code ON code.id = run_origin.code_id
LEFT JOIN (
    SELECT
        read.run_id,
        max(read.value) AS articles,
        CAST(sum(CASE WHEN part.name = 'fields/title' THEN part.value END) AS double precision) / max(read.value) AS title,
        CAST(sum(CASE WHEN part.name = 'fields/published' THEN part.value END) AS double precision) / max(read.value)
            AS published,
        CAST(sum(CASE WHEN part.name = 'fields/source' THEN part.value END) AS double precision) / max(read.value)
            AS source,
        CAST(sum(CASE WHEN part.name = 'fields/body' THEN part.value END) AS double precision) / max(read.value) AS body
    FROM run_count AS read
    JOIN run_count AS part ON part.run_id = read.run_id
    WHERE read.name = 'fields/articles' AND read.value > 0
    GROUP BY read.run_id
) AS field
    ON field.run_id = (
        SELECT max(run.id)
        FROM run
        JOIN run_count ON run_count.run_id = run.id
        WHERE run.site_id = site.id AND run_count.name = 'fields/articles' AND run_count.value > 0
    )
