import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { openBare } from '../bare/open.ts';
import { type Cost, cost, keep, time } from '../lib/costs.ts';
import { temporaryFolder } from '../lib/database.ts';
import { Connection } from '../lib/http.ts';
import { ensureBuilt, startServer } from '../lib/server.ts';
import { type Bench, median, spread } from '../lib/table.ts';

const TURNS = 4;
const ROUNDS = 6;
const BROWSER = {
  'Accept-Encoding': 'gzip, deflate, br, zstd',
  Accept: 'text/html',
  'Accept-Language': 'ca',
};

/** From the town's page to the appointment's own, as a browser without scripts that has the stylesheet already. */
export const journey: Bench = {
  name: 'journey',
  about: 'A citizen’s booking by pages, beside node:http with as many answers and bytes',
  run: async (print) => {
    await ensureBuilt();
    const folder = temporaryFolder();
    const server = await startServer(join(folder.path, 'data'), { TRUSTED_PROXIES: '1' });
    const bare = await openBare('http.ts');
    try {
      const walker = new Walker(await Connection.open(server.port));
      const other = await Connection.open(bare.port);
      const ours = cost();
      const theirs = cost();
      for (let round = 0; round < ROUNDS; round++) {
        print(`round ${round + 1} of ${ROUNDS}`);
        const one = cost();
        const another = cost();
        for (let turn = 0; turn < TURNS; turn++) {
          await time(server, () => walker.book(), one);
          const { sizes } = walker;
          const same = async () => {
            for (const bytes of sizes) await other.request('GET', `/${bytes}`, BROWSER);
          };
          await time(bare, same, another);
        }
        if (round === 0) continue;
        keep(ours, one);
        keep(theirs, another);
      }
      other.close();
      return [rowOf(walker, ours, theirs)];
    } finally {
      await server.stop();
      await bare.stop();
      folder.remove();
    }
  },
};

function rowOf({ sizes }: Walker, ours: Cost, theirs: Cost) {
  const all = ours.server.map((each, nth) => each + (ours.database[nth] ?? 0));
  const bytes = sizes.reduce((sum, each) => sum + each, 0);
  return {
    measure:
      'A booking by pages, from the town’s page to the appointment’s: CPU of server and database',
    value: `${spread(all, 1)} ms = ${median(ours.server).toFixed(1)} server + ${median(ours.database).toFixed(1)} database`,
    against: `node:http, ${sizes.length} answers of ${(bytes / 1000).toFixed(0)} kB: ${spread(theirs.server, 2)} ms`,
    ratio: (median(all) / median(theirs.server)).toFixed(0),
  };
}

/** A browser that books, each time as somebody else. */
class Walker {
  readonly #connection: Connection;
  #person = 0;
  /** The bytes of each answer of the last booking, headers left out. */
  sizes: number[] = [];

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async book(): Promise<void> {
    const nth = this.#person++;
    this.sizes = [];
    await this.#get('/ca');
    await this.#get('/ca/oac');
    await this.#get('/ca/oac/volant-padro');
    const path = '/ca/oac/volant-padro/times?channel=phone&language=ca';
    const times = await this.#get(path);
    const starts = [...times.matchAll(/name="start"[^>]*value="([^"]+)"/g)].map((each) => each[1]);
    let at = await this.#post(path, { start: starts[nth % starts.length] ?? '' });
    while (!at.endsWith('/confirmed')) {
      await this.#get(at);
      at = await this.#post(at, fieldsFor(at, nth));
    }
    await this.#get(at);
    const page = await this.#get(at.replace(/\/confirmed$/, ''));
    if (!page.includes('Maria Puig')) throw new Error(`${at} shows nobody`);
  }

  async #get(path: string): Promise<string> {
    const { status, body, headers } = await this.#ask('GET', path);
    if (status !== 200) throw new Error(`${path} answered ${status}`);
    return (headers.get('content-encoding') === 'gzip' ? gunzipSync(body) : body).toString();
  }

  /** Posts a form. Returns where it leads. */
  async #post(path: string, form: Record<string, string>): Promise<string> {
    const { status, headers } = await this.#ask('POST', path, new URLSearchParams(form).toString());
    const to = headers.get('location') ?? '';
    if (status !== 303 || to === path || to.includes('draft='))
      throw new Error(`${path} answered ${status} ${to}`);
    return to;
  }

  async #ask(method: string, path: string, body = '') {
    const nth = this.#person;
    const headers = {
      ...BROWSER,
      'X-Forwarded-For': `10.1.${(nth >> 8) & 255}.${nth & 255}`,
      ...(body && { 'Content-Type': 'application/x-www-form-urlencoded' }),
    };
    const answer = await this.#connection.request(method, path, headers, body);
    this.sizes.push(answer.body.length);
    return answer;
  }
}

/** Returns what is typed on a page of the booking. */
function fieldsFor(path: string, nth: number): Record<string, string> {
  if (!path.endsWith('/details')) return path.endsWith('/needs') ? { anything: 'no' } : {};
  return { name: 'Maria Puig', phone: `+34600${200_000 + nth}`, whom: 'self' };
}
