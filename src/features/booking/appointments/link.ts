import type { Appointment } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import { hasScope } from '../../../domain/scopes.ts';
import { linkForm, type PurposeKey } from '../../../lib/secrets.ts';
import type { TokenViewer } from '../../../lib/viewer.ts';
import { aboutAppointment, type RunUnit } from '../../foundation/audit/service.ts';
import { noteLinkGiven } from '../proof/service.ts';
import { readForUpdate } from './views.ts';

/** Returns the secret of an appointment's link, which differs after each replacement of the link. */
export const linkSecret = (
  key: PurposeKey,
  { id, link }: Pick<Appointment, 'id' | 'link'>,
): string =>
  linkForm(key.of(id).derive(link === 0 ? `appointment ${id}` : `appointment ${id} ${link}`));

export type GiveResult =
  | { ok: true; url: string }
  | { ok: false; reason: 'not_allowed' | 'not_found' };

export interface Giving {
  /**
   * Gives another system the address of the citizen's own page. It is recorded, also beside later identity
   * proofs, in the same transaction. That address allows moving and cancelling the appointment, so it needs the scope
   * `contacts:write`.
   */
  giveLink(viewer: TokenViewer, office: Office, id: string): Promise<GiveResult>;
}

export function createGiving(
  run: RunUnit,
  manageUrl: (appointment: Appointment) => string,
): Giving {
  return {
    async giveLink(viewer, office, id) {
      if (!hasScope(viewer, 'contacts:write')) return { ok: false, reason: 'not_allowed' };
      return run(viewer, office.id, async (unit): Promise<GiveResult> => {
        const appointment = await readForUpdate(unit.tx, id);
        if (!appointment) return { ok: false, reason: 'not_found' };
        await noteLinkGiven(unit, appointment);
        await unit.record('link_given', aboutAppointment(appointment));
        return { ok: true, url: manageUrl(appointment) };
      });
    },
  };
}
