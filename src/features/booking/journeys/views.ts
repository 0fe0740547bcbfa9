import { sql } from 'kysely';
import type { Channel } from '../../../domain/channel.ts';
import { extentOf } from '../../../domain/office/bundle.ts';
import { type Db, INSTALLATION, within } from '../../../lib/db/database.ts';
import { FREQUENT } from '../../../lib/db/frequent/client.ts';
import { moment } from '../../../lib/db/moment.ts';
import type { EncounterLanguage, Language } from '../../../lib/i18n/languages.ts';
import type { DueSql } from '../../../lib/jobs/due.ts';
import type { Journey } from './types.ts';

/** Reads a journey by the hash of the secret in its address, before its office is known. Expired ones are not found. */
export function readJourney(
  db: Db,
  id: string,
  keyHash: Buffer,
  now: Temporal.Instant,
): Promise<Journey | null> {
  return within(db, INSTALLATION, async (tx) => {
    const row = await tx
      .selectFrom('journey')
      .innerJoin('procedure', 'procedure.id', 'journey.procedure_id')
      .selectAll('journey')
      .select('procedure.code as procedure')
      .modifyFront(FREQUENT)
      .where('key_hash', '=', keyHash)
      .where('expires_at', '>', moment(now))
      .executeTakeFirst();
    if (!row) return null;
    return {
      id,
      office: row.office_id,
      procedure: row.procedure,
      ...extentOf(row),
      channel: row.channel as Channel,
      language: row.language as EncounterLanguage,
      site: row.site,
      pageLanguage: row.page_language as Language,
      start: row.starts,
      holdUntil: row.hold_until,
      answers: row.answers,
      begunBy: row.begun_by,
      refusals: row.refusals,
      appointment: row.appointment_id,
    };
  });
}

/** When the first journey expires. */
export const journeysDue: DueSql = sql`select min(expires_at) from journey`;
