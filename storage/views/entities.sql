-- One row a person, organisation or place as read, and which one it is. `scope` tells those of one name apart.
SELECT
    entity.id,
    entity.kind,
    entity.name,
    entity.type,
    entity.scope,
    coalesce(entity.canonical_id, entity.id) AS same_as_id,
    canonical.name AS same_as,
    (
        SELECT $string_agg(written.name, '、')
        FROM (
            SELECT alias.name FROM alias WHERE alias.entity_id = entity.id ORDER BY alias.name
        ) AS written
    ) AS written_as,
    (
        SELECT count(*)
        FROM alias
        JOIN mention ON mention.alias_id = alias.id
        WHERE alias.entity_id = entity.id
    ) AS mentions
FROM entity
JOIN entity AS canonical ON canonical.id = coalesce(entity.canonical_id, entity.id)
