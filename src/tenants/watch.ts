import { type SeenDatabase, seeDatabases } from '../lib/db/connections/serving.ts';
import { formatHost, readAddress } from '../lib/db/hosts/address.ts';
import { connectionOf, DbClient } from '../lib/db/hosts/client.ts';

/** A database of a town on a server. */
export interface Watched {
  /** The address of the town's own login. */
  url: string;
  /** The name by which the server knows it. */
  database: string;
}

/** Sees what others do in the databases of sleeping towns, with one connection to each server. */
export interface Watch {
  /** Returns what each server says of these databases, by address; those of a server that can't be asked are missing. */
  look(databases: readonly Watched[]): Promise<Map<string, SeenDatabase>>;
  close(): Promise<void>;
}

export interface WatchOptions {
  /** Called once when a server can't be asked, until it can be again. */
  onBlind(error: unknown): void;
}

const PATIENCE_MS = 5_000;

export function createWatch({ onBlind }: WatchOptions): Watch {
  const eyes = new Map<string, Eye>();
  return {
    async look(databases) {
      const servers = Map.groupBy(databases, ({ url }) => serverOf(url));
      const all = [...servers].map(async ([server, there]) => {
        const eye = eyes.get(server) ?? new Eye(onBlind);
        eyes.set(server, eye);
        const seen = await eye.look(there);
        const byName = new Map(seen.map((each) => [each.name, each]));
        return there.flatMap(({ url, database }) => {
          const found = byName.get(database);
          return found ? [[url, found] as const] : [];
        });
      });
      return new Map((await Promise.all(all)).flat());
    },
    close: async () => {
      await Promise.all([...eyes.values()].map((each) => each.close()));
    },
  };
}

/** Returns the servers of an address, without database and login. */
const serverOf = (url: string): string => (readAddress(url)?.hosts ?? []).map(formatHost).join();

/** A connection to one server, through the database of one of its towns: of another when that one refuses. */
class Eye {
  #client: DbClient | null = null;
  #next = 0;
  #isBlind = false;
  readonly #onBlind: (error: unknown) => void;

  constructor(onBlind: (error: unknown) => void) {
    this.#onBlind = onBlind;
  }

  async look(databases: readonly Watched[]): Promise<SeenDatabase[]> {
    try {
      this.#client ??= await this.#connect(databases);
      const names = databases.map(({ database }) => database);
      const seen = await seeDatabases(this.#client, names);
      this.#isBlind = false;
      return seen;
    } catch (error) {
      await this.close();
      this.#next++;
      if (!this.#isBlind) this.#onBlind(error);
      this.#isBlind = true;
      return [];
    }
  }

  async close(): Promise<void> {
    const client = this.#client;
    this.#client = null;
    await client?.end().catch(() => {});
  }

  async #connect(databases: readonly Watched[]): Promise<DbClient> {
    const { url } = databases[this.#next % databases.length]!;
    const client = new DbClient({
      ...connectionOf(url),
      application_name: 'finestreta-watch',
      connectionTimeoutMillis: PATIENCE_MS,
      query_timeout: PATIENCE_MS,
    });
    client.on('error', () => {
      if (this.#client === client) this.#client = null;
    });
    await client.connect();
    return client;
  }
}
