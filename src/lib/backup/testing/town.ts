import { sql } from 'kysely';
import type pg from 'pg';
import { testAppointments } from '../../../features/booking/appointments/testing.ts';
import { testOffice } from '../../../features/foundation/offices/testing.ts';
import { handClock } from '../../clock.ts';
import { type Database, type Db, within } from '../../db/database.ts';
import { connect } from '../dump.ts';
import { identifierOf, nameOf } from '../format.ts';
import { readSequences, readTables } from '../tables.ts';
import { fillCitizenRequests } from './requests.ts';

/** Makes two offices with appointments, and at least one row in every table. */
export async function populate(database: Database) {
  const { kysely: db } = database;
  for (const code of ['oac', 'hisenda']) await testOffice(db, { code });
  const desk = await bookingDesk(database, 'oac');
  for (let nth = 0; nth < 5; nth++) await desk.book();
  await fillTheRest(db);
  await fillRequests(db);
  await fillPeople(db);
  await fillNotifications(db);
  await fillChat(db);
  await fillShared(db);
  await fillCitizenRequests(db);
  await fillOperation(db);
}

/** Returns a function that books the next free time of an office, each time for another person. */
export async function bookingDesk(database: Database, code: string) {
  const clock = handClock('2026-11-30T07:00:00+01:00');
  const { offices, slots, appointments } = testAppointments(database, clock);
  const office = (await offices.find(code))!;
  let people = 0;
  return {
    async book() {
      people++;
      const choice = { procedure: 'volant-padro', channel: 'phone', language: 'ca' } as const;
      const found = await slots.search(office, choice, { from: '2026-11-30', to: '2026-12-23' });
      if (!found.ok || !found.slots[0]) throw new Error('no free time');
      const booked = await appointments.book({ kind: 'citizen' }, office, {
        ...choice,
        start: found.slots[0].start,
        citizen: {
          name: 'Núria \\. "Öz"\tTab\nLínia',
          email: `nuria${people}@example.cat`,
          phone: `+34600${String(people).padStart(6, '0')}`,
        },
        onBehalfOf: null,
        needs: [],
        comment: '\\.\n\\N ☎ \u0001',
        noticeLanguage: 'ca',
      });
      if (!booked.ok) throw new Error(booked.reason);
      return booked.appointment;
    },
  };
}

/** Adds a backup, and a run of a background job. */
function fillOperation(db: Db): Promise<void> {
  return within(db, '*', async (tx) => {
    const at = '2026-11-30T09:00:00Z';
    await sql`insert into backup_run (kind, name, started_at, ended_at, bytes, rows) values ('backup', 'x', ${at}, ${at}, 9, 9)`.execute(
      tx,
    );
    await sql`insert into installation (id) values ('vilaclar')`.execute(tx);
    await sql`insert into job_run (what, ran_at) values ('to back up', ${at})`.execute(tx);
  });
}

/** Adds an identified person with an appointment, a session, an attempt and a code. */
function fillPeople(db: Db): Promise<void> {
  return within(db, '*', async (tx) => {
    const person = sql`'00000000-0000-4000-8000-000000000081'`;
    const identification = sql`'00000000-0000-4000-8000-000000000082'`;
    const at = sql`'2026-11-30T08:00:00Z'`;
    for (const statement of [
      sql`insert into person (id, lookup, wrapped, key_version, identity, wishes, first_seen_at, last_seen_at)
        values (${person}, 'x', '\\x01', 1, '\\x02', '\\x03', ${at}, ${at})`,
      sql`insert into identification (id, person_id, provider, kind, method, level, purpose, identified_at, evidence)
        values (${identification}, ${person}, 'valid', 'valid', 'idcatmobil', 'low', 'session', ${at}, '\\x04')`,
      sql`insert into citizen_session (hash, person_id, identification_id, browser, began_at, seen_at, ends_at)
        values ('\\x06', ${person}, ${identification}, '\\x07', ${at}, ${at}, ${at})`,
      sql`insert into notification_choice (person_id, electronic, at) values (${person}, true, ${at})`,
      sql`insert into identification_attempt (id, provider, request, began_at, ends_at)
        values ('00000000-0000-4000-8000-000000000083', 'valid', '\\x08', ${at}, ${at})`,
      sql`insert into identification_code (id, office_id, appointment_id, finder, hash, link, asked_by, family, system, sender, asked_at, ends_at, state)
        select '00000000-0000-4000-8000-000000000084', office_id, id, 'y', '\\x09', 0, '\\x0a', 'firefox', 'linux', '\\x0b', ${at}, ${at}, 'open'
        from appointment order by starts limit 1`,
      sql`insert into person_appointment (person_id, appointment_id, office_id, identification_id, how, linked_at)
        select ${person}, id, office_id, ${identification}, 'link', ${at} from appointment order by starts limit 1`,
      sql`insert into representation (id, office_id, representative_id, represented_id, asked_by, other, procedures, appointment_id, state, asked_at, ends_at)
        select '00000000-0000-4000-8000-000000000084', office_id, ${person}, ${person}, 'representative', '\\x09', '{volant-padro}', id, 'asked', ${at},
          '2027-11-30T00:00:00Z' from appointment order by starts limit 1`,
      sql`insert into represented_appointment (appointment_id, representation_id, office_id, made_at)
        select id, '00000000-0000-4000-8000-000000000084', office_id, ${at} from appointment order by starts limit 1`,
    ]) {
      await statement.execute(tx);
    }
  });
}

const ENCOUNTER = '00000000-0000-4000-8000-000000000026';

/** Adds a second member of staff, whom the first asks into a call, and what a citizen typed. */
function fillRequests(db: Db): Promise<void> {
  return within(db, '*', async (tx) => {
    const office = sql`(select min(id) from office)`;
    const appointment = sql`(select id from appointment order by starts limit 1)`;
    const at = sql`'2026-11-30T08:00:00Z'`;
    for (const statement of [
      sql`insert into staff (email, name, user_id) values ('pere@example.cat', 'Pere', 'u2')`,
      sql`insert into staff_identifier (staff_id, sealed, key_version, entered_at) select id, '\\x14', 1, ${at} from staff`,
      sql`insert into colleague_request (id, office_id, appointment_id, kind, from_staff, from_name, to_staff, to_name, note, asked_at)
        select '00000000-0000-4000-8000-000000000067', ${office}, ${appointment}, 'join', min(id), 'Núria', max(id), 'Pere', '', ${at} from staff`,
      sql`insert into calendar_feed (id, office_id, desk_id, staff_id, names, made_at)
        select '00000000-0000-4000-8000-000000000070', ${office}, min(d.id), min(s.id), false, ${at} from desk d, staff s`,
      sql`insert into calendar_connection (id, office_id, desk_id, kind, address, calendar, reads, writes, names, made_at, made_by, next_try_at)
        select '00000000-0000-4000-8000-000000000071', ${office}, min(d.id), 'caldav', 'https://nuvol.example.cat/', 'https://nuvol.example.cat/a/',
          true, true, false, ${at}, min(s.id), ${at} from desk d, staff s`,
      sql`insert into calendar_entry (connection_id, appointment_id, office_id) values ('00000000-0000-4000-8000-000000000071', ${appointment}, ${office})`,
      sql`insert into desk_busy (office_id, desk_id, source, event, starts, ends)
        select ${office}, min(id), '00000000-0000-4000-8000-000000000071', 'x', ${at}, ${at}::timestamptz + interval '1 hour' from desk`,
      sql`insert into office_version (office_id, number, at, actor, kind, difference) values (${office}, 2, ${at}, 'staff:1', 'edited', '[]')`,
      sql`insert into office_draft (office_id, changes) values (${office}, '[]')`,
      sql`insert into form_version (office_id, procedure_id, number, sha256, content, published_at) select ${office}, min(id), 1, '\\x17', '{}', ${at} from procedure`,
      sql`insert into case_file (id, office_id, reference, procedure_id, form_id, door, language, state, state_at, opened_at, opened_by, changed_at, draft, discard_at)
        select '00000000-0000-4000-8000-000000000091', ${office}, 'C4S-E2F', procedure_id, id, 'online', 'ca', 'draft', ${at}, ${at}, 'citizen', ${at}, '\\x18', ${at}
        from form_version`,
      sql`insert into document (id, office_id, case_id, kind, shelf, state, state_at, declared, size, made_at, made_by)
        values ('00000000-0000-4000-8000-000000000098', ${office}, '00000000-0000-4000-8000-000000000091', 'inbox', 'case', 'clean', ${at}, 'image/png', 9, ${at}, 'citizen')`,
      sql`insert into case_submission (id, office_id, case_id, kind, at, actor, number, record_hash)
        values ('00000000-0000-4000-8000-000000000099', ${office}, '00000000-0000-4000-8000-000000000091', 'withdrawal', ${at}, 'citizen', 'E2026000001', '\\x22')`,
      sql`insert into form_ending (form_id, office_id, ended_at) select id, ${office}, ${at} from form_version`,
      sql`insert into case_event (office_id, case_id, kind, at, actor) values (${office}, '00000000-0000-4000-8000-000000000091', 'opened', ${at}, 'citizen')`,
      sql`insert into case_destruction (case_id, office_id, reference, procedure_id, door, handed_in_at, closed_at, codes, issued, destroyed_at)
        select '00000000-0000-4000-8000-000000000096', ${office}, 'C4S-EG0', min(id), 'online', ${at}, ${at}, '{}', '{}', ${at} from procedure`,
      sql`insert into case_package (id, office_id, case_id, packed_at, packed_by, documents, manifest) values ('00000000-0000-4000-8000-000000000095', ${office}, '00000000-0000-4000-8000-000000000091', ${at}, 'staff:1', 3, '\\x24')`,
      sql`insert into case_receipt (case_id, id, office_id, about, issued_at, document, code)
        values ('00000000-0000-4000-8000-000000000091', '00000000-0000-4000-8000-000000000092', ${office}, 'case 91 application', ${at}, '\\x22', '\\x23')`,
      sql`insert into resident_list (id, wrapped, key_version, as_of, imported_at, people, findable)
        values ('00000000-0000-4000-8000-000000000097', '\\x19', 1, '2026-11-30', ${at}, 1, 1)`,
      sql`insert into resident (list_id, number, dwelling, sealed) values ('00000000-0000-4000-8000-000000000097', 1, '\\x20', '\\x21')`,
      sql`insert into payment (id, office_id, case_id, reference, procedure_id, order_number, cents, version, begun_at, begun_by)
        select '00000000-0000-4000-8000-000000000094', ${office}, id, reference, procedure_id, '2611ABCDEFGH', 2500, 1, ${at}, 'citizen' from case_file`,
      sql`insert into payment_notification (office_id, payment_id, at, verdict, version, parameters, signature)
        values (${office}, '00000000-0000-4000-8000-000000000094', ${at}, 'read', 'HMAC_SHA512_V2', 'e30', 'x')`,
      sql`insert into case_amendment (id, office_id, case_id, asked_at, asked_by, until, points)
        values ('00000000-0000-4000-8000-000000000092', ${office}, '00000000-0000-4000-8000-000000000091', ${at}, 'staff:1', '2026-12-20', '\\x19')`,
      sql`insert into case_note (id, office_id, case_id, at, by, text)
        values ('00000000-0000-4000-8000-000000000093', ${office}, '00000000-0000-4000-8000-000000000091', ${at}, 'staff:1', '\\x19')`,
      sql`insert into case_decision (case_id, id, office_id, outcome, written_at, written_by, content)
        values ('00000000-0000-4000-8000-000000000091', '00000000-0000-4000-8000-000000000094', ${office}, 'granted', ${at}, 'staff:1', '\\x19')`,
      sql`insert into registry_book (office_id, direction, year, number, at, hash) values (${office}, 'entry', 2026, 1, ${at}, '\\x15')`,
      sql`insert into registry_entry (id, office_id, direction, year, number, at, counts_from, about, content, hash)
        values ('00000000-0000-4000-8000-000000000090', ${office}, 'entry', 2026, 1, ${at}, '2026-11-30', 'case 1', '\\x16', '\\x15')`,
      sql`insert into registry_outside (id, office_id, owed_at, number, at, register)
        values ('00000000-0000-4000-8000-000000000090', ${office}, ${at}, 'E/000001-2026', ${at}, 'auxiliary')`,
      sql`insert into registry_day (office_id, day, entries, exits, last_entry, closed_at) values (${office}, '2026-11-30', 1, 0, '\\x15', ${at})`,
      sql`insert into draft (key_hash, sealed, expires_at) values ('\\x0104', '\\x01', ${at})`,
    ]) {
      await statement.execute(tx);
    }
  });
}

/** Adds a conversation in writing, with a file. */
function fillChat(db: Db): Promise<void> {
  return within(db, '*', async (tx) => {
    const office = sql`(select min(id) from office)`;
    const at = sql`'2026-11-30T08:00:00Z'`;
    const id = '00000000-0000-4000-8000-000000000420';
    for (const statement of [
      sql`insert into chat (id, office_id, asked_by, topic, language, name, state, place, person_at, seen_at)
        values (${id}, ${office}, '00000000-0000-4000-8000-000000000421', 'padro', 'ca', '\\x30', 'waiting', ${at}, ${at}, ${at})`,
      sql`insert into chat_entry (id, office_id, chat_id, at, side, by, kind)
        values ('00000000-0000-4000-8000-000000000422', ${office}, ${id}, ${at}, 'person', 'citizen', 'file')`,
      sql`insert into chat_file (id, office_id, chat_id, entry_id, state, state_at, declared, size, name, bytes)
        values ('00000000-0000-4000-8000-000000000423', ${office}, ${id}, '00000000-0000-4000-8000-000000000422', 'clean', ${at}, 'text/plain', 1, '\\x31', '\\x32')`,
      sql`insert into chat_code (id, office_id, chat_id, email, made_at, expires_at)
        values ('00000000-0000-4000-8000-000000000424', ${office}, ${id}, '\\x33', ${at}, ${at})`,
      sql`insert into chat_event (office_id, chat_id, at, kind, actor, data)
        values (${office}, ${id}, ${at}, 'began', 'citizen', '{}')`,
    ])
      await statement.execute(tx);
  });
}

/** Adds a signature and a notification of the case, with evidence of it. */
function fillNotifications(db: Db): Promise<void> {
  return within(db, '*', async (tx) => {
    const office = sql`(select min(id) from office)`;
    const at = sql`'2026-11-30T08:00:00Z'`;
    for (const statement of [
      sql`insert into case_message (id, office_id, case_id, at, side, by, text)
        values ('00000000-0000-4000-8000-000000000103', ${office}, '00000000-0000-4000-8000-000000000091', ${at}, 'office', 'staff:1', '\\x19')`,
      sql`insert into case_appointment (case_id, appointment_id, office_id, tied_at, tied_by)
        select '00000000-0000-4000-8000-000000000091', min(id::text)::uuid, ${office}, ${at}, 'citizen' from appointment`,
      sql`insert into case_waiting (wait_list_id, case_id, office_id)
        select id, '00000000-0000-4000-8000-000000000091', ${office} from wait_list limit 1`,
      sql`insert into case_representation (case_id, office_id, organisation, begun_by, made_at)
        values ('00000000-0000-4000-8000-000000000091', ${office}, 'A58818501', (select min(id::text)::uuid from person), ${at})`,
      sql`insert into case_external (case_id, office_id, external_id, request) values ('00000000-0000-4000-8000-000000000091', ${office}, 'crm-1', 'x')`,
      sql`insert into case_signature (id, office_id, case_id, way, version, prepared, hash, cents, browser_hash, begun_at, begun_by)
        select '00000000-0000-4000-8000-000000000100', ${office}, id, 'valid', 1, '\\x24', '\\x25', 0, '\\x26', ${at}, 'citizen' from case_file`,
      sql`insert into case_cosigner (id, office_id, case_id, nth, asked_at, who)
        values ('00000000-0000-4000-8000-00000000009a', ${office}, '00000000-0000-4000-8000-000000000091', 0, ${at}, '\\x19')`,
      sql`insert into case_report (id, office_id, case_id, reference, procedure_id, asked_at, asked_by, to_office, until, suspends, request)
        select '00000000-0000-4000-8000-000000000099', ${office}, id, reference, procedure_id, ${at}, 'staff:1', ${office}, '2026-12-20', false, '\\x19' from case_file`,
      sql`insert into signature_exchange (signature_id, office_id, file_hash, result_hash, document)
        values ('00000000-0000-4000-8000-000000000100', ${office}, '\\x27', '\\x28', '\\x29')`,
      sql`insert into notification (id, office_id, case_id, way, reason, level, made_at, hash)
        values ('00000000-0000-4000-8000-000000000098', ${office}, '00000000-0000-4000-8000-000000000091', 'paper', 'unidentified', 'none', ${at}, '\\x22')`,
      sql`insert into notification_handover (notification_id, office_id, owed_at, number, handed_at, asked_at, signer, evidence, evidence_of)
        values ('00000000-0000-4000-8000-000000000098', ${office}, ${at}, '4000001', ${at}, ${at}, '\\x19', '\\x19', 'accepted')`,
      sql`insert into notification_evidence (id, office_id, notification_id, issued_at, issued_by, facts, document, code)
        values ('00000000-0000-4000-8000-000000000099', ${office}, '00000000-0000-4000-8000-000000000098', ${at}, 'staff:1', 1, '\\x19', '\\x19')`,
    ]) {
      await statement.execute(tx);
    }
  });
}

/** Adds a row to each table that booking doesn't use. */
function fillTheRest(db: Db): Promise<void> {
  return within(db, '*', async (tx) => {
    const office = sql`(select min(id) from office)`;
    const desk = sql`(select min(id) from desk)`;
    const procedure = sql`(select min(id) from procedure)`;
    const appointment = sql`(select id from appointment order by starts limit 1)`;
    const at = sql`'2026-11-30T08:00:00Z'`;
    for (const statement of [
      sql`insert into absence (office_id, desk_id, starts, ends) values (${office}, ${desk}, '2027-01-01', '2027-01-02')`,
      sql`insert into closure (office_id, first_day, last_day) values (${office}, '2027-01-06', '2027-01-06')`,
      sql`insert into journey (key_hash, office_id, procedure_id, channel, language, page_language, starts, created_at, expires_at)
        values ('\\x0102', ${office}, ${procedure}, 'phone', 'ca', 'eu', ${at}, ${at}, ${at})`,
      sql`insert into attempt (office_id, appointment_id, number, outcome, at, actor) values (${office}, ${appointment}, 1, 'busy', ${at}, 'staff:1')`,
      sql`insert into encounter (id, appointment_id, office_id, channel, language, started_at, actor) values (${ENCOUNTER}, ${appointment}, ${office}, 'phone', 'ca', ${at}, 'staff:1')`,
      sql`insert into encounter_item (office_id, encounter_id, position, kind, outcome) values (${office}, ${ENCOUNTER}, 1, 'query', 'done')`,
      sql`insert into encounter_point (office_id, encounter_id, point, at, actor) values (${office}, ${ENCOUNTER}, 'padro/step/adreca', ${at}, 'staff:1')`,
      sql`insert into follow_up (office_id, appointment_id, follows) select ${office}, id, ${appointment} from appointment where id <> ${appointment} limit 1`,
      sql`insert into call (id, office_id, appointment_id, direction, ended_at, rang_seconds, ended_by)
        values ('00000000-0000-4000-8000-000000000015', ${office}, ${appointment}, 'out', ${at}, 12, 'other')`,
      sql`insert into call_quality (id, office_id, encounter_id, call_id, side, whom, ended_at, seconds, reconnections, audio_only_seconds, word)
        values ('00000000-0000-4000-8000-000000000017', ${office}, ${ENCOUNTER}, '00000000-0000-4000-8000-000000000018', 'citizen', 'agent', ${at}, 600, 1, 0, 'fair')`,
      sql`insert into survey_answer (appointment_id, office_id, score, at) values (${appointment}, ${office}, 9, ${at})`,
      sql`insert into figure_mark (office_id, event_id) values (${office}, 7)`,
      sql`insert into figure_day (office_id, day, channel, procedure_id, language, booked, fulfilled, noshow, cancelled, unkept, wait_days, contacted, punctual,
          late_seconds, called, attempts, closed, talked_seconds, procedures, queries, with_procedures, with_queries, unbooked, answered, solved, scores, by_hour)
        values (${office}, '2026-11-30', 'phone', ${procedure}, 'ca', 1, 1, 0, 0, 0, 3, 1, 1, 0, 1, 1, 1, 300, 1, 0, 1, 0, 0, 1, '{1,0,0}', '{0,1}', '{0,1}')`,
      sql`insert into figure_item (office_id, day, channel, language, kind, items) values (${office}, '2026-11-30', 'phone', 'ca', 'query', 1)`,
      sql`insert into figure_month select * from figure_day`,
      sql`insert into figure_item_month select * from figure_item`,
      sql`insert into figure_call (office_id, day, calls, connected, good, fair, poor) values (${office}, '2026-11-30', 1, 1, 1, 0, 0)`,
      sql`insert into figure_other (office_id, month, channel, encounters, imported_at, imported_by)
        values (${office}, '2026-10-01', 'internet', 1520, ${at}, 'staff:1')`,
      sql`insert into open_month (office_id, month, published_at) values (${office}, '2026-09-01', ${at})`,
      sql`insert into open_figure (office_id, month, position, indicator, value) values (${office}, '2026-09-01', 0, 'attended', 12)`,
      sql`insert into seat (id, office_id, appointment_id, side, since, seen_at)
        values ('00000000-0000-4000-8000-000000000016', ${office}, ${appointment}, 'citizen', ${at}, ${at})`,
      sql`insert into signal (office_id, seat_id, from_seat, at, data)
        values (${office}, '00000000-0000-4000-8000-000000000016', '00000000-0000-4000-8000-000000000016', ${at}, '{}')`,
      sql`insert into opening (hash, office_id, opens, subject) values ('\\x13', ${office}, 'companion', '00000000-0000-4000-8000-000000000022')`,
      sql`insert into companion (id, office_id, appointment_id, name, role, made_at, made_by)
        values ('00000000-0000-4000-8000-000000000022', ${office}, ${appointment}, 'Rosa', 'relative', ${at}, 'citizen')`,
      sql`insert into message (id, office_id, encounter_id, at, author, text)
        values ('00000000-0000-4000-8000-000000000023', ${office}, ${ENCOUNTER}, ${at}, 'citizen', 'Hola')`,
      sql`insert into device_test (appointment_id, office_id, at, camera, family, system) values (${appointment}, ${office}, ${at}, 'works', 'safari', 'ios')`,
      sql`insert into purpose_key (purpose, version, wrapped, root, made_at, active_at)
        values ('links', 1, '\\x15', 'file of a test', ${at}, ${at})`,
      sql`insert into office_key (office_id, wrapped) values (${office}, '\\x10')`,
      sql`insert into space_key (space_id, shelf, office_id, wrapped) values (${appointment}, 'working', ${office}, '\\x11')`,
      sql`insert into document (id, office_id, appointment_id, kind, shelf, state, state_at, declared, size, made_at, made_by)
        values ('00000000-0000-4000-8000-000000000020', ${office}, ${appointment}, 'inbox', 'working', 'clean', ${at}, 'image/png', 9, ${at}, 'citizen')`,
      sql`insert into document_key (document_id, office_id, wrapped) values ('00000000-0000-4000-8000-000000000020', ${office}, '\\x12')`,
      sql`insert into document_piece (document_id, first, segments, office_id, blob)
        values ('00000000-0000-4000-8000-000000000020', 0, 1, ${office}, '00000000-0000-4000-8000-000000000021')`,
      sql`insert into one_time_code (id, office_id, appointment_id, purpose, made_at, expires_at, channel, masked, set_by)
        values ('00000000-0000-4000-8000-000000000022', ${office}, ${appointment}, 'documents', ${at}, ${at}, 'sms', '078', 'citizen')`,
      sql`insert into act (id, office_id, appointment_id, template, language, state, prepared_at, prepared_by, expires_at, settled_at, method, record, copy_id)
        values ('00000000-0000-4000-8000-000000000024', ${office}, ${appointment}, 'alta', 'ca', 'consented', ${at}, 'staff:1', ${at}, ${at}, 'code', '\\x14',
          '00000000-0000-4000-8000-000000000025')`,
      sql`insert into proved_browser (hash, office_id, appointment_id, at, channel, masked, set_by)
        values ('\\x13', ${office}, ${appointment}, ${at}, 'sms', '078', 'citizen')`,
      sql`insert into proof_step (office_id, appointment_id, at, actor, kind) values (${office}, ${appointment}, ${at}, 'citizen', 'link_given')`,
      sql`insert into muted (office_id, recipient_hash, kind, at) values (${office}, '\\x07', 'survey', ${at})`,
      sql`insert into wait_list (id, office_id, procedure_id, channel, language, notice_language, since) values ('00000000-0000-4000-8000-000000000001', ${office}, ${procedure}, 'phone', 'ca', 'eu', ${at})`,
      sql`insert into offer (id, office_id, wait_list_id, starts, offered_at, expires_at)
        values ('00000000-0000-4000-8000-000000000002', ${office}, '00000000-0000-4000-8000-000000000001', ${at}, ${at}, ${at})`,
      sql`insert into token (office_id, name, hash, created_at, scopes, expires_at) values (${office}, 'web', '\\x03', ${at}, '{slots:read}', ${at})`,
      sql`insert into webhook (id, office_id, url, kinds, personal, key_since, created_at)
        values ('00000000-0000-4000-8000-000000000003', ${office}, 'https://crm.example.cat/', '{booked}', false, ${at}, ${at})`,
      sql`insert into webhook_delivery (id, office_id, webhook_id, event_id, created_at, next_try_at)
        select '00000000-0000-4000-8000-000000000004', ${office}, '00000000-0000-4000-8000-000000000003', min(id), ${at}, ${at} from event`,
      sql`insert into staff (email, name, user_id) values ('anna@example.cat', 'Anna', 'u1')`,
      sql`insert into staff_role (office_id, staff_id, role, desk_id) select ${office}, id, 'agent', ${desk} from staff`,
      sql`insert into staff_preference (staff_id, keys) select id, '{"next":"j"}' from staff`,
      sql`insert into staff_managed (office_id, staff_id) select ${office}, id from staff`,
      sql`insert into presence (desk_id, office_id, staff_id, state, since, said, said_at, said_why, acted_at, seen_at)
        select ${desk}, ${office}, id, 'break', ${at}, 'break', ${at}, 'self', ${at}, ${at} from staff`,
      sql`insert into presence_event (office_id, desk_id, to_state, at, why, actor) values (${office}, ${desk}, 'break', ${at}, 'self', 'staff:1')`,
      sql`insert into rota_change (office_id, made_at, made_by, kind, resolutions) select ${office}, ${at}, id, 'absence', '[]' from staff`,
      sql`insert into loose_piece (blob, office_id, at) values ('00000000-0000-4000-8000-000000000029', ${office}, ${at})`,
      sql`insert into staff_mail (id, staff_id, kind, facts, created_at, next_try_at) select gen_random_uuid(), id, 'invited', '{}', ${at}, ${at} from staff`,
      sql`insert into auth.sso_attempt (state_hash, next, created_at, expires_at) values ('\\x0a', '/console', ${at}, ${at})`,
      sql`insert into audit (office_id, appointment_id, actor, action, at) values (${office}, ${appointment}, 'staff:1', 'read', ${at})`,
      sql`insert into audit_seal (office_id, number, last_id, row_count, at, seal) values (${office}, 1, 1, 1, ${at}, '\\x09')`,
      sql`insert into auth."user" (id, name, email, "emailVerified", "createdAt", "updatedAt") values ('u1', 'Anna', 'anna@example.cat', true, ${at}, ${at})`,
      sql`insert into auth.session (id, "expiresAt", token, "createdAt", "updatedAt", "userId") values ('s', ${at}, 't', ${at}, ${at}, 'u1')`,
      sql`insert into auth.account (id, "accountId", "providerId", "userId", "createdAt", "updatedAt") values ('a', 'u1', 'credential', 'u1', ${at}, ${at})`,
      sql`insert into auth.verification (id, identifier, value, "expiresAt", "createdAt", "updatedAt") values ('v', 'i', 'v', ${at}, ${at}, ${at})`,
      sql`insert into auth."twoFactor" (id, secret, "backupCodes", "userId") values ('f', 's', 'b', 'u1')`,
      sql`insert into auth."rateLimit" (id, key, count, "lastRequest") values ('r', 'k', 1, 1796000000000)`,
      sql`insert into auth.used_code (user_id, code_hash, used_at) values ('u1', '\\x04', ${at})`,
      sql`insert into auth.passkey (id, credential_id, user_id, name, public_key, counter, transports, backed_up, created_at)
        values ('00000000-0000-4000-8000-000000000010', 'c', 'u1', 'Mòbil', '\\x0a', 3, '{internal}', true, ${at})`,
      sql`insert into auth.spent_challenge (challenge_hash, expires_at) values ('\\x0b', ${at})`,
      sql`insert into auth.known_browser (browser_hash, user_id, created_at, expires_at) values ('\\x0c', 'u1', ${at}, ${at})`,
      sql`insert into auth.sign_in_failure (email_hash, count, since) values ('\\x05', 2, ${at})`,
      sql`insert into auth.invitation (token_hash, staff_id, created_at, expires_at) select '\\x06', id, ${at}, ${at} from staff`,
    ]) {
      await statement.execute(tx);
    }
  });
}

/**
 * Returns a summary of a database, of all offices: a sum and the row count of each table, its sequences, and its policies, triggers and
 * constraints. The owner turns row-level security off for it, in a transaction that is rolled back.
 */
export async function fingerprint(connection: pg.ConnectionConfig) {
  const client = await connect(connection);
  const rules = async (query: string) => (await client.query(query)).rows;
  try {
    await client.query('begin');
    const walls = await rules(
      `select c.oid::regclass::text as name, c.relrowsecurity, c.relforcerowsecurity,
         array(select polname || ' ' || coalesce(pg_get_expr(polqual, polrelid), '') from pg_policy where polrelid = c.oid order by 1) as policies,
         array(select pg_get_constraintdef(k.oid) from pg_constraint k where k.conrelid = c.oid and k.contype <> 'n' order by 1) as constraints, -- PostgreSQL 18 lists "not null" too
         array(select tgname || ' ' || tgenabled::text from pg_trigger where tgrelid = c.oid and not tgisinternal order by 1) as triggers
       from pg_class c where c.relkind = 'r' and c.relnamespace in ('public'::regnamespace, 'auth'::regnamespace) order by 1`,
    );
    const rows: Record<string, { sum: string | null; count: number }> = {};
    for (const table of await readTables(client)) {
      const name = identifierOf(table);
      await client.query(`alter table ${name} disable row level security`);
      [rows[nameOf(table)]] = (await rules(
        `select md5(string_agg(t::text, '' order by t::text)) as sum, count(*)::int as count from ${name} t`,
      )) as [{ sum: string | null; count: number }];
    }
    const migrations = await rules('select name from kysely_migration order by 1');
    const functions = await rules(
      `select a.name, a.sha256, pg_get_functiondef(p.oid) as text
       from applied_function a left join pg_proc p on p.oid = to_regprocedure(a.signature) order by 1`,
    );
    return { rows, walls, migrations, functions, sequences: await readSequences(client) };
  } finally {
    await client.query('rollback').catch(() => {});
    await client.end();
  }
}

/** Adds a document of another space that has the bytes of the first one. */
function fillShared(db: Db): Promise<void> {
  return within(db, '*', async (tx) => {
    const office = sql`(select min(id) from office)`;
    const appointment = sql`(select id from appointment order by starts limit 1)`;
    const at = sql`'2026-11-30T08:00:00Z'`;
    for (const statement of [
      sql`insert into document (id, office_id, appointment_id, kind, shelf, state, state_at, declared, size, made_at, made_by, bytes_document, bytes_space, bytes_shelf)
        values ('00000000-0000-4000-8000-000000000026', ${office}, ${appointment}, 'inbox', 'working', 'clean', ${at}, 'image/png', 9, ${at}, 'citizen',
          '00000000-0000-4000-8000-000000000020', ${appointment}, 'working')`,
      sql`insert into document_piece (document_id, first, segments, office_id, blob)
        values ('00000000-0000-4000-8000-000000000026', 0, 1, ${office}, '00000000-0000-4000-8000-000000000021')`,
    ])
      await statement.execute(tx);
  });
}
