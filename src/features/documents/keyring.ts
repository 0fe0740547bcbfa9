import type { Tx } from '../../lib/db/database.ts';
import { type KeyProvider, keyData, newKey, unwrapKey, wrapKey } from '../../lib/envelope/keys.ts';
import { insertBodyKey, insertShelfKey } from './store.ts';
import type { Shelf } from './types.ts';
import { readBodyKey, readDocumentKey, readShelfKey } from './views.ts';

/** Whose keys: an appointment's, of one shelf. */
export interface ShelfPlace {
  body: number;
  appointment: string;
  shelf: Shelf;
}
export interface DocumentPlace extends ShelfPlace {
  document: string;
}

/** The keys of what is handed over: body, appointment, document, each under the one above. */
export interface Keyring {
  /** An appointment's key, made where there is none. The appointment is locked. */
  make(tx: Tx, place: ShelfPlace): Promise<Buffer>;
  /** Null: there is none, so that nothing under it opens. */
  shelf(tx: Tx, place: ShelfPlace): Promise<Buffer | null>;
  /** Null: there is none any more. */
  document(tx: Tx, place: DocumentPlace): Promise<Buffer | null>;
}

export function createKeyring(provider: KeyProvider): Keyring {
  const unwrapBody = async (body: number, wrapped: Buffer) =>
    provider.unwrap(wrapped, keyData({ body }));

  const bodyKey = async (tx: Tx, body: number): Promise<Buffer> => {
    const there = await readBodyKey(tx, body);
    if (there) return unwrapBody(body, there);
    await insertBodyKey(tx, body, await provider.wrap(newKey(), keyData({ body })));
    const made = await readBodyKey(tx, body);
    if (!made) throw new Error(`Body ${body} has no key`);
    return unwrapBody(body, made);
  };

  const shelf = async (tx: Tx, place: ShelfPlace): Promise<Buffer | null> => {
    const wrapped = await readShelfKey(tx, place.appointment, place.shelf);
    return wrapped && unwrapKey(await bodyKey(tx, place.body), place, wrapped);
  };

  return {
    async make(tx, place) {
      const there = await shelf(tx, place);
      if (there) return there;
      const key = newKey();
      await insertShelfKey(tx, place, wrapKey(await bodyKey(tx, place.body), place, key));
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
