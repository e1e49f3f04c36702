article.id AS article_id,
    page.url,
    site.name AS site,
    site.publisher,
    article_version.title,
    article_version.published_day,
    substr(CAST(article_version.published_day AS text), 1, 7) AS published_month,
    coalesce(relation.kind, 'original') AS relation
