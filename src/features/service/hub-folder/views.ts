import type { Status } from '../../../domain/appointment.ts';
import type { Channel } from '../../../domain/channel.ts';
import { extentOf } from '../../../domain/office/bundle.ts';
import type { Tx } from '../../../lib/db/database.ts';
import { moment } from '../../../lib/db/moment.ts';
import type { Language } from '../../../lib/i18n/languages.ts';
import { GIVEN, MOST } from './rules.ts';
import type { HeldRow } from './types.ts';

/** Returns the appointments in a person's folder, by their start. Runs in the person's scope, which shows no others. */
export async function readHeld(
  tx: Tx,
  person: string,
  { since, before }: { since: Temporal.Instant; before: Temporal.Instant | null },
): Promise<HeldRow[]> {
  const rows = await tx
    .selectFrom('person_appointment as mine')
    .innerJoin('appointment', 'appointment.id', 'mine.appointment_id')
    .select([
      'appointment.id',
      'reference',
      'appointment.office_id as office',
      'procedure_id as procedure',
    ])
    .select(['further', 'people', 'channel', 'site', 'notice_language', 'starts', 'status'])
    .select(['created_at as createdAt', 'displaced_at as displacedAt'])
    .where('mine.person_id', '=', person)
    .where('status', 'in', GIVEN)
    .where('forgotten_at', 'is', null)
    .where('starts', '>=', moment(since))
    .$if(before !== null, (query) => query.where('starts', '<', moment(before ?? since)))
    .orderBy('starts', 'desc')
    .limit(MOST)
    .execute();
  return rows.reverse().map((row) => ({
    id: row.id,
    reference: row.reference,
    office: row.office,
    procedure: row.procedure,
    ...extentOf(row),
    channel: row.channel as Channel,
    site: row.site,
    noticeLanguage: row.notice_language as Language,
    start: row.starts,
    status: row.status as Status,
    createdAt: row.createdAt,
    displacedAt: row.displacedAt,
  }));
}
