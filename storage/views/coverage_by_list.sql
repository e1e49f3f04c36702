-- One row a list and run: URLs listed, known before, stored now and dropped, and how the reading ended.
SELECT
    coverage.run_id,
    site.name AS site,
    coverage.list_url,
    run.started_at,
    coverage.pages,
    coverage.listed,
    coverage.known,
    coverage.listed - coverage.known AS new,
    coverage.stored,
    (
        SELECT coalesce(sum(urls), 0)
        FROM coverage_drop
        WHERE coverage_drop.run_id = coverage.run_id AND coverage_drop.list_url = coverage.list_url
    ) AS dropped,
    (
        SELECT $string_agg(cause || ' ' || urls, ', ')
        FROM (
            SELECT cause, CAST(urls AS text) AS urls
            FROM coverage_drop
            WHERE coverage_drop.run_id = coverage.run_id AND coverage_drop.list_url = coverage.list_url
            ORDER BY cause
        ) AS named
    ) AS dropped_by_cause,
    coverage.ending,
    coverage.detail
FROM coverage
JOIN run ON run.id = coverage.run_id
JOIN site ON site.id = run.site_id
