present_article.article_id,
    $url AS url,
    site.name AS site,
    site.publisher,
    $title AS title,
    present_article.published_day,
    substr(CAST(present_article.published_day AS text), 1, 7) AS published_month,
    present_article.relation
