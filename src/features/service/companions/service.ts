import type { Appointment, EventKind } from '../../../domain/appointment.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, type Tx, within } from '../../../lib/db/database.ts';
import { hashSecret, type PurposeKey } from '../../../lib/secrets.ts';
import { isUuid } from '../../../lib/uuid.ts';
import { actorOf, type StaffViewer, type Viewer } from '../../../lib/viewer.ts';
import { appendEvent, lockAppointment } from '../../booking/appointments/service.ts';
import { readById, readEvents } from '../../booking/appointments/views.ts';
import { record } from '../../foundation/audit/service.ts';
import { readOpened } from '../../foundation/openings/views.ts';
import { mayAttend } from '../encounter/rules.ts';
import { mayTalk } from '../room/rules.ts';
import { MOST_COMPANIONS, mayInvite } from './rules.ts';
import { admitCompanion, insertCompanion, revokeCompanion } from './store.ts';
import type { Companion, Invitation } from './types.ts';
import { readCompanion, readCompanions } from './views.ts';

type Refused<R extends string> = { ok: false; reason: R };

const NOT_FOUND = { ok: false, reason: 'not_found' } as const;

/** Who else comes to a video appointment, each by a link of their own that can be taken back. */
export interface Companions {
  /** Whose links are good; null: the appointment is none of theirs. */
  list(who: Viewer, office: number, appointment: string): Promise<Companion[] | null>;
  invite(
    who: Viewer,
    office: number,
    appointment: string,
    invitation: Invitation,
  ): Promise<{ ok: true; companion: Companion } | Refused<'not_found' | 'not_open' | 'too_many'>>;
  /** Takes a link back; who is in the room by it is out at once. */
  revoke(
    who: Viewer,
    office: number,
    appointment: string,
    companion: string,
  ): Promise<{ ok: true } | Refused<'not_found'>>;
  /** Lets somebody into the call: only whoever has it does. Done twice it is said once. */
  admit(
    who: StaffViewer,
    office: number,
    appointment: string,
    companion: string,
  ): Promise<{ ok: true } | Refused<'not_found' | 'not_open'>>;
  /** Whose link this is; null: nobody's, or it was taken back. */
  bySecret(secret: string): Promise<Companion | null>;
  /** The secret of somebody's link, the same each time. */
  secretOf(companion: string): string;
}

/** What is done with an invitation, as an event and as an audit action. */
type CompanionDeed = Extract<EventKind, 'invited' | 'uninvited' | 'admitted'>;

export function createCompanions(deps: {
  db: Db;
  clock: Clock;
  key: PurposeKey;
  notify(office: number): void;
}): Companions {
  const { db, clock, key, notify } = deps;
  const secretOf = (id: string) => key.of(id).derive(`companion ${id}`);

  const say = async (tx: Tx, who: Viewer, appointment: Appointment, kind: CompanionDeed) => {
    const now = clock.now();
    await appendEvent(tx, { appointment, kind, actor: actorOf(who), at: now });
    const { office, id, desk } = appointment;
    await record(tx, { viewer: who, office, appointment: id, action: kind, now, data: { desk } });
  };

  /** Does something with an appointment of theirs, which is locked meanwhile; whoever looks on hears of it. */
  const change = async <R extends { ok: boolean }>(
    who: Viewer,
    office: number,
    id: string,
    act: (tx: Tx, appointment: Appointment) => Promise<R>,
  ): Promise<R | Refused<'not_found'>> => {
    const result = await within(db, office, async (tx) => {
      const appointment = isUuid(id) ? await lockAppointment(tx, id) : null;
      return isTheirs(who, appointment) ? act(tx, appointment) : NOT_FOUND;
    });
    if (result.ok) notify(office);
    return result;
  };

  return {
    list: (who, office, id) =>
      within(db, office, async (tx) => {
        const found = isUuid(id) ? await readById(tx, id) : null;
        return isTheirs(who, found) ? readCompanions(tx, id) : null;
      }),

    invite: (who, office, id, invitation) =>
      change(who, office, id, async (tx, appointment) => {
        if (!mayInvite(appointment, clock.now())) return { ok: false, reason: 'not_open' } as const;
        if ((await readCompanions(tx, id)).length >= MOST_COMPANIONS)
          return { ok: false, reason: 'too_many' } as const;
        const made = key.newId();
        const companion = await insertCompanion(tx, appointment, invitation, {
          id: made,
          by: actorOf(who),
          at: clock.now(),
          linkHash: hashSecret(secretOf(made)),
        });
        await say(tx, who, appointment, 'invited');
        return { ok: true, companion } as const;
      }),

    revoke: (who, office, id, companion) =>
      change(who, office, id, async (tx, appointment) => {
        if (!(await find(tx, id, companion))) return NOT_FOUND;
        await revokeCompanion(tx, companion, clock.now());
        await say(tx, who, appointment, 'uninvited');
        return { ok: true } as const;
      }),

    admit: (who, office, id, companion) =>
      change(who, office, id, async (tx, appointment) => {
        const found = await find(tx, id, companion);
        if (!found || !mayTalk(await readEvents(tx, id), actorOf(who))) return NOT_FOUND;
        if (appointment.status !== 'in_progress') return { ok: false, reason: 'not_open' } as const;
        if (found.admittedAt) return { ok: true } as const;
        await admitCompanion(tx, companion, clock.now());
        await say(tx, who, appointment, 'admitted');
        return { ok: true } as const;
      }),

    bySecret: (secret) => readOpened(db, 'companion', secret, readCompanion),
    secretOf,
  };
}

const find = async (tx: Tx, appointment: string, id: string): Promise<Companion | undefined> =>
  (await readCompanions(tx, appointment)).find((each) => each.id === id);

/** The citizen whose appointment it is, and staff who may attend it, say who comes along. */
function isTheirs(who: Viewer, found: Appointment | null): found is Appointment {
  if (!found) return false;
  return who.kind === 'staff'
    ? mayAttend(who, found)
    : who.kind === 'citizen' && who.appointment === found.id;
}
