import { sql } from 'kysely';
import { type Db, INSTALLATION, type Tx, within } from '../../../lib/db/database.ts';
import { FREQUENT } from '../../../lib/db/frequent/client.ts';
import { hashSecret } from '../../../lib/secrets.ts';
import type { Opened } from './types.ts';

/**
 * Reads the subject of a secret. Before the office is known, only the table of openings is read, which has no personal data; then
 * the transaction sees only that office. Returns null when the secret opens nothing of this kind.
 */
export function readOpened<T>(
  db: Db,
  opens: Opened,
  secret: string,
  read: (tx: Tx, subject: string, office: number) => Promise<T | null>,
): Promise<T | null> {
  return within(db, INSTALLATION, async (tx) => {
    const found = await tx
      .selectFrom('opening')
      .select(['office_id as office', 'subject'])
      .select(sql`set_config('app.office', office_id::text, true)`.as('confined'))
      .modifyFront(FREQUENT)
      .where('hash', '=', hashSecret(secret))
      .where('opens', '=', opens)
      .executeTakeFirst();
    return found ? read(tx, found.subject, found.office) : null;
  });
}

/** The tables whose rows have a link that derives from their id. */
export const LINKED = [
  'appointment',
  'wait_list',
  'companion',
  'case',
  'cosigner',
  'chat',
  'request',
  'follower',
] as const satisfies Opened[];
export type Linked = (typeof LINKED)[number];

/** The input of a derived link: the id of the subject, and how often the link of its appointment was replaced. */
export interface LinkOf {
  id: string;
  link: number;
}

/** The column of an appointment's link number. Links of companions, of those who must sign and of those who follow a request aren't replaced. */
const NUMBER = {
  appointment: sql`t.link`,
  wait_list: sql`coalesce((select a.link from appointment a where a.id = t.appointment_id), 0)`,
  companion: sql`0`,
  case: sql`t.link`,
  cosigner: sql`0`,
  chat: sql`0`,
  request: sql`t.link`,
  follower: sql`0`,
} as const satisfies Record<Linked, unknown>;

/** The tables whose name is not that of what they hold. */
const TABLE: Record<Linked, string> = {
  appointment: 'appointment',
  wait_list: 'wait_list',
  companion: 'companion',
  case: 'case_file',
  cosigner: 'case_cosigner',
  chat: 'chat',
  request: 'request',
  follower: 'request_follower',
};

/** Returns some links after the one of this id, in the order of their ids. */
export async function readLinks(
  tx: Tx,
  what: Linked,
  after: string,
  most: number,
): Promise<LinkOf[]> {
  const { rows } = await sql<LinkOf>`
    select t.id, ${NUMBER[what]} as link from ${sql.table(TABLE[what])} t
    where t.id > ${after}::uuid order by t.id limit ${most}`.execute(tx);
  return rows;
}
