import { type Selectable, sql } from 'kysely';
import type { Level } from '../../../domain/identity.ts';
import type {
  NotificationReason,
  NotificationState,
  NotificationVia,
  NotificationWay,
  StoppedState,
  WhyHere,
} from '../../../domain/notification.ts';
import type { Tx } from '../../../lib/db/database.ts';
import { moment } from '../../../lib/db/moment.ts';
import type { Schema } from '../../../lib/db/schema.ts';
import type { Language } from '../../../lib/i18n/languages.ts';
import { type DueSql, ifAny, NOW } from '../../../lib/jobs/due.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import { maskAddress } from '../../booking/proof/rules.ts';
import { isSeenBy } from '../cases/views.ts';
import type {
  Listed,
  Notification,
  NotificationChoice,
  NotificationNotice,
  OwnNotification,
  ToNotify,
} from './types.ts';

export { countHandovers, type HandoverCount } from './elsewhere/views.ts';

const dayIn = (text: string | null) => (text === null ? null : Temporal.PlainDate.from(text));

const fromRow = (row: Selectable<Schema['notification']>): Notification => ({
  id: row.id,
  office: row.office_id,
  case: row.case_id,
  way: row.way as NotificationWay,
  via: row.via as NotificationVia,
  here: row.here as WhyHere | null,
  reason: row.reason as NotificationReason,
  chosenAt: row.chosen_at,
  person: row.person_id,
  organisation: row.organisation,
  level: row.level as Level,
  madeAt: row.made_at,
  hash: row.hash.toString('hex'),
  decideBy: dayIn(row.decide_by),
  depositedAt: row.deposited_at,
  stopped: row.stopped_at && { state: row.stopped as StoppedState, at: row.stopped_at },
  metAt: row.met_at,
  expiresAt: row.expires_at,
  state: row.state as NotificationState,
  attemptedOn: dayIn(row.attempted_on),
  attemptedAgainOn: dayIn(row.attempted_again_on),
  recordedOn: dayIn(row.recorded_on),
  notifiedOn: dayIn(row.notified_on),
  settledAt: row.settled_at,
});

/** Returns how a person wants to be notified; null: they chose nothing, or the transaction may not know. */
export async function readChoice(tx: Tx, person: string): Promise<NotificationChoice | null> {
  const row = await tx
    .selectFrom('notification_choice')
    .select(['electronic', 'at'])
    .where('person_id', '=', person)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ?? null;
}

/** Returns the notification of a case, and locks it until the transaction ends where asked; null: there is none. */
export async function readOfCase(
  tx: Tx,
  id: string,
  isLocked = false,
): Promise<Notification | null> {
  const row = await tx
    .selectFrom('notification')
    .selectAll()
    .where('case_id', '=', id)
    .$if(isLocked, (q) => q.forUpdate())
    .executeTakeFirst();
  return row ? fromRow(row) : null;
}

/** Returns a notification, locked until the transaction ends; null: there is none. */
export async function readForUpdate(tx: Tx, id: string): Promise<Notification | null> {
  const row = await tx
    .selectFrom('notification')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  return row ? fromRow(row) : null;
}

/** Returns the id of the case of a notification. */
export async function readCaseOf(tx: Tx, id: string): Promise<string | null> {
  const row = await tx
    .selectFrom('notification')
    .select('case_id')
    .where('id', '=', id)
    .executeTakeFirst();
  return row?.case_id ?? null;
}

/**
 * Whose notifications are read: those of a person, in their own scope, or those of an organisation, for the installation. `procedures`: those of a
 * person that are of these, in the scope of an office; null: of all. `since`: without those that had counted before.
 */
export type Whose =
  | { person: string; procedures?: readonly number[] | null; since?: Temporal.Instant }
  | { organisation: string };

/** How many rows there are, with those that the limit leaves out. */
const TOTAL = sql<number>`(count(*) over ())::int`.as('total');

/** Returns notifications of a person or an organisation, those that wait and then the newest first; `id`: that one alone. */
export async function readOwn(
  tx: Tx,
  whose: Whose,
  { id, most }: { id?: string; most: number },
): Promise<Listed<OwnNotification>> {
  const rows = await tx
    .selectFrom('notification as n')
    .innerJoin('case_file as c', 'c.id', 'n.case_id')
    .selectAll('n')
    .select(['c.reference', 'c.procedure_id as procedure', 'c.language', TOTAL])
    .where((eb) => {
      if ('organisation' in whose) return eb('n.organisation', '=', whose.organisation);
      const { person, procedures = null, since } = whose;
      return eb.and([
        eb('n.person_id', '=', person),
        eb('n.organisation', 'is', null),
        ...(procedures === null ? [] : [sql<boolean>`c.procedure_id = any(${procedures})`]),
        ...(since
          ? [eb.or([eb('n.settled_at', 'is', null), eb('n.settled_at', '>=', moment(since))])]
          : []),
      ]);
    })
    .$if(id !== undefined, (q) => q.where('n.id', '=', id ?? ''))
    .orderBy(sql`n.notified_on is null`, 'desc')
    .orderBy('n.made_at', 'desc')
    .orderBy('n.id')
    .limit(most)
    .execute();
  const shown = rows.map(({ reference, procedure, language, ...row }) => ({
    ...fromRow(row),
    reference,
    procedure,
    language: language as Language,
  }));
  return { shown, more: (rows[0]?.total ?? 0) - rows.length };
}

/** Returns the notifications of an office that do not count yet, those on paper, what e-NOTUM refused or stopped, and then the oldest first. Those whose case the viewer may open. */
export async function readToDo(
  tx: Tx,
  { office, viewer, most }: { office: number; viewer: StaffViewer; most: number },
): Promise<Listed<ToNotify>> {
  const rows = await tx
    .selectFrom('notification as n')
    .innerJoin('case_file as c', 'c.id', 'n.case_id')
    .leftJoin('notification_handover as h', 'h.notification_id', 'n.id')
    .selectAll('n')
    .select(['c.reference', 'c.procedure_id as procedure', TOTAL])
    .select(
      sql<boolean>`n.via = 'enotum' and (n.stopped is not null or coalesce(h.failing <> 'away', false))`.as(
        'isRefused',
      ),
    )
    .where('n.office_id', '=', office)
    .where('n.notified_on', 'is', null)
    .where(isSeenBy(viewer))
    .orderBy('n.way', 'desc')
    .orderBy('isRefused', 'desc')
    .orderBy('n.made_at')
    .orderBy('n.id')
    .limit(most)
    .execute();
  const shown = rows.map(({ reference, procedure, isRefused, ...row }) => ({
    ...fromRow(row),
    reference,
    procedure,
    isRefused,
  }));
  return { shown, more: (rows[0]?.total ?? 0) - rows.length };
}

/** The identifications of a case and its notification. */
export interface Who {
  /** Of whoever handed the case in; null: nobody was identified. */
  handedInBy: string | null;
  /** Of whoever opened or rejected the notification; null: nobody did. */
  settledBy: string | null;
}

/** Returns by which identifications a case was handed in, and its notification opened or rejected. */
export const readWho = (tx: Tx, id: string): Promise<Who> =>
  tx
    .selectFrom('notification as n')
    .innerJoin('case_file as c', 'c.id', 'n.case_id')
    .select(['c.identification_id as handedInBy', 'n.identification_id as settledBy'])
    .where('n.case_id', '=', id)
    .executeTakeFirstOrThrow();

type Which = { id: string; office: number };

/** Returns notifications of all offices whose days have passed. Runs for the installation. */
export const readToExpire = (tx: Tx, now: Temporal.Instant, most: number): Promise<Which[]> =>
  tx
    .selectFrom('notification')
    .select(['id', 'office_id as office'])
    .where('state', '=', 'available')
    .where('expires_at', '<=', moment(now))
    .orderBy('expires_at')
    .limit(most)
    .execute();

/** The days for which it is looked whether a notice was sent. */
const NOTICE_DAYS = 30;

/** Returns notifications of all offices whose notice was sent or failed, which is not noted yet. Runs for the installation. */
export const readUnnoticed = (tx: Tx, now: Temporal.Instant, most: number): Promise<Which[]> =>
  tx
    .selectFrom('notification as n')
    .select(['n.id', 'n.office_id as office'])
    .where('n.noticed_at', 'is', null)
    .where('n.made_at', '>', moment(now.subtract({ hours: 24 * NOTICE_DAYS })))
    .where(isNoticed)
    .orderBy('n.made_at')
    .limit(most)
    .execute();

/** Returns the notices of a notification, the oldest first. */
export async function readNotices(
  tx: Tx,
  { case: of, madeAt }: Pick<Notification, 'case' | 'madeAt'>,
): Promise<NotificationNotice[]> {
  const rows = await tx
    .selectFrom('notice')
    .select(['channel', 'recipient', 'sent_at', 'failed_at', 'dropped_at'])
    .where('case_id', '=', of)
    .where(sql<boolean>`facts ->> 'news' = 'decided'`)
    .where('created_at', '>=', moment(madeAt))
    .orderBy('created_at')
    .execute();
  return rows.map(({ recipient, sent_at, failed_at, dropped_at, ...row }) => {
    const channel = row.channel as NotificationNotice['channel'];
    const masked = recipient === '' ? '' : maskAddress({ channel, recipient });
    return { channel, masked, sentAt: sent_at, failedAt: failed_at ?? dropped_at };
  });
}

const selectEvidence = (tx: Tx) => tx.selectFrom('notification_evidence').selectAll();
export type EvidenceRow = Awaited<
  ReturnType<ReturnType<typeof selectEvidence>['executeTakeFirstOrThrow']>
>;

/** Returns the evidence of a notification that tells so many facts; undefined: nobody asked for it. */
export const readEvidence = (
  tx: Tx,
  notification: string,
  facts: number,
): Promise<EvidenceRow | undefined> =>
  selectEvidence(tx)
    .where('notification_id', '=', notification)
    .where('facts', '=', facts)
    .executeTakeFirst();

/** Returns the evidence that a verification code opens. */
export const readEvidenceById = (tx: Tx, id: string): Promise<EvidenceRow | undefined> =>
  selectEvidence(tx).where('id', '=', id).executeTakeFirst();

/** When the days of the first notification have passed. */
export const expiryDue: DueSql = sql`select min(expires_at) from notification where state = 'available'`;

const isNoticed = sql<boolean>`exists (select from notice m where m.case_id = n.case_id and m.facts ->> 'news' = 'decided' and m.created_at >= n.made_at
  and num_nonnulls(m.sent_at, m.failed_at, m.dropped_at) > 0)`;

/** At once when it is known what became of the notice of a notification. */
export const noticesDue: DueSql = ifAny(
  sql`select from notification n where n.noticed_at is null
    and n.made_at > ${NOW} - ${sql.lit(NOTICE_DAYS)} * interval '1 day' and ${isNoticed}`,
);
