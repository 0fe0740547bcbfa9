import { join } from 'node:path';
import { identifyBy, rowsOf } from './identify.ts';
import { cost, keep, time } from './lib/costs.ts';
import { temporaryFolder } from './lib/database.ts';
import { Connection } from './lib/http.ts';
import { ensureBuilt, type Server, startServer } from './lib/server.ts';
import type { Access } from './lib/sign-in.ts';
import type { Bench, Row } from './lib/table.ts';

/** A Monday of the demo town, before it opens. */
const CLOCK = '2026-11-30T07:00:00+01:00';
/** A page of the town, with little on it. */
const BARE = '/ca/help';
/** Each has its appointment, a message, and two lines of who has looked. */
const BOOKINGS = 50;
const TURNS = 5;
const ROUNDS = 6;
const AGENT = { 'User-Agent': 'bench' };

export const folder: Bench = {
  name: 'folder',
  about: 'the folder of a person with 200 items, and a page of one of its lists, beside a page',
  run: async (print) => {
    await ensureBuilt();
    const place = temporaryFolder();
    const data = join(place.path, 'data');
    const server = await startServer(data, { CLOCK, TRUSTED_PROXIES: '1' });
    try {
      return await measure(server, print);
    } finally {
      await server.stop();
      place.remove();
    }
  },
};

async function measure(server: Server, print: (line: string) => void): Promise<Row[]> {
  const origin = `http://localhost:${server.port}`;
  const access = (await (await fetch(`${origin}/demo/access.json`)).json()) as Access;
  const connection = await Connection.open(server.port);
  const cookie = await identifyBy(origin);
  print(`${BOOKINGS} appointments in a folder`);
  await fill(connection, access.tokens.oac ?? '', cookie);
  const page = async (path: string, more: Record<string, string> = {}) => {
    const answer = await connection.request('GET', path, { ...AGENT, ...more });
    if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}`);
  };
  const works = {
    folder: () => page('/ca/folder', { cookie }),
    list: () => page('/ca/folder/looks?page=3', { cookie }),
    bare: () => page(BARE),
  };
  const names = ['folder', 'list', 'bare'] as const;
  const all = { folder: cost(), list: cost(), bare: cost() };
  for (let round = 0; round < ROUNDS; round++) {
    print(`round ${round + 1} of ${ROUNDS}`);
    const ofRound = { folder: cost(), list: cost(), bare: cost() };
    for (let turn = 0; turn < TURNS; turn++)
      for (const name of names) await time(server, works[name], ofRound[name]);
    if (round > 0) for (const name of names) keep(all[name], ofRound[name]);
  }
  connection.close();
  return [
    ...rowsOf('A folder with 200 items', all.folder, all.bare),
    ...rowsOf('A page of twenty of them', all.list, all.bare),
  ];
}

/** Books by the API, and puts each appointment into the folder by its link. */
async function fill(connection: Connection, token: string, cookie: string): Promise<void> {
  const json = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  const choice = { procedure: 'volant-padro', channel: 'phone', language: 'ca' };
  const api = '/api/v1/offices/oac';
  const query = new URLSearchParams({ ...choice, from: '2026-11-30', to: '2026-12-11' });
  const found = await connection.request('GET', `${api}/slots?${query}`, json);
  const { slots } = JSON.parse(found.body.toString()) as { slots: { start: string }[] };
  for (const [nth, { start }] of slots.slice(0, BOOKINGS).entries()) {
    const citizen = {
      name: 'Rosa Soler',
      email: `rosa-${nth}@example.org`,
      phone: `+3460011${1200 + nth}`,
    };
    const booking = JSON.stringify({ ...choice, start, citizen });
    const whole = `${api}/appointments?include=manageUrl`;
    const booked = await connection.request('POST', whole, json, booking);
    const { manageUrl } = JSON.parse(booked.body.toString()) as { manageUrl: string };
    const form = { ...AGENT, cookie, 'Content-Type': 'application/x-www-form-urlencoded' };
    const path = `${new URL(manageUrl).pathname}/folder`;
    const taken = await connection.request('POST', path, form, 'do=take');
    if (taken.status !== 303) throw new Error(`${path} answered ${taken.status}`);
  }
}
