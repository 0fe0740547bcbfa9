import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { createOffices } from '../../src/features/foundation/offices/service.ts';
import { makeHistory } from '../../src/features/insight/statistics/testing.ts';
import { testRetention } from '../../src/features/testing.ts';
import { dumpTo } from '../../src/lib/backup/dump.ts';
import type { Blobs } from '../../src/lib/blobs/types.ts';
import { handClock } from '../../src/lib/clock.ts';
import { settle } from '../lib/database.ts';
import { type Row, spread } from '../lib/table.ts';
import { deeds, FEW, ROUNDS, type Run } from './timed.ts';

/** What retention costs among many appointments, whose notes are kept: with nothing due, and with a city's day due. */
export async function destruction({ database, client, print, size }: Run): Promise<Row[]> {
  const appointments = size / 10;
  const due = appointments / 20;
  print(`${appointments} appointments`);
  const options = '-c session_replication_role=replica -c synchronous_commit=off';
  const made = { office: database.office.id, count: appointments, from: '2025-01-01', days: 300 };
  await makeHistory({ ...database.logins.superuser, options }, made);
  // Nearly all notes are kept and not due, as those of a city's last year.
  await client.query(`update appointment set forgotten_at = now();
    update encounter set name = null, forgotten_at = case when started_at < '2025-02-01' then now() end`);
  await settle(database.logins);
  const db = database.kysely;
  const clock = handClock('2026-01-05T06:00:00Z');
  const sweep = () => testRetention({ db, offices: createOffices(db), clock }).sweep();
  const idle: number[] = [];
  await sweep();
  for (let round = 0; round < ROUNDS; round++) {
    const began = performance.now();
    await sweep();
    idle.push(performance.now() - began);
  }
  await client.query(
    `update appointment set forgotten_at = null where id in (select id from appointment order by starts limit ${due})`,
  );
  const began = performance.now();
  const done = await sweep();
  const took = performance.now() - began;
  return [
    {
      measure: `Retention among ${appointments} appointments, nothing due`,
      value: `${spread(idle, 0)} ms`,
    },
    {
      measure: `… with ${done} due`,
      value: `${(took / 1000).toFixed(1)} s, ${(took / done).toFixed(2)} ms each`,
    },
  ];
}

const NO_BLOBS: Blobs = {
  put: async () => {},
  get: async () => null,
  remove: async () => {},
  async *list() {},
};

/** A backup of the whole database into nothing: how much memory it takes at most. */
export async function backupOf({ database, client, print }: Run, records: number): Promise<Row[]> {
  if (records === FEW) await client.query(deeds('audit', 1, FEW));
  print(`a backup of ${records} records`);
  const facts = { madeAt: '2026-01-05T06:00:00Z', version: '0.0.0' };
  const recipients = [await identityToRecipient(await generateX25519Identity())];
  const before = process.memoryUsage().rss / 1e6;
  let most = 0;
  let bytes = 0;
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss / 1e6);
  }, 20);
  const began = performance.now();
  const rows = await dumpTo(
    { connection: database.logins.owner, facts, blobs: NO_BLOBS, recipients },
    async (chunks) => {
      for await (const chunk of chunks) bytes += chunk.length;
    },
  );
  clearInterval(timer);
  const seconds = (performance.now() - began) / 1000;
  return [
    {
      measure: `Backup of ${Object.values(rows).reduce((sum, each) => sum + each, 0)} rows`,
      value: `memory grows from ${before.toFixed(0)} to ${most.toFixed(0)} MB at most`,
      against: `${(bytes / 1e6).toFixed(0)} MB packed in ${seconds.toFixed(0)} s`,
    },
  ];
}
