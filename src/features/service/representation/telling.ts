import { readById } from '../../booking/appointments/views.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import { noticesOwed } from '../../foundation/notices/rules.ts';
import { oweNotices } from '../../foundation/notices/service.ts';
import type { AuthorisationNews } from '../../foundation/notices/types.ts';
import { readReach, type SealedRepresentation } from './views.ts';

/**
 * Tells both people of an authorisation what became of it, where the office has an address of theirs: that of their newest appointment. The
 * notice names nobody, and leads to the folder. Whoever asked is reached by the appointment with which they did, too.
 */
export async function tellBoth(
  unit: Unit,
  row: Pick<SealedRepresentation, 'askedBy' | 'representative' | 'represented' | 'appointment'>,
  news: AuthorisationNews,
): Promise<void> {
  for (const side of ['representative', 'represented'] as const) {
    const person = row[side];
    const own = person && (await readReach(unit.tx, person));
    const id = own || (row.askedBy === side ? row.appointment : null);
    const appointment = id ? await readById(unit.tx, id) : null;
    if (!appointment) continue;
    const on = { office: unit.office, appointment: appointment.id };
    const drafts = noticesOwed('authorisation', appointment, unit.now, { authorisation: news });
    await oweNotices(unit, on, drafts);
  }
}
