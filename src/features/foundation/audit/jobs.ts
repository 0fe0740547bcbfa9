import { sealText } from './rules.ts';
import type { AuditSeals } from './seals.ts';

/** The dependencies of the sealing job. */
export interface Sealing {
  offices: { list(): Promise<readonly { id: number; code: string }[]> };
  auditSeals: Pick<AuditSeals, 'seal'>;
  log: { info(what: object, message: string): void };
}

/**
 * Seals every trail. A log that is kept elsewhere then has each seal. With it, `audit check --seals` finds a trail whose end was cut off.
 */
export async function sealTrails({ offices, auditSeals, log }: Sealing): Promise<void> {
  for (const { id, code } of await offices.list()) {
    const seal = await auditSeals.seal(id);
    if (seal) log.info({ auditSeal: sealText(code, seal) }, 'Sealed the audit trail');
  }
}
