import type { Clock } from '../../../lib/clock.ts';
import { doAll } from '../../../lib/jobs/batches.ts';
import { ALWAYS, type DueSql } from '../../../lib/jobs/due.ts';
import { sealText } from './rules.ts';
import type { AuditSeals } from './seals.ts';
import { sealDue } from './views.ts';

/** The dependencies of the sealing job. */
export interface Sealing {
  offices: { list(): Promise<readonly { id: number; code: string }[]> };
  auditSeals: Pick<AuditSeals, 'seal' | 'last'>;
  clock: Clock;
  log: { info(what: object, message: string): void };
}

/** The least time between two lines of the log about one office: each seal covers all before it, so a line a minute would say little more. */
const LINE_MINUTES = 10;

/** What the log has of each trail, in this process. */
interface Told {
  at: Temporal.Instant | null;
  /** The last seal that the log lacks, as `sealText`. */
  owed: string | null;
}
const told = new WeakMap<object, Map<number, Told>>();

/** At the first pass of each process, and then while a trail has rows that no seal covers. */
export const sealingDue = (_what: string, { auditSeals }: Pick<Sealing, 'auditSeals'>): DueSql =>
  told.has(auditSeals) ? sealDue : ALWAYS;

/**
 * Seals every trail. A log that is kept elsewhere has the last seal of every ten minutes, and at the first pass of each process the last one
 * before it. With it, `audit check --seals` finds a trail whose end was cut off.
 */
export async function sealTrails({ offices, auditSeals, clock, log }: Sealing): Promise<void> {
  const ofTown = told.get(auditSeals) ?? new Map<number, Told>();
  told.set(auditSeals, ofTown);
  await doAll(await offices.list(), async ({ id, code }) => {
    const last = ofTown.get(id);
    // What an earlier process owed to the log went with it.
    const seal = (await auditSeals.seal(id)) ?? (last ? null : await auditSeals.last(id));
    const owed = seal ? sealText(code, seal) : (last?.owed ?? null);
    const isTime = !last?.at || clock.now().since(last.at).total('minutes') >= LINE_MINUTES;
    if (owed && isTime) log.info({ auditSeal: owed }, SEALED);
    ofTown.set(
      id,
      owed && isTime ? { at: clock.now(), owed: null } : { at: last?.at ?? null, owed },
    );
    return Boolean(seal);
  });
}

const SEALED = 'Sealed the audit trail';

/** Writes the seals that the log lacks: when the process stops. */
export async function tellOwedSeals({ auditSeals, log }: Sealing): Promise<void> {
  for (const each of told.get(auditSeals)?.values() ?? []) {
    if (each.owed) log.info({ auditSeal: each.owed }, SEALED);
    each.owed = null;
  }
}
