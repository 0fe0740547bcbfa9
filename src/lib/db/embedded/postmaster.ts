import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Binaries } from './binaries.ts';
import type { Folder } from './folder.ts';
import { PORT } from './folder.ts';
import { databaseEnvironment, type Identity } from './identity.ts';

/**
 * The database's parent. Its standard input is a pipe that our process holds open. When our process dies, in whatever way, the pipe ends
 * and the watchdog stops the database at once (SIGQUIT: the journal repairs the rest at the next start). The word `stop` requests a clean
 * end (SIGINT).
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
  /** Resolves when the process has ended, with its last output. Never rejects. */
  gone: Promise<string>;
  /** Ends it cleanly; after `patience` milliseconds, at once. */
  stop(patience?: number): Promise<void>;
}

export type StartResult = { ok: true; postmaster: Postmaster } | { ok: false; output: string };

/** Starts the database on `socketDir` and waits until it accepts connections or fails. */
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
    // Its own session: Ctrl-C reaches only our process, which then ends the database cleanly.
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
    // If only the supervisor is killed: without the pipe the watchdog stops the database.
    child.once('exit', () => child.stdin?.end());
  });
}

/** Returns a path quoted for a list setting of PostgreSQL. */
function quoted(path: string): string {
  return `"${path.replaceAll('"', '""')}"`;
}
