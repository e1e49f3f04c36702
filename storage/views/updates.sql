-- One row for each later version of an article, with what the page said before and what it said from then on.
-- A version that comes of reading the same fetch again is no change of the page and not among them.
SELECT
    article_version.article_id,
    page.url,
    article_version.version,
    article_version.fetched_at,
    earlier.title AS title_before,
    article_version.title,
    earlier.published_day AS published_day_before,
    article_version.published_day,
    earlier.source AS source_before,
    article_version.source,
    CASE WHEN earlier.text_id = article_version.text_id THEN 0 ELSE 1 END AS text_changed,
    earlier_text.body AS body_before,
    text.body
FROM article_version
JOIN article_version AS earlier
    ON earlier.article_id = article_version.article_id AND earlier.version = article_version.version - 1
JOIN page ON page.id = article_version.article_id
JOIN text ON text.id = article_version.text_id
JOIN text AS earlier_text ON earlier_text.id = earlier.text_id
WHERE article_version.fetched_at > earlier.fetched_at
