import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { readConfig } from '../src/config.ts';
import { type Context, openContext } from '../src/context.ts';
import type { Office } from '../src/domain/office/types.ts';
import { within } from '../src/lib/db/database.ts';
import type { StaffViewer } from '../src/lib/viewer.ts';
import { cost, keep, time } from './lib/costs.ts';
import { temporaryFolder } from './lib/database.ts';
import { type Listener, listen } from './lib/listener.ts';
import { cpuOf } from './lib/processes.ts';
import { ensureBuilt, type Server, startServer } from './lib/server.ts';
import { type Bench, median, p95, type Row, spread } from './lib/table.ts';
import { FOR_ALL, NOW, OFFICE, townText } from './lib/town.ts';
import { bareStreams, collectGarbage, many, weigh } from './lib/weigh.ts';

const DESKS = 20;
const AT_ONCE = 2;
const TALKING = DESKS * AT_ONCE;
const WAITING = 300;
/** Lines of each side, a second, over all who talk. */
const LINES_A_SECOND = 5;
const SECONDS = 40;
/** One of them ends so often, and the next is taken: the line moves for all who wait. */
const MOVES_EVERY_SECONDS = 4;
const OFFER_ROUNDS = 9;
const OFFER_TURNS = 30;

const TOWN = { horizonDays: 30, always: true, desks: DESKS };

export const chat: Bench = {
  name: 'chat',
  about: `${WAITING} who wait and ${TALKING} who talk in writing: how soon a line is on the other side`,
  run: async (print) => {
    await ensureBuilt();
    const folder = temporaryFolder();
    const dataDir = join(folder.path, 'data');
    const town = join(folder.path, 'town.yaml');
    const without = join(folder.path, 'without.yaml');
    writeFileSync(town, JSON.stringify(townWithChat()));
    writeFileSync(without, townText(TOWN));
    const env = { TOWN_FILE: town, NODE_OPTIONS: '--inspect=127.0.0.1:0' };
    const server = await startServer(dataDir, env);
    const silent = await startServer(join(folder.path, 'silent'), { ...env, TOWN_FILE: without });
    const config = readConfig({
      DATA_DIR: dataDir,
      DEMO: '1',
      LOG_LEVEL: 'silent',
      CLOCK: NOW.toString(),
      TOWN_FILE: town,
    });
    const context = await openContext(config, { join: true });
    try {
      const on = await settingOf(server, context);
      const offers = await measureOffers(on, silent, print);
      return [...offers, ...(await measure(on, print))];
    } finally {
      await context.close();
      await silent.stop();
      await server.stop();
      folder.remove();
    }
  },
};

function townWithChat() {
  const town = JSON.parse(townText(TOWN));
  const name = { ca: 'Tot', es: 'Todo' };
  const topics = { tot: { name, procedures: [FOR_ALL] } };
  town.offices[OFFICE].chat = { topics, atOnce: AT_ONCE, waiting: 1000, answerSeconds: 300 };
  town.staff = Object.keys(town.offices[OFFICE].desks).map((desk) => ({
    email: `${desk}@example.org`,
    name: desk,
    offices: { [OFFICE]: { roles: ['agent'], desk } },
  }));
  return town;
}

/** Somebody who writes: their page's stream, and what was heard on it. */
interface Person {
  id: string;
  path: string;
  stream: Listener | null;
  /** The number of the last line that their page has. */
  last: number;
  /** Called with the lines that their page got. */
  got(html: string): void;
}

interface Setting {
  server: Server & { output(): string };
  context: Context;
  office: Office;
  agents: StaffViewer[];
}

async function settingOf(server: Setting['server'], context: Context): Promise<Setting> {
  const office = (await context.offices.find(OFFICE))!;
  const agents = await agentsOf(context, office);
  for (const each of agents) await context.presence.visit(each, office, { isIdle: false });
  return { server, context, office, agents };
}

/** Pages with the way into the chat, and those of the same town without a chat, taking turns. */
async function measureOffers(on: Setting, silent: Server, print: (line: string) => void) {
  const rows: Row[] = [];
  for (const path of [`/ca/${OFFICE}`, `/ca/${OFFICE}/${FOR_ALL}`]) {
    print(`with and without the offer: ${path}`);
    const offers = cost();
    const none = cost();
    const page = (server: Server) => async () => {
      const answer = await fetch(`http://127.0.0.1:${server.port}${path}`);
      const html = await answer.text();
      if (answer.status !== 200 || html.includes('/chat') !== (server === on.server))
        throw new Error(`${path} answered ${answer.status}, or has no offer where it should`);
    };
    for (let round = 0; round < OFFER_ROUNDS; round++) {
      const turn = cost();
      const other = cost();
      for (let nth = 0; nth < OFFER_TURNS; nth++) {
        await time(on.server, page(on.server), turn);
        await time(silent, page(silent), other);
      }
      if (round === 0) continue;
      keep(offers, turn);
      keep(none, other);
    }
    const ratio = median(offers.server.map((each, nth) => each / none.server[nth]!));
    rows.push({
      measure: `A page that offers the chat, ${path}: server's CPU`,
      value: `${spread(offers.server, 2)} ms; database ${spread(offers.database, 2)} ms`,
      against: `the same without a chat: ${spread(none.server, 2)} ms; ${spread(none.database, 2)} ms`,
      ratio: ratio.toFixed(2),
      aim: '≤ 1.1',
      met: ratio <= 1.1,
    });
  }
  return rows;
}

async function measure(on: Setting, print: (line: string) => void): Promise<Row[]> {
  const { server } = on;
  print(`${TALKING} talk, ${WAITING} wait`);
  const people: Person[] = [];
  for (let nth = 0; nth < TALKING + WAITING; nth++) {
    people.push(await begin(on));
    if (nth < TALKING) await takeAll(on);
  }
  const grown = await weigh(
    server.pid,
    people.length,
    () => many(people.length, (nth) => open(on, people[nth]!)),
    () => collectGarbage(server.output()),
  );
  print(`lines for ${SECONDS} s`);
  const before = cpuOf(server.pid);
  const moving = moveOn(on);
  const talking = people.slice(0, TALKING / 2);
  const [toPerson, toOffice] = await Promise.all([
    pace((nth) => toThePerson(on, talking[nth % talking.length]!)),
    pace((nth) => toTheOffice(on, talking[(nth + 7) % talking.length]!)),
  ]);
  const cpu = (cpuOf(server.pid) - before) / SECONDS;
  clearInterval(moving);
  for (const each of people) each.stream?.close();
  const bare = await bareStreams(people.length, '');
  const row = (measure: string, took: number[]): Row => ({
    measure,
    value: `p95 ${p95(took).toFixed(0)} ms, half ${median(took).toFixed(0)} ms`,
    against: `${took.length} lines, sending them included; CPU of the server ${cpu.toFixed(0)} ms a second`,
    aim: 'p95 ≤ 300 ms',
    met: p95(took) <= 300,
  });
  return [
    row('A line of the office until it is on the page of the person', toPerson),
    row('A line of the person until it is at the desk', toOffice),
    {
      measure: `Memory of each of ${people.length} pages in a chat`,
      value: `${grown.each.toFixed(1)} kB; the server grows from ${grown.before.toFixed(0)} to ${grown.after.toFixed(0)} MB`,
      against: `bare node:http, as many streams: ${bare.toFixed(1)} kB`,
      ratio: (grown.each / bare).toFixed(2),
    },
  ];
}

const agentsOf = (context: Context, office: Office): Promise<StaffViewer[]> =>
  within(context.database.kysely, '*', async (tx) => {
    const rows = await tx
      .selectFrom('staff')
      .innerJoin('staff_role', 'staff_role.staff_id', 'staff.id')
      .select(['staff.id as staff', 'staff.name', 'staff_role.desk_id as desk'])
      .where('staff_role.role', '=', 'agent')
      .execute();
    return rows.map((each) => ({ ...each, kind: 'staff', office: office.id, role: 'agent' }));
  });

async function begin({ context, office }: Setting): Promise<Person> {
  const asked = { topic: 'tot', language: 'ca', name: 'Rosa', text: 'Bon dia' } as const;
  const done = await context.chats.begin(office, { ...asked, key: randomUUID() });
  if (!done.ok) throw new Error(done.reason);
  const path = `/ca/chat/${done.secret}`;
  return { id: done.id, path, stream: null, last: 0, got: () => {} };
}

async function takeAll({ context, office, agents }: Setting): Promise<void> {
  for (const each of agents) {
    const list = await context.chatDesk.list(each, office);
    for (const { id, state } of list?.own ?? [])
      if (state === 'offered') await context.chatDesk.take(each, office, id);
  }
}

/** Opens the page of a person: after each event it fetches what is new, as the island does. */
async function open(on: Setting, person: Person): Promise<void> {
  const look = () => void fetchLines(on, person);
  const path = `${person.path}/stream`;
  person.stream = await listen(on.server.port, { path, cookie: '', told: () => {}, event: look });
}

async function fetchLines({ server }: Setting, person: Person): Promise<void> {
  const address = `http://127.0.0.1:${server.port}${person.path}/lines?after=${person.last}`;
  const html = await (await fetch(address)).text();
  person.last = Math.max(person.last, Number(/data-last="(\d+)"/.exec(html)?.[1] ?? 0));
  person.got(html);
}

/** Does it at an even pace. Returns what each took, in ms. */
async function pace(work: (nth: number) => Promise<number>): Promise<number[]> {
  const began = performance.now();
  const going: Promise<number>[] = [];
  for (let nth = 0; nth < SECONDS * LINES_A_SECOND; nth++) {
    await wait(Math.max(0, began + (nth * 1000) / LINES_A_SECOND - performance.now()));
    going.push(work(nth));
  }
  return Promise.all(going);
}

const words = () => ({ key: randomUUID(), text: `Línia ${randomUUID()}`, language: 'ca' as const });

async function answerer({ context, office, agents }: Setting, chat: string): Promise<StaffViewer> {
  const row = await within(context.database.kysely, office.id, (tx) =>
    tx.selectFrom('chat').select('desk_id').where('id', '=', chat).executeTakeFirstOrThrow(),
  );
  return agents.find((each) => each.desk === row.desk_id)!;
}

async function toThePerson(on: Setting, person: Person): Promise<number> {
  const { context, office } = on;
  const agent = await answerer(on, person.id);
  const line = words();
  const at = performance.now();
  const before = person.got;
  const heard = new Promise<number>((resolve) => {
    person.got = (html) => {
      before(html);
      if (html.includes(line.text)) resolve(performance.now() - at);
    };
  });
  await context.chatDesk.write(agent, office, person.id, line);
  return heard;
}

async function toTheOffice(on: Setting, person: Person): Promise<number> {
  const { server, context, office } = on;
  const agent = await answerer(on, person.id);
  const { key, text } = words();
  const at = performance.now();
  const of = { office: office.id, chat: person.id, side: 'office' } as const;
  let stop = () => {};
  const heard = new Promise<number>((resolve) => {
    stop = context.chatNews.follow(of, async () => {
      const look = await context.chatDesk.look(agent, office, person.id, 0);
      if (look?.entries.some((each) => each.text === text)) resolve(performance.now() - at);
    });
  });
  await fetch(`http://127.0.0.1:${server.port}${person.path}`, {
    method: 'POST',
    body: new URLSearchParams({ key, text }),
    headers: { 'X-Refresh': '1' },
  });
  const took = await heard;
  stop();
  return took;
}

/** Ends a conversation of the second half and takes the next, again and again. */
function moveOn(on: Setting): NodeJS.Timeout {
  const { context, office, agents } = on;
  let nth = agents.length / 2;
  return setInterval(async () => {
    const agent = agents[nth++ % agents.length]!;
    const list = await context.chatDesk.list(agent, office);
    const over = list?.own.filter(({ state }) => state === 'talking').at(-1);
    if (over && nth > 0) await context.chatDesk.end(agent, office, over.id);
    await takeAll({ ...on, agents: [agent] });
  }, MOVES_EVERY_SECONDS * 1000);
}
