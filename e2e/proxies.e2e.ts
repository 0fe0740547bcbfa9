import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BEAT_MS } from '../src/lib/http/streams.ts';
import { type Client, enter, openClient } from './support/client.ts';
import { NURIA } from './support/console.ts';
import { bookDocumentsAs } from './support/document-states.ts';
import { freePort, until } from './support/processes.ts';
import { fileOf, type ProxyName } from './support/proxies/kinds.ts';
import { lacks, openProxy, openStrict, type RunningProxy } from './support/proxies/proxy.ts';
import {
  eventsIn,
  sendAsProxy,
  sendBy,
  statusByHttp2,
  type Way,
} from './support/proxies/through.ts';
import type { Access } from './support/server.ts';
import { MORNING, openTown, type Town } from './support/town.ts';
import { type BookedVideo, bookVideo } from './support/video.ts';

/*
 * Each proxy runs with its file of deploy/proxies before one server. All have the same port, at addresses of their own, since the server
 * answers to one name only.
 */

const NAMES: readonly ProxyName[] = ['nginx', 'caddy', 'haproxy'];
const LACKING = NAMES.flatMap((name) => lacks(name) ?? []);

/** The agent's seat, and the citizen's: one call for all proxies. */
interface Call {
  room: string;
  desk: string;
  /** Of the agent's session. */
  cookies: Client['cookies'];
}

let town: Town;
let access: Access;
let call: Call;
const proxies = new Map<ProxyName, RunningProxy>();
/** What of people and of their appointments went through, and must not be in the log. */
const secrets = ['Maria', 'Puig', '612345678', '612 345 678', '@example', 'padró'];

/** A browser at this address of the network, which claims another one. */
const browserAt = (name: ProxyName, from: string, headers: Way['headers'] = {}): Client =>
  openClient(town.origin, 'ca', sendBy({ from, to: proxies.get(name)?.address ?? '', headers }));

beforeAll(async () => {
  if (LACKING.length === NAMES.length) return;
  const port = await freePort();
  town = await openTown({
    clock: MORNING,
    env: { BASE_URL: `https://localhost:${port}`, TRUSTED_PROXIES: '1', LOG_LEVEL: 'info' },
  });
  const direct = openClient(town.origin, 'ca', sendAsProxy(town.server.port, '198.51.100.1'));
  access = JSON.parse((await direct.get('/demo/access.json')).html);
  const booked = await bookVideo(direct);
  call = await begin(direct, booked);
  for (const name of NAMES.filter((each) => !lacks(each)))
    proxies.set(name, await openProxy(name, { port, serverPort: town.server.port }));
}, 120_000);

afterAll(async () => {
  for (const each of proxies.values()) await each[Symbol.asyncDispose]();
  await town?.[Symbol.asyncDispose]();
});

/** Comes to five minutes before the hour, and has the agent let the citizen in. */
async function begin(citizen: Client, { manage, start }: BookedVideo): Promise<Call> {
  await town.comeTo(Temporal.Instant.from(start).subtract({ minutes: 5 }).toString());
  const secret = manage.split('/').at(-1) ?? '';
  const id = await town.operate(async ({ appointments }) => {
    const found = await appointments.bySecret(secret);
    return found?.id ?? '';
  });
  await citizen.post(`${manage}/room/seat`, {});
  const agent = openClient(town.origin, 'ca', sendAsProxy(town.server.port, '198.51.100.2'));
  await enter(agent, access, NURIA);
  const desk = `/console/oac/appointment/${id}`;
  await agent.post(`${desk}/start`, {});
  return { room: `${manage}/room`, desk: `${desk}/room`, cookies: agent.cookies };
}

describe.each(NAMES)('behind %s', (name) => {
  /** Each proxy has citizens of its own. */
  const network = NAMES.indexOf(name) + 1;
  const citizen = `127.0.${network}.7`;
  const forged = {
    'X-Forwarded-For': '203.0.113.66, 203.0.113.67',
    Forwarded: 'for=203.0.113.68;host=elsewhere.example;proto=http',
    'X-Forwarded-Host': 'elsewhere.example',
    'X-Forwarded-Proto': 'http',
  };

  test.skipIf(lacks(name))(
    'a citizen books, sends 25 MB, and is who their address says',
    async () => {
      const browser = browserAt(name, citizen, forged);
      const papers = await bookDocumentsAs(browser);
      secrets.push(papers.split('/').at(-2) ?? '', citizen);
      expect(papers).toMatch(/^\/ca\/appointment\/[\w-]+\/documents$/);
      const mail = await until('the confirmation has come', async () => {
        const { html } = await browser.get('/demo/outbox.json');
        return (JSON.parse(html) as { text: string }[]).find(({ text }) =>
          text.includes(papers.replace('/documents', '')),
        );
      });
      expect(mail.text).toContain(`${town.origin}/ca/appointment/`);
      expect(mail.text).not.toContain('elsewhere.example');
      expect(await statusByHttp2(new URL('/ca', town.origin), proxies.get(name)!.address)).toBe(
        200,
      );

      const file = (megabytes: number) => {
        const form = new FormData();
        const bytes = randomBytes(megabytes * 500_000).toString('hex');
        form.set('file', new File([bytes], `padró ${megabytes}.txt`, { type: 'text/plain' }));
        return form;
      };
      const sent = await browser.send(papers, file(25));
      expect(sent.path).toBe(`${papers}?done=sent`);
      const refused = await browser.send(papers, file(27));
      expect(refused.html).toContain('És massa gran');
      expect(refused.html).not.toContain('padró 27.txt');

      // The log tells networks apart without naming them.
      const sourceOf = async (client: Client) => {
        const before = sources().length;
        await client.post('/ca', {}, { Origin: 'https://elsewhere.example' });
        return until('the log has it', () => sources()[before]);
      };
      const own = await sourceOf(browser);
      expect(await sourceOf(browserAt(name, citizen))).toBe(own);
      expect(await sourceOf(browserAt(name, `127.0.${network}.8`, forged))).not.toBe(own);
      const real = openClient(town.origin, 'ca', sendAsProxy(town.server.port, citizen));
      expect(await sourceOf(real)).toBe(own);
    },
  );

  test.skipIf(lacks(name))('a call’s signals and events pass at once', async () => {
    const citizens = browserAt(name, citizen);
    const agents = browserAt(name, `127.0.${network}.9`);
    for (const [key, value] of call.cookies) agents.cookies.set(key, value);
    const end = new AbortController();
    const take = async (client: Client, room: string) => {
      const { seat } = JSON.parse((await client.post(`${room}/seat`, {})).html);
      const stream = await sendBy({
        ...{ from: citizen, to: proxies.get(name)!.address },
      })(new URL(`${room}/stream?seat=${seat}`, town.origin), {
        signal: end.signal,
        headers: { Cookie: [...client.cookies].map((each) => each.join('=')).join('; ') },
      });
      expect(stream.headers.get('Content-Type')).toContain('text/event-stream');
      return { seat, events: eventsIn(stream) };
    };
    const agent = await take(agents, call.desk);
    const person = await take(citizens, call.room);
    const find = async (from: typeof agent, wanted: string) => {
      for (;;) {
        const { value, done } = await from.events.next();
        if (done) throw new Error(`The stream ended without ${wanted}`);
        if (value.event === wanted) return value.data;
      }
    };
    expect(await find(person, 'room')).toMatchObject({ phase: 'admitted' });
    const media = { type: 'media', camera: true, microphone: true, screen: false, hold: false };
    const all = { ...media, away: false, signing: false, saving: false, captions: false };
    const signals = JSON.stringify([{ ...all, captioned: false }]);
    const posted = await agents.post(`${call.desk}/signal`, {
      ...{ seat: agent.seat, to: person.seat, signals },
    });
    expect(posted.status).toBe(204);
    expect(await find(person, 'signal')).toMatchObject({ from: agent.seat });
    end.abort();
  });
});

test.each(['nginx', 'haproxy'] as const)('%s keeps one address from taking all', async (name) => {
  if (lacks(name)) return;
  // What never answers, as a stream that says nothing yet.
  const silent = createServer();
  await once(silent.listen(0, '127.0.0.1'), 'listening');
  const { port: serverPort } = silent.address() as AddressInfo;
  const port = await freePort();
  await using _ = await openStrict(name, { port, serverPort, mostEach: 3 });
  const ask = (localAddress: string) =>
    get({ host: '127.0.0.1', port, localAddress, headers: { Host: 'localhost' }, agent: false });
  const reaches = (from: string) => {
    const came = once(silent, 'request');
    const asked = ask(from).on('error', () => {});
    return came.then(() => asked);
  };
  const open = [];
  for (let n = 0; n < 3; n++) open.push(await reaches('127.0.0.2'));
  const refused = await once(ask('127.0.0.2'), 'response').catch(({ code }) => code);
  if (name === 'haproxy') expect(refused).toBe('ECONNRESET');
  else expect(refused[0]).toMatchObject({ statusCode: 503, headers: { 'retry-after': '30' } });
  open.push(await reaches('127.0.0.3'));
  for (const each of open) each.destroy();
  silent.close();
});

test('each waits for longer than a stream may be silent', () => {
  // No stream is asked for at /assets/.
  const elsewhere = (file: string) => file.replace(/location \/assets\/ \{[^}]*\}/, '');
  const seconds = (name: ProxyName, setting: RegExp) =>
    [...elsewhere(fileOf(name)).matchAll(setting)].map(([, value]) => Number(value));
  const silences = [
    ...seconds('nginx', /proxy_read_timeout (\d+)s/g),
    ...seconds('haproxy', /timeout (?:client|server) (\d+)s/g),
  ];
  expect(silences.length).toBeGreaterThan(3);
  // Two beats may be late.
  expect(Math.min(...silences) * 1000).toBeGreaterThan(3 * BEAT_MS);
  // Caddy waits for ever unless it is told otherwise.
  expect(fileOf('caddy')).not.toMatch(/read_timeout|response_header_timeout/);
});

test.skipIf(LACKING.length === NAMES.length)('the log has nothing of all these people', () => {
  const lines = town.server
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{'));
  expect(lines.length).toBeGreaterThan(3);
  expect(secrets.length).toBeGreaterThan(6);
  const said = lines.filter((line) => secrets.some((each) => line.includes(each)));
  expect(said).toEqual([]);
});

test.skipIf(LACKING.length === NAMES.length)(
  'while the server starts again, each says so in words, and when to come back',
  async () => {
    await town.server.stop();
    for (const { name } of proxies.values()) {
      const way = { from: '127.0.0.1', to: proxies.get(name)!.address };
      const answer = await sendBy(way)(new URL('/ca', town.origin), {});
      expect([name, answer.status, answer.headers.get('Retry-After')]).toEqual([name, 503, '30']);
      expect(answer.headers.get('Cache-Control')).toBe('no-store');
      expect(answer.headers.get('Content-Type')).toContain('text/html');
      expect(await answer.text()).toContain('Ara mateix no podem atendre’t aquí');
    }
  },
);

/** Whose forms from other sites were refused, as the log has it. */
const sources = (): string[] =>
  town.server
    .output()
    .split('\n')
    .flatMap((line) => (line.includes('web.cross_site_refused') ? [JSON.parse(line).source] : []));
