import type pg from 'pg';
import type { BenchDatabase } from '../lib/database.ts';
import { median } from '../lib/table.ts';

/** What a measurement of large tables works with. The client has neither triggers nor checks of keys, and nothing is cleaned up beside it. */
export interface Run {
  database: BenchDatabase;
  client: pg.Client;
  print(line: string): void;
  /** How many records a large audit trail has; other tables have a part of it. */
  size: number;
}

/** Records of a small audit trail, and of a large one unless the command says how many. */
export const FEW = 100_000;
export const MANY = 2_000_000;
export const ROUNDS = 5;

/** A statement that adds records like those of a year's deeds to a trail. */
export const deeds = (table: string, from: number, to: number, all = MANY) => `
  insert into ${table} (office_id, appointment_id, actor, action, at, data)
  select 1, md5('a' || n / 6)::uuid, 'staff:' || 1 + n % 500,
    (array['opened', 'attempt', 'started', 'closed', 'day', 'booked'])[1 + n % 6],
    timestamptz '2021-01-01' + n * interval '1 second' * ${(5 * 365 * 86_400) / all}, jsonb_build_object('desk', 1 + n % 500)
  from generate_series(${from}, ${to}) n`;

/** Returns the median of ms of some queries. Without a name each is planned for its own values, as the service’s rare ones are. */
export async function timed(
  client: pg.Client,
  query: (nth: number) => pg.QueryConfig,
): Promise<number> {
  const taken: number[] = [];
  for (let nth = 0; nth < 120; nth++) {
    const began = performance.now();
    await client.query(query(nth));
    if (nth >= 20) taken.push(performance.now() - began);
  }
  return median(taken);
}
