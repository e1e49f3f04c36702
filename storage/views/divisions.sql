-- One row a division of China: every province, city and county, and the towns and villages that some text names.
-- province, city and district are those that hold it, itself among them.
SELECT
    division.code,
    division.name,
    CASE length(division.code)
        WHEN 2 THEN 'province' WHEN 4 THEN 'city' WHEN 6 THEN 'county' WHEN 9 THEN 'town' ELSE 'village'
    END AS level,
    province.name AS province,
    CASE
        WHEN city.name IS NOT NULL THEN city.name
        WHEN length(division.code) < 6 THEN NULL
        -- the municipalities are their own city, a county right under its province is its own
        WHEN substr(division.code, 1, 2) IN ('11', '12', '31', '50') THEN province.name
        ELSE district.name
    END AS city,
    district.name AS district
FROM division
LEFT JOIN division AS province ON province.code = substr(division.code, 1, 2)
LEFT JOIN division AS city ON length(division.code) >= 4 AND city.code = substr(division.code, 1, 4)
LEFT JOIN division AS district ON length(division.code) >= 6 AND district.code = substr(division.code, 1, 6)
