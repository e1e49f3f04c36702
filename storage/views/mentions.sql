-- One row where an article's present text names a person, organisation or place, and how it is written there.
SELECT
    articles.id AS article_id,
    articles.url,
    articles.site,
    articles.publisher,
    articles.title,
    articles.published_day,
    articles.published_month,
    articles.relation,
    canonical.id AS entity_id,
    canonical.kind,
    canonical.name,
    canonical.type,
    alias.name AS written,
    mention.start_offset,
    mention.end_offset,
    mention.rule
FROM articles
JOIN article_version ON article_version.article_id = articles.id AND article_version.version = articles.version
JOIN mention ON mention.text_id = article_version.text_id
JOIN alias ON alias.id = mention.alias_id
JOIN entity ON entity.id = alias.entity_id
JOIN entity AS canonical ON canonical.id = coalesce(entity.canonical_id, entity.id)
