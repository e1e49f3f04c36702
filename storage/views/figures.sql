-- One row a quantity in an article's present text. Bounds are inclusive, null where the text gives none.
SELECT
    article.id AS article_id,
    page.url,
    site.name AS site,
    site.publisher,
    article_version.title,
    article_version.published_day,
    substr(CAST(article_version.published_day AS text), 1, 7) AS published_month,
    coalesce(relation.kind, 'original') AS relation,
    (SELECT substr(text.body, figure.start_offset + 1, figure.end_offset - figure.start_offset) FROM text WHERE text.id = figure.text_id)
        AS surface,
    figure.lower,
    figure.upper,
    figure.unit,
    figure.approximate,
    figure.counted,
    figure.start_offset,
    figure.end_offset
FROM figure
JOIN article_version ON article_version.text_id = figure.text_id
JOIN article ON article.id = article_version.article_id AND article.version = article_version.version
LEFT JOIN page ON page.id = article.id
LEFT JOIN site ON site.id = page.site_id
LEFT JOIN relation ON relation.article_id = article.id AND relation.rank = 0
