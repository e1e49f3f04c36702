-- One row an article, in its present version. Times are UTC; published_day is the day where it was published,
-- published_month its first seven characters (2026-09), on both databases.
-- Joined from the left where there is always a row: then a query that does not ask for its columns spares the join.
SELECT
    present_article.article_id AS id,
    page.url,
    site.name AS site,
    site.publisher,
    article_version.title,
    article_version.shoulder,
    article_version.subtitle,
    $body AS body,
    present_article.published_day,
    substr(CAST(present_article.published_day AS text), 1, 7) AS published_month,
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
            WHERE credit.article_id = present_article.article_id AND credit.version = present_article.version AND credit.part = 'author'
            GROUP BY credit.name
            ORDER BY min(credit.position)
        ) AS named
    ) AS authors,
    (
        SELECT $string_agg(named.name, '、')
        FROM (
            SELECT credit.name
            FROM credit
            WHERE credit.article_id = present_article.article_id AND credit.version = present_article.version AND credit.part = 'editor'
            GROUP BY credit.name
            ORDER BY min(credit.position)
        ) AS named
    ) AS editors,
    length($body) AS characters,
    present_article.relation,
    present_article.version,
    page.first_seen_at,
    page.last_fetched_at
FROM present_article
LEFT JOIN article_version
    ON article_version.article_id = present_article.article_id AND article_version.version = present_article.version
LEFT JOIN page ON page.id = present_article.article_id
LEFT JOIN site ON site.id = present_article.site_id
$join_body
