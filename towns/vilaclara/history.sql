-- How the past of the demo town is written (docs/adr/0127). Each section is one statement under the name of what it writes, whose $1 is a
-- list of rows. It runs as the service itself does, confined to one office, so constraints, triggers and row-level security hold; what is
-- there already stays as it is.

-- name: booked
with made as (
  select * from jsonb_to_recordset($1) as r (
    id uuid, office_id integer, reference text, procedure_id integer, channel text, language text, site text, notice_language text,
    desk_id integer, starts timestamptz, ends timestamptz, busy_until timestamptz, status text, name text, email text, phone text,
    sequence integer, created_at timestamptz, updated_at timestamptz, forgotten_at timestamptz)
  where not exists (select from appointment a where a.id = r.id)
), taken as (
  insert into desk_time (office_id, desk_id, starts, ends, during)
  select office_id, desk_id, starts, ends, tstzrange(starts, busy_until) from made where status <> 'cancelled' order by desk_id, starts
  on conflict do nothing returning id, desk_id, starts
)
insert into appointment (id, office_id, reference, procedure_id, channel, language, site, notice_language, desk_id, time_id, starts, ends,
  status, name, email, phone, sequence, created_at, updated_at, forgotten_at)
select m.id, m.office_id, m.reference, m.procedure_id, m.channel, m.language, m.site, m.notice_language, m.desk_id, t.id, m.starts, m.ends,
  m.status, m.name, m.email, m.phone, m.sequence, m.created_at, m.updated_at, m.forgotten_at
from made m left join taken t on t.desk_id = m.desk_id and t.starts = m.starts and m.status <> 'cancelled'
where m.status = 'cancelled' or t.id is not null
returning id

-- name: settled
update appointment a set status = r.status, updated_at = r.at
from jsonb_to_recordset($1) as r (id uuid, status text, at timestamptz)
where a.id = r.id and a.status in ('booked', 'arrived') and a.displaced_at is null
returning a.id

-- name: opening
insert into opening (hash, office_id, opens, subject)
select hash, office_id, opens, subject from jsonb_populate_recordset(null::opening, $1)
on conflict do nothing

-- name: event
insert into event (office_id, appointment_id, kind, at, actor, data)
select office_id, appointment_id, kind, at, actor, data from jsonb_populate_recordset(null::event, $1) order by at

-- name: attempt
insert into attempt (office_id, appointment_id, number, outcome, at, actor)
select office_id, appointment_id, number, outcome, at, actor from jsonb_populate_recordset(null::attempt, $1)

-- name: encounter
insert into encounter (id, office_id, appointment_id, channel, language, desk_id, started_at, ended_at, identity, notes, wrap_up, version,
  actor, forgotten_at)
select id, office_id, appointment_id, channel, language, desk_id, started_at, ended_at, identity, notes, wrap_up, 2, actor, forgotten_at
from jsonb_populate_recordset(null::encounter, $1)

-- name: encounter_item
insert into encounter_item (office_id, encounter_id, position, kind, procedure_id, query, outcome)
select office_id, encounter_id, position, kind, procedure_id, query, outcome from jsonb_populate_recordset(null::encounter_item, $1)

-- name: survey_answer
insert into survey_answer (office_id, appointment_id, encounter_id, request_id, score, solved, heard, comment, at, passed)
select office_id, appointment_id, encounter_id, request_id, score, solved, heard, comment, at, passed
from jsonb_populate_recordset(null::survey_answer, $1)

-- name: call_quality
insert into call_quality (office_id, id, encounter_id, call_id, side, whom, ended_at, seconds, path, first_frame_ms, loss_percent, rtt_ms,
  fps, freezes, frozen_seconds, reconnections, audio_only_seconds, width, height, word)
select office_id, id, encounter_id, call_id, side, whom, ended_at, seconds, path, first_frame_ms, loss_percent, rtt_ms,
  fps, freezes, frozen_seconds, reconnections, audio_only_seconds, width, height, word
from jsonb_populate_recordset(null::call_quality, $1)

-- name: call
insert into call (id, office_id, desk_id, appointment_id, attempt, direction, ended_at, rang_seconds, talked_seconds, status, ended_by,
  codec, loss_percent, rtt_ms, jitter_ms)
select id, office_id, desk_id, appointment_id, attempt, direction, ended_at, rang_seconds, talked_seconds, status, ended_by,
  codec, loss_percent, rtt_ms, jitter_ms
from jsonb_populate_recordset(null::call, $1)

-- name: chat
insert into chat (id, office_id, asked_by, topic, language, state, place, taken_at, encounter_id, person_at, desk_at, seen_at, ended_at,
  ended_why, forgotten_at)
select id, office_id, asked_by, topic, language, state, place, taken_at, encounter_id, person_at, desk_at, seen_at, ended_at,
  ended_why, forgotten_at
from jsonb_populate_recordset(null::chat, $1)

-- name: chat_event
insert into chat_event (office_id, chat_id, at, kind, desk_id, actor, data)
select office_id, chat_id, at, kind, desk_id, actor, data from jsonb_populate_recordset(null::chat_event, $1) order by at

-- name: request
insert into request (id, office_id, reference, type, kind, door, language, made_at, made_by, changed_at, sent_at, sent_on, is_public, state, state_at,
  version, answer_for_all, reason, text, answers, address, latitude, longitude, area, tell_by, anonymous, name, email, phone, team, since,
  due, closed_at, shown_text, anonymised_at)
select id, office_id, reference, type, kind, door, language, made_at, made_by, changed_at, sent_at, sent_on, is_public, state, state_at,
  version, answer_for_all, reason, text, answers, address, latitude, longitude, area, tell_by, anonymous, name, email, phone, team, since,
  due, closed_at, shown_text, anonymised_at
from jsonb_populate_recordset(null::request, $1)

-- name: request_event
insert into request_event (office_id, request_id, at, actor, kind, from_state, to_state, data)
select office_id, request_id, at, actor, kind, from_state, to_state, data
from jsonb_populate_recordset(null::request_event, $1) order by at

-- name: request_message
insert into request_message (id, office_id, request_id, at, side, by, text, seen_at)
select id, office_id, request_id, at, side, by, text, seen_at from jsonb_populate_recordset(null::request_message, $1) order by at

-- name: anew
update figure_mark set day = null where office_id = $1
