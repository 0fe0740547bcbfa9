import { type Tx, within } from '../../../lib/db/database.ts';
import { Broken } from '../../../lib/envelope/seal.ts';
import { type ConsentDeps, openRecord } from './keeping.ts';
import { isOfRow } from './record.ts';
import type { ActRow, ActsVerdict } from './types.ts';
import { type ActDeed, readActDeeds, readConsented } from './views.ts';

const AT_ONCE = 200;
const FIRST = '00000000-0000-0000-0000-000000000000';

export interface Verifying {
  /**
   * Checks that every act of an office with a consent is unchanged: it compares the kept record with the hash on the audit trail, which is
   * itself sealed (docs/adr/0016). It also checks that no act was added or removed.
   */
  verify(office: number): Promise<ActsVerdict>;
}

export const createVerifying = (deps: Pick<ConsentDeps, 'db' | 'keyring'>): Verifying => {
  const once = (office: number): Promise<ActsVerdict> =>
    within(deps.db, office, async (tx) => {
      const deeds = await readActDeeds(tx, office);
      const consented = new Map<string, ActDeed>();
      const destroyed = new Map<string, ActDeed>();
      for (const each of deeds) {
        const which = each.action === 'act_consented' ? consented : destroyed;
        if (which.has(each.act)) return { ok: false, act: each.act, what: 'added' };
        which.set(each.act, each);
      }
      let acts = 0;
      for (let after = FIRST; ; ) {
        const rows = await readConsented(tx, office, after, AT_ONCE);
        for (const row of rows) {
          const deed = consented.get(row.id);
          if (!deed) return { ok: false, act: row.id, what: 'added' };
          const what = await faultOf(deps, tx, row, { consented: deed, destroyed });
          if (what) return { ok: false, act: row.id, what };
          consented.delete(row.id);
          acts++;
          after = row.id;
        }
        if (rows.length < AT_ONCE) break;
      }
      const [missing] = consented.keys();
      return missing ? { ok: false, act: missing, what: 'removed' } : { ok: true, acts };
    });
  return {
    // A consent or a destruction during the first check is not a fault. Then the second check passes.
    verify: async (office) => {
      const first = await once(office);
      return first.ok ? first : once(office);
    },
  };
};

/** Returns the fault of an act; null: there is none. */
async function faultOf(
  deps: Pick<ConsentDeps, 'keyring'>,
  tx: Tx,
  row: ActRow,
  trail: { consented: ActDeed; destroyed: ReadonlyMap<string, ActDeed> },
): Promise<'removed' | 'changed' | null> {
  const { consented } = trail;
  const isItsTime =
    row.settledAt?.equals(consented.at) && row.appointment === consented.appointment;
  if (!isItsTime) return 'changed';
  const certificate = trail.destroyed.get(row.id);
  if (!row.record) return certificate?.hash === consented.hash ? null : 'removed';
  if (certificate) return 'changed';
  try {
    const kept = await openRecord(deps, tx, row);
    if (!kept) return 'removed';
    return kept.hash === consented.hash && isOfRow(kept.record, row) ? null : 'changed';
  } catch (error) {
    if (error instanceof Broken) return 'changed';
    throw error;
  }
}
