import type { Clock } from '../../lib/clock.ts';
import { type Db, INSTALLATION, within } from '../../lib/db/database.ts';
import { type BodyKeys, newKey, unwrapKey, wrapKey } from '../../lib/envelope/keys.ts';
import { record } from '../audit/service.ts';
import { insertBodyKey, removeOldBodyKeys, replaceBodyKey, replaceShelfKey } from './store.ts';
import {
  readBodiesWithOldKeys,
  readBodyKeysNotBy,
  readNewestBodyKey,
  readShelfKeysNotUnder,
} from './views.ts';

/** Wraps keys anew while documents are opened and handed over. Each can be done again, and go on where it was interrupted. */
export interface Rewrapping {
  /** Wraps every body's key by the newest version of the key of documents. Returns how many it wrapped. */
  rewrapBodyKeys(): Promise<number>;
  /** Gives a body another key. Those of its appointments are wrapped by it when `rewrapShelves` is told to. */
  renewBodyKey(body: number): Promise<void>;
  /** Wraps the keys of a body's appointments by its newest key, and takes the earlier ones away. Returns how many it wrapped. */
  rewrapShelves(body: number): Promise<number>;
  /** Returns the bodies that have more than one key. */
  bodiesWithOldKeys(): Promise<number[]>;
  /** Whether a body's key is still wrapped by an earlier version of the key of documents. */
  hasOlder(): Promise<boolean>;
}

/** Who changes keys: the installation's own command. */
const OPERATOR = { kind: 'system', why: 'operator' } as const;

/** In one transaction: whoever opens one of them meanwhile waits for no longer. */
const AT_ONCE = 100;

export function createRewrapping(deps: { db: Db; bodyKeys: BodyKeys; clock: Clock }): Rewrapping {
  const { db, bodyKeys, clock } = deps;

  const rewrapSome = (body: number): Promise<number> =>
    within(db, body, async (tx) => {
      const newest = await readNewestBodyKey(tx, body);
      if (!newest) return 0;
      const found = await readShelfKeysNotUnder(tx, newest.version, AT_ONCE);
      const above = await bodyKeys.unwrap(newest, body);
      for (const { place, wrapped, above: old } of found) {
        const key = unwrapKey(await bodyKeys.unwrap(old, body), place, wrapped);
        const anew = { wrapped: wrapKey(above, place, key), bodyKeyVersion: newest.version };
        await replaceShelfKey(tx, place, anew);
      }
      return found.length;
    });

  return {
    rewrapBodyKeys: () =>
      within(db, INSTALLATION, async (tx) => {
        const found = await readBodyKeysNotBy(tx, bodyKeys.version);
        for (const { body, version, ...old } of found) {
          const key = await bodyKeys.unwrap(old, body);
          await replaceBodyKey(tx, { body, version }, bodyKeys.wrap(key, body));
        }
        return found.length;
      }),

    renewBodyKey: (body) =>
      within(db, body, async (tx) => {
        const newest = await readNewestBodyKey(tx, body);
        const version = newest ? newest.version + 1 : 0;
        await insertBodyKey(tx, body, { version, ...bodyKeys.wrap(newKey(), body) });
        const data = { purpose: 'body', version };
        await record(tx, {
          ...{ viewer: OPERATOR, body, action: 'key_rotated', now: clock.now(), data },
        });
      }),

    async rewrapShelves(body) {
      let wrapped = 0;
      for (let some = await rewrapSome(body); some > 0; some = await rewrapSome(body))
        wrapped += some;
      await within(db, body, (tx) => removeOldBodyKeys(tx, body));
      return wrapped;
    },

    bodiesWithOldKeys: () => within(db, INSTALLATION, readBodiesWithOldKeys),

    hasOlder: () =>
      within(
        db,
        INSTALLATION,
        async (tx) => (await readBodyKeysNotBy(tx, bodyKeys.version)).length > 0,
      ),
  };
}
