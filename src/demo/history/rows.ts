import { boundsOf } from '../../features/foundation/retention/rules.ts';
import { qualityWord } from '../../features/service/softphone/rules.ts';
import { uuidOf } from '../../lib/uuid.ts';
import type { PlannedChat } from './chats.ts';
import type {
  Millis,
  PlannedAnswer,
  PlannedAppointment,
  PlannedEncounter,
  PlannedVisit,
  Seed,
} from './types.ts';
import type { PlannedCall } from './visits.ts';

/** Rows of one table, with the table's own columns. */
export type Rows = Record<string, unknown>[];

/** Rows under the names of the sections of `towns/vilaclara/history.sql`. */
export type RowsOf = Record<string, Rows>;

/** When it is written, in what is known of the office. */
export interface Written {
  seed: Seed;
  /** What comes later has not happened. */
  now: Millis;
  /** Whether what is over is ended too; else whoever is at the desks does it. */
  settles: boolean;
}

export const textOf = (at: Millis): string => Temporal.Instant.fromEpochMilliseconds(at).toString();
const DAY = 86_400_000;

/** Adds rows to those of other things. */
export function addTo(all: RowsOf, some: RowsOf): void {
  for (const [name, rows] of Object.entries(some)) {
    const known = all[name];
    if (known) known.push(...rows);
    else all[name] = [...rows];
  }
}

const by = ({ staffAt }: Seed, desk: number): string => {
  const staff = staffAt.get(desk);
  return staff === undefined ? 'system' : `staff:${staff}`;
};

/** When the office forgets whoever had an appointment that ended then; null: not yet. */
function forgottenAt({ seed, now }: Written, ended: Millis): string | null {
  const at = ended + seed.office.settings.retention.contactDays * DAY;
  return at < now ? textOf(at) : null;
}

/** Returns since when the office still has calls, and comments of surveys about something that began then. */
export function keptSince({ seed, now }: Written): { calls: Millis; comments: Millis } {
  const at = Temporal.Instant.fromEpochMilliseconds(now);
  const { notes, words } = boundsOf(seed.office.settings, at);
  return { calls: notes.epochMilliseconds, comments: words.epochMilliseconds };
}

/** Returns an appointment as it is booked; or cancelled, where that has happened. */
export function bookedRow(written: Written, planned: PlannedAppointment): Record<string, unknown> {
  const { seed, now } = written;
  const { person, cancelled, moved, createdAt } = planned;
  const forgotten = forgottenAt(written, planned.ends);
  const isCancelled = cancelled !== null && cancelled.at <= now;
  return {
    id: planned.id,
    office_id: seed.office.id,
    reference: planned.reference,
    procedure_id: planned.procedure.id,
    channel: planned.channel,
    site: planned.site,
    language: planned.language,
    notice_language: planned.language,
    desk_id: planned.desk,
    starts: textOf(planned.starts),
    ends: textOf(planned.ends),
    busy_until: textOf(planned.busyUntil),
    status: isCancelled ? 'cancelled' : 'booked',
    ...(forgotten
      ? { name: '', email: null, phone: null }
      : { name: person.name, email: person.email, phone: person.phone }),
    sequence: moved && moved.at <= now ? 1 : 0,
    created_at: textOf(createdAt),
    updated_at: textOf(
      isCancelled ? cancelled.at : moved && moved.at <= now ? moved.at : createdAt,
    ),
    forgotten_at: forgotten,
  };
}

/** Returns what was noted of an appointment until it was to begin. */
export function eventsBefore({ seed, now }: Written, planned: PlannedAppointment): Rows {
  const { id, createdAt, createdBy, moved, cancelled, channel } = planned;
  const on = { office_id: seed.office.id, appointment_id: id };
  const rows: Rows = [{ ...on, kind: 'booked', at: textOf(createdAt), actor: createdBy, data: {} }];
  if (moved && moved.at <= now) {
    const from = { start: textOf(moved.from), channel };
    rows.push({ ...on, kind: 'moved', at: textOf(moved.at), actor: 'citizen', data: { from } });
  }
  if (cancelled && cancelled.at <= now)
    rows.push({
      ...on,
      kind: 'cancelled',
      at: textOf(cancelled.at),
      actor: cancelled.by,
      data: {},
    });
  return rows;
}

/** When an appointment is over, and how; null: it was cancelled, and nothing more happens. */
export function endOf(planned: PlannedAppointment): { at: Millis; status: string } | null {
  const { encounter, missed } = planned;
  if (encounter) return { at: encounter.ended, status: 'fulfilled' };
  return missed === null ? null : { at: missed, status: 'noshow' };
}

/** Returns all that was noted of an appointment since it began; it is over. */
export function rowsAfter(written: Written, planned: PlannedAppointment): RowsOf {
  const { seed } = written;
  const { id, desk, attempts, arrived, encounter, missed } = planned;
  const actor = by(seed, desk);
  const on = { office_id: seed.office.id, appointment_id: id };
  const event = (kind: string, at: Millis, who: string, data: object = {}) => ({
    ...on,
    kind,
    at: textOf(at),
    actor: who,
    data,
  });
  const rows: RowsOf = {
    event: attempts.map(({ at, number, outcome }) =>
      event('attempt', at, actor, { number, outcome }),
    ),
    attempt: attempts.map(({ number, outcome, at }) => ({
      ...on,
      number,
      outcome,
      at: textOf(at),
      actor,
    })),
    call: attempts
      .filter(({ at }) => at >= keptSince(written).calls)
      .map((each) => attemptCall(written, planned, each)),
  };
  if (arrived !== null && encounter) rows.event?.push(event('arrived', arrived, 'citizen'));
  if (missed !== null) rows.event?.push(event('noshow', missed, actor));
  if (!encounter) return rows;
  rows.event?.push(event('started', encounter.started, actor));
  rows.event?.push(event('fulfilled', encounter.ended, actor, { wrapUp: encounter.wrapUp }));
  const { channel, language } = planned;
  const met = uuidOf('demo encounter', id);
  addTo(
    rows,
    encounterRows(written, encounter, { id: met, appointment: id, channel, language, desk }),
  );
  return rows;
}

function attemptCall(
  written: Written,
  { id, desk, encounter, ends }: PlannedAppointment,
  { number, outcome, at, rangSeconds }: PlannedAppointment['attempts'][number],
): Record<string, unknown> {
  const isAnswered = outcome === 'answered' && encounter !== null;
  const talked = isAnswered ? Math.round((encounter.ended - at) / 1000) : null;
  const isKnown = forgottenAt(written, ends) === null;
  return {
    id: uuidOf('demo attempt', id, String(number)),
    office_id: written.seed.office.id,
    desk_id: desk,
    appointment_id: isKnown ? id : null,
    attempt: isKnown ? number : null,
    direction: 'out',
    ended_at: textOf(at + (talked ?? rangSeconds) * 1000),
    rang_seconds: rangSeconds,
    talked_seconds: talked,
    status: isAnswered ? 200 : outcome === 'busy' ? 486 : 480,
    ended_by: 'other',
    codec: isAnswered ? 'opus' : null,
    loss_percent: isAnswered ? ((talked ?? 0) % 7 === 0 ? 2.1 : 0.2) : null,
    rtt_ms: isAnswered ? 24 + (rangSeconds % 30) : null,
    jitter_ms: null,
  };
}

interface Met {
  id: string;
  /** Id; null: they had none. */
  appointment: string | null;
  channel: string;
  language: string;
  desk: number;
}

function encounterRows(written: Written, planned: PlannedEncounter, met: Met): RowsOf {
  const { seed, now } = written;
  const { office } = seed;
  const { id, appointment, channel, language, desk } = met;
  const { started, ended, identity, notes, wrapUp, items, answer, quality } = planned;
  const forgotten = ended + office.settings.retention.notesDays * DAY;
  const on = { office_id: office.id };
  return {
    encounter: [
      {
        ...on,
        id,
        appointment_id: appointment,
        channel,
        language,
        identity,
        notes,
        // Who had an appointment is served at its desk.
        desk_id: desk,
        started_at: textOf(started),
        ended_at: textOf(ended),
        wrap_up: wrapUp,
        actor: by(seed, desk),
        forgotten_at: forgotten < now ? textOf(forgotten) : null,
      },
    ],
    encounter_item: items.map((item, position) => ({
      ...on,
      encounter_id: id,
      position,
      kind: item.kind,
      query: item.query,
      procedure_id: item.procedure === null ? null : (office.procedure(item.procedure)?.id ?? null),
      outcome: item.outcome,
    })),
    survey_answer:
      answer && answer.at <= now
        ? [answerRow(written, { appointment, encounter: id, began: started }, answer)]
        : [],
    call_quality:
      forgotten < now
        ? []
        : quality.map((each) => qualityRow(office.id, { id, started, ended }, each)),
  };
}

/** Returns what somebody said of it. Comments of some days ago were read by a coordinator. */
export function answerRow(
  written: Written,
  about: { appointment?: string | null; encounter?: string; request?: string; began: Millis },
  { at, score, solved, heard, comment: said }: PlannedAnswer,
): Record<string, unknown> {
  const { seed, now } = written;
  const comment = about.began < keptSince(written).comments ? '' : said;
  const isRead = comment !== '' && at < now - 4 * DAY;
  return {
    office_id: seed.office.id,
    appointment_id: about.appointment ?? null,
    encounter_id: about.encounter ?? null,
    request_id: about.request ?? null,
    at: textOf(at),
    score,
    solved,
    heard,
    comment,
    passed: isRead ? (score ?? 0) >= 3 : null,
  };
}

function qualityRow(
  office: number,
  { id, started, ended }: { id: string; started: Millis; ended: Millis },
  each: PlannedEncounter['quality'][number],
): Record<string, unknown> {
  const { side, path, lossPercent, rttMs } = each;
  const word =
    path === null ? 'poor' : qualityWord({ loss: lossPercent ?? 0, rtt: rttMs, jitter: 0 });
  return {
    office_id: office,
    id: uuidOf('demo quality', id, side),
    encounter_id: id,
    call_id: uuidOf('demo video', id),
    side,
    whom: side === 'agent' ? 'citizen' : 'agent',
    ended_at: textOf(ended),
    seconds: path === null ? 0 : Math.round((ended - started) / 1000),
    path,
    first_frame_ms: each.firstFrameMs,
    loss_percent: lossPercent,
    rtt_ms: rttMs,
    fps: each.fps,
    freezes: each.freezes,
    frozen_seconds: each.frozenSeconds,
    reconnections: each.reconnections,
    audio_only_seconds: each.audioOnlySeconds,
    width: path === null ? null : 1280,
    height: path === null ? null : 720,
    word,
  };
}

export const visitRows = (written: Written, planned: PlannedVisit): RowsOf =>
  encounterRows(written, planned.encounter, { ...planned, appointment: null });

export function callRow({ seed }: Written, call: PlannedCall): Record<string, unknown> {
  const isAnswered = call.talkedSeconds !== null;
  return {
    id: call.id,
    office_id: seed.office.id,
    desk_id: call.desk,
    appointment_id: null,
    attempt: null,
    direction: 'in',
    ended_at: textOf(call.ended),
    rang_seconds: call.rangSeconds,
    talked_seconds: call.talkedSeconds,
    status: null,
    ended_by: 'other',
    codec: isAnswered ? 'opus' : null,
    loss_percent: isAnswered ? call.lossPercent : null,
    rtt_ms: isAnswered ? call.rttMs : null,
    jitter_ms: isAnswered ? call.jitterMs : null,
  };
}

/** Returns a conversation that is over, and whose words and names are destroyed. */
export function chatRows(written: Written, planned: PlannedChat): RowsOf {
  const { seed } = written;
  const { id, topic, language, began, ended, taken, isMessage, encounter, desk } = planned;
  const on = { office_id: seed.office.id };
  const isAnswered = taken !== null && encounter !== null && desk !== null && !isMessage;
  const met = isAnswered ? uuidOf('demo encounter', id) : null;
  const event = (kind: string, at: Millis, actor: string, data: object = {}) => ({
    ...on,
    chat_id: id,
    at: textOf(at),
    kind,
    actor,
    data,
    desk_id: kind === 'taken' ? desk : null,
  });
  const why = isMessage ? 'answered' : isAnswered ? 'desk' : 'person';
  const staff = desk === null ? 'system' : by(seed, desk);
  const rows: RowsOf = {
    chat: [
      {
        ...on,
        id,
        asked_by: uuidOf('demo asked', id),
        topic,
        language,
        place: textOf(began),
        state: taken === null ? 'left' : 'ended',
        taken_at: isAnswered ? textOf(taken) : null,
        encounter_id: met,
        person_at: textOf(began),
        desk_at: taken === null ? null : textOf(ended),
        seen_at: textOf(ended),
        ended_at: textOf(ended),
        ended_why: why,
        forgotten_at: textOf(ended),
      },
    ],
    chat_event: [
      event(isMessage ? 'message' : 'began', began, `chatting:${id}`),
      ...(isAnswered ? [event('taken', taken, staff)] : []),
      event(taken === null ? 'left' : 'ended', ended, isAnswered ? staff : `chatting:${id}`, {
        why,
      }),
    ],
  };
  if (!isAnswered || !met) return rows;
  const all: RowsOf = {};
  const at = { id: met, appointment: null, channel: 'chat', language, desk };
  addTo(all, encounterRows(written, encounter, at));
  addTo(all, rows);
  return all;
}
