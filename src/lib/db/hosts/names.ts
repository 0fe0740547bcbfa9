import { type LookupAddress, lookup as systemLookup } from 'node:dns';
import { type LookupFunction, Socket } from 'node:net';

type Find = (
  host: string,
  options: { all: true },
  told: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** For so long, in milliseconds, a name is waited for whose addresses are known from before. */
const PATIENCE_MS = 1_000;

/**
 * Returns a lookup that uses the addresses that it found before while there is no answer: the resolver hangs, or lookups of other names that hang keep the
 * system's threads (libuv has two for them, and each takes ten seconds and more). What the resolver says counts as soon as it says it, also that there
 * is no such name.
 */
export function rememberNames(find: Find = systemLookup): LookupFunction {
  const known = new Map<string, LookupAddress[]>();
  const asked = new Map<string, Promise<LookupAddress[]>>();
  const ask = (host: string): Promise<LookupAddress[]> => {
    const before = asked.get(host);
    if (before) return before;
    const answer = new Promise<LookupAddress[]>((resolve, reject) => {
      find(host, { all: true }, (error, addresses) => {
        asked.delete(host);
        const old = known.get(host);
        if (!error) known.set(host, addresses);
        else if (error.code === 'ENOTFOUND') known.delete(host);
        // EAI_AGAIN: there was no answer.
        if (!error) resolve(addresses);
        else if (error.code === 'EAI_AGAIN' && old) resolve(old);
        else reject(error);
      });
    });
    asked.set(host, answer);
    return answer;
  };
  return (host, { all, family }, callback) => {
    const found = ask(host);
    const old = known.get(host);
    const answers = old ? Promise.race([found, later(old)]) : found;
    answers.then(
      (addresses) => {
        const fitting = addresses.filter((each) => !family || each.family === family);
        const [first] = fitting;
        if (all) callback(null, fitting);
        else callback(null, first?.address ?? '', first?.family ?? 4);
      },
      (error: NodeJS.ErrnoException) => callback(error, ''),
    );
  };
}

const later = (addresses: LookupAddress[]): Promise<LookupAddress[]> =>
  new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, addresses).unref());

const lookup = rememberNames();

/** Returns a socket for pg, which connects to a name as `rememberNames` finds it. */
export function openSocket(): Socket {
  const socket = new Socket();
  const connect = socket.connect.bind(socket) as (...given: unknown[]) => Socket;
  const named = (port: unknown, host?: unknown) =>
    typeof host === 'string' ? connect({ port, host, lookup }) : connect(port);
  socket.connect = named as Socket['connect'];
  return socket;
}
