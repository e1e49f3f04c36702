-- One row a quantity in an article's present text. Bounds are inclusive, null where the text gives none.
SELECT
    articles.id AS article_id,
    articles.url,
    articles.site,
    articles.publisher,
    articles.title,
    articles.published_day,
    articles.published_month,
    articles.relation,
    substr(text.body, figure.start_offset + 1, figure.end_offset - figure.start_offset) AS surface,
    figure.lower,
    figure.upper,
    figure.unit,
    figure.approximate,
    figure.counted,
    figure.start_offset,
    figure.end_offset
FROM articles
JOIN article_version ON article_version.article_id = articles.id AND article_version.version = articles.version
JOIN text ON text.id = article_version.text_id
JOIN figure ON figure.text_id = text.id
