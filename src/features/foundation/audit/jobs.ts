import type { Clock } from '../../../lib/clock.ts';
import { sealText } from './rules.ts';
import type { AuditSeals } from './seals.ts';

/** The dependencies of the sealing job. */
export interface Sealing {
  offices: { list(): Promise<readonly { id: number; code: string }[]> };
  auditSeals: Pick<AuditSeals, 'seal'>;
  clock: Clock;
  log: { info(what: object, message: string): void };
}

/** The least time between two lines of the log about one office: each seal covers all before it, so a line a minute would say little more. */
const LINE_MINUTES = 10;

/** What the log has of each trail, in this process. */
interface Told {
  at: Temporal.Instant | null;
  /** The last seal that the log lacks. */
  owed: string | null;
}
const told = new WeakMap<object, Map<number, Told>>();

/**
 * Seals every trail. A log that is kept elsewhere has the last seal of every ten minutes. With it, `audit check --seals` finds a trail whose end
 * was cut off.
 */
export async function sealTrails({ offices, auditSeals, clock, log }: Sealing): Promise<void> {
  const ofTown = told.get(auditSeals) ?? new Map<number, Told>();
  told.set(auditSeals, ofTown);
  for (const { id, code } of await offices.list()) {
    const seal = await auditSeals.seal(id);
    const last = ofTown.get(id) ?? { at: null, owed: null };
    const owed = seal ? sealText(code, seal) : last.owed;
    const isTime = !last.at || clock.now().since(last.at).total('minutes') >= LINE_MINUTES;
    if (owed && isTime) log.info({ auditSeal: owed }, 'Sealed the audit trail');
    ofTown.set(id, owed && isTime ? { at: clock.now(), owed: null } : { at: last.at, owed });
  }
}
