-- One row where an article names a place, rolled up to the divisions that hold it. `exact` is false for a place without
-- a code of its own, and for one whose choice stayed open: division_code then is what holds it, as far as known.
SELECT
    articles.id AS article_id,
    articles.url,
    articles.site,
    articles.publisher,
    articles.title,
    articles.published_day,
    articles.published_month,
    articles.relation,
    substr(text.body, place.start_offset + 1, place.end_offset - place.start_offset) AS surface,
    place.name,
    place.level,
    place.division_code,
    place.exact,
    place.confidence,
    place.candidates,
    place.of_organisation,
    province.name AS province,
    CASE
        WHEN city.name IS NOT NULL THEN city.name
        WHEN length(place.division_code) < 6 THEN NULL
        -- the municipalities are their own city, a county right under its province is its own
        WHEN substr(place.division_code, 1, 2) IN ('11', '12', '31', '50') THEN province.name
        ELSE district.name
    END AS city,
    district.name AS district,
    town.name AS town,
    village.name AS village,
    substr(place.division_code, 1, 2) AS province_code,
    CASE WHEN length(place.division_code) >= 4 THEN substr(place.division_code, 1, 4) END AS city_code,
    CASE WHEN length(place.division_code) >= 6 THEN substr(place.division_code, 1, 6) END AS district_code,
    place.start_offset,
    place.end_offset
FROM articles
JOIN article_version ON article_version.article_id = articles.id AND article_version.version = articles.version
JOIN text ON text.id = article_version.text_id
JOIN place ON place.text_id = text.id
LEFT JOIN division AS province ON province.code = substr(place.division_code, 1, 2)
LEFT JOIN division AS city ON length(place.division_code) >= 4 AND city.code = substr(place.division_code, 1, 4)
LEFT JOIN division AS district ON length(place.division_code) >= 6 AND district.code = substr(place.division_code, 1, 6)
LEFT JOIN division AS town ON length(place.division_code) >= 9 AND town.code = substr(place.division_code, 1, 9)
LEFT JOIN division AS village ON length(place.division_code) = 12 AND village.code = place.division_code
