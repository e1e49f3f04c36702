-- One row where a text gives a person's role. A row of people or organisations that are one has the same id and name.
SELECT
    person.id AS person_id,
    person.name AS person,
    (SELECT substr(text.body, role.start_offset + 1, role.end_offset - role.start_offset) FROM text WHERE text.id = role.text_id)
        AS role,
    organisation.id AS organisation_id,
    organisation.name AS organisation,
    organisation.type AS organisation_type,
    $article_columns,
    role.start_offset,
    role.end_offset,
    role.person_offset
FROM entity AS organisation
JOIN entity AS named_organisation ON named_organisation.root_id = organisation.id
JOIN role ON role.organisation_id = named_organisation.id
JOIN entity AS named_person ON named_person.id = role.person_id
JOIN entity AS person ON person.id = named_person.root_id
JOIN present_article ON present_article.text_id = role.text_id
$title_and_url
LEFT JOIN site ON site.id = present_article.site_id
UNION ALL
SELECT
    person.id AS person_id,
    person.name AS person,
    (SELECT substr(text.body, role.start_offset + 1, role.end_offset - role.start_offset) FROM text WHERE text.id = role.text_id)
        AS role,
    NULL AS organisation_id,
    NULL AS organisation,
    NULL AS organisation_type,
    $article_columns,
    role.start_offset,
    role.end_offset,
    role.person_offset
FROM role
JOIN entity AS named_person ON named_person.id = role.person_id
JOIN entity AS person ON person.id = named_person.root_id
JOIN present_article ON present_article.text_id = role.text_id
$title_and_url
LEFT JOIN site ON site.id = present_article.site_id
WHERE role.organisation_id IS NULL
