import type pg from 'pg';
import type { Clock } from '../../../lib/clock.ts';
import type { SecurityLog } from '../../../lib/security-events.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import type { Offices } from '../offices/service.ts';
import { endSessionsOf, isFreshSession, type Staff, tell } from '../staff/service.ts';
import type { StaffSession } from '../staff/types.ts';
import { tellStaff } from '../staff-mail/service.ts';
import { mayManagePeople } from './rules.ts';
import type { PersonAnywhere, PersonHere, SessionsEnded } from './types.ts';

type Asker = Pick<StaffSession, 'id' | 'staff' | 'name' | 'operator'>;

/** Ends the sessions of a colleague: a lost laptop or telephone, or an account that a stranger uses (ASVS 5.0, 7.4.5). */
export interface SigningOut {
  /**
   * Ends every session of a person who works in the viewer's office, also those opened elsewhere. The person can sign in again, and is
   * informed by mail. `asker`: the session of the request, which must have shown a second factor within the last ten minutes.
   */
  signOut(viewer: StaffViewer, staff: number, asker: Asker): Promise<SessionsEnded>;
  /** Does the same for any person, for an operator. */
  signOutAnywhere(operator: Asker, staff: number): Promise<SessionsEnded>;
}

interface Deps {
  clock: Clock;
  offices: Pick<Offices, 'byId'>;
  staff: Pick<Staff, 'transaction'>;
  security: SecurityLog;
  find(viewer: StaffViewer, staff: number): Promise<PersonHere | null>;
  findAnywhere(operator: Asker, staff: number): Promise<PersonAnywhere | null>;
}

export function createSigningOut(deps: Deps): SigningOut {
  const { clock, offices, staff: accounts, security, find, findAnywhere } = deps;

  const endAll = async (asker: Asker, staff: number, office?: string): Promise<SessionsEnded> => {
    const ended = await accounts.transaction<SessionsEnded>(async (client: pg.PoolClient) => {
      if (!(await isFreshSession(client, asker.id))) return { ok: false, reason: 'stale' };
      const count = await endSessionsOf(client, staff);
      const told = { staff, by: asker.staff, now: clock.now() };
      await tell(client, { ...told, action: 'signed_out_by_office', data: { count } });
      const facts = { by: asker.name, ...(office && { office }) };
      await tellStaff(client, { to: { staff }, kind: 'signed_out_by_office', facts }, told.now);
      return { ok: true, count };
    });
    if (ended.ok) security.note('staff.sessions_ended', { staff, by: asker.staff });
    return ended;
  };

  return {
    signOut: async (viewer, staff, asker) => {
      const person = mayManagePeople(viewer) ? await find(viewer, staff) : null;
      const isTheirs = person?.state === 'ready' && staff !== viewer.staff;
      if (!isTheirs) return { ok: false, reason: 'not_found' };
      const { code } = await offices.byId(viewer.office);
      return endAll(asker, staff, code);
    },
    signOutAnywhere: async (operator, staff) => {
      const person = staff === operator.staff ? null : await findAnywhere(operator, staff);
      return person?.state === 'ready'
        ? endAll(operator, staff)
        : { ok: false, reason: 'not_found' };
    },
  };
}
