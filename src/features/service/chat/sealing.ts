import type { Tx } from '../../../lib/db/database.ts';
import { sealText, unsealText } from '../../../lib/envelope/seal.ts';
import type { Keyring } from '../documents/service.ts';
import type { Chat, ChatContact, ChatEntry, ChatRow } from './types.ts';
import type { EntryRow } from './views.ts';

export type ChatKeys = Pick<Keyring, 'make' | 'shelf' | 'end'>;
type Which = Pick<ChatRow, 'id' | 'office'>;

/** The place of the key of a conversation: all of it ends together. */
export const placeOf = ({ id, office }: Which) => ({ office, space: id, shelf: 'chat' }) as const;

/** Returns a function that seals a text of a conversation that the transaction has locked or makes. `what`: its kind and id. */
export async function sealerOf(keys: ChatKeys, tx: Tx, of: Which) {
  const key = await keys.make(tx, placeOf(of));
  return (what: string, text: string): Buffer => sealText(key, placeOf(of), what, text);
}

/** For what the text of a line is sealed. */
export const lineOf = (id: string): string => `line ${id}`;
/** For what the name of a file is sealed. */
export const fileNameOf = (id: string): string => `name ${id}`;

/** Opens what a conversation says of its person. */
export async function openChat(keys: ChatKeys, tx: Tx, row: ChatRow): Promise<Chat> {
  const { sealedName, sealedContact: _, ...rest } = row;
  const key = sealedName && (await keys.shelf(tx, placeOf(row)));
  return {
    ...rest,
    name: key && sealedName ? unsealText(key, placeOf(row), 'name', sealedName) : '',
  };
}

/** Opens where a message is answered; null: it wasn't said, or was destroyed. */
export async function openContact(
  keys: ChatKeys,
  tx: Tx,
  row: ChatRow,
): Promise<ChatContact | null> {
  const key = row.sealedContact && (await keys.shelf(tx, placeOf(row)));
  return key && row.sealedContact
    ? (JSON.parse(unsealText(key, placeOf(row), 'contact', row.sealedContact)) as ChatContact)
    : null;
}

/** Opens lines of a conversation. Nothing is left of them once their key has ended. */
export async function openEntries(
  keys: ChatKeys,
  tx: Tx,
  of: Which,
  rows: readonly EntryRow[],
): Promise<ChatEntry[]> {
  const isSealed = rows.some(({ sealed, file }) => sealed ?? file);
  const key = isSealed ? await keys.shelf(tx, placeOf(of)) : null;
  const open = (what: string, sealed: Buffer | null): string =>
    key && sealed ? unsealText(key, placeOf(of), what, sealed) : '';
  return rows.map(({ sealed, file, ...row }) => ({
    ...row,
    text: open(lineOf(row.id), sealed),
    file: file && fileOf(file, open(fileNameOf(file.id), file.sealedName)),
  }));
}

function fileOf({ sealedName: _, ...file }: NonNullable<EntryRow['file']>, name: string) {
  return { ...file, name };
}
