import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type ClamdAddress, EICAR } from '../clamd.ts';
import { testProgram } from './program.ts';

const PROGRAM = ['/usr/sbin/clamd', '/opt/homebrew/sbin/clamd', '/usr/local/sbin/clamd'].find(
  (path) => existsSync(path),
);

/** The reason why the tests that need clamd are skipped, if they are. */
export const NO_CLAMD = PROGRAM
  ? null
  : 'clamd is not installed (Debian: clamav-daemon), so no real antivirus can be tried';

/** A signature for the tests: these words anywhere, packed or not. */
export const MARK = 'finestreta, mala finestra';

/** The settings required by docs/operating.md. */
const ASKED_FOR = [
  ...['StreamMaxLength 210M', 'MaxFileSize 210M', 'MaxScanSize 420M'],
  ...['AlertExceedsMax yes', 'AlertEncrypted yes'],
];

export interface RealClamd extends AsyncDisposable {
  address: ClamdAddress;
  /** Kills it, as a crash would. */
  kill(): Promise<void>;
  /** Starts it again, on the same socket. */
  start(): Promise<void>;
}

/** Starts a real clamd with two signatures of its own, with the required settings or these lines of configuration. */
export async function openClamd(settings: readonly string[] = ASKED_FOR): Promise<RealClamd> {
  const folder = mkdtempSync(join(tmpdir(), 'finestreta-clamd-'));
  chmodSync(folder, 0o755);
  const path = join(folder, 'clamd.ctl');
  const hex = (text: string) => Buffer.from(text).toString('hex');
  writeFileSync(
    join(folder, 'own.ndb'),
    `Prova.Eicar:0:*:${hex(EICAR)}\nProva.Marca:0:*:${hex(MARK)}\n`,
  );
  const configuration = [
    ...[`DatabaseDirectory ${folder}`, `TemporaryDirectory ${folder}`, `LocalSocket ${path}`],
    ...['Foreground yes', 'MaxThreads 2', ...settings],
  ];
  writeFileSync(join(folder, 'clamd.conf'), `${configuration.join('\n')}\n`);
  const program = testProgram();
  const start = async () => {
    await program.kill();
    rmSync(path, { force: true });
    const child = program.start(PROGRAM ?? '', [`--config-file=${join(folder, 'clamd.conf')}`]);
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (part: string) => {
        said += part;
      });
    while (!(await answers(path))) {
      if (child.exitCode !== null) throw new Error(`clamd does not start:\n${said}`);
      await pause(10);
    }
  };
  await start();
  return {
    address: { path },
    kill: program.kill,
    start,
    [Symbol.asyncDispose]: async () => {
      await program.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function answers(path: string): Promise<boolean> {
  const socket = createConnection(path);
  return new Promise((resolve) => {
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
    socket.once('data', () => resolve(true));
    socket.write('zPING\0');
  }).finally(() => socket.destroy()) as Promise<boolean>;
}
