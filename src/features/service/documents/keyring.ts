import type { Tx } from '../../../lib/db/database.ts';
import { newKey, type OfficeKeys, unwrapKey, wrapKey } from '../../../lib/envelope/keys.ts';
import { deleteShelfKey, insertOfficeKey, insertShelfKey } from './store.ts';
import type { DocumentPlace, ShelfPlace } from './types.ts';
import {
  type KeptOfficeKey,
  readDocumentKey,
  readNewestOfficeKey,
  readShelfKey,
  readShelfKeys,
} from './views.ts';

/** The keys of what is sealed: office, space (an appointment or a case), document. Each is wrapped by the one above. */
export interface Keyring {
  /** Returns the key of a space, and makes it if there is none. The appointment or the case must be locked. */
  make(tx: Tx, place: ShelfPlace): Promise<Buffer>;
  /** Returns the key of a space; null: there is none, so nothing under it can be opened. */
  shelf(tx: Tx, place: ShelfPlace): Promise<Buffer | null>;
  /** Returns the keys of several spaces of one office and shelf, by the id of the space, in one query. Spaces without a key are left out. */
  shelves(tx: Tx, places: readonly ShelfPlace[]): Promise<Map<string, Buffer>>;
  /** Ends a key: nothing that was sealed under it can be read any more. */
  end(tx: Tx, place: ShelfPlace): Promise<void>;
  /** Returns a document's key; null: it no longer exists. */
  document(tx: Tx, place: DocumentPlace): Promise<Buffer | null>;
}

export function createKeyring(officeKeys: OfficeKeys): Keyring {
  /** Returns the key that wraps the new keys of an office. It can't be removed until the transaction ends. */
  const newestOfficeKey = async (tx: Tx, office: number): Promise<KeptOfficeKey> => {
    const there = await readNewestOfficeKey(tx, office);
    if (there) return there;
    await insertOfficeKey(tx, office, { version: 0, ...officeKeys.wrap(newKey(), office) });
    const made = await readNewestOfficeKey(tx, office);
    if (!made) throw new Error(`Office ${office} has no key`);
    return made;
  };

  const shelf = async (tx: Tx, place: ShelfPlace): Promise<Buffer | null> => {
    const found = await readShelfKey(tx, place);
    return (
      found && unwrapKey(await officeKeys.unwrap(found.above, place.office), place, found.wrapped)
    );
  };

  return {
    async make(tx, place) {
      const there = await shelf(tx, place);
      if (there) return there;
      const key = newKey();
      const above = await newestOfficeKey(tx, place.office);
      const wrapped = wrapKey(await officeKeys.unwrap(above, place.office), place, key);
      await insertShelfKey(tx, place, { wrapped, officeKeyVersion: above.version });
      return key;
    },
    shelf,
    async shelves(tx, places) {
      const found = await readShelfKeys(tx, places);
      const keys = new Map<string, Buffer>();
      for (const { place, wrapped, above } of found)
        keys.set(
          place.space,
          unwrapKey(await officeKeys.unwrap(above, place.office), place, wrapped),
        );
      return keys;
    },
    end: deleteShelfKey,
    async document(tx, { document, ...place }) {
      const wrapped = await readDocumentKey(tx, document);
      const above = wrapped && (await shelf(tx, place));
      return above && unwrapKey(above, { ...place, document }, wrapped);
    },
  };
}
