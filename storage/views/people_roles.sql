-- One row where a text gives a person's role. A row of people or organisations that are one has the same id and name.
SELECT
    person.id AS person_id,
    person.name AS person,
    role_text.role,
    organisation.id AS organisation_id,
    organisation.name AS organisation,
    organisation.type AS organisation_type,
    articles.id AS article_id,
    articles.url,
    articles.site,
    articles.publisher,
    articles.title,
    articles.published_day,
    articles.published_month,
    articles.relation,
    role_text.start_offset,
    role_text.end_offset,
    role_text.person_offset
FROM articles
JOIN article_version ON article_version.article_id = articles.id AND article_version.version = articles.version
JOIN (
    SELECT
        role.*,
        substr(text.body, role.start_offset + 1, role.end_offset - role.start_offset) AS role
    FROM role
    JOIN text ON text.id = role.text_id
) AS role_text ON role_text.text_id = article_version.text_id
JOIN entity AS named_person ON named_person.id = role_text.person_id
JOIN entity AS person ON person.id = coalesce(named_person.canonical_id, named_person.id)
LEFT JOIN entity AS named_organisation ON named_organisation.id = role_text.organisation_id
LEFT JOIN entity AS organisation
    ON organisation.id = coalesce(named_organisation.canonical_id, named_organisation.id)
