-- One row a stretch of a list that may have been missed; open while closed_run_id is null.
SELECT
    gap.id,
    site.name AS site,
    site.publisher,
    gap.list_url,
    gap.cause,
    gap.detail,
    gap.since,
    gap.found_run_id,
    found.started_at AS found_at,
    gap.closed_run_id,
    closed.ended_at AS closed_at
FROM gap
JOIN site ON site.id = gap.site_id
JOIN run AS found ON found.id = gap.found_run_id
LEFT JOIN run AS closed ON closed.id = gap.closed_run_id
