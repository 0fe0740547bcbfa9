import { readById } from '../../booking/appointments/views.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import { noticesOfCase, noticesOwed } from '../../foundation/notices/rules.ts';
import { oweNotices } from '../../foundation/notices/service.ts';
import type { AuthorisationNews } from '../../foundation/notices/types.ts';
import { handedInBy } from '../cases/service.ts';
import { readCasesOf } from '../cases/views.ts';
import { readReach } from '../representation/views.ts';
import type { NotificationsDeps } from './deps.ts';

/** The most cases, the newest first, whose address is told. */
const MOST = 10;

/**
 * Tells a represented person what their representative did with a notification of theirs, or that there is one in a case that the representative
 * handed in: at each address of what they handed in themselves, and of their newest appointment. What others handed in for them has addresses of
 * others. The notice names nobody, and leads to the folder. Nobody is told where the office knows no address.
 */
export async function tellRepresented(
  keys: NotificationsDeps['keyring'],
  unit: Unit,
  person: string,
  news: Extract<AuthorisationNews, 'opened' | 'rejected' | 'waiting'>,
): Promise<void> {
  const told = new Set<string>();
  const isNew = ({ recipient }: { recipient: string }): boolean =>
    !told.has(recipient) && told.add(recipient).size > 0;
  const reach = await readReach(unit.tx, person);
  const appointment = reach === null ? null : await readById(unit.tx, reach);
  if (appointment) {
    const drafts = noticesOwed('authorisation', appointment, unit.now, { authorisation: news });
    await oweNotices(unit, { office: unit.office, appointment: appointment.id }, drafts);
    for (const { recipient } of drafts) told.add(recipient);
  }
  const rows = await readCasesOf(unit.tx, person, MOST);
  for (const row of rows) {
    if (row.person !== person || row.representation || row.handedInAt === null) continue;
    const who = await handedInBy(keys, unit, row);
    if (!who) continue;
    const drafts = noticesOfCase(row, who, unit.now, { authorisation: news }).filter(isNew);
    await oweNotices(unit, { office: unit.office, appointment: null, case: row.id }, drafts);
  }
}
