import { type Tx, within } from '../../../lib/db/database.ts';
import { Broken } from '../../../lib/envelope/seal.ts';
import { type ConsentDeps, openRecord } from './keeping.ts';
import { isOfRow } from './record.ts';
import type { ActRow, ActsVerdict, ProofOfIdentity } from './types.ts';
import { type ActDeed, readActDeeds, readConsented } from './views.ts';

const ACTS_AT_ONCE = 200;
const DEEDS_AT_ONCE = 2_000;
const FIRST = '00000000-0000-0000-0000-000000000000';

export interface Verifying {
  /**
   * Checks that every act of an office with a consent is unchanged: it compares the kept record with the hash on the audit trail, which is
   * itself sealed (docs/adr/0016), and the kept identification on which a consent rests with what the record has of it. It also checks
   * that no act was added or removed.
   */
  verify(office: number): Promise<ActsVerdict>;
}

type Deps = Pick<ConsentDeps, 'db' | 'keyring' | 'identification'>;

/** `deedsAtOnce`: lines of the trail that are read at once. */
export const createVerifying = (deps: Deps, deedsAtOnce: number = DEEDS_AT_ONCE): Verifying => {
  const records = (office: number, relied: Relied[]): Promise<ActsVerdict> =>
    within(deps.db, office, async (tx) => {
      const consented = new Map<string, ActDeed>();
      const destroyed = new Map<string, ActDeed>();
      for await (const each of deedsOf(tx, office, deedsAtOnce)) {
        const which = each.action === 'act_consented' ? consented : destroyed;
        if (which.has(each.act)) return { ok: false, act: each.act, what: 'added' };
        which.set(each.act, each);
      }
      let acts = 0;
      for (let after = FIRST; ; ) {
        const rows = await readConsented(tx, office, after, ACTS_AT_ONCE);
        for (const row of rows) {
          const deed = consented.get(row.id);
          if (!deed) return { ok: false, act: row.id, what: 'added' };
          const found = await checkRecord(deps, tx, row, { consented: deed, destroyed });
          if (found.what) return { ok: false, act: row.id, what: found.what };
          if (found.identity) relied.push({ act: row.id, identity: found.identity });
          consented.delete(row.id);
          acts++;
          after = row.id;
        }
        if (rows.length < ACTS_AT_ONCE) break;
      }
      const [missing] = consented.keys();
      return missing ? { ok: false, act: missing, what: 'removed' } : { ok: true, acts };
    });
  // Identifications belong to no office, so they are opened after its transaction.
  const once = async (office: number): Promise<ActsVerdict> => {
    const relied: Relied[] = [];
    const verdict = await records(office, relied);
    if (!verdict.ok) return verdict;
    for (const { act, identity } of relied)
      if (!(await isAsRelied(deps, identity))) return { ok: false, act, what: 'changed' };
    return verdict;
  };
  return {
    // A consent or a destruction during the first check is not a fault. Then the second check passes.
    verify: async (office) => {
      const first = await once(office);
      return first.ok ? first : once(office);
    },
  };
};

/** Reads what the trail of an office has of its acts. */
async function* deedsOf(tx: Tx, office: number, most: number): AsyncGenerator<ActDeed> {
  let after = 0;
  for (;;) {
    const some = await readActDeeds(tx, office, after, most);
    yield* some;
    after = some.at(-1)?.line ?? after;
    if (some.length < most) return;
  }
}

/** An act, and what its record has of the identification on which the consent rests. */
interface Relied {
  act: string;
  identity: ProofOfIdentity;
}

/** `what`: the fault of an act; null: there is none. `identity`: the identification on which it rests; null: on none. */
interface Checked {
  what: 'removed' | 'changed' | null;
  identity: ProofOfIdentity | null;
}

async function checkRecord(
  deps: Pick<ConsentDeps, 'keyring'>,
  tx: Tx,
  row: ActRow,
  trail: { consented: ActDeed; destroyed: ReadonlyMap<string, ActDeed> },
): Promise<Checked> {
  const { consented } = trail;
  const only = (what: Checked['what']): Checked => ({ what, identity: null });
  const isItsTime =
    row.settledAt?.equals(consented.at) && row.appointment === consented.appointment;
  if (!isItsTime) return only('changed');
  const certificate = trail.destroyed.get(row.id);
  if (!row.record) return only(certificate?.hash === consented.hash ? null : 'removed');
  if (certificate) return only('changed');
  return unlessBroken(only('changed'), async () => {
    const kept = await openRecord(deps, tx, row);
    if (!kept) return only('removed');
    if (kept.hash !== consented.hash || !isOfRow(kept.record, row)) return only('changed');
    return { what: null, identity: kept.record.consent?.identity ?? null };
  });
}

/** Returns whether the kept identification is what the record of an act has of it. */
const isAsRelied = (
  { identification }: Pick<ConsentDeps, 'identification'>,
  identity: ProofOfIdentity,
): Promise<boolean> =>
  unlessBroken(false, async () => {
    const kept = await identification.evidence(identity.identification);
    return (
      kept !== null &&
      kept.hash === identity.evidence &&
      kept.provider === identity.provider &&
      kept.method === identity.method &&
      kept.level === identity.level &&
      kept.at.toString() === identity.at
    );
  });

/** Returns what `work` returns, or `broken` where something sealed was changed. */
async function unlessBroken<T>(broken: T, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Broken) return broken;
    throw error;
  }
}
