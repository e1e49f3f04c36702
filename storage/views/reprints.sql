-- One row for each article whose text is another's, beside that original.
SELECT
    relation.kind,
    relation.similarity,
    reprint.id AS article_id,
    reprint.url,
    reprint.title,
    reprint.site,
    reprint.publisher,
    reprint.source,
    reprint.published_day,
    reprint.published_at,
    original.id AS original_id,
    original.url AS original_url,
    original.title AS original_title,
    original.site AS original_site,
    original.publisher AS original_publisher,
    original.published_day AS original_published_day,
    original.published_at AS original_published_at
FROM relation
JOIN articles AS reprint ON reprint.id = relation.article_id
JOIN articles AS original ON original.id = relation.original_id
