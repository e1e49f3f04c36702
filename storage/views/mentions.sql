-- One row where an article's present text names a person, organisation or place, and how it is written there.
SELECT
    $article_columns,
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
JOIN present_article ON present_article.text_id = mention.text_id
$title_and_url
LEFT JOIN site ON site.id = present_article.site_id
