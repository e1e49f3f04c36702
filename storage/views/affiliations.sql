-- One row a person and an organisation at which texts give the person a role, with the number of those roles, also of
-- texts that an article had before it was changed.
SELECT
    held.person_id,
    person.name AS person,
    held.organisation_id,
    organisation.name AS organisation,
    organisation.type AS organisation_type,
    held.roles
FROM (
    SELECT person.root_id AS person_id, organisation.root_id AS organisation_id, sum(named.roles) AS roles
    FROM (
        SELECT role.person_id, role.organisation_id, count(*) AS roles
        FROM role
        WHERE role.organisation_id IS NOT NULL
        GROUP BY role.person_id, role.organisation_id
    ) AS named
    JOIN entity AS person ON person.id = named.person_id
    JOIN entity AS organisation ON organisation.id = named.organisation_id
    GROUP BY person.root_id, organisation.root_id
) AS held
JOIN entity AS person ON person.id = held.person_id
JOIN entity AS organisation ON organisation.id = held.organisation_id
