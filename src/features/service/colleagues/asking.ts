import { randomUUID } from 'node:crypto';
import type { Appointment } from '../../../domain/appointment.ts';
import { hasRoom } from '../../../domain/channel.ts';
import type { Office } from '../../../domain/office/types.ts';
import { type Db, type Tx, within } from '../../../lib/db/database.ts';
import { isUuid } from '../../../lib/uuid.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import { lockAppointment } from '../../booking/appointments/service.ts';
import { readById, readEvents } from '../../booking/appointments/views.ts';
import type { RunUnit, Unit } from '../../foundation/audit/service.ts';
import { standingOf } from '../presence/rules.ts';
import type { State } from '../presence/types.ts';
import { readDesks } from '../presence/views.ts';
import { MOST_GUESTS, mayTalk } from '../room/rules.ts';
import { countGuests } from '../room/views.ts';
import { isHolder, noteDeed, refuse } from './noting.ts';
import { inOrder, isColleague, LONGEST_NOTE, objectionTo, stateOf } from './rules.ts';
import { insertRequest } from './store.ts';
import type {
  AskResult,
  Candidate,
  Colleague,
  ColleagueRequest,
  RequestKind,
  Wish,
} from './types.ts';
import { readColleagues, readRequests } from './views.ts';

const ASKED = { join: 'colleague_asked', hand_over: 'hand_over_asked' } as const;

export interface Asking {
  /**
   * Returns who works in the office beside the viewer, whether each can be asked, and why not. Null: the encounter isn't the viewer's.
   */
  candidates(
    viewer: StaffViewer,
    office: Office,
    appointment: string,
    kind: RequestKind,
  ): Promise<{ appointment: Appointment; candidates: Candidate[] } | null>;
  /** Asks a colleague. Only whoever has the encounter asks. Pressed twice, it is asked once. */
  ask(viewer: StaffViewer, office: Office, appointment: string, wish: Wish): Promise<AskResult>;
}

export interface AskingDeps {
  db: Db;
  clock: { now(): Temporal.Instant };
  unit: RunUnit;
}

export function createAsking({ db, clock, unit }: AskingDeps): Asking {
  return {
    async candidates(viewer, office, id, kind) {
      if (!isUuid(id) || viewer.office !== office.id) return null;
      const people = await readColleagues(db, office.id);
      return within(db, office.id, async (tx) => {
        const appointment = await readById(tx, id);
        if (!appointment || !(await isHolder(tx, viewer, appointment))) return null;
        const about = { office, appointment, kind, now: clock.now() };
        const all = await candidatesFor(tx, viewer, people, about);
        return { appointment, candidates: inOrder(all) };
      });
    },

    async ask(viewer, office, id, wish) {
      if (!isUuid(id) || viewer.office !== office.id) return { ok: false, reason: 'not_found' };
      const people = await readColleagues(db, office.id);
      return unit(viewer, office.id, (each) => ask(each, { office, id, people, wish }));
    },
  };
}

interface About {
  office: Office;
  appointment: Appointment;
  kind: RequestKind;
  now: Temporal.Instant;
}

async function candidatesFor(
  tx: Tx,
  viewer: StaffViewer,
  people: readonly Colleague[],
  { office, appointment, kind, now }: About,
): Promise<Candidate[]> {
  const others = people.filter((each) => each.staff !== viewer.staff && isColleague(each));
  const stateAt = await statesOf(tx, others, office, now);
  const requests = await readRequests(tx, appointment.id);
  return others.map((each) => {
    const state = stateAt(each);
    const desk = office.rota.desks.find(({ id }) => id === each.desk) ?? null;
    const earlier = requests
      .filter(({ to }) => to.staff === each.staff)
      .map((request) => stateOf(request, appointment.status, now));
    return { ...each, state, objection: objectionTo(kind, { state, desk }, appointment, earlier) };
  });
}

/** Returns how somebody's desk stands: away where another person, or nobody, is there. Null: they have no desk. */
async function statesOf(
  tx: Tx,
  people: readonly Colleague[],
  office: Office,
  now: Temporal.Instant,
): Promise<(of: Colleague) => State | null> {
  const ids = people.flatMap(({ desk }) => desk ?? []);
  const found = new Map(
    (ids.length > 0 ? await readDesks(tx, ids) : []).map((each) => [each.desk, each]),
  );
  return ({ staff, desk }) => {
    if (desk === null) return null;
    const there = found.get(desk);
    if (there?.staff !== staff) return 'away';
    return standingOf(there.signs, office.settings.board, now).state;
  };
}

interface Asked {
  office: Office;
  /** Of the appointment. */
  id: string;
  people: readonly Colleague[];
  wish: Wish;
}

async function ask(
  unit: Unit<StaffViewer>,
  { office, id, people, wish }: Asked,
): Promise<AskResult> {
  const { tx, viewer, now } = unit;
  const { kind, to, note } = wish;
  const appointment = await lockAppointment(tx, id);
  if (!appointment || !(await isHolder(tx, viewer, appointment)))
    return { ok: false, reason: 'not_found' };
  if (appointment.status !== 'in_progress') return { ok: false, reason: 'not_open' };
  if (note.length > LONGEST_NOTE) return { ok: false, reason: 'too_long' };
  if (kind === 'join' && !hasRoom(appointment.channel)) return { ok: false, reason: 'no_room' };
  await lapseOthers(unit, appointment);
  const about = { office, appointment, kind, now };
  const candidates = await candidatesFor(tx, viewer, people, about);
  const whom = candidates.find(({ staff }) => staff === to);
  if (!whom) return { ok: false, reason: 'unknown' };
  // Pressed twice.
  if (whom.objection === 'asked' && (await isAsked(tx, id, wish))) return { ok: true };
  if (whom.objection) return { ok: false, reason: whom.objection };
  if (kind === 'join' && (await countGuests(tx, id)) >= MOST_GUESTS)
    return { ok: false, reason: 'full' };
  const request = newRequest(viewer, appointment, whom, wish, now);
  if (!(await insertRequest(tx, request))) return { ok: false, reason: 'in_hand' };
  await noteDeed(unit, { request, appointment }, ASKED[kind]);
  return { ok: true };
}

/** Ends the requests about an encounter that wait no more: their time is over, or whoever asked has the encounter no longer. */
async function lapseOthers(unit: Unit<StaffViewer>, appointment: Appointment): Promise<void> {
  const { tx, now } = unit;
  const events = await readEvents(tx, appointment.id);
  for (const request of await readRequests(tx, appointment.id)) {
    if (request.answer !== null) continue;
    const isOpen = stateOf(request, appointment.status, now) === 'asked';
    if (!isOpen || !mayTalk(events, `staff:${request.from.staff}`))
      await refuse(unit, { request, appointment }, 'lapsed');
  }
}

const isAsked = async (tx: Tx, appointment: string, { kind, to }: Wish): Promise<boolean> =>
  (await readRequests(tx, appointment)).some(
    (each) => each.answer === null && each.kind === kind && each.to.staff === to,
  );

const newRequest = (
  viewer: StaffViewer,
  { id, office }: Appointment,
  { staff, name, desk }: Candidate,
  { kind, note }: Wish,
  now: Temporal.Instant,
): ColleagueRequest => ({
  id: randomUUID(),
  office,
  appointment: id,
  kind,
  from: { staff: viewer.staff, name: viewer.name },
  to: { staff, name, desk },
  note,
  askedAt: now,
  answer: null,
  answeredAt: null,
  endedAt: null,
});
