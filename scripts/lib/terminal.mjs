// @ts-check
/** Running the project's programs in the user's terminal. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, ROOT, read } from './basics.mjs';

/**
 * Runs a program of the project in this terminal until it ends. Signals are passed on (Ctrl-C
 * once, however many ways it arrives), and the program is told to stop if this process is killed.
 * @param {string} node
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<number>} its exit code
 */
export function runInTerminal(node, args, options = {}) {
  const leash = new URL('./leash.mjs', import.meta.url).href;
  const child = spawn(node, ['--import', leash, ...args], {
    cwd: options.cwd ?? process.cwd(),
    env: options.env ?? process.env,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    // A separate process group: else the terminal's Ctrl-C would reach it directly too.
    detached: process.platform !== 'win32',
  });
  let echo = false;
  for (const signal of /** @type {NodeJS.Signals[]} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => {
      if (echo) return;
      echo = true;
      setTimeout(() => {
        echo = false;
      }, 1000).unref();
      child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal);
    });
  }
  whenNpmDies(() => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      resolve(code ?? 128 + (signal === 'SIGINT' ? 2 : signal === 'SIGKILL' ? 9 : 15));
    });
  });
}

/**
 * npm starts scripts through a shell that passes no signal on, so a killed npm would leave them
 * behind. Watches npm, and the shell between where there is one.
 * @param {() => void} stop
 */
function whenNpmDies(stop) {
  if (!process.env.npm_lifecycle_event) return;
  const watched = [process.ppid];
  const parent = existsSync('/proc')
    ? /\((.*)\) \S (\d+)/.exec(read(`/proc/${process.ppid}/stat`) ?? '')
    : /(\S+)\s+(\d+)/.exec(
        spawnSync('ps', ['-o', 'comm=,ppid=', '-p', `${process.ppid}`], { encoding: 'utf8' })
          .stdout,
      );
  if (/^(.*\/)?-?(sh|dash|bash|zsh)$/.test(parent?.[1] ?? '')) watched.push(Number(parent?.[2]));
  const timer = setInterval(() => {
    if (process.ppid === watched[0] && watched.every(isAlive)) return;
    clearInterval(timer);
    stop();
  }, 500);
  timer.unref();
}

/** The environment with the data folder beside the project unless it says another. */
export function withDataDir() {
  return { ...process.env, DATA_DIR: process.env.DATA_DIR || join(ROOT, 'data') };
}
