-- One row an article that its site took down or moved: why, since when, and where it is now if it moved.
SELECT
    article.id,
    page.url,
    site.name AS site,
    page_fetch.failure_reason AS reason,
    (
        SELECT min(lost.fetched_at)
        FROM page_fetch AS lost
        WHERE lost.page_id = page.id
            AND lost.failure_reason IN ('http_404', 'http_410', 'soft_404', 'redirected_to_list', 'moved')
            AND lost.fetched_at > coalesce(
                (
                    SELECT max(good.fetched_at)
                    FROM page_fetch AS good
                    WHERE good.page_id = page.id AND good.failure_stage IS NULL
                ),
                '0001-01-01 00:00:00'
            )
    ) AS gone_since,
    target.url AS moved_to
FROM article
JOIN page ON page.id = article.id
JOIN site ON site.id = page.site_id
JOIN page_fetch ON page_fetch.page_id = page.id AND page_fetch.fetched_at = page.last_fetched_at
LEFT JOIN page_alias ON page_alias.id = page.id
LEFT JOIN page AS target ON target.id = page_alias.page_id
WHERE page_fetch.failure_reason IN ('http_404', 'http_410', 'soft_404', 'redirected_to_list', 'moved')
