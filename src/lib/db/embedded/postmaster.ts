import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Binaries } from './binaries.ts';
import type { Folder } from './folder.ts';
import { PORT } from './folder.ts';
import { databaseEnvironment, type Identity } from './identity.ts';

/**
 * The database's parent. Its standard input is a pipe that our process holds open: when we die,
 * however that be, the pipe ends and the watchdog stops the database at once (SIGQUIT: the
 * journal repairs the rest at the next start). The word `stop` asks for a clean end (SIGINT).
 */
const SUPERVISOR = `
exec 3<&0 </dev/null
"$@" 3<&- 1>&2 &
database=$!
(
  while read -r word; do kill -INT "$database"; done
  kill -QUIT "$database"
) <&3 >/dev/null 2>&1 &
watchdog=$!
exec 3<&-
echo "$database"
exec >/dev/null
wait "$database"
code=$?
kill "$watchdog" 2>/dev/null
exit "$code"
`;

const READY = 'database system is ready to accept connections';
const KEPT_LINES = 40;

/** A running database process. */
export interface Postmaster {
  pid: number;
  /** Resolves when the process is gone, with its last words. Never rejects. */
  gone: Promise<string>;
  /** Ends it cleanly; after `patience` milliseconds, at once. */
  stop(patience?: number): Promise<void>;
}

export type StartResult = { ok: true; postmaster: Postmaster } | { ok: false; output: string };

/** Starts the database on `socketDir` and waits until it takes connections or gives up. */
export async function launch(
  folder: Folder,
  binaries: Binaries,
  identity: Identity,
  socketDir: string,
  onLine: (line: string) => void,
): Promise<StartResult> {
  const [file = '', ...args] = [
    ...identity.prefix,
    ...['/bin/sh', '-c', SUPERVISOR, 'finestreta-database'],
    ...[binaries.postgres, '-D', folder.cluster],
    ...['-c', 'listen_addresses=', '-c', `port=${PORT}`],
    ...['-c', `unix_socket_directories=${quoted(socketDir)}`],
    ...['-c', 'unix_socket_permissions=0700'],
  ];
  const child = spawn(file, args, {
    ...identity.spawn,
    cwd: folder.home,
    env: databaseEnvironment(),
    // Its own session: Ctrl-C reaches us only, and we end it in good order.
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.on('error', () => {});
  const lines: string[] = [];
  const gone = lastWords(child, lines);
  const pid = new Promise<number>((resolve) => {
    createInterface(child.stdout).once('line', (line) => resolve(Number.parseInt(line, 10)));
  });
  const ready = new Promise<true>((resolve) => {
    createInterface(child.stderr).on('line', (line) => {
      lines.push(line);
      if (lines.length > KEPT_LINES) lines.shift();
      onLine(line);
      if (line.includes(READY)) resolve(true);
    });
  });
  const first = await Promise.race([ready, gone]);
  if (first !== true) return { ok: false, output: first };
  const postmaster: Postmaster = {
    pid: await pid,
    gone,
    async stop(patience = 10_000) {
      child.stdin.write('stop\n');
      const impatient = setTimeout(() => child.stdin.end(), patience);
      await gone;
      clearTimeout(impatient);
    },
  };
  return { ok: true, postmaster };
}

function lastWords(child: ChildProcess, lines: string[]): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(`${error.message}`));
    child.once('close', (code, signal) => {
      resolve([...lines, `The database process ended (${signal ?? code}).`].join('\n'));
    });
    // The supervisor killed alone: without the pipe the watchdog stops the database.
    child.once('exit', () => child.stdin?.end());
  });
}

/** A path inside a list setting of PostgreSQL. */
function quoted(path: string): string {
  return `"${path.replaceAll('"', '""')}"`;
}
