-- One row where an article's present text names a person, organisation or place, and how it is written there.
SELECT
    article.id AS article_id,
    page.url,
    site.name AS site,
    site.publisher,
    article_version.title,
    article_version.published_day,
    substr(CAST(article_version.published_day AS text), 1, 7) AS published_month,
    coalesce(relation.kind, 'original') AS relation,
    canonical.id AS entity_id,
    canonical.kind,
    canonical.name,
    canonical.type,
    alias.name AS written,
    mention.start_offset,
    mention.end_offset,
    mention.rule
FROM entity AS canonical
JOIN entity ON entity.root_id = canonical.id
JOIN alias ON alias.entity_id = entity.id
JOIN mention ON mention.alias_id = alias.id
JOIN article_version ON article_version.text_id = mention.text_id
JOIN article ON article.id = article_version.article_id AND article.version = article_version.version
LEFT JOIN page ON page.id = article.id
LEFT JOIN site ON site.id = page.site_id
LEFT JOIN relation ON relation.article_id = article.id AND relation.rank = 0
