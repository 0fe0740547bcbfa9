import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, on } from 'node:events';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { systemClock } from '../../lib/clock.ts';
import type { Trial, TrialRun, Trials } from '../../web/demo/types.ts';
import type { DemoMailServer } from './mail-server.ts';

export interface TrialOptions {
  dataDir: string;
  /** The program and its first arguments: the operator's command. */
  command: readonly [string, ...string[]];
  env: NodeJS.ProcessEnv;
  mail: DemoMailServer;
  /** The longest that a command may take. */
  mostMs?: number;
}

/** The operator's commands beside a demo, as the demo holds them. */
export interface OpenTrials extends Trials {
  /** Removes what a demo that was killed has left. */
  tidy(): void;
  /** Ends what runs, and removes the backup. */
  stop(): Promise<void>;
}

const MOST_MS = 5 * 60_000;
/** How long a command that is ended has to tidy up. */
const TIDY_MS = 10_000;
/** More than any of them prints. */
const MOST_OUTPUT = 64_000;
const CUT = '\n… and more, which is not shown.\n';

/** Returns what runs the operator's commands as processes of their own, one at a time. What they make is in a folder that is removed at the end. */
export function createTrials(options: TrialOptions): OpenTrials {
  const folder = join(options.dataDir, 'demo-trial');
  const file = join(folder, 'backup.gz');
  let last: Running | null = null;
  const { mail } = options;
  const hasBackup = () => existsSync(file);
  return {
    mail,
    hasBackup,
    last: () => last?.run ?? null,
    start(what) {
      if (last && !last.run.ended) return false;
      if (what === 'drill' && !hasBackup()) return false;
      if (what === 'backup') {
        rmSync(folder, { recursive: true, force: true });
        mkdirSync(folder, { mode: 0o700 });
      }
      last = run(what, argumentsOf(what, file), options);
      return true;
    },
    follow: () => last?.follow() ?? nothing(),
    tidy: () => rmSync(folder, { recursive: true, force: true }),
    async stop() {
      await last?.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function* nothing(): AsyncIterable<string> {}

const ARGUMENTS: Record<Trial, readonly string[]> = {
  doctor: ['doctor'],
  backup: ['backup'],
  drill: ['restore', 'drill'],
};

const argumentsOf = (what: Trial, file: string): string[] =>
  what === 'doctor' ? [...ARGUMENTS.doctor] : [...ARGUMENTS[what], file];

interface Running {
  run: TrialRun;
  follow(): AsyncIterable<string>;
  /** Ends it, and resolves when it has ended. */
  end(): Promise<void>;
}

function run(
  what: Trial,
  args: readonly string[],
  { command, env, dataDir, mostMs = MOST_MS }: TrialOptions,
): Running {
  const [program, ...first] = command;
  const startedAt = systemClock.now();
  const state: TrialRun = {
    what,
    command: `finestreta ${args.join(' ')}`,
    startedAt,
    ended: null,
    output: '',
  };
  const said = new EventEmitter();
  said.setMaxListeners(0);
  const child = spawn(program, [...first, ...args], {
    cwd: dataDir,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  hear(child, (text) => {
    const left = MOST_OUTPUT - state.output.length;
    if (left <= 0) return;
    const shown = text.length > left ? text.slice(0, left) + CUT : text;
    state.output += shown;
    said.emit('text', shown);
  });
  const limit = setTimeout(() => child.kill('SIGTERM'), mostMs);
  const ended = new Promise<void>((resolve) => {
    const end = (code: number | null) => {
      if (state.ended) return;
      clearTimeout(limit);
      const seconds = systemClock.now().since(startedAt).total('seconds');
      state.ended = { code, seconds: Math.round(seconds * 10) / 10 };
      said.emit('end');
      resolve();
    };
    child.once('close', end);
    child.once('error', () => end(null));
  });
  return { run: state, follow: () => follow(state, said), end: () => endOf(child, ended) };
}

/** Calls `take` with what a process prints, character by whole character. */
function hear(child: ChildProcess, take: (text: string) => void): void {
  for (const stream of [child.stdout, child.stderr]) {
    const decoder = new StringDecoder('utf8');
    stream?.on('data', (bytes: Buffer) => take(decoder.write(bytes)));
  }
}

async function* follow(state: TrialRun, said: EventEmitter): AsyncIterable<string> {
  if (state.ended) return yield state.output;
  const ending = new AbortController();
  said.once('end', () => ending.abort());
  const later = on(said, 'text', { signal: ending.signal });
  yield state.output;
  try {
    for await (const [text] of later) yield String(text);
  } catch (error) {
    if ((error as Error).name !== 'AbortError') throw error;
  }
}

async function endOf(child: ChildProcess, ended: Promise<void>): Promise<void> {
  child.kill('SIGTERM');
  const hard = setTimeout(() => child.kill('SIGKILL'), TIDY_MS);
  await ended;
  clearTimeout(hard);
}
