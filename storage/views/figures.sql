-- One row a quantity in an article's present text. Bounds are inclusive, null where the text gives none.
SELECT
    $article_columns,
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
$article_joins
