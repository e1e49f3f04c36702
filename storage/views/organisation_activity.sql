-- One row an organisation and article that names it, with the article's own places and figures, each once, in order.
SELECT
    naming.organisation_id,
    organisation.name AS organisation,
    organisation.type,
    $article_columns,
    naming.mentions,
    (
        SELECT $string_agg(place.name, '、')
        FROM (
            SELECT place.name
            FROM place
            WHERE place.text_id = naming.text_id AND NOT place.of_organisation
            GROUP BY place.name
            ORDER BY min(place.start_offset)
        ) AS place
    ) AS places,
    (
        SELECT $string_agg(figure.surface, '、')
        FROM (
            SELECT figure.surface
            FROM figure
            WHERE figure.text_id = naming.text_id
            GROUP BY figure.surface
            ORDER BY min(figure.start_offset)
        ) AS figure
    ) AS figures
FROM entity AS organisation
JOIN naming ON naming.organisation_id = organisation.id
JOIN present_article ON present_article.text_id = naming.text_id
$title_and_url
LEFT JOIN site ON site.id = present_article.site_id
