-- One row for each original that an article's text comes from: the copy, reprint or excerpt, beside that original.
-- rank 0 is the story that the article belongs to; higher ranks are further originals of a joined text. similarity is
-- the share of the shorter text that the article and its parent, the nearest earlier text, have in common; share is
-- how much of the article comes from it.
SELECT
    relation.kind,
    relation.rank,
    relation.similarity,
    relation.share,
    reprint.id AS article_id,
    reprint.url,
    reprint.title,
    reprint.site,
    reprint.publisher,
    reprint.source,
    reprint.published_day,
    reprint.published_at,
    relation.parent_id,
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
