import { join } from 'node:path';
import { type Cost, cost, keep, time } from './lib/costs.ts';
import { temporaryFolder } from './lib/database.ts';
import { Connection } from './lib/http.ts';
import { ensureBuilt, type Server, startServer } from './lib/server.ts';
import { type Access, signIn } from './lib/sign-in.ts';
import { type Bench, median, type Row, spread } from './lib/table.ts';

/** A Monday of the demo town before it opens: each of the desks gets some of these. */
const CLOCK = '2026-11-30T07:00:00+01:00';
const BOOKINGS = 40;
const AGENT = 'marta.soler@vilaclara.example';
/** An empty page of the console: the session, the office and the frame, as in each. */
const BARE = '/console/oac/search';
/** Two requests and a card, as a multiple of the bare page. */
const MOST = 3;
const TURNS = 10;
const ROUNDS = 6;

export const next: Bench = {
  name: 'next',
  about: 'From pressing “next” to the card of who is called: time and CPU, beside a bare page',
  run: async (print) => {
    await ensureBuilt();
    const folder = temporaryFolder();
    const server = await startServer(join(folder.path, 'data'), { CLOCK, TRUSTED_PROXIES: '1' });
    try {
      return await measure(server, print);
    } finally {
      await server.stop();
      folder.remove();
    }
  },
};

async function measure(server: Server, print: (line: string) => void): Promise<Row[]> {
  const origin = `http://localhost:${server.port}`;
  const access = (await (await fetch(`${origin}/demo/access.json`)).json()) as Access;
  const person = access.staff.find((each) => each.email === AGENT);
  if (!person) throw new Error(`${AGENT} has no access`);
  const connection = await Connection.open(server.port);
  print(`${BOOKINGS} bookings`);
  await bookSome(connection, access.tokens.oac ?? '');
  const cookie = await signIn(origin, person);
  const page = async (path: string) => {
    const answer = await connection.request('GET', path, { cookie, 'Accept-Language': 'ca' });
    if (answer.status === 303) return answer.headers.get('location') ?? '';
    if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}`);
    return '';
  };
  const press = async () => {
    const card = await page('/console/oac/next');
    if (!card.includes('/appointment/')) throw new Error(`“Next” leads to ${card}`);
    await page(card);
  };
  const card = cost();
  const bare = cost();
  for (let round = 0; round < ROUNDS; round++) {
    print(`round ${round + 1} of ${ROUNDS}`);
    const ofCard = cost();
    const ofBare = cost();
    for (let turn = 0; turn < TURNS; turn++) {
      await time(server, press, ofCard);
      await time(server, () => page(BARE), ofBare);
    }
    if (round === 0) continue;
    keep(card, ofCard);
    keep(bare, ofBare);
  }
  connection.close();
  const ratio = (of: keyof Cost) => (median(card[of]) / median(bare[of])).toFixed(1);
  return [
    {
      measure: 'From “next” to the card, both requests',
      value: `${spread(card.wall, 1)} ms`,
      against: `a bare page of the console: ${spread(bare.wall, 1)} ms`,
      ratio: ratio('wall'),
      aim: `≤ ${MOST}`,
      met: Number(ratio('wall')) <= MOST,
    },
    {
      measure: '… CPU of the server',
      value: `${spread(card.server, 2)} ms`,
      against: `${spread(bare.server, 2)} ms`,
      ratio: ratio('server'),
    },
    {
      measure: '… CPU of the database',
      value: `${spread(card.database, 2)} ms`,
      against: `${spread(bare.database, 2)} ms`,
      ratio: ratio('database'),
    },
  ];
}

/** Takes the day's free times one after the other. */
async function bookSome(connection: Connection, token: string): Promise<void> {
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  const choice = { procedure: 'volant-padro', channel: 'phone', language: 'ca' };
  const day = CLOCK.slice(0, 10);
  const api = '/api/v1/offices/oac';
  const query = new URLSearchParams({ ...choice, from: day, to: day });
  const found = await connection.request('GET', `${api}/slots?${query}`, headers);
  const { slots } = JSON.parse(found.body.toString()) as {
    slots: { start: string; capacity: number }[];
  };
  const starts = slots.flatMap(({ start, capacity }) => Array<string>(capacity).fill(start));
  for (const [nth, start] of starts.slice(0, BOOKINGS).entries()) {
    // Each is another person: a person with many appointments has a longer card.
    const citizen = {
      name: 'Maria Puig',
      email: `maria-${nth}@example.org`,
      phone: `+3460011${1200 + nth}`,
    };
    const booking = JSON.stringify({ ...choice, start, citizen });
    const { status } = await connection.request('POST', `${api}/appointments`, headers, booking);
    if (status !== 201) throw new Error(`Booking answered ${status}`);
  }
}
