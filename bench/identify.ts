import { join } from 'node:path';
import { type Cost, cost, keep, time } from './lib/costs.ts';
import { temporaryFolder } from './lib/database.ts';
import { Connection } from './lib/http.ts';
import { ensureBuilt, type Server, startServer } from './lib/server.ts';
import { type Bench, median, type Row, spread } from './lib/table.ts';

/** A page of the town, with little on it. */
const BARE = '/ca/help';
const TURNS = 5;
const ROUNDS = 6;
const AGENT = { 'User-Agent': 'bench' };

export const identify: Bench = {
  name: 'identify',
  about: 'identification without its provider, and a page for somebody identified, beside a page',
  run: async (print) => {
    await ensureBuilt();
    const folder = temporaryFolder();
    const server = await startServer(join(folder.path, 'data'), { TRUSTED_PROXIES: '1' });
    try {
      return await measure(server, print);
    } finally {
      await server.stop();
      folder.remove();
    }
  },
};

async function measure(server: Server, print: (line: string) => void): Promise<Row[]> {
  const connection = await Connection.open(server.port);
  const origin = `http://localhost:${server.port}`;
  const identified = await identifyBy(origin);
  const works: Record<'identify' | 'identified' | 'bare', () => Promise<unknown>> = {
    identify: () => identifyBy(origin),
    identified: () => connection.request('GET', BARE, { ...AGENT, cookie: identified }),
    bare: () => connection.request('GET', BARE, AGENT),
  };
  const names = ['identify', 'identified', 'bare'] as const;
  const all = { identify: cost(), identified: cost(), bare: cost() };
  for (let round = 0; round < ROUNDS; round++) {
    print(`round ${round + 1} of ${ROUNDS}`);
    const ofRound = { identify: cost(), identified: cost(), bare: cost() };
    for (let turn = 0; turn < TURNS; turn++)
      for (const name of names) await time(server, works[name], ofRound[name]);
    if (round > 0) for (const name of names) keep(all[name], ofRound[name]);
  }
  connection.close();
  return [
    ...rowsOf('Identifying: beginning, and what follows the answer', all.identify, all.bare),
    ...rowsOf('A page for somebody identified', all.identified, all.bare),
  ];
}

/** Identifies by the demonstration's provider, whose own page is left out. Returns the session's cookie. */
export async function identifyBy(origin: string): Promise<string> {
  const body = new URLSearchParams({ provider: 'demo' });
  const begun = await ask(`${origin}/ca/identify`, { method: 'POST', body });
  const cookie = cookiesOf(begun);
  // A page that answers a form has an address of its own (docs/adr/0064).
  const page = await ask(new URL(begun.headers.get('location') ?? '', origin), { cookie });
  const state = /state=([\w.-]+)/.exec(await page.text())?.[1] ?? '';
  const back = `/identify/demo/return?state=${state}&person=12345678Z&level=high`;
  const done = await ask(`${origin}${back}`, { cookie });
  if (done.status !== 303) throw new Error(`It answered ${done.status}`);
  return cookiesOf(done);
}

function ask(url: string | URL, { cookie = '', ...init }: RequestInit & { cookie?: string } = {}) {
  const headers = { ...AGENT, Cookie: cookie, 'Sec-Fetch-Site': 'same-origin' };
  return fetch(url, { ...init, headers, redirect: 'manual' });
}

const cookiesOf = (answer: Response): string =>
  answer.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ');

/** Returns the rows of a piece of work, beside a page of the town. */
export const rowsOf = (measure: string, of: Cost, bare: Cost): Row[] =>
  (['wall', 'server', 'database'] as const).map((what) => ({
    measure: what === 'wall' ? measure : `… CPU of the ${what}`,
    value: `${spread(of[what], 2)} ms`,
    against: `${what === 'wall' ? 'a page of the town: ' : ''}${spread(bare[what], 2)} ms`,
    ratio: (median(of[what]) / median(bare[what])).toFixed(1),
  }));
