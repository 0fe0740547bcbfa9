import { randomBytes } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { readServer } from '../src/cli/doctor/database.ts';
import { aboutReplication } from '../src/cli/doctor/standing/replication.ts';
import { isUnavailable } from '../src/lib/db/database.ts';
import { connectionOf, DbClient } from '../src/lib/db/hosts/client.ts';
import { apiClient } from './support/api.ts';
import { NO_POSTGRES, POSTGRES_BIN, startPostgres } from './support/postgres.ts';
import { temporaryFolder, until } from './support/processes.ts';
import { writeTown } from './support/proving-town.ts';
import { startServer } from './support/server.ts';
import { startChat, startEncounter, startUpload, uploaded } from './support/standby/going-on.ts';
import { confirmedBy, startPair } from './support/standby/pair.ts';
import { bookThrough, figuresOf } from './support/standby/rounds.ts';
import { DEMO_TOWN, openTown } from './support/town.ts';
import { query, SOUND } from './support/truth.ts';

/** How often the primary dies; `npm run bench failover` does it 20 times. */
const FAILOVERS = Number(process.env.FAILOVERS ?? 3);
const WORKING = '2026-11-25T10:00:00+01:00';

const folder = temporaryFolder();
afterAll(() => folder.remove());

describe.skipIf(!POSTGRES_BIN)(
  `the primary of the database dies, and its standby is promoted${POSTGRES_BIN ? '' : `: ${NO_POSTGRES}`}`,
  { timeout: 1_800_000 },
  () => {
    it('again and again: the same process books on, with all that was confirmed, once', async () => {
      const findings: string[] = [];
      const rounds = await bookThrough(FAILOVERS, folder.path, async (pair, database) => {
        const address = pair.address(database);
        const { replication, standings } = await readServer(connectionOf(address));
        for (const { words } of aboutReplication(replication, standings)) findings.push(words);
      });
      const { told, truth, wrong, unanswered, twice, mails } = rounds;
      expect(wrong).toEqual([]);
      const { appointments, ...rest } = truth;
      expect(rest).toEqual(SOUND);
      const booked = told.flatMap(({ id, externalId }) => (id ? [`${externalId} ${id}`] : []));
      const there = appointments.map(({ id, externalId }) => `${externalId} ${id}`);
      expect(there.sort()).toEqual(booked.sort());
      expect(mails - twice).toBe(booked.length);
      // At most one for each mail that was on its way.
      expect(twice).toBeLessThanOrEqual(10 * FAILOVERS);
      expect(findings.filter((each) => each.endsWith('is the primary.'))).toHaveLength(1);
      expect(findings.filter((each) => each.includes('does not answer'))).toHaveLength(1);
      console.log(
        `${FAILOVERS} fail-overs: ${booked.length} booked, ${told.length - booked.length} refused, ${unanswered} left without an answer at first; ` +
          `${twice} mails came twice; ${figuresOf(rounds)}`,
      );
    });

    it('a commit whose wait for the standby is ended counts as lost, though the primary has it', async () => {
      await using postgres = await startPostgres();
      const url = await postgres.createDatabase();
      const client = new DbClient(connectionOf(url));
      client.on('error', () => {});
      await client.connect();
      await client.query('create table kept (id int)');
      await confirmedBy(postgres.superuser, 'nobody');
      const kept = (async () => {
        for (;;) await client.query('insert into kept values (1)');
      })().catch((error: Error) => error);
      await until('a commit waits, and somebody ends that', async () => {
        const cancelled = await query(
          postgres.superuser,
          `select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep'`,
        );
        return cancelled.length > 0;
      });
      const error = (await kept) as Error;
      expect(error.message).toContain('the standby did not confirm');
      expect(isUnavailable(error)).toBe(true);
      const there = await query({ connectionString: url }, 'select from kept');
      expect(there.length).toBeGreaterThan(0);
    });

    it('a booking that is sent again is confirmed only when a standby confirms, though the primary has it', async () => {
      await using postgres = await startPostgres();
      const { superuser } = postgres;
      const DATABASE_URL = await postgres.createDatabase();
      const env = { DATABASE_URL, TOWN_FILE: writeTown(folder.path, 1) };
      await using server = await startServer({ env });
      const client = await apiClient(server);
      const [slot] = (await client.slots(7)).slice(50);
      const book = () => client.book(slot!.start, { externalId: 'anna' });
      const first = await book();
      expect(first.status).toBe(201);
      await confirmedBy(superuser, 'nobody');
      const again = book();
      await until('its commit waits, and somebody ends that', async () => {
        const cancelled = await query(
          superuser,
          `select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep' and query = 'commit'`,
        );
        return cancelled.length > 0;
      });
      expect((await again).status).toBe(503);
      await confirmedBy(superuser, '');
      const { status, body } = await book();
      expect([status, body.id]).toEqual([200, first.body.id]);
      client.close();
    });

    it('a conversation, an encounter and an upload go on, and pages are told what is new', async () => {
      await using pair = await startPair();
      const database = await pair.createDatabase();
      const DATABASE_URL = pair.address(database);
      await using town = await openTown({
        clock: WORKING,
        townFile: DEMO_TOWN,
        env: { DATABASE_URL },
      });
      const chat = await startChat(town);
      const encounter = await startEncounter(town);
      const bytes = Buffer.from(
        randomBytes(2_000_000).toString('hex').replaceAll(/.{60}/g, '$&\n'),
      );
      const upload = await startUpload(town.origin, bytes);
      await until(
        'all are under way',
        () => [chat.done, encounter.done].every((each) => each.length > 1) && upload.state.sent > 0,
      );
      const before = { chat: chat.done.length, encounter: encounter.done.length };
      await pair.killPrimary();
      const page = await until('it says so', async () => {
        const answer = await fetch(`${town.origin}/ca/oac`);
        return answer.status === 503 && { answer, text: await answer.text() };
      });
      await pair.promote();
      expect(Number(page.answer.headers.get('Retry-After'))).toBeGreaterThan(0);
      expect(page.text).toContain('Ara mateix no podem atendre’t aquí');
      await until(
        'all go on',
        () => chat.done.length > before.chat + 1 && encounter.done.length > before.encounter + 1,
        240,
      );
      await upload.arrived;
      expect(upload.state.failed).toBeNull();

      await chat.allAreTold();
      await chat.stop();
      await encounter.stop();
      expect([...chat.wrong, ...encounter.wrong]).toEqual([]);
      expect(await chat.written()).toEqual(chat.done);
      expect(await encounter.written()).toEqual([encounter.done.at(-1)]);
      expect(await uploaded(town, upload)).toEqual(bytes);
    });
  },
);
