-- One row a story: its original, who published it first and when, and how often it was taken over. Times are UTC.
SELECT
    present_article.article_id AS story_id,
    page.url,
    article_version.title,
    site.name AS first_site,
    site.publisher AS first_publisher,
    article_version.source AS first_source,
    present_article.published_day AS first_day,
    article_version.published_at AS first_published_at,
    coalesce(taken.copies, 0) AS copies,
    coalesce(taken.reprints, 0) AS reprints,
    coalesce(taken.excerpts, 0) AS excerpts,
    coalesce(taken.articles, 0) + 1 AS articles,
    coalesce(taken.last_day, present_article.published_day) AS last_day
FROM present_article
LEFT JOIN article_version
    ON article_version.article_id = present_article.article_id AND article_version.version = present_article.version
LEFT JOIN page ON page.id = present_article.article_id
LEFT JOIN site ON site.id = present_article.site_id
LEFT JOIN (
    SELECT
        relation.original_id,
        sum(CASE WHEN relation.kind = 'copy' THEN 1 ELSE 0 END) AS copies,
        sum(CASE WHEN relation.kind = 'reprint' THEN 1 ELSE 0 END) AS reprints,
        sum(CASE WHEN relation.kind = 'excerpt' THEN 1 ELSE 0 END) AS excerpts,
        count(*) AS articles,
        max(member.published_day) AS last_day
    FROM relation
    JOIN present_article AS member ON member.article_id = relation.article_id
    WHERE relation.rank = 0
    GROUP BY relation.original_id
) AS taken ON taken.original_id = present_article.article_id
WHERE present_article.relation = 'original'
