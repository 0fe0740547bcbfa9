import { sql } from 'kysely';
import type { Tx } from '../../../lib/db/database.ts';
import { moment } from '../../../lib/db/moment.ts';
import { SIDES } from '../../service/room/types.ts';
import type { QualityWord } from '../../service/softphone/rules.ts';
import {
  type BadCall,
  type CallFigures,
  type HeardFigures,
  PATHS,
  type Period,
  type PhoneFigures,
  type Seen,
} from './types.ts';

/** Returns the known data of an encounter's call: the common data of its reports, and their number; null: none yet. */
export async function readCall(
  tx: Tx,
  encounter: string,
): Promise<{ call: string; reports: number } | null> {
  const row = await tx
    .selectFrom('call_quality')
    .select((eb) => ['call_id as call', eb.fn.countAll<string>().as('reports')])
    .where('encounter_id', '=', encounter)
    .groupBy('call_id')
    .executeTakeFirst();
  return row ? { call: row.call, reports: Number(row.reports) } : null;
}

/** Returns the reporter of a report; null: there is none yet. */
export async function readReporter(
  tx: Tx,
  id: string,
): Promise<{ encounter: string | null; side: string } | null> {
  const row = await tx
    .selectFrom('call_quality')
    .select(['encounter_id as encounter', 'side'])
    .where('id', '=', id)
    .executeTakeFirst();
  return row ?? null;
}

/** The period of figures: from a day of the office's zone on, by week or month. */
export interface Span {
  office: number;
  from: Temporal.Instant;
  by: Period;
  timeZone: string;
}

const periodOf = ({ by, timeZone }: Pick<Span, 'by' | 'timeZone'>, column: string) =>
  sql<string>`to_char(date_trunc(${by}, ${sql.ref(column)} at time zone ${timeZone}), 'YYYY-MM-DD')`;
const day = (text: string) => Temporal.PlainDate.from(text);

type Calls = Omit<CallFigures, 'from' | 'seen' | 'words'> & { period: string } & Record<
    QualityWord,
    number
  >;

/** The video calls, newest first. */
export async function readVideo(tx: Tx, span: Span): Promise<CallFigures[]> {
  const { rows } = await sql<Calls>`
    select period, count(*)::int as calls, count(*) filter (where connected)::int as connected,
      count(*) filter (where relayed)::int as relayed, count(*) filter (where cut)::int as cut,
      count(*) filter (where worst = 0)::int as good, count(*) filter (where worst = 1)::int as fair,
      count(*) filter (where worst = 2)::int as poor
    from (
      select ${periodOf(span, 'first')} as period, connected, relayed, cut, worst from (
        select min(ended_at) as first, bool_or(path is not null) as connected,
          coalesce(bool_or(path = 'relay'), false) as relayed, bool_or(reconnections > 0) as cut,
          max(case word when 'poor' then 2 when 'fair' then 1 else 0 end) as worst
        from call_quality where office_id = ${span.office} group by call_id
        having min(ended_at) >= ${moment(span.from)}
      ) call
    ) each group by period order by period desc`.execute(tx);
  const seen = await readSeen(tx, span);
  return rows.map(({ period, good, fair, poor, ...row }) => ({
    ...row,
    from: day(period),
    words: { good, fair, poor },
    seen: {
      theirs: seen.get(`${period} theirs`) ?? null,
      ours: seen.get(`${period} ours`) ?? null,
    },
  }));
}

interface SeenRow extends Omit<Seen, 'firstFrameMs'> {
  period: string;
  side: string;
  half: number | null;
  most: number | null;
}

/** Returns the quality that each side received in connected calls; a longer call has more weight in time shares. */
async function readSeen(tx: Tx, span: Span): Promise<Map<string, Seen>> {
  const { rows } = await sql<SeenRow>`
    select ${periodOf(span, 'ended_at')} as period, case side when 'agent' then 'ours' else 'theirs' end as side,
      percentile_cont(0.5) within group (order by first_frame_ms) as half,
      percentile_cont(0.9) within group (order by first_frame_ms) as most,
      (sum(loss_percent * seconds) / nullif(sum(seconds) filter (where loss_percent is not null), 0))::float8 as "lossPercent",
      percentile_cont(0.5) within group (order by rtt_ms) as "rttMs",
      percentile_cont(0.5) within group (order by fps) as fps,
      (3600.0 * sum(freezes) / nullif(sum(seconds) filter (where freezes is not null), 0))::float8 as "freezesPerHour",
      (sum(audio_only_seconds)::float8 / nullif(sum(seconds), 0)) as "audioOnly"
    from call_quality
    where office_id = ${span.office} and ended_at >= ${moment(span.from)} and path is not null
    group by 1, 2`.execute(tx);
  return new Map(
    rows.map(({ period, side, half, most, ...row }) => [
      `${period} ${side}`,
      { ...row, firstFrameMs: half === null || most === null ? null : { half, most } },
    ]),
  );
}

/** Returns the calls that the console's telephone made and took, newest first. */
export async function readPhone(tx: Tx, span: Span): Promise<PhoneFigures[]> {
  const { rows } = await sql<Omit<PhoneFigures, 'from'> & { period: string }>`
    select ${periodOf(span, 'ended_at')} as period, count(*)::int as calls,
      count(talked_seconds)::int as answered,
      (sum(loss_percent * talked_seconds) / nullif(sum(talked_seconds) filter (where loss_percent is not null), 0))::float8 as "lossPercent",
      percentile_cont(0.5) within group (order by rtt_ms) as "rttMs"
    from call where office_id = ${span.office} and ended_at >= ${moment(span.from)}
    group by 1 order by 1 desc`.execute(tx);
  return rows.map(({ period, ...row }) => ({ ...row, from: day(period) }));
}

/**
 * Returns the answers about hearing and seeing each other, by month and channel, newest first: of whole months from one day to before
 * another, and of no fewer answers than `fewest`, since the history of an appointment shows that its survey was answered.
 */
export async function readHeard(
  tx: Tx,
  on: { office: number; timeZone: string; fewest: number } & Record<
    'from' | 'before',
    Temporal.PlainDate
  >,
): Promise<HeardFigures[]> {
  const { office, timeZone, fewest } = on;
  const [from, before] = [on.from, on.before].map((each) =>
    moment(each.toZonedDateTime(timeZone).toInstant()),
  );
  const { rows } = await sql<Omit<HeardFigures, 'from'> & { period: string }>`
    select ${periodOf({ by: 'month', timeZone }, 'starts')} as period, channel, count(*) filter (where heard = 'yes')::int as yes,
      count(*) filter (where heard = 'partly')::int as partly, count(*) filter (where heard = 'no')::int as no
    from (
      select s.heard, coalesce(a.starts, t.started_at) as starts, coalesce(a.channel, t.channel) as channel
      from survey_answer s
      left join appointment a on a.id = s.appointment_id
      left join encounter t on t.id = s.encounter_id
      where s.office_id = ${office} and s.heard is not null
    ) answer
    where starts >= ${from} and starts < ${before}
    group by 1, 2 having count(*) >= ${fewest} order by 1 desc, 2 desc`.execute(tx);
  return rows.map(({ period, ...row }) => ({ ...row, from: day(period) }));
}

/** Returns the last connections with bad quality. */
export async function readBad(tx: Tx, { office, from }: Span, most: number): Promise<BadCall[]> {
  const rows = await tx
    .selectFrom('call_quality as q')
    .leftJoin('encounter as t', 't.id', 'q.encounter_id')
    .leftJoin('appointment as a', 'a.id', 't.appointment_id')
    .selectAll('q')
    .select(['a.id as appointment', 'a.reference'])
    .where('q.office_id', '=', office)
    .where('q.word', '=', 'poor')
    .where('q.ended_at', '>=', moment(from))
    .orderBy('q.ended_at', 'desc')
    .limit(most)
    .execute();
  const sideOf = (text: string) => SIDES.find((each) => each === text) ?? 'citizen';
  return rows.map((row) => ({
    at: row.ended_at,
    side: sideOf(row.side),
    from: sideOf(row.whom),
    appointment: row.appointment ? { id: row.appointment, reference: row.reference ?? '' } : null,
    seconds: row.seconds,
    path: PATHS.find((each) => each === row.path) ?? null,
    firstFrameMs: row.first_frame_ms,
    lossPercent: row.loss_percent,
    rttMs: row.rtt_ms,
    fps: row.fps,
    frozenSeconds: row.frozen_seconds,
    reconnections: row.reconnections,
    audioOnlySeconds: row.audio_only_seconds,
  }));
}
