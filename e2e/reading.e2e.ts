import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../src/lib/db/database.ts';
import { connectionOf } from '../src/lib/db/hosts/client.ts';
import { openReading } from '../src/lib/db/reading/reading.ts';
import { NO_POSTGRES, POSTGRES_BIN } from './support/postgres.ts';
import { startPair } from './support/standby/pair.ts';

describe.skipIf(!POSTGRES_BIN)(
  `figures at a standby of the database${POSTGRES_BIN ? '' : `: ${NO_POSTGRES}`}`,
  () => {
    it('are read there while it is fresh, say when they are old, and are read at the primary else', async () => {
      await using pair = await startPair();
      const address = pair.address(await pair.createDatabase());
      const said: string[] = [];
      const log = {
        info: (line: string) => said.push(line),
        warn: (line: string) => said.push(line),
      };
      let later = 0;
      const now = () => Temporal.Now.instant().add({ seconds: later });
      const onIdleError = () => {};
      const primary = await openDatabase({
        connection: connectionOf(address),
        pool: 8,
        onIdleError,
      });
      const standbyUrl = address.replace('read-write', 'standby');
      const reading = await openReading({ primary, standbyUrl, pool: 8, log, now });
      /** Reads as figures do: whether it was at the standby, and how many rows there are. */
      const read = async () => {
        const { rows } = await sql<{ isThere: boolean; rows: number }>`
          select pg_is_in_recovery() as "isThere", count(*)::int as rows from kept`.execute(
          reading.kysely,
        );
        return rows[0];
      };
      const write = () => primary.pool.query('insert into kept values (1)');

      await primary.pool.query('create table kept (id int)');
      await write();
      await expect.poll(read).toEqual({ isThere: true, rows: 1 });
      expect(await reading.standby()).toMatchObject({ isUsed: true, trouble: null });
      expect(reading.momentToSay()).toBeNull();

      await pair.holdStandby(true);
      await write();
      later = 60;
      await expect
        .poll(async () => [await read(), reading.momentToSay() !== null])
        .toEqual([{ isThere: true, rows: 1 }, true]);
      later = 600;
      await expect.poll(read).toEqual({ isThere: false, rows: 2 });
      expect(await reading.standby()).toMatchObject({ isUsed: false, trouble: 'behind' });
      expect(reading.momentToSay()).toBeNull();

      later = 0;
      await pair.holdStandby(false);
      await expect.poll(read).toEqual({ isThere: true, rows: 2 });

      await pair.killPrimary();
      await pair.promote();
      await expect.poll(() => read().catch(() => null)).toEqual({ isThere: false, rows: 2 });
      await expect.poll(() => reading.standby()).toMatchObject({ trouble: 'away' });
      await pair.rejoin();
      await expect.poll(read).toEqual({ isThere: true, rows: 2 });
      expect(said.map((each) => /is used|behind|reached/.exec(each)?.[0])).toEqual(
        expect.arrayContaining(['behind', 'is used', 'reached', 'is used']),
      );

      await reading.close();
      await primary.close();
    });
  },
);
