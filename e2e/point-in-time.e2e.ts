import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { aboutWal, readWal } from '../src/cli/doctor/standing/wal.ts';
import { apiClient } from './support/api.ts';
import { startBookers } from './support/bookers.ts';
import { POSTGRES_BIN } from './support/postgres.ts';
import { temporaryFolder, until } from './support/processes.ts';
import { HAS_PGBACKREST, startArchived } from './support/standby/archived.ts';
import { startUpload, uploaded } from './support/standby/going-on.ts';
import { DEMO_TOWN, openTown } from './support/town.ts';
import { query, readTruth, SOUND } from './support/truth.ts';

/** How many book at once: so many may be confirmed on either side of a moment. */
const AT_ONCE = 4;

it.skipIf(!POSTGRES_BIN || !HAS_PGBACKREST)(
  'a server that is archived all the time is restored to a moment, and the town goes on from there, with its documents',
  { timeout: 900_000 },
  async () => {
    const folder = temporaryFolder();
    await using server = await startArchived();
    const DATABASE_URL = await server.createDatabase();
    const [dataDir, kept] = [join(folder.path, 'data'), join(folder.path, 'kept')];
    const clock = Temporal.Now.instant().toString();
    const open = (dataDir: string) =>
      openTown({ clock, townFile: DEMO_TOWN, dataDir, env: { DATABASE_URL } });
    const moment = async () => {
      const [row] = await query<{ now: string }>(server.superuser, 'select now()::text as now');
      return row!.now;
    };
    const archived = async () => {
      const [row] = await query<{ file: string }>(
        server.superuser,
        'select pg_walfile_name(pg_switch_wal()) as file',
      );
      await until('all is archived', async () => {
        const [found] = await query<{ last: string }>(
          server.superuser,
          'select last_archived_wal as last from pg_stat_archiver',
        );
        return (found?.last ?? '') >= row!.file;
      });
    };
    server.run('stanza-create');
    server.run('check');

    const town = await open(dataDir);
    const bytes = Buffer.from('Padró\n'.repeat(20_000));
    const client = await apiClient(town.server, { procedure: 'volant-padro' });
    const starts = (await client.slots(20)).slice(50).map((each) => each.start);
    const bookers = startBookers(client, starts, AT_ONCE);
    await bookers.booked(5);
    server.run('--type=full backup');
    const upload = await startUpload(town.origin, bytes);
    await upload.arrived;
    await uploaded(town, upload);
    await bookers.booked(5);
    server.run('--type=incr backup');
    await bookers.booked(5);
    const before = bookers.told.flatMap(({ id }) => id ?? []);
    const target = await moment();
    const atMoment = bookers.told.length;
    // After the moment, as the page says: all that the database knows then is in the copy.
    mkdirSync(kept);
    for (const each of ['documents', 'keys'])
      cpSync(join(dataDir, each), join(kept, each), { recursive: true });
    await bookers.booked(20);
    await bookers.stop();
    client.close();
    const after = bookers.told.slice(atMoment).flatMap(({ id }) => id ?? []);
    await archived();
    expect(aboutWal(await readWal(server.superuser)).map(({ state }) => state)).toEqual(['right']);
    expect(bookers.wrong).toEqual([]);
    await town.server.kill9();
    await server.destroy();

    server.run('restore', target);
    await server.start();
    await using restored = await open(kept);
    const { appointments, ...rest } = await readTruth({ connectionString: DATABASE_URL });
    expect(rest).toEqual(SOUND);
    const there = new Set(appointments.map(({ id }) => id));
    expect(before.filter((id) => !there.has(id))).toEqual([]);
    expect(after.filter((id) => there.has(id)).length).toBeLessThanOrEqual(AT_ONCE);
    expect(await uploaded(restored, upload)).toEqual(bytes);
    const again = await apiClient(restored.server, { procedure: 'volant-padro' });
    const [free] = (await again.slots(20)).slice(-1);
    expect((await again.book(free!.start)).status).toBe(201);
    again.close();
    folder.remove();
  },
);
