import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Place } from './network.ts';
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
  /** For `turns:`. */
  tlsPort: number;
  secret: string;
  /** Returns its output so far. */
  output(): string;
}

const LOOPBACK = { address: '127.0.0.1', within: (...words: string[]) => words };

/**
 * Opens a real TURN server, over UDP, TCP and TLS with a self-made certificate; on this machine by default.
 */
export async function openCoturn(
  at: Pick<Place, 'address' | 'within'> = LOOPBACK,
): Promise<Coturn> {
  const folder = temporaryFolder();
  const port = await freePort();
  const tlsPort = await freePort();
  const secret = 'quatre finestres';
  const [certificate, key] = certify(folder.path);
  const [program = '', ...words] = at.within(
    PROGRAM ?? '',
    ...['-n', `--listening-ip=${at.address}`, `--relay-ip=${at.address}`],
    ...[`--listening-port=${port}`, `--tls-listening-port=${tlsPort}`],
    ...[`--cert=${certificate}`, `--pkey=${key}`],
    ...['--use-auth-secret', `--static-auth-secret=${secret}`, '--realm=vilaclara.example'],
    // Peers are on this machine here, which a town's own relay must refuse.
    ...['--allow-loopback-peers', '--no-dtls', '--no-cli', '--fingerprint'],
    ...['--log-file=stdout', '--simple-log', '--verbose'],
  );
  const child = keep(
    spawn(program, words, { cwd: folder.path, stdio: ['ignore', 'pipe', 'pipe'] }),
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
    tlsPort,
    secret,
    output: () => text,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL'); // it takes its time otherwise
      await ended(child);
      folder.remove();
    },
  };
}

/** Its two files: a certificate that only a browser which is told to trusts, and the key of it. */
export function certify(folder: string): [certificate: string, key: string] {
  const certificate = join(folder, 'certificate.pem');
  const key = join(folder, 'key.pem');
  const made = spawnSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
      ...['-days', '2', '-subj', '/CN=vilaclara.example', '-out', certificate, '-keyout', key],
    ],
    { encoding: 'utf8' },
  );
  if (made.status !== 0) throw new Error(`openssl: ${made.error?.message ?? made.stderr}`);
  return [certificate, key];
}
