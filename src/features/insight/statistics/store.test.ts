import { expect, test } from 'vitest';
import { within } from '../../../lib/db/database.ts';
import { testDatabase } from '../../../lib/db/testing.ts';
import { testOffice } from '../../foundation/offices/testing.ts';
import { insertMonth } from './store.ts';

test('a month is published whole, however many rows it has', async () => {
  const database = await testDatabase();
  try {
    const office = await testOffice(database.kysely);
    const rows = Array.from({ length: 9_000 }, (_, nth) => ({
      ...{ indicator: 'attended', channel: 'video', procedure: `p${nth}`, language: 'ca' },
      value: nth,
    }));
    const now = Temporal.Instant.from('2026-12-01T08:00:00Z');
    const kept = await within(database.kysely, office, async (tx) => {
      await insertMonth(tx, office, '2026-11-01', rows, now);
      return tx.selectFrom('open_figure').select('value').orderBy('position').execute();
    });
    expect(kept.map(({ value }) => value)).toEqual(rows.map(({ value }) => value));
  } finally {
    await database.close();
  }
});
