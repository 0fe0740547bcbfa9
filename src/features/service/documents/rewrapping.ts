import { type Db, INSTALLATION, within } from '../../../lib/db/database.ts';
import { newKey, type OfficeKeys, unwrapKey, wrapKey } from '../../../lib/envelope/keys.ts';
import { OPERATOR } from '../../../lib/viewer.ts';
import type { RunUnit } from '../../foundation/audit/service.ts';
import {
  insertOfficeKey,
  removeOldOfficeKeys,
  replaceOfficeKey,
  replaceShelfKey,
} from './store.ts';
import {
  readNewestOfficeKey,
  readOfficeKeysNotBy,
  readOfficesWithOldKeys,
  readShelfKeysNotUnder,
} from './views.ts';

/** Wraps keys anew while documents are opened and handed over. Each step can be repeated, and continues after an interruption. */
export interface Rewrapping {
  /** Wraps every office's key by the newest version of the key of documents. Returns how many it wrapped. */
  rewrapOfficeKeys(): Promise<number>;
  /** Gives an office another key. `rewrapShelves` then wraps the keys of its appointments by it. */
  renewOfficeKey(office: number): Promise<void>;
  /** Wraps the keys of an office's appointments by its newest key, and removes the earlier keys. Returns how many it wrapped. */
  rewrapShelves(office: number): Promise<number>;
  /** Returns the offices that have more than one key. */
  officesWithOldKeys(): Promise<number[]>;
  /** Whether an office's key is still wrapped by an earlier version of the key of documents. */
  hasOlder(): Promise<boolean>;
}

/** Maximum keys in one transaction, so that viewers who open a document don't wait long. */
const AT_ONCE = 100;

export function createRewrapping(deps: {
  db: Db;
  officeKeys: OfficeKeys;
  unit: RunUnit;
}): Rewrapping {
  const { db, officeKeys, unit } = deps;

  const rewrapSome = (office: number): Promise<number> =>
    within(db, office, async (tx) => {
      const newest = await readNewestOfficeKey(tx, office);
      if (!newest) return 0;
      const found = await readShelfKeysNotUnder(tx, newest.version, AT_ONCE);
      const above = await officeKeys.unwrap(newest, office);
      for (const { place, wrapped, above: old } of found) {
        const key = unwrapKey(await officeKeys.unwrap(old, office), place, wrapped);
        const anew = { wrapped: wrapKey(above, place, key), officeKeyVersion: newest.version };
        await replaceShelfKey(tx, place, anew);
      }
      return found.length;
    });

  return {
    rewrapOfficeKeys: () =>
      within(db, INSTALLATION, async (tx) => {
        const found = await readOfficeKeysNotBy(tx, officeKeys.version);
        for (const { office, version, ...old } of found) {
          const key = await officeKeys.unwrap(old, office);
          await replaceOfficeKey(tx, { office, version }, officeKeys.wrap(key, office));
        }
        return found.length;
      }),

    renewOfficeKey: (office) =>
      unit(OPERATOR, office, async ({ tx, record }) => {
        const newest = await readNewestOfficeKey(tx, office);
        const version = newest ? newest.version + 1 : 0;
        await insertOfficeKey(tx, office, { version, ...officeKeys.wrap(newKey(), office) });
        await record('key_rotated', { data: { purpose: 'office', version } });
      }),

    async rewrapShelves(office) {
      let wrapped = 0;
      for (let some = await rewrapSome(office); some > 0; some = await rewrapSome(office))
        wrapped += some;
      await within(db, office, (tx) => removeOldOfficeKeys(tx, office));
      return wrapped;
    },

    officesWithOldKeys: () => within(db, INSTALLATION, readOfficesWithOldKeys),

    hasOlder: () =>
      within(
        db,
        INSTALLATION,
        async (tx) => (await readOfficeKeysNotBy(tx, officeKeys.version)).length > 0,
      ),
  };
}
