/** `npm run dev`: builds at every change and restarts the server with what was built. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync, watch } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { buildAssets } from './build-assets.ts';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const SERVER = join(ROOT, 'dist', 'server');
const LEASH = new URL('./lib/leash.mjs', import.meta.url).href;
const QUIET_MILLISECONDS = 150;

function run(args: string[]): ChildProcess {
  return spawn(process.execPath, ['--import', LEASH, ...args], {
    cwd: ROOT,
    env: { ...process.env, DATA_DIR: process.env.DATA_DIR ?? join(ROOT, 'data') },
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    // Its own group, so that Ctrl-C reaches it once, through us.
    detached: process.platform !== 'win32',
  });
}

async function end(child: ChildProcess | null): Promise<void> {
  if (child === null || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}

// The build that `npm start` would reuse is about to be overwritten.
rmSync(join(ROOT, 'dist', '.stamp'), { force: true });
const vite = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js');
await buildAssets(ROOT);
const builder = run([vite, 'build', '--watch', '--logLevel', 'warn', '--emptyOutDir', 'false']);

let server: ChildProcess | null = null;
let change = 0;
let stopping = false;
let turn: Promise<void> = Promise.resolve();

/** Removes the programs of earlier builds, which have names of their own. */
function removeEarlier(): void {
  const main = readFileSync(join(SERVER, 'main.js'), 'utf8');
  for (const name of readdirSync(SERVER)) {
    const [program] = /^program-[^.]+/.exec(name) ?? [];
    if (program && !main.includes(program)) rmSync(join(SERVER, name));
  }
}

/** Waits until a build has written its last file, then puts the new server in the old one's place. */
async function restart(prepare = async () => {}): Promise<void> {
  const mine = ++change;
  await wait(QUIET_MILLISECONDS);
  if (mine !== change) return;
  turn = turn.then(async () => {
    await prepare().catch((error: unknown) => console.error(error));
    await end(server);
    removeEarlier();
    if (!stopping && existsSync(join(SERVER, 'main.js'))) {
      server = run(['--enable-source-maps', join(SERVER, 'main.js')]);
    }
  });
}

while (!existsSync(join(SERVER, 'main.js')) && builder.exitCode === null) await wait(100);
watch(SERVER, { recursive: true }, (_, name) => {
  // What is removed needs no new server.
  if (name && existsSync(join(SERVER, name))) void restart();
});
for (const folder of ['src/ui/css', 'src/ui/public', 'src/islands'].filter((each) =>
  existsSync(join(ROOT, each)),
)) {
  watch(join(ROOT, folder), { recursive: true }, () => void restart(() => buildAssets(ROOT)));
}
void restart();

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    stopping = true;
    turn = turn.then(async () => {
      await Promise.all([end(server), end(builder)]);
      process.exit(0);
    });
  });
}
