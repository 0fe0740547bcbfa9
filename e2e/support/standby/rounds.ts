import { join } from 'node:path';
import { apiClient } from '../api.ts';
import { startBookers, type Told } from '../bookers.ts';
import { openMailServer } from '../mail.ts';
import { someTurns, until } from '../processes.ts';
import { writeTown } from '../proving-town.ts';
import { startServer } from '../server.ts';
import { readTruth, type Truth } from '../truth.ts';
import { type Pair, startPair } from './pair.ts';

/** How the primary goes: it dies, or its machine falls silent without closing a connection. */
type Way = 'kill' | 'freeze';

/** What came of a service that booked while its primaries went away. */
export interface Rounds {
  told: Told[];
  wrong: string[];
  /** How many bookings had no answer at first. */
  unanswered: number;
  truth: Truth;
  /** How many mails came, and how many of them are the same as another. */
  mails: number;
  twice: number;
  /** Milliseconds by way: until pages said "not now", and from the promotion to the first booking. */
  noticed: Record<Way, number[]>;
  after: Record<Way, number[]>;
}

/**
 * Lets eight systems book at one process, while its database's primary goes away so many times and the standby is promoted as soon as pages
 * say so. Every second time it falls silent.
 */
export async function bookThrough(
  times: number,
  folder: string,
  look: (pair: Pair, database: string) => Promise<void> = async () => {},
): Promise<Rounds> {
  await using mail = await openMailServer();
  await using pair = await startPair();
  const database = await pair.createDatabase();
  const env = {
    DATABASE_URL: pair.address(database),
    TOWN_FILE: writeTown(folder, 3),
    SMTP_URL: mail.url,
  };
  const dataDir = join(folder, 'data');
  const server = await startServer({ dataDir, env });
  const client = await apiClient(server);
  const starts = (await client.slots(50)).slice(500).map((each) => each.start);
  const bookers = startBookers(client, starts, 8);
  const noticed: Rounds['noticed'] = { kill: [], freeze: [] };
  const after: Rounds['after'] = { kill: [], freeze: [] };
  for (let round = 1; round <= times; round++) {
    const way = round % 2 === 0 ? 'freeze' : 'kill';
    await bookers.booked(10 + Math.floor(Math.random() * 30));
    await someTurns(20);
    const gone = performance.now();
    await (way === 'kill' ? pair.killPrimary() : pair.freezePrimary());
    await until('pages say so', async () => (await statusOf(server.port)) === 503);
    noticed[way].push(Math.round(performance.now() - gone));
    await pair.promote();
    const promoted = performance.now();
    await bookers.booked(1);
    after[way].push(Math.round(performance.now() - promoted));
    await bookers.booked(10);
    if (round < times) await pair.rejoin();
  }
  await bookers.stop();
  client.close();
  const truth = await readTruth({ connectionString: pair.primary(database) });
  const booked = bookers.told.filter(({ id }) => id !== null).length;
  const messages = () => new Set(mail.received.map((each) => each.messageId)).size;
  await look(pair, database);
  await server.stop();
  // What was being sent when the database went away is due again when its lease has ended: the clock goes on.
  const CLOCK = Temporal.Now.instant().add({ minutes: 5 }).toString();
  await using last = await startServer({ dataDir, env: { ...env, CLOCK } });
  await until('every confirmation has come', () => messages() >= booked, 120);
  await last.stop();
  const { told, wrong } = bookers;
  return {
    told,
    wrong,
    unanswered: bookers.unanswered.length,
    truth,
    noticed,
    after,
    mails: mail.received.length,
    twice: mail.received.length - messages(),
  };
}

async function statusOf(port: number): Promise<number> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/ca`)).status;
  } catch {
    return 0;
  }
}

/** Returns the figures of both ways in words. */
export const figuresOf = ({ noticed, after }: Rounds): string =>
  (['kill', 'freeze'] as const)
    .filter((way) => after[way].length > 0)
    .map(
      (way) =>
        `${way}: ms until pages said so ${noticed[way].join(' ')}, from the promotion to the first booking ${after[way].join(' ')}`,
    )
    .join('; ');
