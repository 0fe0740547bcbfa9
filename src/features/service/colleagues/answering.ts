import type { Db, Tx } from '../../../lib/db/database.ts';
import { isUuid } from '../../../lib/uuid.ts';
import { actorOf, type StaffViewer } from '../../../lib/viewer.ts';
import { lockAppointment } from '../../booking/appointments/service.ts';
import { readEvents } from '../../booking/appointments/views.ts';
import type { RunUnit, Unit } from '../../foundation/audit/service.ts';
import { mayAssist } from '../encounter/rules.ts';
import { changeAttendant } from '../encounter/service.ts';
import { standingOf } from '../presence/rules.ts';
import type { PresencePolicy } from '../presence/types.ts';
import { readDesk } from '../presence/views.ts';
import { mayTalk } from '../room/rules.ts';
import { isHolder, type Locked, noteDeed, refuse } from './noting.ts';
import { ANSWER_MINUTES, stateOf } from './rules.ts';
import { endPlace, setAnswer } from './store.ts';
import type { AnswerResult, ColleagueRequest, EndResult } from './types.ts';
import { readRequest, readRequests, readUnsettled } from './views.ts';

const NOT_FOUND = { ok: false, reason: 'not_found' } as const;
const LATE = { ok: false, reason: 'late' } as const;
const NOBODY_ANSWERED = { kind: 'system', why: 'no colleague answered' } as const;

export interface Answering {
  /** Answers a request, which only the colleague who was asked does. The same answer again changes nothing. */
  answer(
    viewer: StaffViewer,
    policy: PresencePolicy,
    id: string,
    answer: 'accepted' | 'declined',
  ): Promise<AnswerResult>;
  /**
   * Takes back a request that has no answer, or ends a colleague's place in the call: whoever has the encounter, or the colleague, who
   * leaves. Done twice, it is done once.
   */
  end(viewer: StaffViewer, id: string): Promise<EndResult>;
  /** Ends requests that nobody answered in time, and those of encounters that are over. */
  settle(): Promise<void>;
}

export interface AnsweringDeps {
  db: Db;
  clock: { now(): Temporal.Instant };
  unit: RunUnit;
}

export function createAnswering({ db, clock, unit }: AnsweringDeps): Answering {
  /** Runs `work` on a request, with its appointment locked. */
  const onRequest = async <R extends { ok: boolean }>(
    viewer: StaffViewer,
    id: string,
    work: (each: Unit<StaffViewer>, locked: Locked) => Promise<R>,
  ) =>
    isUuid(id)
      ? unit(viewer, viewer.office, async (each) => {
          const locked = await lock(each.tx, id);
          return locked ? work(each, locked) : NOT_FOUND;
        })
      : NOT_FOUND;

  return {
    answer: (viewer, policy, id, answer) =>
      onRequest(viewer, id, (each, locked) =>
        answer === 'declined' ? decline(each, locked) : accept(each, locked, policy),
      ),
    end: (viewer, id) => onRequest(viewer, id, end),

    async settle() {
      const before = clock.now().subtract({ minutes: ANSWER_MINUTES });
      for (const { id, office } of await readUnsettled(db, before))
        await unit(NOBODY_ANSWERED, office, async (each) => {
          const locked = await lock(each.tx, id);
          if (locked) await lapse(each, locked);
        });
    },
  };
}

/** Locks the appointment of a request, and then reads the request. */
async function lock(tx: Tx, id: string): Promise<Locked | null> {
  const found = await readRequest(tx, id);
  const appointment = found && (await lockAppointment(tx, found.appointment));
  const request = appointment && (await readRequest(tx, id));
  return request ? { request, appointment } : null;
}

const isAskedOf = (viewer: StaffViewer, { to, office }: ColleagueRequest): boolean =>
  office === viewer.office && to.staff === viewer.staff && mayAssist(viewer);

async function decline(unit: Unit<StaffViewer>, locked: Locked): Promise<AnswerResult> {
  const { request } = locked;
  if (!isAskedOf(unit.viewer, request)) return NOT_FOUND;
  if (request.answer === 'declined') return { ok: true, request };
  if (stateOf(request, locked.appointment.status, unit.now) !== 'asked') return LATE;
  await refuse(unit, locked, 'declined');
  return { ok: true, request };
}

async function accept(
  unit: Unit<StaffViewer>,
  locked: Locked,
  policy: PresencePolicy,
): Promise<AnswerResult> {
  const { tx, viewer, now } = unit;
  const { request, appointment } = locked;
  if (!isAskedOf(viewer, request)) return NOT_FOUND;
  if (request.answer === 'accepted' && appointment.status === 'in_progress')
    return { ok: true, request };
  if (stateOf(request, appointment.status, now) !== 'asked') return LATE;
  // Whoever asked may have lost the encounter meanwhile.
  const events = await readEvents(tx, appointment.id);
  if (!mayTalk(events, `staff:${request.from.staff}`)) return LATE;
  if (await isBusy(unit, locked, policy)) return { ok: false, reason: 'busy' };
  if (request.kind === 'hand_over') return takeInHand(unit, locked);
  await setAnswer(tx, request.id, 'accepted', now);
  await noteDeed(unit, locked, 'colleague_joined');
  return { ok: true, request };
}

/** Returns whether the viewer's desk is in another call. */
async function isBusy(
  { tx, viewer, now }: Unit<StaffViewer>,
  { appointment }: Locked,
  policy: PresencePolicy,
): Promise<boolean> {
  const there = viewer.desk === null ? null : await readDesk(tx, viewer.desk);
  const standing = there && standingOf(there.signs, policy, now);
  return standing?.state === 'in_call' && standing.work?.appointment !== appointment.id;
}

/** The encounter is the viewer's from now on, with everything that is written in it. */
async function takeInHand(unit: Unit<StaffViewer>, locked: Locked): Promise<AnswerResult> {
  const { tx, viewer, now } = unit;
  const { request, appointment } = locked;
  const to = { desk: viewer.desk, actor: actorOf(viewer) };
  if (!(await changeAttendant(unit, appointment.id, to))) return LATE;
  await setAnswer(tx, request.id, 'accepted', now);
  // A colleague who was in the call is its agent now.
  for (const each of await readRequests(tx, appointment.id))
    if (each.kind === 'join' && each.to.staff === viewer.staff) await endPlace(tx, each.id, now);
  await noteDeed(unit, locked, 'handed_over', { desk: viewer.desk });
  return { ok: true, request };
}

async function end(unit: Unit<StaffViewer>, locked: Locked): Promise<EndResult> {
  const { tx, viewer, now } = unit;
  const { request, appointment } = locked;
  const isTheirs = await isHolder(tx, viewer, appointment);
  const state = stateOf(request, appointment.status, now);
  const isOwn = isAskedOf(viewer, request) && request.answer === 'accepted';
  if (!isTheirs && !isOwn) return NOT_FOUND;
  if (state === 'asked') await refuse(unit, locked, 'withdrawn');
  if (state !== 'in') return { ok: true };
  await endPlace(tx, request.id, now);
  await noteDeed(unit, locked, 'colleague_left', { why: isOwn ? 'left' : 'let_go' });
  return { ok: true };
}

/** Ends a request that waits for no answer any more. */
async function lapse(unit: Unit, locked: Locked): Promise<void> {
  const { request, appointment } = locked;
  const isOpen = stateOf(request, appointment.status, unit.now) === 'asked';
  if (request.answer === null && !isOpen) await refuse(unit, locked, 'lapsed');
}
