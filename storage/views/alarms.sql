-- One row an alarm; open while healed_run_id is null.
SELECT
    alarm.id,
    site.name AS site,
    site.publisher,
    alarm.kind,
    alarm.subject,
    alarm.message,
    alarm.raised_at,
    alarm.raised_run_id,
    healed.ended_at AS healed_at,
    alarm.healed_run_id
FROM alarm
JOIN site ON site.id = alarm.site_id
LEFT JOIN run AS healed ON healed.id = alarm.healed_run_id
