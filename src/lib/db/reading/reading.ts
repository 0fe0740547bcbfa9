import { setTimeout as wait } from 'node:timers/promises';
import { Kysely, PostgresDialect } from 'kysely';
import type pg from 'pg';
import type { Budget } from '../connections/budget.ts';
import { type Database, type Db, openDatabase } from '../database.ts';
import { connectionOf } from '../hosts/client.ts';
import type { Schema } from '../schema.ts';
import { atMost } from './few.ts';
import { isFresh, isToSay, moment, type Positions } from './rules.ts';

/** Where figures, planning, open data and exports are read: at a standby where there is one, else at the primary. */
export interface Reading {
  kysely: Db;
  /** Returns how the standby is, asked at most once a second; null: none was given. @throws when the primary is away */
  standby(): Promise<StandbyState | null>;
  /** Returns the moment that whoever reads the data must be told, since it is of then; null: it is of now. */
  momentToSay(): Temporal.Instant | null;
  /** Closes its idle connections, where the limit of all towns binds them. */
  endIdle(): void;
  close(): Promise<void>;
}

/** How the standby for reading is. */
export interface StandbyState {
  /** The moment of which its data was at least, when it was asked; null: not known. */
  asOf: Temporal.Instant | null;
  /** How many seconds ago that was then; null: not known. */
  behindSeconds: number | null;
  /** Whether the last reading was there, and not at the primary. */
  isUsed: boolean;
  /** Why it isn't used; null: it is, or wasn't asked yet. `foreign`: it is a copy of another database server. `promoted`: it is a primary. */
  trouble: 'away' | 'behind' | 'foreign' | 'promoted' | null;
}

export interface ReadingOptions {
  primary: Database;
  /** DATABASE_READ_URL: a standby of the same server, with the same login; null: everything is read at the primary. */
  standbyUrl: string | null;
  /** The most connections to the standby. */
  pool: number;
  /** The connections of all towns of the process together. */
  budget?: Budget | undefined;
  log: { info(message: string): void; warn(message: string): void };
  /** Returns the real time, to which commit times are compared. */
  now(): Temporal.Instant;
}

/** What was learned of the standby holds for so long. */
const HOLDS_MS = 1_000;
/** A standby that can't be reached is tried again after this time. */
const AGAIN_MS = 10_000;
/** A standby that says nothing for so long counts as away. A reader waits as long for the primary's answer; then the last known state is used. */
const PATIENCE_MS = 1_000;

/**
 * Returns where to read. Each transaction is at the standby when that can be reached and has what the primary had at most `OLDEST` ago, else at
 * the primary. The standby need not be there now.
 */
export async function openReading(options: ReadingOptions): Promise<Reading> {
  const { primary, standbyUrl, pool, log } = options;
  if (!standbyUrl) return readingAt(primary, pool);
  const standby = await openDatabase({
    connection: connectionOf(standbyUrl, 'standby'),
    login: primary.login,
    pool,
    budget: options.budget,
    onIdleError: (error) => log.warn(`A connection to the standby broke: ${error.message}`),
  });
  const choice = createChoice({ primary: primary.pool, standby: standby.pool }, options);
  const kysely = readingWith(primary.pool, pool, choice.connect);
  const close = async () => {
    await kysely.destroy();
    await standby.close();
  };
  const momentToSay = () => {
    const { asOf, isUsed } = choice.last();
    return asOf && isUsed && isToSay(asOf, options.now()) ? asOf : null;
  };
  return { kysely, standby: choice.current, momentToSay, endIdle: standby.endIdle, close };
}

/** Returns the reading at the primary alone. `most`: the connections of its pool. */
function readingAt({ pool }: Pick<Database, 'pool'>, most: number): Reading {
  const kysely = readingWith(pool, most, () => pool.connect());
  return {
    kysely,
    standby: async () => null,
    momentToSay: () => null,
    endIdle: () => {},
    close: () => kysely.destroy(),
  };
}

/** Figures take at most a quarter of a pool: each keeps its connection for long. */
const PART = 4;

function readingWith(
  { options }: pg.Pool,
  most: number,
  connect: () => Promise<pg.PoolClient>,
): Db {
  const few = atMost(Math.max(2, Math.floor(most / PART)), connect);
  const pool = { options, connect: few, end: async () => {} };
  return new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
}

const TROUBLES = {
  away: 'can’t be reached, or not be asked how far it is',
  behind: 'is more than five minutes behind, or says not how far',
  foreign: 'is a copy of another server',
  promoted: 'is a primary',
} as const;

function tell(log: ReadingOptions['log'], trouble: StandbyState['trouble']): void {
  const name = 'The standby in DATABASE_READ_URL';
  if (trouble) log.warn(`${name} ${TROUBLES[trouble]}: figures are read at the primary`);
  else log.info(`${name} is used for figures again`);
}

interface Pools {
  primary: pg.Pool;
  standby: pg.Pool;
}

function createChoice(pools: Pools, { now, log }: Pick<ReadingOptions, 'now' | 'log'>) {
  let state: StandbyState = unused(null);
  let holdsUntil = 0;
  let looking: Looking | null = null;
  const keep = (learned: StandbyState): void => {
    if (learned.trouble !== state.trouble) tell(log, learned.trouble);
    state = learned;
    holdsUntil = performance.now() + (learned.trouble === 'away' ? AGAIN_MS : HOLDS_MS);
  };
  const begin = (): Looking => {
    const at = now();
    // The primary first: what it wrote meanwhile must not count as missing.
    const written = pools.primary.query<Answer>(WRITTEN);
    const done = written
      .then(({ rows }) => lookAt(pools.standby, rows[0], at))
      .then(keep)
      .finally(() => {
        looking = null;
      });
    done.catch(() => {}); // the caller gets this error from `written`
    return { written, done, isLate: false };
  };
  const look = async (): Promise<void> => {
    looking ??= begin();
    const asked = looking;
    if (!(await isLate(asked.written))) return asked.done;
    asked.isLate = true;
  };
  const current = async (): Promise<StandbyState> => {
    if (performance.now() >= holdsUntil && !looking?.isLate) await look();
    // While the primary is busy, the last known state is used, as long as such data may be shown.
    if (looking?.isLate && state.isUsed && !isFresh(state.asOf, now())) state = unused(null);
    return state;
  };
  return {
    last: () => state,
    current,
    async connect(): Promise<pg.PoolClient> {
      const { isUsed } = await current();
      return (isUsed ? pools.standby : pools.primary).connect();
    },
  };
}

const SYSTEM = `(select system_identifier::text from pg_control_system()) as system`;
const WRITTEN = `select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::text as position, ${SYSTEM}`;
const REPLAYED = `select case when pg_is_in_recovery() then pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')::text end as position,
  pg_last_xact_replay_timestamp() as "lastCommit", ${SYSTEM}`;

interface Answer {
  position: string | null;
  system: string;
}

/** A question how the standby is. */
interface Looking {
  /** The primary's part. It fails when the primary is away. */
  written: Promise<unknown>;
  /** The whole. */
  done: Promise<void>;
  /** Whether the primary is so late that nobody waits for it. */
  isLate: boolean;
}

/** Returns whether it takes longer than one waits. @throws what fails before */
async function isLate(work: Promise<unknown>): Promise<boolean> {
  const timer = new AbortController();
  return Promise.race([
    work.then(() => false),
    wait(PATIENCE_MS, true, { signal: timer.signal }).catch(() => true),
  ]).finally(() => timer.abort());
}

/** Asks the standby how far it is. `written`: how far the primary was, at that moment. */
async function lookAt(
  standby: pg.Pool,
  written: Answer | undefined,
  at: Temporal.Instant,
): Promise<StandbyState> {
  try {
    const asking = askStandby(standby);
    if (await isLate(asking)) return unused('away');
    const { position, system, lastCommit } = await asking;
    if (system !== written?.system) return unused('foreign');
    if (position === null) return unused('promoted');
    const replayed = BigInt(position);
    const asOf = moment({ written: BigInt(written.position ?? 0), replayed, lastCommit }, at);
    if (asOf === null) return unused('behind');
    const behindSeconds = at.since(asOf).total('seconds');
    return isFresh(asOf, at)
      ? { asOf, behindSeconds, isUsed: true, trouble: null }
      : { ...unused('behind'), asOf, behindSeconds };
  } catch {
    return unused('away');
  }
}

type Replayed = Answer & Pick<Positions, 'lastCommit'>;

async function askStandby(standby: pg.Pool): Promise<Replayed> {
  const client = await standby.connect();
  let isStandby = false;
  try {
    const { rows } = await client.query<Replayed>(REPLAYED);
    const [answer] = rows as [Replayed];
    isStandby = answer.position !== null;
    return answer;
  } finally {
    // A server that was promoted: the next connection looks for another one.
    client.release(!isStandby);
  }
}

const unused = (trouble: StandbyState['trouble']): StandbyState => ({
  asOf: null,
  behindSeconds: null,
  isUsed: false,
  trouble,
});
