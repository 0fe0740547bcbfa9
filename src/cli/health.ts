import { setTimeout as pause } from 'node:timers/promises';
import type { Call } from './commands.ts';
import { CommandError } from './error.ts';

/** The longest time to wait, in seconds. */
const MOST_SECONDS = 3600;

/**
 * Asks the server on this machine whether it can serve, as a supervisor or a container does.
 * @returns 0 when it can, or when this process serves no pages; 1 when it can't within the time of `--wait`
 */
export async function health({ towns, options }: Pick<Call, 'options'> & Towns): Promise<number> {
  const config = towns[0]?.config;
  if (!config?.roles.has('web')) {
    process.stdout.write('ROLES says that nothing is served here.\n');
    return 0;
  }
  const until = performance.now() + secondsOf(options['wait']) * 1000;
  for (;;) {
    const said = await ask(addressOf(config));
    if (said === 'ready') {
      process.stdout.write('ready\n');
      return 0;
    }
    if (performance.now() >= until) {
      process.stderr.write(`${said}\n`);
      return 1;
    }
    await pause(250);
  }
}

interface Towns {
  towns: readonly { config: { host: string; port: number; roles: ReadonlySet<string> } }[];
}

/** @throws CommandError when it is no number of seconds */
function secondsOf(wait: Call['options'][string]): number {
  const seconds = wait === undefined ? 0 : Number(wait);
  if (seconds >= 0 && seconds <= MOST_SECONDS) return seconds;
  throw new CommandError(`--wait is a number of seconds, at most ${MOST_SECONDS}.`);
}

/** Returns the address on this machine: a server that listens everywhere also listens there. */
export function addressOf({ host, port }: { host: string; port: number }): string {
  const here = { '0.0.0.0': '127.0.0.1', '::': '::1' }[host] ?? host;
  return `http://${here.includes(':') ? `[${here}]` : here}:${port}/readyz`;
}

async function ask(url: string): Promise<string> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(5_000), redirect: 'manual' });
    const words = (await answer.text()).trim().slice(0, 200);
    return answer.status === 200 ? 'ready' : `${url} answers ${answer.status}: ${words}`;
  } catch {
    return `${url} does not answer.`;
  }
}
