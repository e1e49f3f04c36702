-- One row where an article names a place, rolled up to the divisions that hold it. `exact` is false for a place without
-- a code of its own, and for one whose choice stayed open: division_code then is what holds it, as far as known.
SELECT
    $article_columns,
    (SELECT substr(text.body, place.start_offset + 1, place.end_offset - place.start_offset) FROM text WHERE text.id = place.text_id)
        AS surface,
    place.name,
    place.level,
    place.division_code,
    place.exact,
    place.confidence,
    place.candidates,
    place.of_organisation,
    $province AS province,
    CASE
        -- the municipalities are their own city, a county right under its province is its own
        WHEN substr(place.division_code, 1, 2) IN ('11', '12', '31', '50') AND length(place.division_code) >= 6
            THEN $province
        WHEN length(place.division_code) >= 4 THEN coalesce(
            $city,
            $district
        )
    END AS city,
    $district AS district,
    $town AS town,
    $village AS village,
    substr(place.division_code, 1, 2) AS province_code,
    CASE WHEN length(place.division_code) >= 4 THEN substr(place.division_code, 1, 4) END AS city_code,
    CASE WHEN length(place.division_code) >= 6 THEN substr(place.division_code, 1, 6) END AS district_code,
    place.start_offset,
    place.end_offset
FROM place
JOIN present_article ON present_article.text_id = place.text_id
$title_and_url
LEFT JOIN site ON site.id = present_article.site_id
$join_divisions
