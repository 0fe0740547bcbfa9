import type { Appointment, EventKind } from '../../../domain/appointment.ts';
import { type Db, type Tx, within } from '../../../lib/db/database.ts';
import { hashSecret, type PurposeKey } from '../../../lib/secrets.ts';
import { isUuid } from '../../../lib/uuid.ts';
import { actorOf, type StaffViewer, type Viewer } from '../../../lib/viewer.ts';
import { appendEvent, lockAppointment } from '../../booking/appointments/service.ts';
import { readById, readEvents } from '../../booking/appointments/views.ts';
import { aboutAppointment, type RunUnit, type Unit } from '../../foundation/audit/service.ts';
import { readOpened } from '../../foundation/openings/views.ts';
import { isTheirs } from '../encounter/rules.ts';
import { MOST_GUESTS, mayTalk } from '../room/rules.ts';
import { countGuests } from '../room/views.ts';
import { MOST_COMPANIONS, mayInvite } from './rules.ts';
import { admitCompanion, insertCompanion, revokeCompanion } from './store.ts';
import type { Companion, Invitation } from './types.ts';
import { readCompanion, readCompanions } from './views.ts';

type Refused<R extends string> = { ok: false; reason: R };

const NOT_FOUND = { ok: false, reason: 'not_found' } as const;

/** The companions of a video appointment, each with a link of their own that can be revoked. */
export interface Companions {
  /** Returns the companions with valid links; null for viewers without permission. */
  list(who: Viewer, office: number, appointment: string): Promise<Companion[] | null>;
  invite(
    who: Viewer,
    office: number,
    appointment: string,
    invitation: Invitation,
  ): Promise<{ ok: true; companion: Companion } | Refused<'not_found' | 'not_open' | 'too_many'>>;
  /** Revokes a link; a companion who is in the room by it leaves at once. */
  revoke(
    who: Viewer,
    office: number,
    appointment: string,
    companion: string,
  ): Promise<{ ok: true } | Refused<'not_found'>>;
  /** Lets somebody into the call: only whoever has it does. Done twice it is said once. `full`: four people have a place in it. */
  admit(
    who: StaffViewer,
    office: number,
    appointment: string,
    companion: string,
  ): Promise<{ ok: true } | Refused<'not_found' | 'not_open' | 'full'>>;
  /** Returns the companion of a link; null: there is none, or the link was revoked. */
  bySecret(secret: string): Promise<Companion | null>;
  /** The secret of somebody's link, the same each time. */
  secretOf(companion: string): string;
}

/** The steps of an invitation, each an event and an audit action. */
type CompanionDeed = Extract<EventKind, 'invited' | 'uninvited' | 'admitted'>;

export function createCompanions(deps: { db: Db; key: PurposeKey; unit: RunUnit }): Companions {
  const { db, key, unit } = deps;
  const secretOf = (id: string) => key.of(id).derive(`companion ${id}`);

  return {
    list: (who, office, id) =>
      within(db, office, async (tx) => {
        const found = isUuid(id) ? await readById(tx, id) : null;
        return found && isTheirs(who, found) ? readCompanions(tx, id) : null;
      }),

    invite: (who, office, id, invitation) =>
      change(unit, who, office, id, (each, appointment) => {
        const made = key.newId();
        const linkHash = hashSecret(secretOf(made));
        return invite(each, appointment, invitation, { id: made, linkHash });
      }),

    revoke: (who, office, id, companion) =>
      change(unit, who, office, id, async (each, appointment) => {
        if (!(await find(each.tx, id, companion))) return NOT_FOUND;
        await revokeCompanion(each.tx, companion, each.now);
        await noteDeed(each, appointment, 'uninvited');
        return { ok: true } as const;
      }),

    admit: (who, office, id, companion) =>
      change(unit, who, office, id, (each, appointment) => admit(each, appointment, companion)),

    bySecret: (secret) => readOpened(db, 'companion', secret, readCompanion),
    secretOf,
  };
}

/** Does something with an appointment of theirs, which is locked meanwhile. */
function change<R extends { ok: boolean }>(
  run: RunUnit,
  who: Viewer,
  office: number,
  id: string,
  act: (unit: Unit, appointment: Appointment) => Promise<R>,
): Promise<R | Refused<'not_found'>> {
  return run(who, office, async (unit) => {
    const appointment = isUuid(id) ? await lockAppointment(unit.tx, id) : null;
    return appointment && isTheirs(who, appointment) ? act(unit, appointment) : NOT_FOUND;
  });
}

async function noteDeed(unit: Unit, appointment: Appointment, kind: CompanionDeed): Promise<void> {
  await appendEvent(unit, { appointment, kind });
  await unit.record(kind, aboutAppointment(appointment));
}

async function invite(
  unit: Unit,
  appointment: Appointment,
  invitation: Invitation,
  made: { id: string; linkHash: Buffer },
) {
  const { tx, now } = unit;
  if (!mayInvite(appointment, now)) return { ok: false, reason: 'not_open' } as const;
  if ((await readCompanions(tx, appointment.id)).length >= MOST_COMPANIONS)
    return { ok: false, reason: 'too_many' } as const;
  const companion = await insertCompanion(unit, appointment, invitation, made);
  await noteDeed(unit, appointment, 'invited');
  return { ok: true, companion } as const;
}

async function admit(unit: Unit, appointment: Appointment, companion: string) {
  const { tx, viewer, now } = unit;
  const { id, status } = appointment;
  const found = await find(tx, id, companion);
  if (!found || !mayTalk(await readEvents(tx, id), actorOf(viewer))) return NOT_FOUND;
  if (status !== 'in_progress') return { ok: false, reason: 'not_open' } as const;
  if (found.admittedAt) return { ok: true } as const;
  if ((await countGuests(tx, id)) >= MOST_GUESTS) return { ok: false, reason: 'full' } as const;
  await admitCompanion(tx, companion, now);
  await noteDeed(unit, appointment, 'admitted');
  return { ok: true } as const;
}

const find = async (tx: Tx, appointment: string, id: string): Promise<Companion | undefined> =>
  (await readCompanions(tx, appointment)).find((each) => each.id === id);
