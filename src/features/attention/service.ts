import type { Clock } from '../../lib/clock.ts';
import { type Db, type Tx, within } from '../../lib/db/database.ts';
import { isUuid } from '../../lib/uuid.ts';
import { actorOf, type StaffViewer, staffIn } from '../../lib/viewer.ts';
import { mayBecome } from '../appointments/rules.ts';
import {
  appendEvent,
  cancelLocked,
  changeStatus,
  lockAppointment,
} from '../appointments/service.ts';
import type { Appointment } from '../appointments/types.ts';
import { readById, readEvents } from '../appointments/views.ts';
import { createSeldom, record } from '../audit/service.ts';
import type { Body } from '../bodies/types.ts';
import { dropPending } from '../notices/service.ts';
import type { StaffNames } from '../staff/types.ts';
import {
  afterAttempt,
  allowedIn,
  dayOf,
  draftMistakes,
  mayAttend,
  mayCall,
  mayStart,
  nextOf,
} from './rules.ts';
import { insertAttempt, insertAttention, type Stamp, updateAttention } from './store.ts';
import type {
  ActResult,
  AttemptOutcome,
  AttentionDraft,
  DayEntry,
  Dossier,
  LogResult,
  SaveResult,
} from './types.ts';
import { readAttempts, readAttention, readDay, readNoticesOf } from './views.ts';

/** The agent's work: who is next, calling them, and what was done. Everything it shows or changes is in the audit trail. */
export interface AttentionService {
  /** The appointments of a local day, of one desk or of the whole body. Who only attends sees their own desk's. */
  day(
    viewer: StaffViewer,
    body: Body,
    day: Temporal.PlainDate,
    agent: number | null,
  ): Promise<DayEntry[]>;
  /** Whom to attend next today at the viewer's desk, or null. */
  next(viewer: StaffViewer, body: Body): Promise<DayEntry | null>;
  /** Everything about one appointment, or null when it is not theirs to see. */
  open(viewer: StaffViewer, body: Body, id: string): Promise<Dossier | null>;
  /** How the `number`-th call ended. An answer opens the attention; the last failure is a no-show. */
  logAttempt(
    viewer: StaffViewer,
    body: Body,
    id: string,
    attempt: { number: number; outcome: AttemptOutcome; note: string },
  ): Promise<LogResult>;
  /** Attends without a logged call: by video, or because the citizen rang back. */
  start(viewer: StaffViewer, body: Body, id: string): Promise<ActResult>;
  save(
    viewer: StaffViewer,
    body: Body,
    id: string,
    version: number,
    draft: AttentionDraft,
  ): Promise<SaveResult>;
  /** Saves and ends it; the citizen is then asked how it went. */
  close(
    viewer: StaffViewer,
    body: Body,
    id: string,
    version: number,
    draft: AttentionDraft,
  ): Promise<SaveResult>;
  /** Cancels for the body; the citizen is told why. */
  cancel(viewer: StaffViewer, body: Body, id: string, reason: string): Promise<ActResult>;
}

export interface AttentionDeps {
  db: Db;
  clock: Clock;
  staff: StaffNames;
  /** Called after something happened to an appointment of this body. */
  wake(body: number): void;
}

export function createAttention({ db, clock, staff, wake }: AttentionDeps): AttentionService {
  const seldom = createSeldom();
  /** Runs `work` on an appointment that this viewer may attend, locked until it ends. */
  const on = <T extends { ok: boolean }>(
    viewer: StaffViewer,
    id: string,
    work: (tx: Tx, appointment: Appointment, stamp: Stamp) => Promise<T>,
  ): Promise<T | { ok: false; reason: 'not_found' }> =>
    isUuid(id)
      ? within(db, viewer.body, async (tx) => {
          const appointment = await lockAppointment(tx, id);
          if (!appointment || !mayAttend(viewer, appointment))
            return { ok: false, reason: 'not_found' } as const;
          return work(tx, appointment, { actor: actorOf(viewer), now: clock.now() });
        })
      : Promise.resolve({ ok: false, reason: 'not_found' });

  const audit = (
    tx: Tx,
    by: { viewer: StaffViewer; now: Temporal.Instant },
    { body, id, agent: desk }: Appointment,
    action: string,
    data = {},
  ) => record(tx, { ...by, body, appointment: id, action, data: { desk, ...data } });

  const day: AttentionService['day'] = (viewer, body, which, wanted) => {
    const agent = viewer.role === 'agent' ? viewer.agent : wanted;
    if (viewer.role === 'agent' && agent === null) return Promise.resolve([]);
    const span = { ...dayOf(which, body.timeZone), agent };
    const now = clock.now();
    return seldom.look(`${actorOf(viewer)} ${body.id} ${which} ${agent}`, now, (isToRecord) =>
      within(db, viewer.body, async (tx) => {
        const entries = await readDay(tx, span, body.settings.attempts);
        const data = { day: which.toString(), agent, count: entries.length };
        if (isToRecord) await record(tx, { viewer, body: body.id, action: 'day', now, data });
        return entries;
      }),
    );
  };

  const saveOrClose = async (
    to: 'save' | 'close',
    viewer: StaffViewer,
    body: Body,
    id: string,
    version: number,
    draft: AttentionDraft,
  ): Promise<SaveResult> => {
    const result = await on<SaveResult>(viewer, id, async (tx, appointment, stamp) => {
      const current = await readAttention(tx, id);
      if (appointment.status !== 'in_progress' || !current)
        return { ok: false, reason: 'not_open' };
      if (current.version !== version) return { ok: false, reason: 'stale', current };
      const mistakes = draftMistakes(draft, allowedIn(body), to);
      if (Object.keys(mistakes).length > 0) return { ok: false, reason: 'invalid', mistakes };
      const ended = to === 'close';
      const procedureId = (code: string) => body.procedure(code)?.id ?? null;
      await updateAttention(tx, appointment, version, draft, procedureId, { ...stamp, ended });
      await audit(tx, { viewer, now: stamp.now }, appointment, ended ? 'closed' : 'saved', {
        version: version + 1,
      });
      if (ended) {
        const data = { ...(draft.wrapUp && { wrapUp: draft.wrapUp }) };
        const notice = { kind: 'survey' } as const;
        await changeStatus(tx, appointment, 'fulfilled', { ...stamp, data, notice });
      } else {
        await appendEvent(tx, { appointment, kind: 'saved', actor: stamp.actor, at: stamp.now });
      }
      return { ok: true, version: version + 1 };
    });
    if (result.ok) wake(viewer.body);
    return result;
  };

  return {
    day,

    next: async (viewer, body) => {
      const today = clock.now().toZonedDateTimeISO(body.timeZone).toPlainDate();
      return nextOf(await day(viewer, body, today, viewer.agent), clock.now());
    },

    open: async (viewer, _body, id) => {
      if (!isUuid(id)) return null;
      const found = await within(db, viewer.body, async (tx) => {
        const appointment = await readById(tx, id);
        if (!appointment || !mayAttend(viewer, appointment)) return null;
        await audit(tx, { viewer, now: clock.now() }, appointment, 'opened');
        return {
          appointment,
          attempts: await readAttempts(tx, id),
          attention: await readAttention(tx, id),
          events: await readEvents(tx, id),
          notices: await readNoticesOf(tx, id, clock.now()),
        };
      });
      if (!found) return null;
      const ids = found.events.map((each) => staffIn(each.actor)).filter((each) => each !== null);
      const names = await staff.namesOf(ids);
      return {
        ...found,
        events: found.events.map((each) => ({
          ...each,
          who: names.get(staffIn(each.actor) ?? 0) ?? null,
        })),
      };
    },

    logAttempt: async (viewer, body, id, attempt) => {
      const policy = body.settings.attempts;
      const result = await on<LogResult>(viewer, id, async (tx, appointment, stamp) => {
        if (!mayCall(appointment.status)) return { ok: false, reason: 'not_open' };
        const earlier = await readAttempts(tx, id);
        if (attempt.number !== earlier.length + 1) return { ok: false, reason: 'stale' };
        await dropPending(tx, id, ['late'], stamp.now);
        await insertAttempt(tx, appointment, attempt, stamp);
        const data = { number: attempt.number, outcome: attempt.outcome };
        await appendEvent(tx, {
          appointment,
          kind: 'attempt',
          actor: stamp.actor,
          at: stamp.now,
          data,
        });
        await audit(tx, { viewer, now: stamp.now }, appointment, 'attempt', data);
        const after = afterAttempt(attempt.outcome, attempt.number, stamp.now, policy);
        if (after.next === 'attend') {
          await insertAttention(tx, appointment, viewer.agent, stamp);
          await changeStatus(tx, appointment, 'in_progress', stamp);
        } else if (after.next === 'noshow') {
          const notice = { kind: 'noshow' } as const;
          await changeStatus(tx, appointment, 'noshow', { ...stamp, notice });
        }
        return { ok: true, ...after };
      });
      if (result.ok) wake(viewer.body);
      return result;
    },

    start: async (viewer, _body, id) => {
      const result = await on<ActResult>(viewer, id, async (tx, appointment, stamp) => {
        if (!mayStart(appointment.status)) return { ok: false, reason: 'not_open' };
        await dropPending(tx, id, ['late'], stamp.now);
        await insertAttention(tx, appointment, viewer.agent, stamp);
        await changeStatus(tx, appointment, 'in_progress', stamp);
        await audit(tx, { viewer, now: stamp.now }, appointment, 'started');
        return { ok: true };
      });
      if (result.ok) wake(viewer.body);
      return result;
    },

    save: (...given) => saveOrClose('save', ...given),
    close: (...given) => saveOrClose('close', ...given),

    cancel: async (viewer, _body, id, reason) => {
      const result = await on<ActResult>(viewer, id, async (tx, appointment, stamp) => {
        if (!mayBecome(appointment.status, 'cancelled')) return { ok: false, reason: 'not_open' };
        await cancelLocked(tx, appointment, 'body', { ...stamp, reason });
        await audit(tx, { viewer, now: stamp.now }, appointment, 'cancelled');
        return { ok: true };
      });
      if (result.ok) wake(viewer.body);
      return result;
    },
  };
}
