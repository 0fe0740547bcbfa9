import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { ended, freePort, keep, temporaryFolder, until } from './processes.ts';

const PROGRAM = ['/usr/bin/turnserver', '/usr/local/bin/turnserver'].find((path) =>
  existsSync(path),
);

/** Why the tests that need a relay are skipped, where they are. */
export const NO_COTURN = PROGRAM
  ? null
  : 'coturn is not installed (Debian: coturn), so no way through a relay can be tried';

export interface Coturn extends AsyncDisposable {
  port: number;
  secret: string;
  /** What it has said so far. */
  output(): string;
}

/** A real TURN server on this machine, over UDP and TCP. */
export async function openCoturn(): Promise<Coturn> {
  const folder = temporaryFolder();
  const port = await freePort();
  const secret = 'quatre finestres';
  const child = keep(
    spawn(
      PROGRAM ?? '',
      [
        ...['-n', '--listening-ip=127.0.0.1', '--relay-ip=127.0.0.1', `--listening-port=${port}`],
        ...['--use-auth-secret', `--static-auth-secret=${secret}`, '--realm=vilaclara.example'],
        // Peers are on this machine here, which a town's own relay must refuse.
        ...['--allow-loopback-peers', '--no-tls', '--no-dtls', '--no-cli', '--fingerprint'],
        ...['--log-file=stdout', '--simple-log', '--verbose'],
      ],
      { cwd: folder.path, stdio: ['ignore', 'pipe', 'pipe'] },
    ),
  );
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
  }
  await until('the relay listens', () => /listener opened/i.test(text)).catch((error: Error) => {
    throw new Error(`${error.message}\n${text}`);
  });
  return {
    port,
    secret,
    output: () => text,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL'); // it takes its time otherwise
      await ended(child);
      folder.remove();
    },
  };
}
