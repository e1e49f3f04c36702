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
    ) AS failures
FROM run
JOIN site ON site.id = run.site_id
