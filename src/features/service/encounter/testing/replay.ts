import type { Choice } from '../../../../domain/appointment.ts';
import type { Office } from '../../../../domain/office/types.ts';
import type { Details } from '../../../../domain/person.ts';
import { handClock } from '../../../../lib/clock.ts';
import { INSTALLATION, within } from '../../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../../lib/db/testing.ts';
import type { Language } from '../../../../lib/i18n/languages.ts';
import type { StaffViewer } from '../../../../lib/viewer.ts';
import { testAppointments } from '../../../booking/appointments/testing.ts';
import { testUnit } from '../../../foundation/audit/testing.ts';
import { createNoticeWorker } from '../../../foundation/notices/service.ts';
import { sampleLinks } from '../../../foundation/notices/testing.ts';
import { testOffice } from '../../../foundation/offices/testing.ts';
import { createAssistance } from '../../assistance/service.ts';
import { createDelays } from '../../delays/service.ts';
import { createSurvey } from '../../survey/service.ts';
import { createEncounter, createUnreached } from '../service.ts';
import type { AttemptOutcome, EncounterDraft } from '../types.ts';
import { PaperDay } from './paper-day.ts';

export const DESKS = ['taula-1', 'taula-2', 'taula-3'];
const MIDNIGHT = Temporal.Instant.from('2026-11-30T00:00:00+01:00');

const at = (minute: number): Temporal.Instant => MIDNIGHT.add({ minutes: minute });
const minuteOf = (instant: Temporal.Instant): number => MIDNIGHT.until(instant).total('minutes');

/** What was done, so that an encounter can be closed. */
const DONE: EncounterDraft = {
  items: [
    { kind: 'procedure', procedure: 'volant-padro', query: null, label: '', outcome: 'done' },
  ],
  ...{ identity: 'questions', identityNote: '', notes: '', wrapUp: 'solved', points: [] },
};

/** What became of an appointment, in the words of the paper. */
export interface Outcome {
  status: string;
  start: number;
  attempts: string[];
  events: string[];
  trail: string[];
  mails: string[];
}

/**
 * A Monday with three desks that is lived through twice: by the services on a real database, with the clock moved on, and on
 * paper. Each act is done on both, and answers what both said; `isSame` tells whether they agree.
 */
export interface Replay {
  paper: PaperDay;
  /** Moves the time on to a minute of Monday; what is due by then is sent. */
  pass(to: number): Promise<void>;
  /** False where the time can't be had. `actor`: `citizen` or a desk. */
  book(name: string, start: number, actor?: string): Promise<boolean>;
  move(name: string, start: number, actor?: string): Promise<boolean>;
  cancel(name: string, actor?: string): Promise<boolean>;
  call(name: string, outcome: AttemptOutcome, desk: string, number?: number): Promise<boolean>;
  /** Another telephone. */
  mend(name: string, actor?: string): Promise<boolean>;
  giveUp(name: string, desk: string): Promise<boolean>;
  start(name: string, desk: string): Promise<boolean>;
  save(name: string, desk: string, version?: number): Promise<boolean>;
  close(name: string, desk: string, version?: number): Promise<boolean>;
  answer(name: string): Promise<boolean>;
  /** Whom a desk is sent to, by the service; null: nobody. */
  next(desk: string): Promise<string | null>;
  /** Everything as it is in the end: by the services, and on paper. */
  outcomes(): Promise<{ found: Record<string, Outcome>; expected: Record<string, Outcome> }>;
  /** Where service and paper said another thing, in words. */
  differences: string[];
}

export interface ReplayWorld {
  /** A new office, nothing booked, at this minute. */
  begin(minute: number): Promise<Replay>;
  close(): Promise<void>;
}

export async function replayWorld(): Promise<ReplayWorld> {
  const clock = handClock(at(0).toString());
  const database = await testDatabase();
  const { offices, appointments, key } = testAppointments(database, clock);
  const { kysely: db } = database;
  const nothing = () => {};
  const staff = { namesOf: async () => new Map<number, string>() };
  const deps = {
    db,
    database,
    offices,
    appointments,
    clock,
    key,
    staff,
    unit: testUnit(db, clock),
  };
  const sent = { send: async () => ({ ok: true }) as const, close: nothing };
  const services = {
    ...{ database, appointments, clock },
    encounter: createEncounter(deps),
    unreached: createUnreached(deps),
    desk: createAssistance(deps),
    delays: createDelays(deps),
    survey: createSurvey(deps),
    notices: createNoticeWorker({
      ...deps,
      links: sampleLinks,
      transports: { email: sent },
      log: { info: nothing, warn: nothing, error: nothing },
    }),
  };
  let nth = 0;
  return {
    async begin(minute) {
      clock.set(at(minute).toString());
      const id = await testOffice(db, {
        code: `oac-${++nth}`,
        desks: Object.fromEntries(DESKS.map((desk) => [desk, {}])),
        settings: { notices: { ...POLICY, perDay: 100 } },
      });
      return replay(services, await offices.byId(id), minute);
    },
    close: async () => {
      await services.notices.stop();
      await database.close();
    },
  };
}

const POLICY = {
  ...{ reminderWorkingDays: 2, reminderMinutes: 60, lateMinutes: 10 },
  sms: 'only-without-email' as const,
};

interface Services {
  database: TestDatabase;
  clock: ReturnType<typeof handClock>;
  appointments: ReturnType<typeof testAppointments>['appointments'];
  encounter: ReturnType<typeof createEncounter>;
  unreached: ReturnType<typeof createUnreached>;
  desk: ReturnType<typeof createAssistance>;
  delays: ReturnType<typeof createDelays>;
  survey: ReturnType<typeof createSurvey>;
  notices: ReturnType<typeof createNoticeWorker>;
}

/** What the acts of a replay share. */
interface Day extends Services {
  office: Office;
  paper: PaperDay;
  differences: string[];
  /** Ids of the appointments, by name. */
  ids: Map<string, string>;
}

const staffAt = ({ office }: Day, code: string): StaffViewer => ({
  kind: 'staff',
  staff: DESKS.indexOf(code) + 1,
  name: code,
  office: office.id,
  role: 'agent',
  desk: office.desks.find((each) => each.code === code)?.id ?? null,
});
const actorOf = (day: Day, who: string) =>
  who === 'citizen' ? who : `staff:${staffAt(day, who).staff}`;
const codeOf = ({ office }: Day, desk: number) =>
  office.desks.find((each) => each.id === desk)?.code ?? '';
const idOf = ({ ids }: Day, name: string) => ids.get(name) ?? '';
const by = (day: Day, code: string) => ({ actor: actorOf(day, code), desk: code });
const said = (result: { ok: boolean; reason?: string }) =>
  result.ok ? 'ok' : (result.reason ?? '');

/** Notes where the two differ, and sends what is due. Returns whether the service did it. */
async function agree(
  { differences, paper, notices }: Day,
  what: string,
  service: string,
  onPaper: string,
): Promise<boolean> {
  if (service !== onPaper)
    differences.push(`${what} at ${paper.now}: ${service}, on paper ${onPaper}`);
  await notices.drain();
  return service === 'ok';
}

function replay(services: Services, office: Office, begins: number): Replay {
  const paper = new PaperDay(DESKS);
  paper.pass(begins);
  const day: Day = { ...services, office, paper, differences: [], ids: new Map() };
  const { clock, notices, delays, unreached } = services;
  return {
    paper,
    differences: day.differences,
    async pass(to) {
      clock.set(at(to).toString());
      await notices.drain();
      await unreached.end();
      await delays.tell();
      await notices.drain();
      paper.pass(to);
    },
    ...bookings(day),
    ...contacts(day),
    ...encounters(day),
    outcomes: () => outcomesOf(day),
  };
}

/** What is done with appointments, by citizens and for them. */
function bookings(day: Day): Pick<Replay, 'book' | 'move' | 'cancel'> {
  const { office, paper, appointments, encounter, desk } = day;
  return {
    async book(name, start, actor = 'citizen') {
      const asked: Choice & Details & { noticeLanguage: Language } = {
        ...{ procedure: 'volant-padro', channel: 'phone', language: 'ca', noticeLanguage: 'ca' },
        ...{ start: at(start), onBehalfOf: null, needs: [], comment: '' },
        citizen: citizenOf(name),
      };
      const expected = paper.isFree(start) ? 'ok' : 'refused';
      const result =
        actor === 'citizen'
          ? await appointments.book({ kind: 'citizen' }, office, asked)
          : await desk.book(staffAt(day, actor), office, asked, `${name} ${start}`);
      if (result.ok) {
        day.ids.set(name, result.appointment.id);
        paper.book(name, start, codeOf(day, result.appointment.desk), actorOf(day, actor));
      }
      return agree(day, `${name} books ${start}`, result.ok ? 'ok' : 'refused', expected);
    },

    async move(name, start, actor = 'citizen') {
      const it = paper.of(name);
      const id = idOf(day, name);
      const isFree = start === it.start || paper.isFree(start, name);
      const expected = !paper.mayChange(it, actor) ? 'not_open' : isFree ? 'ok' : 'refused';
      const to = { start: at(start), channel: 'phone' } as const;
      const result =
        actor === 'citizen'
          ? await appointments.move({ kind: 'citizen', appointment: id }, office, id, to)
          : await desk.move(staffAt(day, actor), office, id, to);
      const service = ['ok', 'not_open'].includes(said(result)) ? said(result) : 'refused';
      if (result.ok)
        paper.move(name, start, codeOf(day, result.appointment.desk), actorOf(day, actor));
      return agree(day, `${name} moves to ${start}`, service, expected);
    },

    async cancel(name, actor = 'citizen') {
      const id = idOf(day, name);
      const result =
        actor === 'citizen'
          ? await appointments.cancel({ kind: 'citizen', appointment: id }, office, id, '')
          : await encounter.cancel(staffAt(day, actor), office, id, 'Avaria');
      const expected = paper.cancel(name, actorOf(day, actor));
      return agree(day, `${name} cancels`, said(result), expected);
    },
  };
}

/** How citizens are reached, and what they say. */
function contacts(day: Day): Pick<Replay, 'call' | 'mend' | 'giveUp' | 'answer'> {
  const { office, paper, appointments, encounter, desk, survey } = day;
  let telephones = 0;
  return {
    async call(name, outcome, code, number = paper.of(name).attempts.length + 1) {
      const attempt = { number, outcome, note: '' };
      const viewer = staffAt(day, code);
      const result = await encounter.logAttempt(viewer, office, idOf(day, name), attempt);
      const expected = paper.call(name, number, outcome, by(day, code));
      return agree(day, `${code} calls ${name}`, said(result), expected);
    },

    async mend(name, actor = 'citizen') {
      const id = idOf(day, name);
      const phone = `+3461${String(++telephones).padStart(7, '0')}`;
      const citizen = { ...citizenOf(name), phone };
      const itself = { kind: 'citizen', appointment: id } as const;
      const result =
        actor === 'citizen'
          ? await appointments.changeContact(itself, office, id, citizen)
          : await desk.changeContact(staffAt(day, actor), office, id, citizen);
      const expected = paper.mend(name, actorOf(day, actor));
      return agree(day, `${name} has another number`, said(result), expected);
    },

    async giveUp(name, code) {
      const result = await encounter.giveUp(staffAt(day, code), office, idOf(day, name));
      const expected = paper.giveUp(name, actorOf(day, code));
      return agree(day, `${code} gives ${name} up`, said(result), expected);
    },

    async answer(name) {
      const appointment = (await appointments.byId(office, idOf(day, name)))!;
      const answer = { score: 9, solved: 'yes', heard: null, comment: '' } as const;
      const result = await survey.answer(appointment, answer);
      return agree(day, `${name} answers`, said(result), paper.answer(name));
    },
  };
}

/** What desks do with those whom they serve. */
function encounters(day: Day): Pick<Replay, 'start' | 'save' | 'close' | 'next'> {
  const { office, paper, encounter } = day;
  return {
    async start(name, code) {
      const result = await encounter.start(staffAt(day, code), office, idOf(day, name));
      const expected = paper.start(name, by(day, code));
      return agree(day, `${code} starts ${name}`, said(result), expected);
    },

    async save(name, code, version = paper.of(name).version) {
      const draft = { ...DONE, notes: `${name} ${version} ${paper.now}` };
      const of = { appointment: idOf(day, name) };
      const result = await encounter.save(staffAt(day, code), office, of, version, draft);
      const expected = paper.save(name, version, actorOf(day, code));
      return agree(day, `${code} saves`, said(result), expected);
    },

    async close(name, code, version = paper.of(name).version) {
      const of = { appointment: idOf(day, name) };
      const result = await encounter.close(staffAt(day, code), office, of, version, DONE);
      const expected = paper.close(name, version, actorOf(day, code));
      return agree(day, `${code} closes`, said(result), expected);
    },

    async next(code) {
      const entry = await encounter.next(staffAt(day, code), office);
      const name = [...day.ids].find(([, id]) => id === entry?.id)?.[0] ?? null;
      const expected = paper.next(code)?.name ?? null;
      if (name !== expected)
        day.differences.push(`next of ${code} at ${paper.now}: ${name}, on paper ${expected}`);
      return name;
    },
  };
}

async function outcomesOf({ database, ids, paper }: Day): ReturnType<Replay['outcomes']> {
  const found: Record<string, Outcome> = {};
  const expected: Record<string, Outcome> = {};
  for (const [name, id] of ids) {
    found[name] = await outcomeOf(database, id);
    const { status, start, attempts, events, trail, mails } = paper.of(name);
    expected[name] = { status, start, attempts, events, trail, mails: inOrder(mails) };
  }
  return { found, expected };
}

const citizenOf = (name: string) => ({
  ...{ name, email: `${name.toLowerCase()}@example.cat`, phone: '+34600000001' },
});

/** By the minute, then by the kind: several may leave in one. */
const inOrder = (mails: readonly string[]): string[] =>
  mails.toSorted((a, b) => Number(a.split(' ')[1]) - Number(b.split(' ')[1]) || (a < b ? -1 : 1));

/** As it stands in the database. */
async function outcomeOf({ kysely }: TestDatabase, id: string): Promise<Outcome> {
  return within(kysely, INSTALLATION, async (tx) => {
    const { status, starts } = await tx
      .selectFrom('appointment')
      .select(['status', 'starts'])
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    const attempts = await tx
      .selectFrom('attempt')
      .select('outcome')
      .where('appointment_id', '=', id)
      .orderBy('number')
      .execute();
    const events = await tx
      .selectFrom('event')
      .select(['kind', 'actor'])
      .where('appointment_id', '=', id)
      .orderBy('id')
      .execute();
    const trail = await tx
      .selectFrom('audit')
      .select(['actor', 'action'])
      .where('appointment_id', '=', id)
      .orderBy('id')
      .execute();
    const mails = await tx
      .selectFrom('notice')
      .select(['kind', 'sent_at'])
      .where('appointment_id', '=', id)
      .where('sent_at', 'is not', null)
      .execute();
    return {
      status,
      start: minuteOf(starts),
      attempts: attempts.map((each) => each.outcome),
      events: events.map((each) => `${each.kind} ${each.actor}`),
      trail: trail.map((each) => `${each.actor} ${each.action}`),
      mails: inOrder(mails.map((each) => `${each.kind} ${minuteOf(each.sent_at!)}`)),
    };
  });
}
