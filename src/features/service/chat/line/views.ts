import { sql } from 'kysely';
import { isTopicOpen } from '../../../../domain/office/chat/topics.ts';
import type { Office } from '../../../../domain/office/types.ts';
import { type Db, INSTALLATION, type Tx, within } from '../../../../lib/db/database.ts';
import { moment } from '../../../../lib/db/moment.ts';
import { type DueSql, ifAny } from '../../../../lib/jobs/due.ts';
import { standingOf } from '../../presence/rules.ts';
import type { DeskPresence, Standing } from '../../presence/types.ts';
import { readDesks } from '../../presence/views.ts';
import type { ChatRow } from '../types.ts';
import { LIVE, readLive } from '../views.ts';
import { capacityOf } from './rules.ts';
import type { Line, LineChat, LineDesk } from './types.ts';

/** How long a desk is not offered again what it declined, in minutes. */
const DECLINED_MINUTES = 2;
/** No desk is offered a new conversation for so long before a booked call, in minutes. */
const CALLED_MINUTES = 5;
/** What a desk did before is no matter any more. */
const DESK_HOURS = 12;

/** Reads the line of an office as it stands now. */
export async function readLine(tx: Tx, office: Office, now: Temporal.Instant): Promise<Line> {
  const rows = await readLive(tx, office.id);
  const declined = await readDeclined(tx, office.id, now);
  const chats = rows.map((row) => toLineChat(office, row, declined.get(row.id) ?? [], now));
  return { chats, desks: await readLineDesks(tx, office, now) };
}

function toLineChat(
  office: Office,
  row: ChatRow,
  declined: readonly number[],
  now: Temporal.Instant,
): LineChat {
  const topic = office.settings.chat.topics.find(({ code }) => code === row.topic);
  const { state } = row;
  const dayOf = (at: Temporal.Instant) =>
    at.toZonedDateTimeISO(office.timeZone).toPlainDate().toString();
  const isOpen = topic !== undefined && isTopicOpen(topic, office.rota, now);
  return {
    ...row,
    state: state === 'offered' || state === 'talking' ? state : 'waiting',
    procedures: topic?.procedures ?? [],
    isClosed: !isOpen || dayOf(row.place) < dayOf(now),
    declined,
  };
}

/** Reads the desks that declined a conversation a short while ago, by the id of the conversation. */
async function readDeclined(tx: Tx, office: number, now: Temporal.Instant) {
  const since = now.subtract({ minutes: DECLINED_MINUTES });
  const rows = await tx
    .selectFrom('chat_event as e')
    .innerJoin('chat as c', 'c.id', 'e.chat_id')
    .select(['e.chat_id as chat', 'e.desk_id as desk'])
    .where('e.office_id', '=', office)
    .where('e.desk_id', 'is not', null)
    .where('e.at', '>', sql<Temporal.Instant>`${since.toString()}::timestamptz`)
    .where('e.kind', '=', 'declined')
    .where('c.state', 'in', LIVE)
    .execute();
  const declined = new Map<string, number[]>();
  for (const { chat, desk } of rows)
    if (chat && desk !== null) declined.set(chat, [...(declined.get(chat) ?? []), desk]);
  return declined;
}

/** Reads the desks of an office, as far as conversations are concerned. */
export async function readLineDesks(
  tx: Tx,
  office: Office,
  now: Temporal.Instant,
): Promise<LineDesk[]> {
  const policy = office.settings.board;
  const present = new Map((await readDesks(tx)).map((each) => [each.desk, each]));
  const did = await readDeeds(tx, office.id, now);
  const called = await readCalledSoon(tx, office.id, now);
  return office.rota.desks.flatMap((desk) => {
    const found = present.get(desk.id);
    if (!found) return [];
    const standing = standingOf(found.signs, policy, now);
    const { stoppedAt = null, actedAt = null, lastAt = null } = did.get(desk.id) ?? {};
    return {
      id: desk.id,
      skills: desk.skills,
      languages: desk.languages,
      capacity: capacityOf(standing.state, office.settings.chat, desk.chats ?? null),
      isGone: isGone(standing),
      isStopped: isStopped(stoppedAt, [actedAt, found]) || called.has(desk.id),
      lastAt,
    };
  });
}

/** Returns whether nobody is at a desk's console: that is found out, or they signed out. Whoever said that they are away is there. */
const isGone = ({ state, why }: Standing): boolean => state === 'away' && why !== 'self';

function isStopped(
  stoppedAt: Temporal.Instant | null,
  [actedAt, { actedAt: lookedAt, signs }]: [Temporal.Instant | null, DeskPresence],
): boolean {
  if (!stoppedAt) return false;
  const since = [actedAt, lookedAt, signs.said.at].filter((each) => each !== null);
  return !since.some((each) => Temporal.Instant.compare(each, stoppedAt) > 0);
}

/** Reads the desks that have an appointment which begins soon, or should have begun: a booked call comes before a new conversation. */
async function readCalledSoon(
  tx: Tx,
  office: number,
  now: Temporal.Instant,
): Promise<ReadonlySet<number>> {
  const rows = await tx
    .selectFrom('appointment')
    .select('desk_id as desk')
    .distinct()
    .where('office_id', '=', office)
    .where('status', 'in', ['booked', 'arrived'])
    .where('displaced_at', 'is', null)
    .where('starts', '<=', moment(now.add({ minutes: CALLED_MINUTES })))
    .where('ends', '>', moment(now))
    .execute();
  return new Set(rows.map(({ desk }) => desk));
}

/** Reads when each desk last let an offer pass or was silent, did something, and had a conversation. */
async function readDeeds(tx: Tx, office: number, now: Temporal.Instant) {
  const since = now.subtract({ hours: DESK_HOURS });
  const newest = (...kinds: string[]) =>
    sql<Temporal.Instant | null>`max(at) filter (where kind in (${sql.join(kinds)}))`;
  const rows = await tx
    .selectFrom('chat_event')
    .select('desk_id as desk')
    .select([
      newest('missed', 'returned').as('stoppedAt'),
      newest('taken', 'declined', 'handed', 'ended', 'back').as('actedAt'),
      newest('taken', 'handed', 'ended', 'returned').as('lastAt'),
    ])
    .where('office_id', '=', office)
    .where('desk_id', 'is not', null)
    .where('at', '>', sql<Temporal.Instant>`${since.toString()}::timestamptz`)
    .groupBy('desk_id')
    .execute();
  return new Map(rows.map(({ desk, ...did }) => [desk ?? 0, did]));
}

/** How many conversations tell how long one lasts. */
const RECENT = 40;

/** Returns how long conversations lasted of late, from the first answer to the end, in minutes. Only the last seven days count. */
export async function readLengths(
  tx: Tx,
  office: number,
  now: Temporal.Instant,
): Promise<number[]> {
  const since = now.subtract({ hours: 7 * 24 });
  const rows = await tx
    .selectFrom('chat')
    .select(sql<number>`extract(epoch from ended_at - taken_at) / 60`.as('minutes'))
    .where('office_id', '=', office)
    .where('taken_at', 'is not', null)
    .where('ended_at', '>', sql<Temporal.Instant>`${since.toString()}::timestamptz`)
    .orderBy('ended_at', 'desc')
    .limit(RECENT)
    .execute();
  return rows.map(({ minutes }) => Number(minutes));
}

/** Returns the offices in which somebody waits or is answered. */
export const readLiveOffices = (db: Db): Promise<number[]> =>
  within(db, INSTALLATION, async (tx) => {
    const rows = await tx
      .selectFrom('chat')
      .select('office_id as office')
      .distinct()
      .where('state', 'in', LIVE)
      .execute();
    return rows.map(({ office }) => office);
  });

/** At once while somebody waits or talks. */
export const chatLineDue: DueSql = ifAny(
  sql`select from chat where state in (${sql.join(LIVE.map((each) => sql.lit(each)))})`,
);
