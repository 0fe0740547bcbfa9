import pg from 'pg';
import { formatHost, type Host, type Sessions } from './address.ts';
import { choose, HOST_FACTS, type HostFacts, wantsPrimary } from './facts.ts';
import { openSocket } from './names.ts';

/** Milliseconds for a server to accept a login and answer. */
const ANSWER_MS = 2_500;
/** Milliseconds for which others may still answer after one that suits did: it may be an old primary that came back. */
const GRACE_MS = 400;
/** Milliseconds for which the server that was found is taken without asking again, while a connection to it is open. */
const BELIEVED_MS = 5_000;

/** Milliseconds for which nobody looks again after nothing was found. */
const AGAIN_MS = 200;

/** None of an address's servers suits at this moment, as between the death of a primary and the promotion of another. */
export class NoServer extends Error {
  override name = 'NoServer';
  constructor(places: readonly Looked[]) {
    super(
      `Connection terminated: no server takes what is written (${places.map(inWords).join('; ')})`,
    );
  }
}

/** What one look at a server found. */
export interface Looked {
  place: Host;
  facts: HostFacts | null;
  error: Error | null;
}

const inWords = ({ place, facts, error }: Looked): string => {
  const codes = [(error as NodeJS.ErrnoException | null)?.code, error?.message];
  const why = error
    ? [...new Set(codes.filter(Boolean))].join(' ')
    : facts?.isStandby
      ? 'a standby'
      : facts?.isReadOnly
        ? 'read-only'
        : 'a primary of an earlier time';
  return `${formatHost(place)}: ${why}`;
};

/** A connection that ends with its server. */
export interface Member {
  /** Cuts it: its queries fail. */
  cut(error: Error): void;
  /** Returns how many bytes have come from the server. */
  heard(): number;
}

/** The servers of one address, for all connections of this process to them, whatever their database and login. */
export interface Cluster {
  /** Returns the server to connect to. @throws NoServer */
  find(login: pg.ConnectionConfig): Promise<Host>;
  /** Counts a connection to a server, until the returned function is called. */
  join(place: Host, member: Member): () => void;
  /** A connection broke, or the server is no more what was wanted: it is looked for again. */
  doubt(place: Host): void;
  /**
   * A server has been silent on a connection: looks at it by another one, and cuts all to it when it is gone, or can't be written to any
   * more. It isn't gone when it refuses that connection in words, as one with too many, nor when it answers others meanwhile.
   */
  suspect(place: Host, login: pg.ConnectionConfig): Promise<void>;
}

const clusters = new Map<string, Cluster>();

/** Returns the cluster of these servers, the same one for the whole process. */
export function clusterOf(hosts: readonly Host[], sessions: Sessions): Cluster {
  const key = `${sessions} ${hosts.map(formatHost).join()}`;
  const known = clusters.get(key) ?? createCluster(hosts, sessions);
  clusters.set(key, known);
  return known;
}

function createCluster(hosts: readonly Host[], sessions: Sessions): Cluster {
  const members = new Map<string, Set<Member>>();
  let believed: { place: Host; until: number } | null = null;
  let newest = 0;
  const suspected = new Set<string>();

  const search = async (login: pg.ConnectionConfig): Promise<Host> => {
    // A process that has seen no server yet waits for all: the first to answer may be an old primary that came back.
    const isNew = newest === 0 && wantsPrimary(sessions);
    const isEnough = (all: readonly Looked[]) => !isNew && choose(all, sessions, newest) >= 0;
    const looked = await lookAll(hosts, login, isEnough);
    const found = looked[choose(looked, sessions, newest)];
    if (!found) throw refusalOf(looked);
    if (wantsPrimary(sessions)) newest = Math.max(newest, found.facts!.timeline);
    believed = { place: found.place, until: performance.now() + BELIEVED_MS };
    return found.place;
  };
  const searchOnce = oncePerLogin(search);
  const isOpen = (place: Host) => (members.get(formatHost(place))?.size ?? 0) > 0;
  const doubt = (place: Host) => {
    if (believed && formatHost(believed.place) === formatHost(place)) believed = null;
  };
  const cutAll = (place: Host, error: Error) => {
    doubt(place);
    for (const each of [...(members.get(formatHost(place)) ?? [])]) each.cut(error);
  };
  return {
    find: async (login) => {
      if (believed && isOpen(believed.place) && performance.now() < believed.until)
        return believed.place;
      return searchOnce(login);
    },
    join: (place, member) => {
      const name = formatHost(place);
      const all = members.get(name) ?? new Set();
      members.set(name, all.add(member));
      return () => all.delete(member);
    },
    doubt,
    suspect: async (place, login) => {
      const name = formatHost(place);
      if (suspected.has(name)) return;
      suspected.add(name);
      const before = new Map([...(members.get(name) ?? [])].map((each) => [each, each.heard()]));
      const looked = await look(place, login);
      suspected.delete(name);
      const isHeard = () =>
        [...(members.get(name) ?? [])].some((each) => each.heard() > (before.get(each) ?? 0));
      const isGone = looked.error
        ? !isRefusal(looked.error) && !isHeard()
        : choose([looked], sessions, newest) < 0;
      if (isGone) cutAll(place, new Error(`Connection terminated: ${inWords(looked)}`));
    },
  };
}

/** Returns a search that all share who have the same login, also for a moment after it failed: what one may not see, another may. */
function oncePerLogin(search: (login: pg.ConnectionConfig) => Promise<Host>): typeof search {
  const finding = new Map<string, Promise<Host>>();
  return (login) => {
    const by = login.connectionString ?? '';
    const known = finding.get(by);
    if (known) return known;
    const made = search(login);
    finding.set(by, made);
    const forget = () => finding.delete(by);
    made.then(forget, () => setTimeout(forget, AGAIN_MS).unref());
    return made;
  };
}

/** Returns whether a server said this and goes on: it is not being shut down or started (57P01 to 57P03). */
export const isRefusal = (error: Error): boolean =>
  error instanceof pg.DatabaseError && !/^57P0[123]$/.test(error.code ?? '');

/** Returns the error when nothing suits: what every server says, or what each says. */
function refusalOf(looked: readonly Looked[]): Error {
  const codes = new Set(looked.map(({ error }) => (error as NodeJS.ErrnoException | null)?.code));
  const [code] = codes;
  const isMistake = codes.size === 1 && /^(28|3D)/.test(code ?? '');
  return isMistake ? looked[0]!.error! : new NoServer(looked);
}

/** Looks at all servers at once. Returns when all have answered, or a moment after `isEnough`. */
async function lookAll(
  hosts: readonly Host[],
  login: pg.ConnectionConfig,
  isEnough: (all: readonly Looked[]) => boolean,
): Promise<Looked[]> {
  const late = new Error('no answer yet');
  const all: Looked[] = hosts.map((place) => ({ place, facts: null, error: late }));
  const { promise, resolve } = Promise.withResolvers<void>();
  let grace: NodeJS.Timeout | undefined;
  const looking = hosts.map(async (place, index) => {
    all[index] = await look(place, login);
    if (isEnough(all)) grace ??= setTimeout(resolve, GRACE_MS);
  });
  void Promise.all(looking).then(() => resolve());
  await promise;
  clearTimeout(grace);
  return all;
}

/** Looks at one server by a connection of its own. */
export async function look(place: Host, login: pg.ConnectionConfig): Promise<Looked> {
  const limits = { connectionTimeoutMillis: ANSWER_MS, query_timeout: ANSWER_MS };
  const client = new pg.Client({ ...login, ...limits, stream: openSocket });
  aimAt(client, place);
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<HostFacts>(HOST_FACTS);
    return { place, facts: rows[0]!, error: null };
  } catch (error) {
    return { place, facts: null, error: error as Error };
  } finally {
    void client.end().catch(() => {});
  }
}

/** Lets a client that is not connected yet connect to this server, whatever its settings say. */
export function aimAt(client: pg.Client, { host, port }: Host): void {
  Object.assign(client, { host, port });
}
