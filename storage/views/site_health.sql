-- One row a site: how its last run ended and what it brought, and what the store holds of the site. Times are UTC.
SELECT
    site.name AS site,
    site.publisher,
    last_run.id AS last_run_id,
    last_run.state AS last_state,
    last_run.reason AS last_reason,
    last_run.started_at AS last_started_at,
    last_run.pages AS last_pages,
    last_run.new_articles AS last_new_articles,
    last_run.failures AS last_failures,
    (SELECT max(run.ended_at) FROM run WHERE run.site_id = site.id AND run.state = 'finished') AS last_finished_at,
    (SELECT count(*) FROM run WHERE run.site_id = site.id) AS runs,
    (SELECT count(*) FROM page WHERE page.site_id = site.id) AS pages,
    held.articles,
    held.newest_day,
    held.last_new_at,
    held.without_day,
    held.without_source,
    (
        SELECT count(*)
        FROM page
        JOIN page_fetch ON page_fetch.page_id = page.id AND page_fetch.fetched_at = page.last_fetched_at
        WHERE page.site_id = site.id AND page_fetch.failure_stage IS NOT NULL
    ) AS failing_pages
FROM site
LEFT JOIN runs AS last_run ON last_run.id = (SELECT max(run.id) FROM run WHERE run.site_id = site.id)
LEFT JOIN (
    SELECT
        page.site_id,
        count(*) AS articles,
        max(article_version.published_day) AS newest_day,
        max(page.first_seen_at) AS last_new_at,
        sum(CASE WHEN article_version.published_day IS NULL THEN 1 ELSE 0 END) AS without_day,
        sum(CASE WHEN article_version.source = '' THEN 1 ELSE 0 END) AS without_source
    FROM article
    JOIN page ON page.id = article.id
    JOIN article_version ON article_version.article_id = article.id AND article_version.version = article.version
    GROUP BY page.site_id
) AS held ON held.site_id = site.id
