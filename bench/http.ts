import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readOffice } from '../src/features/foundation/offices/views.ts';
import { openDatabase } from '../src/lib/db/database.ts';
import { findEmbedded } from '../src/lib/db/embedded.ts';
import { rateRow } from './booking.ts';
import { settle, temporaryFolder, trySql } from './lib/database.ts';
import { Connection } from './lib/http.ts';
import { findPgbench, pgbenchBookings } from './lib/pgbench.ts';
import { cpuOf } from './lib/processes.ts';
import { ensureBuilt, type Server, startServer } from './lib/server.ts';
import { type Bench, type Row, spread } from './lib/table.ts';
import { OFFICE, townText } from './lib/town.ts';

const CLIENTS = 8;
const BOOKINGS = 3_000;
const ROUNDS = 5;
const CLIENT = join(import.meta.dirname, 'lib', 'http-client.ts');

/**
 * The server runs without the worker, as pgbench does: the notices are written in the booking, and sent later or by another
 * process.
 */
export const http: Bench = {
  name: 'http',
  about: 'Bookings a second over HTTP, with a token, beside pgbench running the same SQL function',
  run: async (print) => {
    await ensureBuilt();
    const folder = temporaryFolder();
    const town = join(folder.path, 'town.yaml');
    writeFileSync(town, townText({ horizonDays: 100, always: true }));
    const dataDir = join(folder.path, 'data');
    let server: Server | null = null;
    try {
      server = await startServer(dataDir, { TOWN_FILE: town, ROLES: 'web' });
      return await compare(server, dataDir, print);
    } finally {
      await server?.stop();
      folder.remove();
    }
  },
};

async function compare(
  server: Server,
  dataDir: string,
  print: (line: string) => void,
): Promise<Row[]> {
  const logins = findEmbedded(dataDir)?.logins;
  if (!logins) throw new Error('The server has no embedded database');
  await trySql(logins.owner);
  const database = await openDatabase({
    connection: logins.runtime,
    pool: 1,
    onIdleError: () => {},
  });
  const office = await readOffice(database.kysely, 1);
  await database.close();
  if (!office) throw new Error('The server has no office');
  const pgbench = findPgbench();
  const token = await tokenOf(server.port);
  const over = async () => {
    const args = [CLIENT, String(server.port), token, String(CLIENTS), String(BOOKINGS)];
    return Number((await promisify(execFile)(process.execPath, args)).stdout);
  };
  const bare = () =>
    pgbench ? pgbenchBookings(pgbench, logins.runtime, office, BOOKINGS) : Number.NaN;
  const ours = [];
  const theirs = [];
  const cpu = [];
  for (let round = 0; round < ROUNDS; round++) {
    print(`round ${round + 1} of ${ROUNDS}`);
    await settle(logins);
    const first = round % 2 === 0 ? await bare() : null;
    const before = cpuOf(server.pid);
    const rate = await over();
    const spent = (cpuOf(server.pid) - before) / BOOKINGS;
    const second = first ?? (await bare());
    if (round === 0) continue;
    ours.push(rate);
    theirs.push(second);
    cpu.push(spent);
  }
  return [
    rateRow('Booking over HTTP, 8 connections', ours, theirs, 0.6),
    { measure: 'Booking over HTTP: CPU of our process', value: `${spread(cpu, 2)} ms each` },
  ];
}

export async function tokenOf(port: number): Promise<string> {
  const connection = await Connection.open(port);
  const { body } = await connection.request('GET', '/demo/access.json');
  connection.close();
  const token = (JSON.parse(body.toString()) as { tokens: Record<string, string> }).tokens[OFFICE];
  if (!token) throw new Error('The demo has no token');
  return token;
}
