-- One row a story: its original, who published it first and when, and how often it was taken over. Times are UTC.
SELECT
    article.id AS story_id,
    page.url,
    article_version.title,
    site.name AS first_site,
    site.publisher AS first_publisher,
    article_version.source AS first_source,
    article_version.published_day AS first_day,
    article_version.published_at AS first_published_at,
    coalesce(taken.copies, 0) AS copies,
    coalesce(taken.reprints, 0) AS reprints,
    coalesce(taken.excerpts, 0) AS excerpts,
    coalesce(taken.articles, 0) + 1 AS articles,
    coalesce(taken.last_day, article_version.published_day) AS last_day
FROM article
JOIN page ON page.id = article.id
JOIN site ON site.id = page.site_id
JOIN article_version ON article_version.article_id = article.id AND article_version.version = article.version
LEFT JOIN (
    SELECT
        relation.original_id,
        sum(CASE WHEN relation.kind = 'copy' THEN 1 ELSE 0 END) AS copies,
        sum(CASE WHEN relation.kind = 'reprint' THEN 1 ELSE 0 END) AS reprints,
        sum(CASE WHEN relation.kind = 'excerpt' THEN 1 ELSE 0 END) AS excerpts,
        count(*) AS articles,
        max(member_version.published_day) AS last_day
    FROM relation
    JOIN article AS member ON member.id = relation.article_id
    JOIN article_version AS member_version
        ON member_version.article_id = member.id AND member_version.version = member.version
    WHERE relation.rank = 0
    GROUP BY relation.original_id
) AS taken ON taken.original_id = article.id
WHERE NOT EXISTS (SELECT 1 FROM relation WHERE relation.article_id = article.id AND relation.rank = 0)
