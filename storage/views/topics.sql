-- One row a topic of an article; 公益 stands for public interest as such, and an article without it is about none.
SELECT
    article.id AS article_id,
    page.url,
    site.name AS site,
    site.publisher,
    article_version.title,
    article_version.published_day,
    substr(CAST(article_version.published_day AS text), 1, 7) AS published_month,
    coalesce(relation.kind, 'original') AS relation,
    topic.name AS topic,
    topic.weight,
    topic.terms
FROM topic
JOIN article_version ON article_version.text_id = topic.text_id
JOIN article ON article.id = article_version.article_id AND article.version = article_version.version
LEFT JOIN page ON page.id = article.id
LEFT JOIN site ON site.id = page.site_id
LEFT JOIN relation ON relation.article_id = article.id AND relation.rank = 0
