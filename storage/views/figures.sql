-- One row a quantity in an article's present text. Bounds are inclusive, null where the text gives none.
SELECT
    $article_columns,
    figure.surface,
    figure.lower,
    figure.upper,
    figure.unit,
    figure.approximate,
    figure.counted,
    figure.start_offset,
    figure.end_offset
FROM figure
JOIN present_article ON present_article.text_id = figure.text_id
$title_and_url
LEFT JOIN site ON site.id = present_article.site_id
