import type { Appointment } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import { type Tx, within } from '../../../lib/db/database.ts';
import { isUuid } from '../../../lib/uuid.ts';
import { actorOf, type StaffViewer, type Viewer } from '../../../lib/viewer.ts';
import { lockAppointment } from '../../booking/appointments/service.ts';
import { readEvents } from '../../booking/appointments/views.ts';
import { couldBeCitizen } from '../../booking/proof/rules.ts';
import { readStanding, rememberBrowser } from '../../booking/proof/service.ts';
import type { CodeWay, Standing } from '../../booking/proof/types.ts';
import { isTheirs } from '../documents/rules.ts';
import { dropKeys } from '../documents/service.ts';
import type { NotSent } from '../one-time-codes/service.ts';
import {
  type ConsentDeps,
  momentNow,
  openRecord,
  putOnTrail,
  type Refused,
  sealRecord,
  tellOf,
} from './keeping.ts';
import { byCode, spoken, witnessed } from './means.ts';
import { isStillHabilitated, standingOf } from './rules.ts';
import { setConsented, setEnded, setHeard, setWitnessed } from './store.ts';
import type { ActRow, MeansRefused, Proof } from './types.ts';
import { readActForUpdate } from './views.ts';

/** `over`: expired. */
type Over = Refused<'not_found' | 'over'>;

export type ConsentResult =
  /** `secret`: for the browser in which the citizen typed a code; null: they typed none. */
  { ok: true; secret: string | null } | Over | Refused<'not_habilitated'> | MeansRefused;

export type SendResult = { ok: true; to: CodeWay } | Over | Refused<'not_independent'> | NotSent;

/** What is answered to an act that was prepared, by the citizen and by whoever attends them. */
export interface Answering {
  /** Sends the citizen a code with which they consent to this act and nothing else. */
  sendCode(viewer: Viewer, office: Office, appointment: string, id: string): Promise<SendResult>;
  /** Consents by a code: the citizen types it, or reads it out to the official, who does. */
  consentByCode(
    viewer: Viewer,
    office: Office,
    appointment: string,
    id: string,
    typed: string,
  ): Promise<ConsentResult>;
  /** The official notes that they heard the citizen consent. It is no consent before the citizen confirms it. */
  hear(
    viewer: StaffViewer,
    office: Office,
    appointment: string,
    id: string,
  ): Promise<{ ok: true } | Over>;
  /** The citizen confirms what they said, in a browser in which they had typed a code. */
  confirm(viewer: Viewer, office: Office, appointment: string, id: string): Promise<ConsentResult>;
  /** A second member of staff notes that they heard it too. It is a consent once the official has noted the same. */
  witness(
    viewer: StaffViewer,
    office: Office,
    appointment: string,
    id: string,
  ): Promise<ConsentResult>;
  /** The citizen doesn't consent. Nobody asks why. */
  decline(
    viewer: Viewer,
    office: Office,
    appointment: string,
    id: string,
  ): Promise<{ ok: true } | Over>;
  /** Whoever attends takes it back. */
  withdraw(
    viewer: StaffViewer,
    office: Office,
    appointment: string,
    id: string,
  ): Promise<{ ok: true } | Over>;
}

interface Found {
  appointment: Appointment;
  act: ActRow;
  standing: Standing;
}

export function createAnswering(deps: ConsentDeps): Answering {
  const { db, clock, notify } = deps;
  const code = byCode(deps.oneTimeCodes);

  /** Runs `work` on an act of theirs that is asked about, both rows locked. */
  const on = async <T extends { ok: boolean }>(
    [viewer, office, appointment, id]: [Viewer, Office, string, string],
    work: (tx: Tx, found: Found, now: Temporal.Instant) => Promise<T>,
  ): Promise<T | Over> => {
    if (!isUuid(appointment) || !isUuid(id)) return { ok: false, reason: 'not_found' };
    const result = await within(db, office.id, async (tx): Promise<T | Over> => {
      const now = momentNow(clock);
      const found = await lockAct(tx, viewer, appointment, id, now);
      if (!found) return { ok: false, reason: 'not_found' };
      if (standingOf(found.act, found.appointment.status, now) !== 'prepared')
        return { ok: false, reason: 'over' };
      return work(tx, found, now);
    });
    if (result.ok) notify(office.id);
    return result;
  };

  /** Takes what shows the consent, and seals it as evidence, unless the official is habilitated no more. */
  const consent = async (
    given: [Viewer, Office, string, string],
    accept: (
      tx: Tx,
      found: Found,
      now: Temporal.Instant,
    ) => Promise<{ ok: true; proof: Proof } | MeansRefused>,
  ): Promise<ConsentResult> =>
    on(given, async (tx, found, now): Promise<ConsentResult> => {
      const { appointment, act } = found;
      const [viewer, { settings, timeZone }] = given;
      const kept = await openRecord(deps, tx, act);
      if (!kept) throw new Error(`Act ${act.id} is prepared and has no record`);
      const today = now.toZonedDateTimeISO(timeZone).toPlainDate();
      if (!isStillHabilitated(settings.habilitated, kept.record.official, today))
        return { ok: false, reason: 'not_habilitated' };
      const accepted = await accept(tx, found, now);
      if (!accepted.ok) return accepted;
      const { proof } = accepted;
      const { method, code, insiders } = proof;
      const record = { ...kept.record, consent: { ...proof, at: now.toString() } };
      const { sealed, hash } = await sealRecord(deps, tx, act, record);
      await setConsented(tx, act.id, { method, record: sealed, now });
      const by = { viewer, actor: actorOf(viewer), now };
      const data = { hash, method, ...(insiders.length > 0 && { insiders }) };
      await tellOf(tx, by, { appointment, act }, 'act_consented', data);
      if (method !== 'code' || !code) return { ok: true, secret: null };
      const { channel, to: masked, setBy } = code;
      const secret = await rememberBrowser(tx, appointment, { channel, masked, setBy }, now);
      return { ok: true, secret };
    });

  const end = (
    given: [Viewer, Office, string, string],
    state: 'declined' | 'withdrawn',
  ): Promise<{ ok: true } | Over> =>
    on(given, async (tx, { appointment, act }, now) => {
      await setEnded(tx, act.id, state, now);
      await dropKeys(tx, appointment.id);
      const by = { viewer: given[0], actor: actorOf(given[0]), now };
      await tellOf(tx, by, { appointment, act }, `act_${state}`);
      return { ok: true } as const;
    });

  const NOT_THEIRS = { ok: false, reason: 'not_found' } as const;

  return {
    async sendCode(viewer, office, appointment, id) {
      const found = await on([viewer, office, appointment, id], async (tx, there, now) => {
        if (couldBeCitizen(there.act.preparedBy, there.standing))
          return { ok: false, reason: 'not_independent' } as const;
        if (viewer.kind === 'staff')
          await putOnTrail(tx, viewer, there.act, { action: 'act_code_sent', now });
        return { ok: true, appointment: there.appointment } as const;
      });
      return found.ok ? deps.oneTimeCodes.send(found.appointment, `act ${id}`) : found;
    },

    consentByCode: (viewer, office, appointment, id, typed) =>
      consent([viewer, office, appointment, id], async (tx, found) => {
        if (viewer.kind === 'staff' && !isOfficial(viewer, found.act))
          return { ok: false, reason: 'ended' };
        return code.accept(tx, { viewer, ...found }, typed);
      }),

    hear: (viewer, office, appointment, id) =>
      on([viewer, office, appointment, id], async (tx, { act }, now) => {
        if (!isOfficial(viewer, act)) return NOT_THEIRS;
        await setHeard(tx, act.id, now);
        await putOnTrail(tx, viewer, act, { action: 'act_heard', now });
        return { ok: true } as const;
      }),

    confirm: async (viewer, office, appointment, id) =>
      viewer.kind === 'citizen'
        ? consent([viewer, office, appointment, id], (tx, found) =>
            spoken.accept(tx, { viewer, ...found }, null),
          )
        : NOT_THEIRS,

    witness: (viewer, office, appointment, id) =>
      consent([viewer, office, appointment, id], async (tx, found, now) => {
        const accepted = await witnessed.accept(tx, { viewer, ...found }, null);
        if (accepted.ok) await setWitnessed(tx, found.act.id, now);
        return accepted;
      }),

    decline: async (viewer, ...given) =>
      viewer.kind === 'citizen' ? end([viewer, ...given], 'declined') : NOT_THEIRS,

    withdraw: (...given) => end(given, 'withdrawn'),
  };
}

/** Who carries an act out is who prepared it: they alone hear the consent or type its code. */
const isOfficial = (viewer: Viewer, { preparedBy }: ActRow): boolean =>
  actorOf(viewer) === preparedBy;

/** An act and its appointment, locked in this order, where this is somebody who has to do with them. */
async function lockAct(
  tx: Tx,
  viewer: Viewer,
  appointment: string,
  id: string,
  now: Temporal.Instant,
): Promise<Found | null> {
  const found = await lockAppointment(tx, appointment);
  const events = viewer.kind === 'staff' ? await readEvents(tx, appointment) : [];
  if (!found || !isTheirs(viewer, found, events)) return null;
  const act = await readActForUpdate(tx, appointment, id);
  return act && { appointment: found, act, standing: await readStanding(tx, found, now) };
}
