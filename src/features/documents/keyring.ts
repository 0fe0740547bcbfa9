import type { Tx } from '../../lib/db/database.ts';
import { type BodyKeys, newKey, unwrapKey, wrapKey } from '../../lib/envelope/keys.ts';
import { insertBodyKey, insertShelfKey } from './store.ts';
import type { DocumentPlace, ShelfPlace } from './types.ts';
import { type KeptBodyKey, readDocumentKey, readNewestBodyKey, readShelfKey } from './views.ts';

/** The keys of what is handed over: body, appointment, document, each under the one above. */
export interface Keyring {
  /** An appointment's key, made where there is none. The appointment is locked. */
  make(tx: Tx, place: ShelfPlace): Promise<Buffer>;
  /** Null: there is none, so that nothing under it opens. */
  shelf(tx: Tx, place: ShelfPlace): Promise<Buffer | null>;
  /** Null: there is none any more. */
  document(tx: Tx, place: DocumentPlace): Promise<Buffer | null>;
}

export function createKeyring(bodyKeys: BodyKeys): Keyring {
  /** The key by which a body's new keys are wrapped, kept from being taken away until the transaction ends. */
  const newestBodyKey = async (tx: Tx, body: number): Promise<KeptBodyKey> => {
    const there = await readNewestBodyKey(tx, body);
    if (there) return there;
    await insertBodyKey(tx, body, { version: 0, ...bodyKeys.wrap(newKey(), body) });
    const made = await readNewestBodyKey(tx, body);
    if (!made) throw new Error(`Body ${body} has no key`);
    return made;
  };

  const shelf = async (tx: Tx, place: ShelfPlace): Promise<Buffer | null> => {
    const found = await readShelfKey(tx, place.appointment, place.shelf);
    return found && unwrapKey(await bodyKeys.unwrap(found.above, place.body), place, found.wrapped);
  };

  return {
    async make(tx, place) {
      const there = await shelf(tx, place);
      if (there) return there;
      const key = newKey();
      const above = await newestBodyKey(tx, place.body);
      const wrapped = wrapKey(await bodyKeys.unwrap(above, place.body), place, key);
      await insertShelfKey(tx, place, { wrapped, bodyKeyVersion: above.version });
      return key;
    },
    shelf,
    async document(tx, { document, ...place }) {
      const wrapped = await readDocumentKey(tx, document);
      const above = wrapped && (await shelf(tx, place));
      return above && unwrapKey(above, { ...place, document }, wrapped);
    },
  };
}
