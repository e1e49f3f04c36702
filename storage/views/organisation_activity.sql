-- One row an organisation and article that names it, with the article's own places and figures, each once, in order.
SELECT
    named.organisation_id,
    named.organisation,
    named.type,
    $article_columns,
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
        organisation.id AS organisation_id,
        organisation.name AS organisation,
        organisation.type,
        count(*) AS mentions
    FROM entity AS organisation
    JOIN entity AS member ON member.root_id = organisation.id
    JOIN alias ON alias.entity_id = member.id
    JOIN mention ON mention.alias_id = alias.id
    WHERE organisation.kind = 'organisation'
    -- name and type follow from the id; grouped by, they let a query for one name read that one alone
    GROUP BY mention.text_id, organisation.id, organisation.name, organisation.type
) AS named
JOIN article_version ON article_version.text_id = named.text_id
$article_joins
