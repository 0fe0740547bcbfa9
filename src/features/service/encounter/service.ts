import type { Appointment } from '../../../domain/appointment.ts';
import { isAtSite } from '../../../domain/channel.ts';
import type { Office } from '../../../domain/office/types.ts';
import { can } from '../../../domain/roles.ts';
import type { StaffNames } from '../../../domain/staff.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, type Tx, within } from '../../../lib/db/database.ts';
import { isUuid } from '../../../lib/uuid.ts';
import { actorOf, type StaffViewer, staffIn } from '../../../lib/viewer.ts';
import { mayBecome } from '../../booking/appointments/rules.ts';
import {
  cancelLocked,
  changeStatus,
  insertEvent,
  lockAppointment,
} from '../../booking/appointments/service.ts';
import { readById } from '../../booking/appointments/views.ts';
import { createThrottledAudit, record, type Unit } from '../../foundation/audit/service.ts';
import type { AuditAction } from '../../foundation/audit/types.ts';
import { dropPendingIn } from '../../foundation/notices/service.ts';
import { correctToVoicemail } from './correcting.ts';
import { askForNumber, isUncallable, missed } from './reaching.ts';
import { afterAttempt, dayOf, mayAttend, mayCall, mayStart, nextOf } from './rules.ts';
import { saveLocked } from './saving.ts';
import { stamped } from './stamped.ts';
import { insertAttempt, insertEncounter, type Stamp } from './store.ts';
import type {
  ActResult,
  AttemptOutcome,
  DayEntry,
  Dossier,
  EncounterDraft,
  FrequentItem,
  LogResult,
  SaveHow,
  SaveResult,
} from './types.ts';
import { readAttempts, readDay, readDossier, readFrequent } from './views.ts';

/** The agent's work: who is next, calling them, and what was done. Everything it shows or changes is in the audit trail. */
export interface EncounterService {
  /** The appointments of a local day, of one desk or of the whole office. Agents see only their own desk. */
  day(
    viewer: StaffViewer,
    office: Office,
    day: Temporal.PlainDate,
    desk: number | null,
  ): Promise<DayEntry[]>;
  /** The next appointment today at the viewer's desk, or null. */
  next(viewer: StaffViewer, office: Office): Promise<DayEntry | null>;
  /** Everything about one appointment, or null when it is not theirs to see. */
  open(viewer: StaffViewer, office: Office, id: string): Promise<Dossier | null>;
  /** What is noted down most in the office lately, the most frequent first. No personal data. */
  frequent(viewer: StaffViewer, office: Office): Promise<FrequentItem[]>;
  /** How the `number`-th call ended. An answer opens the encounter; the last failure is a no-show. */
  logAttempt(
    viewer: StaffViewer,
    office: Office,
    id: string,
    attempt: { number: number; outcome: AttemptOutcome; note: string },
  ): Promise<LogResult>;
  /** Ends as a no-show what can't be called, since the number is another person's. */
  giveUp(viewer: StaffViewer, office: Office, id: string): Promise<ActResult>;
  /** The `number`-th call, logged as answered, was answered by a machine. Only before anything is written. */
  wasVoicemail(viewer: StaffViewer, office: Office, id: string, number: number): Promise<LogResult>;
  /** Attends without a logged call: by video, or because the citizen rang back. */
  start(viewer: StaffViewer, office: Office, id: string): Promise<ActResult>;
  /** Keeps what was written from `version` on. Somebody else's saves since then are merged or told, never overwritten. */
  save(
    viewer: StaffViewer,
    office: Office,
    id: string,
    version: number,
    draft: EncounterDraft,
    how?: SaveHow,
  ): Promise<SaveResult>;
  /** Saves and ends it; the citizen is then asked how it went. */
  close(
    viewer: StaffViewer,
    office: Office,
    id: string,
    version: number,
    draft: EncounterDraft,
    how?: SaveHow,
  ): Promise<SaveResult>;
  /** Cancels for the office; the citizen is told why. */
  cancel(viewer: StaffViewer, office: Office, id: string, reason: string): Promise<ActResult>;
}

/** Over how many days what is frequent is counted, how often anew, and how many things are. */
const FREQUENT_DAYS = 30;
const FREQUENT_MINUTES = 15;
const MOST_FREQUENT = 6;

/** Where less than fits was noted down yet, what the town file says is asked most. */
function withQueries(items: readonly FrequentItem[], { settings }: Office): FrequentItem[] {
  const others = settings.queries.filter(({ code }) => items.every((each) => each.query !== code));
  const asked = others.map(
    ({ code }): FrequentItem => ({ kind: 'query', procedure: null, query: code }),
  );
  return [...items, ...asked].slice(0, MOST_FREQUENT);
}

/** Whether a call to the citizen can be logged: nobody calls whoever comes. */
const isToCall = ({ status, channel }: Appointment): boolean =>
  mayCall(status) && !isAtSite(channel);

/** Begins an encounter; whoever comes is told to which desk they are called. */
const begin = (unit: Unit, viewer: StaffViewer, appointment: Appointment) => {
  const { channel, desk } = appointment;
  const called = isAtSite(channel) ? { data: { desk: viewer.desk ?? desk } } : {};
  return changeStatus(unit, appointment, 'in_progress', called);
};

export interface EncounterDeps {
  db: Db;
  clock: Clock;
  staff: StaffNames;
  /** Called after something happened to an appointment of this office. */
  notify(office: number): void;
}

export function createEncounter({ db, clock, staff, notify }: EncounterDeps): EncounterService {
  const throttledAudit = createThrottledAudit();
  /** Runs `work` on an appointment that this viewer may attend, locked until it ends. */
  const on = <T extends { ok: boolean }>(
    viewer: StaffViewer,
    id: string,
    work: (tx: Tx, appointment: Appointment, stamp: Stamp) => Promise<T>,
  ): Promise<T | { ok: false; reason: 'not_found' }> =>
    isUuid(id)
      ? within(db, viewer.office, async (tx) => {
          const appointment = await lockAppointment(tx, id);
          if (!appointment || !mayAttend(viewer, appointment))
            return { ok: false, reason: 'not_found' } as const;
          return work(tx, appointment, { actor: actorOf(viewer), now: clock.now() });
        })
      : Promise.resolve({ ok: false, reason: 'not_found' });

  /** The same; where it was done, others hear of it. */
  const act: typeof on = async (viewer, id, work) => {
    const result = await on(viewer, id, work);
    if (result.ok) notify(viewer.office);
    return result;
  };

  const audit = (
    tx: Tx,
    by: { viewer: StaffViewer; now: Temporal.Instant },
    { office, id, desk }: Appointment,
    action: AuditAction,
    data = {},
  ) => record(tx, { ...by, office, appointment: id, action, data: { desk, ...data } });

  const day: EncounterService['day'] = (viewer, office, which, wanted) => {
    const seesAll = can(viewer, 'see_every_desk');
    const desk = seesAll ? wanted : viewer.desk;
    if (!seesAll && desk === null) return Promise.resolve([]);
    const span = { ...dayOf(which, office.timeZone), desk };
    const now = clock.now();
    return throttledAudit.look(
      `${actorOf(viewer)} ${office.id} ${which} ${desk}`,
      now,
      (isToRecord) =>
        within(db, viewer.office, async (tx) => {
          const entries = await readDay(tx, span, office.settings.attempts);
          const data = { day: which.toString(), desk, count: entries.length };
          if (isToRecord) await record(tx, { viewer, office: office.id, action: 'day', now, data });
          return entries;
        }),
    );
  };

  /** Puts names to who did what. */
  const named = async (found: Dossier): Promise<Dossier> => {
    const { events, encounter, earlier } = found;
    const actors = [...events, ...(encounter?.ticks ?? []), ...earlier].map((each) => each.actor);
    const ids = actors.flatMap((each) => staffIn(each ?? '') ?? []);
    const names = await staff.namesOf([...new Set(ids)]);
    const withName = <T extends { actor: string | null }>(each: T) => ({
      ...each,
      who: names.get(staffIn(each.actor ?? '') ?? 0) ?? null,
    });
    return {
      ...found,
      events: events.map(withName),
      earlier: earlier.map(withName),
      encounter: encounter && { ...encounter, ticks: encounter.ticks.map(withName) },
    };
  };

  const frequents = new Map<number, { items: FrequentItem[]; until: Temporal.Instant }>();

  const saveOrClose = async (
    to: 'save' | 'close',
    viewer: StaffViewer,
    office: Office,
    id: string,
    version: number,
    draft: EncounterDraft,
    how: SaveHow = {},
  ): Promise<SaveResult> => {
    let isTold = false;
    const result = await on(viewer, id, (tx, appointment, stamp) => {
      const saving = { viewer, office, version, draft, to, how };
      return saveLocked(tx, appointment, saving, stamp, async (action, saved) => {
        isTold = true;
        await audit(tx, { viewer, now: stamp.now }, appointment, action, { version: saved });
      });
    });
    if (result.ok && isTold) notify(viewer.office);
    if (result.ok || result.reason !== 'stale') return result;
    const by = staffIn(result.current.actor) ?? 0;
    return { ...result, who: (await staff.namesOf([by])).get(by) ?? null };
  };

  return {
    day,

    next: async (viewer, office) => {
      const today = clock.now().toZonedDateTimeISO(office.timeZone).toPlainDate();
      return nextOf(await day(viewer, office, today, viewer.desk), clock.now());
    },

    open: async (viewer, _office, id) => {
      if (!isUuid(id)) return null;
      const now = clock.now();
      const found = await throttledAudit.look(
        `${actorOf(viewer)} history ${id}`,
        now,
        (isToRecord) =>
          within(db, viewer.office, async (tx) => {
            const appointment = await readById(tx, id);
            if (!appointment || !mayAttend(viewer, appointment)) return null;
            await audit(tx, { viewer, now }, appointment, 'opened');
            const dossier = await readDossier(tx, appointment, now);
            const count = dossier.earlier.length;
            if (isToRecord && count > 0)
              await audit(tx, { viewer, now }, appointment, 'history', { count });
            return dossier;
          }),
      );
      return found && named(found);
    },

    frequent: async (viewer, office) => {
      const known = frequents.get(office.id);
      const now = clock.now();
      if (known && Temporal.Instant.compare(now, known.until) < 0)
        return withQueries(known.items, office);
      const since = now.subtract({ hours: FREQUENT_DAYS * 24 });
      const items = await within(db, viewer.office, (tx) =>
        readFrequent(tx, office.id, since, MOST_FREQUENT),
      );
      frequents.set(office.id, { items, until: now.add({ minutes: FREQUENT_MINUTES }) });
      return withQueries(items, office);
    },

    logAttempt: async (viewer, office, id, attempt) => {
      const policy = office.settings.attempts;
      return act<LogResult>(viewer, id, async (tx, appointment, stamp) => {
        if (!isToCall(appointment)) return { ok: false, reason: 'not_open' };
        const earlier = await readAttempts(tx, id);
        const isUnseen = attempt.number !== earlier.length + 1;
        if (isUnseen || (await isUncallable(tx, appointment)))
          return { ok: false, reason: 'stale' };
        await dropPendingIn(tx, id, ['late'], stamp.now);
        await insertAttempt(tx, appointment, attempt, stamp);
        const data = { number: attempt.number, outcome: attempt.outcome };
        await insertEvent(tx, {
          appointment,
          kind: 'attempt',
          actor: stamp.actor,
          at: stamp.now,
          data,
        });
        await audit(tx, { viewer, now: stamp.now }, appointment, 'attempt', data);
        const after = afterAttempt(attempt.outcome, attempt.number, stamp.now, policy);
        if (after.next === 'attend') {
          await insertEncounter(tx, appointment, viewer.desk, stamp);
          await changeStatus(stamped(tx, appointment, stamp), appointment, 'in_progress');
        } else if (after.next === 'noshow') {
          await missed(tx, appointment, stamp);
        } else if (after.next === 'number') {
          await askForNumber(tx, appointment, stamp);
        }
        return { ok: true, ...after };
      });
    },

    wasVoicemail: (viewer, office, id, number) =>
      act<LogResult>(viewer, id, async (tx, appointment, stamp) => {
        const { attempts } = office.settings;
        const corrected = await correctToVoicemail(tx, appointment, number, attempts, stamp);
        const data = { number, outcome: 'voicemail' };
        if (corrected.ok) await audit(tx, { viewer, now: stamp.now }, appointment, 'attempt', data);
        return corrected;
      }),

    start: (viewer, _office, id) =>
      act<ActResult>(viewer, id, async (tx, appointment, stamp) => {
        if (!mayStart(appointment.status)) return { ok: false, reason: 'not_open' };
        await dropPendingIn(tx, id, ['late'], stamp.now);
        await insertEncounter(tx, appointment, viewer.desk, stamp);
        await begin(stamped(tx, appointment, stamp), viewer, appointment);
        await audit(tx, { viewer, now: stamp.now }, appointment, 'started');
        return { ok: true };
      }),

    giveUp: (viewer, _office, id) =>
      act<ActResult>(viewer, id, async (tx, appointment, stamp) => {
        const isOver = mayCall(appointment.status) && (await isUncallable(tx, appointment));
        if (!isOver) return { ok: false, reason: 'not_open' };
        await missed(tx, appointment, stamp);
        await audit(tx, { viewer, now: stamp.now }, appointment, 'given_up');
        return { ok: true };
      }),

    save: (...given) => saveOrClose('save', ...given),
    close: (...given) => saveOrClose('close', ...given),

    cancel: (viewer, _office, id, reason) =>
      act<ActResult>(viewer, id, async (tx, appointment, stamp) => {
        if (!mayBecome(appointment.status, 'cancelled')) return { ok: false, reason: 'not_open' };
        await cancelLocked(stamped(tx, appointment, stamp), appointment, 'office', reason);
        await audit(tx, { viewer, now: stamp.now }, appointment, 'cancelled');
        return { ok: true };
      }),
  };
}

export { changeAttendant } from './store.ts';
