import type { Clock } from '../../../lib/clock.ts';
import { type Db, INSTALLATION, type Tx, within } from '../../../lib/db/database.ts';
import type { KeyVersion, PurposeKey } from '../../../lib/secrets.ts';
import {
  checkSeal,
  compareKept,
  firstCut,
  type KeptSeals,
  type Seal,
  sealOver,
  type Verdict,
} from './rules.ts';
import { insertSeal, pauseAudit } from './store.ts';
import { readLastSeal, readOffices, readSealedRows, readSeals } from './views.ts';

export interface AuditSeals {
  /**
   * Seals the rows that were added to an office's trail since the last seal. Returns null when there are none, or too many writes are
   * open.
   */
  seal(office: number): Promise<Seal | null>;
  /** Returns the last seal of an office's trail; null: there is none. */
  last(office: number): Promise<Seal | null>;
  /** Checks the whole trail of an office against its seals, and the seals against those that were kept elsewhere. */
  verify(office: number, kept?: KeptSeals): Promise<Verdict>;
  /** Returns every office that has a trail, including retired offices. */
  offices(): Promise<{ id: number; code: string }[]>;
}

/** Maximum rows under one seal. A longer trail gets several seals. */
const MOST_ROWS = 5_000;
const SEALS_AT_ONCE = 100;

export function createAuditSeals(deps: { db: Db; clock: Clock; key: PurposeKey }): AuditSeals {
  const { db, clock } = deps;
  const keyOf = (by: KeyVersion) => by.derive('audit seals');

  return {
    async seal(office) {
      try {
        return await within(db, office, async (tx) => {
          await pauseAudit(tx);
          const before = await readLastSeal(tx, office);
          const span = { after: before?.lastId ?? 0, most: MOST_ROWS };
          const rows = await readSealedRows(tx, office, span);
          if (rows.length === 0) return null;
          const seal = sealOver(keyOf(deps.key), office, before, rows);
          await insertSeal(tx, office, seal, clock.now());
          return seal;
        });
      } catch (error) {
        if ((error as { code?: string }).code === LOCK_NOT_AVAILABLE) return null;
        throw error;
      }
    },

    last: (office) => within(db, office, (tx) => readLastSeal(tx, office)),

    verify: (office, kept = new Map()) =>
      within(db, office, (tx) => verify(tx, deps.key.live().toReversed().map(keyOf), office, kept)),

    offices: () => within(db, INSTALLATION, readOffices),
  };
}

const LOCK_NOT_AVAILABLE = '55P03';

/** `keys`: the keys of all versions, oldest first. A seal never has an older key version than the seal before it. */
async function verify(
  tx: Tx,
  keys: readonly string[],
  office: number,
  kept: KeptSeals,
): Promise<Verdict> {
  let before: Seal | null = null;
  let rows = 0;
  let from = 0;
  for (;;) {
    const seals = await readSeals(tx, office, (before?.number ?? 0) + 1, SEALS_AT_ONCE);
    for (const seal of seals) {
      const span = { after: before?.lastId ?? 0, upTo: seal.lastId, most: seal.rows + 1 };
      const covered = await readSealedRows(tx, office, span);
      const tried = keys.slice(from).map((key) => checkSeal(key, office, before, seal, covered));
      const right = tried.indexOf(null);
      const what = right < 0 ? (tried[0] ?? 'changed') : compareKept(kept, seal);
      from += Math.max(right, 0);
      if (what) return { ok: false, seal: seal.number, what };
      rows += covered.length;
      before = seal;
    }
    if (seals.length < SEALS_AT_ONCE) break;
  }
  const last = before?.number ?? 0;
  const cut = firstCut(kept, last);
  if (cut !== null) return { ok: false, seal: cut, what: 'cut' };
  return { ok: true, seals: last, rows, last: before };
}
