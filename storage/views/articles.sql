-- One row an article, in its present version. Times are UTC; published_day is the day where it was published,
-- published_month its first seven characters (2026-09), on both databases.
-- Joined from the left where there is always a row: then a query that does not ask for its columns spares the join.
SELECT
    article.id,
    page.url,
    site.name AS site,
    site.publisher,
    article_version.title,
    article_version.shoulder,
    article_version.subtitle,
    text.body,
    article_version.published_day,
    substr(CAST(article_version.published_day AS text), 1, 7) AS published_month,
    article_version.published_at,
    article_version.published_offset,
    article_version.published_precision,
    article_version.modified_day,
    article_version.modified_at,
    article_version.source,
    (
        SELECT $string_agg(named.name, '、')
        FROM (
            SELECT credit.name
            FROM credit
            WHERE credit.article_id = article.id AND credit.version = article.version AND credit.part = 'author'
            GROUP BY credit.name
            ORDER BY min(credit.position)
        ) AS named
    ) AS authors,
    (
        SELECT $string_agg(named.name, '、')
        FROM (
            SELECT credit.name
            FROM credit
            WHERE credit.article_id = article.id AND credit.version = article.version AND credit.part = 'editor'
            GROUP BY credit.name
            ORDER BY min(credit.position)
        ) AS named
    ) AS editors,
    length(text.body) AS characters,
    coalesce(relation.kind, 'original') AS relation,
    article.version,
    page.first_seen_at,
    page.last_fetched_at
FROM article
LEFT JOIN page ON page.id = article.id
LEFT JOIN site ON site.id = page.site_id
JOIN article_version ON article_version.article_id = article.id AND article_version.version = article.version
LEFT JOIN text ON text.id = article_version.text_id
LEFT JOIN relation ON relation.article_id = article.id AND relation.rank = 0
