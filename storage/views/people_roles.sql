-- One row where a text gives a person's role. A row of people or organisations that are one has the same id and name.
SELECT
    person.id AS person_id,
    person.name AS person,
    (SELECT substr(text.body, role.start_offset + 1, role.end_offset - role.start_offset) FROM text WHERE text.id = role.text_id)
        AS role,
    organisation.id AS organisation_id,
    organisation.name AS organisation,
    organisation.type AS organisation_type,
    article.id AS article_id,
    page.url,
    site.name AS site,
    site.publisher,
    article_version.title,
    article_version.published_day,
    substr(CAST(article_version.published_day AS text), 1, 7) AS published_month,
    coalesce(relation.kind, 'original') AS relation,
    role.start_offset,
    role.end_offset,
    role.person_offset
FROM entity AS organisation
JOIN entity AS named_organisation ON named_organisation.root_id = organisation.id
JOIN role ON role.organisation_id = named_organisation.id
JOIN entity AS named_person ON named_person.id = role.person_id
JOIN entity AS person ON person.id = named_person.root_id
JOIN article_version ON article_version.text_id = role.text_id
JOIN article ON article.id = article_version.article_id AND article.version = article_version.version
LEFT JOIN page ON page.id = article.id
LEFT JOIN site ON site.id = page.site_id
LEFT JOIN relation ON relation.article_id = article.id AND relation.rank = 0
UNION ALL
SELECT
    person.id AS person_id,
    person.name AS person,
    (SELECT substr(text.body, role.start_offset + 1, role.end_offset - role.start_offset) FROM text WHERE text.id = role.text_id)
        AS role,
    NULL AS organisation_id,
    NULL AS organisation,
    NULL AS organisation_type,
    article.id AS article_id,
    page.url,
    site.name AS site,
    site.publisher,
    article_version.title,
    article_version.published_day,
    substr(CAST(article_version.published_day AS text), 1, 7) AS published_month,
    coalesce(relation.kind, 'original') AS relation,
    role.start_offset,
    role.end_offset,
    role.person_offset
FROM role
JOIN entity AS named_person ON named_person.id = role.person_id
JOIN entity AS person ON person.id = named_person.root_id
JOIN article_version ON article_version.text_id = role.text_id
JOIN article ON article.id = article_version.article_id AND article.version = article_version.version
LEFT JOIN page ON page.id = article.id
LEFT JOIN site ON site.id = page.site_id
LEFT JOIN relation ON relation.article_id = article.id AND relation.rank = 0
WHERE role.organisation_id IS NULL
