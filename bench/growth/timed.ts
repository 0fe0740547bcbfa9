import type pg from 'pg';
import type { BenchDatabase } from '../lib/database.ts';
import { median } from '../lib/table.ts';

/** What a measurement of large tables works with. The client has neither triggers nor checks of keys, and nothing is cleaned up beside it. */
export interface Run {
  database: BenchDatabase;
  client: pg.Client;
  print(line: string): void;
}

/** Records of the audit trail: few, and those of years. */
export const FEW = 100_000;
export const AUDIT = 2_000_000;
export const ROUNDS = 5;

/** A statement that adds records like those of a year's deeds to a trail. */
export const deeds = (table: string, from: number, to: number) => `
  insert into ${table} (office_id, appointment_id, actor, action, at, data)
  select 1, md5('a' || n / 6)::uuid, 'staff:' || 1 + n % 500,
    (array['opened', 'attempt', 'started', 'closed', 'day', 'booked'])[1 + n % 6],
    timestamptz '2021-01-01' + n * interval '1 second' * ${(5 * 365 * 86_400) / AUDIT}, jsonb_build_object('desk', 1 + n % 500)
  from generate_series(${from}, ${to}) n`;

/** Returns the median of ms of some queries. */
export async function timed(
  client: pg.Client,
  query: (nth: number) => pg.QueryConfig & { name: string },
): Promise<number> {
  const taken: number[] = [];
  for (let nth = 0; nth < 300; nth++) {
    const began = performance.now();
    await client.query(query(nth));
    if (nth >= 50) taken.push(performance.now() - began);
  }
  return median(taken);
}
