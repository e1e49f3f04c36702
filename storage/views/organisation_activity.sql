-- One row an organisation and article that names it, with the article's own places and figures, each once, in order.
SELECT
    named.organisation_id,
    organisation.name AS organisation,
    organisation.type,
    articles.id AS article_id,
    articles.url,
    articles.site,
    articles.publisher,
    articles.title,
    articles.published_day,
    articles.published_month,
    articles.relation,
    named.mentions,
    (
        SELECT $string_agg(place.name, '、')
        FROM (
            SELECT place.name
            FROM place
            WHERE place.text_id = named.text_id AND NOT place.of_organisation
            GROUP BY place.name
            ORDER BY min(place.start_offset)
        ) AS place
    ) AS places,
    (
        SELECT $string_agg(figure.surface, '、')
        FROM (
            SELECT substr(text.body, figure.start_offset + 1, figure.end_offset - figure.start_offset) AS surface
            FROM figure
            JOIN text ON text.id = figure.text_id
            WHERE figure.text_id = named.text_id
            GROUP BY 1
            ORDER BY min(figure.start_offset)
        ) AS figure
    ) AS figures
FROM (
    SELECT
        mention.text_id,
        coalesce(entity.canonical_id, entity.id) AS organisation_id,
        count(*) AS mentions
    FROM mention
    JOIN alias ON alias.id = mention.alias_id
    JOIN entity ON entity.id = alias.entity_id
    WHERE entity.kind = 'organisation'
    GROUP BY mention.text_id, coalesce(entity.canonical_id, entity.id)
) AS named
JOIN entity AS organisation ON organisation.id = named.organisation_id
JOIN article_version ON article_version.text_id = named.text_id
JOIN articles ON articles.id = article_version.article_id AND articles.version = article_version.version
