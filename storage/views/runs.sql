-- One row a crawl of a site, with what it brought.
SELECT
    run.id,
    site.name AS site,
    site.publisher,
    run.state,
    run.reason,
    run.started_at,
    run.ended_at,
    (SELECT count(*) FROM page_fetch WHERE page_fetch.run_id = run.id) AS pages,
    (
        SELECT count(*)
        FROM page_fetch
        JOIN article_version
            ON article_version.article_id = page_fetch.page_id AND article_version.fetched_at = page_fetch.fetched_at
        WHERE page_fetch.run_id = run.id AND article_version.version = 1
    ) AS new_articles,
    (
        SELECT count(*)
        FROM page_fetch
        JOIN article_version
            ON article_version.article_id = page_fetch.page_id AND article_version.fetched_at = page_fetch.fetched_at
        WHERE page_fetch.run_id = run.id AND article_version.version > 1
    ) AS new_versions,
    (
        SELECT count(*) FROM page_fetch WHERE page_fetch.run_id = run.id AND page_fetch.failure_stage IS NOT NULL
    ) AS failures,
    coalesce((SELECT value FROM run_count WHERE run_id = run.id AND name = 'copies'), 0) AS copies,
    coalesce((SELECT value FROM run_count WHERE run_id = run.id AND name = 'bytes'), 0) AS bytes,
    run_origin.host,
    run_origin.pid,
    code.version AS code_version
FROM run
JOIN site ON site.id = run.site_id
LEFT JOIN run_origin ON run_origin.run_id = run.id
LEFT JOIN code ON code.id = run_origin.code_id
