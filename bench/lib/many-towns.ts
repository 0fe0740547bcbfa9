import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { applyTown } from '../../src/features/booking/administration/service.ts';
import { openDatabase } from '../../src/lib/db/database.ts';
import { type Embedded, startEmbedded } from '../../src/lib/db/embedded.ts';
import { prepareSchema } from '../../src/lib/db/prepare.ts';
import { addressesOf } from '../../src/lib/db/testing.ts';
import { MIGRATIONS } from '../../src/paths.ts';
import { temporaryFolder } from './database.ts';
import { benchTown } from './town.ts';

/** What docs/scaling.md says to set for many databases. */
const SETTINGS = `max_connections = 120
shared_buffers = 256MB
autovacuum_naptime = 30min
`;

const quiet = { info: () => {}, warn: () => {} };
const TEMPLATE = 'towns_template';

export const nameOf = (index: number): string => `t${index}`;

/** One PostgreSQL server with a database for each of many towns, all alike. */
export class ManyTowns {
  readonly #folder: { path: string; remove(): void };
  readonly #embedded: Embedded;
  readonly #superuser: pg.Client;
  #made = 0;

  private constructor(
    folder: { path: string; remove(): void },
    embedded: Embedded,
    superuser: pg.Client,
  ) {
    this.#folder = folder;
    this.#embedded = embedded;
    this.#superuser = superuser;
  }

  static async open(): Promise<ManyTowns> {
    const folder = temporaryFolder();
    const dataDir = join(folder.path, 'server');
    const first = await startEmbedded({ dataDir, log: quiet });
    await first.stop();
    appendFileSync(join(dataDir, 'postgres', 'cluster', 'local.conf'), SETTINGS);
    const embedded = await startEmbedded({ dataDir, log: quiet });
    const { owner, superuser } = embedded.logins;
    const client = new pg.Client({ ...superuser, database: 'postgres' });
    await client.connect();
    await client.query(`alter role ${owner.user} createdb`);
    const many = new ManyTowns(folder, embedded, client);
    await many.#makeTemplate();
    return many;
  }

  /** The main process of the database server. */
  get pid(): number {
    return this.#embedded.pid;
  }

  #loginsOf(database: string) {
    const { owner, runtime } = this.#embedded.logins;
    return { owner: { ...owner, database }, runtime: { ...runtime, database } };
  }

  /** Makes the database that the others are copied from: migrated, with a town of five desks, and without keys. */
  async #makeTemplate(): Promise<void> {
    const { owner, runtime } = this.#loginsOf(TEMPLATE);
    await this.#asOwner(`create database ${TEMPLATE}`);
    await prepareSchema(owner, runtime, MIGRATIONS);
    const database = await openDatabase({ connection: runtime, pool: 2, onIdleError: () => {} });
    const town = benchTown({ horizonDays: 30, desks: 5, always: true });
    await applyTown(database.kysely, town, Temporal.Now.instant());
    await database.close();
  }

  async #asOwner(statement: string): Promise<void> {
    const client = new pg.Client(this.#embedded.logins.owner);
    await client.connect();
    await client.query(statement).finally(() => client.end());
  }

  /** Makes databases until there are so many; without waiting for the disk at each, since nothing outlives the run. */
  async grow(count: number): Promise<void> {
    await this.#set('fsync', 'off');
    for (; this.#made < count; this.#made++) {
      const name = nameOf(this.#made);
      await this.#asOwner(`create database ${name} template ${TEMPLATE} strategy file_copy`);
      await this.#superuser.query(`revoke temporary on database ${name} from public`);
    }
    await this.#set('fsync', 'on');
    await this.#superuser.query('checkpoint');
  }

  async #set(name: string, value: string): Promise<void> {
    await this.#superuser.query(`alter system set ${name} = ${value}`);
    await this.#superuser.query('select pg_reload_conf()');
  }

  /** Returns the environment of a server that serves the first `count` of them. */
  environment(count: number): Record<string, string> {
    const towns = join(this.#folder.path, `towns-${count}`);
    rmSync(towns, { recursive: true, force: true });
    mkdirSync(towns);
    for (let index = 0; index < count; index++)
      writeFileSync(
        join(towns, `${nameOf(index)}.env`),
        `BASE_URL=http://${nameOf(index)}.localhost\n`,
      );
    const { owner, runtime } = this.#loginsOf('{town}');
    const addresses = addressesOf({ owner, connection: runtime });
    const fill = (text: string) => text.replace('%7Btown%7D', '{town}');
    return {
      TOWNS: towns,
      DEMO: '',
      CLOCK: '',
      METRICS_TOKEN: 'bench',
      // Nobody listens there: no mail is to be sent.
      SMTP_URL: 'smtp://127.0.0.1:9',
      DATABASE_URL: fill(addresses.DATABASE_URL),
      DATABASE_OWNER_URL: fill(addresses.DATABASE_OWNER_URL),
    };
  }

  get dataDir(): string {
    return join(this.#folder.path, 'data');
  }

  /** Returns the number of clients' connections, and the bytes of one town on disk. */
  async look(): Promise<{ connections: number; bytes: number }> {
    const { rows } = await this.#superuser.query<{ connections: number; bytes: number }>(
      `select (select count(*)::int from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()) as connections,
         pg_database_size('${nameOf(0)}')::float8 as bytes`,
    );
    return rows[0]!;
  }

  async close(): Promise<void> {
    await this.#superuser.end();
    await this.#embedded.stop();
    this.#folder.remove();
  }
}
