import type { Tx } from '../../../lib/db/database.ts';
import { staffIn, type Viewer } from '../../../lib/viewer.ts';
import { type Unit, unitInside } from '../../foundation/audit/service.ts';
import type { Stamp } from './store.ts';

/** The unit of work of a transaction of this feature, which tells the notifier by itself. */
export function stamped(tx: Tx, { office }: { office: number }, { actor, now }: Stamp): Unit {
  const staff = staffIn(actor) ?? 0;
  const viewer: Viewer = { kind: 'staff', staff, name: '', office, role: 'agent', desk: null };
  return unitInside(tx, { viewer, office, now });
}
