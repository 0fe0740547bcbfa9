import { randomBytes } from 'node:crypto';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NO_MOTO } from '../src/lib/blobs/testing/moto.ts';
import { apiClient } from './support/api.ts';
import { type Bookers, startBookers } from './support/bookers.ts';
import { CHROME, FAKE_DEVICES, openBrowser } from './support/browser.ts';
import { SCREEN } from './support/console.ts';
import { fillDetails, press, say, seen, takeTime, walkToTimes } from './support/pages.ts';
import { rememberConnections } from './support/phone.ts';
import { POSTGRES_BIN } from './support/postgres.ts';
import { until } from './support/processes.ts';
import { lacks } from './support/proxies/proxy.ts';
import { type MachineName, type Machines, startMachines } from './support/several/machines.ts';
import { startChat, startEncounter, startUpload, uploaded } from './support/standby/going-on.ts';
import { query, readTruth, SOUND } from './support/truth.ts';
import { letIn, says, untilSeen } from './support/video.ts';

/** What two workers have on its way at once, at most. */
const ON_THEIR_WAY = 10;
const ROSA = { name: 'Rosa Soler', phone: '612 345 670', email: 'rosa@example.com' };

const LACKING = !CHROME || !POSTGRES_BIN || NO_MOTO || lacks('haproxy');

describe.skipIf(LACKING)('two web processes and two workers behind HAProxy', () => {
  let browser: Browser;
  let machines: Machines;
  beforeAll(async () => {
    browser = await openBrowser(FAKE_DEVICES);
    machines = await startMachines();
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await machines?.[Symbol.asyncDispose]();
  });

  test('each is killed in turn and started again: people go on, nothing is lost, and each thing is done once', async () => {
    const { town, mail } = machines;
    const encounter = await startEncounter(town);
    const call = await startCall();
    const chat = await startChat(town, 2_800);
    const bytes = Buffer.from(randomBytes(1_500_000).toString('hex').replaceAll(/.{60}/g, '$&\n'));
    const upload = await startUpload(town, bytes, 1_500);
    const { bookers, client } = await startSystems();

    /** Everybody does something more. */
    const goOn = async (after: string) => {
      const done = () => [chat.done.length, encounter.done.length, bookers.told.length];
      const before = done();
      await until(`all go on after ${after}`, () =>
        done().every((each, nth) => each >= before[nth]! + 2),
      );
      await call.goesOn();
    };
    const again = async (name: MachineName) => {
      await machines.start(name);
      await goOn(`the death of ${name}`);
    };
    await goOn('the start');

    // Mails are on their way at both workers when one of them dies.
    const release = mail.hold();
    const received = mail.received.length;
    await until('mails are on their way', () => mail.received.length >= received + ON_THEIR_WAY);
    await machines.kill('first');
    release();
    await again('first');
    await machines.kill('second');
    await again('second');
    await aFormIsKept();
    await again('one');
    await upload.arrived;
    expect(upload.state.failed).toBeNull();
    await call.signalsPass();

    for (const each of [bookers, chat, encounter]) await each.stop();
    client.close();
    expect([...bookers.wrong, ...chat.wrong, ...encounter.wrong]).toEqual([]);
    expect(await chat.written()).toEqual(chat.done);
    expect(await encounter.written()).toEqual([encounter.done.at(-1)]);
    expect(await uploaded(town)).toEqual(bytes);
    await everyBookingIsThere(bookers);
    await everyMailCame(bookers);
    await noJobIsLeft();
  }, 420_000);

  /** Systems of others that book, at a modest pace. */
  async function startSystems() {
    const client = await apiClient(machines.town.server, { office: 'proves' });
    const starts = (await client.slots(20)).slice(200).map((each) => each.start);
    return { client, bookers: startBookers(client, starts, 2, 150) };
  }

  /** A citizen and an agent in a video call. */
  async function startCall() {
    const { town, call } = machines;
    const baseURL = town.origin;
    const citizen = await browser.newPage({ baseURL, locale: 'ca-ES' });
    const agent = await browser.newPage({ ...SCREEN, baseURL, locale: 'ca-ES' });
    for (const page of [citizen, agent]) {
      page.setDefaultTimeout(40_000);
      await rememberConnections(page);
    }
    await letIn(call.manage, { town, citizen, agent });
    const bothSee = () => Promise.all([untilSeen(citizen), untilSeen(agent)]);
    const connections = () =>
      Promise.all(
        [citizen, agent].map((page) =>
          page.evaluate(() => (window as unknown as { connections: unknown[] }).connections.length),
        ),
      );
    await bothSee();
    const begunWith = await connections();
    return {
      /** It is the connection that was begun. */
      goesOn: async () => {
        await bothSee();
        expect(await connections()).toEqual(begunWith);
      },
      /** Somebody who loads the page again is back, by the signals that the service passes on. */
      signalsPass: async () => {
        await citizen.reload();
        await bothSee();
        await Promise.all([citizen, agent].map((page) => says(page, 'connected')));
      },
    };
  }

  /** What a citizen sends to a machine that falls silent and dies is sent to the other one when they ask for it. */
  async function aFormIsKept(): Promise<void> {
    const page = await browser.newPage({ baseURL: machines.town.origin, locale: 'ca-ES' });
    page.setDefaultTimeout(40_000);
    await walkToTimes(page);
    await takeTime(page, 3);
    await fillDetails(page, ROSA);
    await machines.kill('two');
    await machines.ledTo(['one']);
    machines.freeze('one');
    const sent = page.waitForRequest(
      (each) => each.isNavigationRequest() && each.method() === 'POST',
    );
    await page
      .getByRole('button', { name: say('citizen.continue'), exact: true })
      .click({ noWaitAfter: true });
    await sent;
    await machines.start('two');
    await machines.kill('one');
    // A browser sends it again by itself where the proxy closes a connection that was used before.
    const anew = page.getByRole('button', { name: 'Torna a carregar la pàgina' });
    const went = page.waitForURL('**/needs').then(() => 'went' as const);
    if ((await Promise.race([went, anew.waitFor()])) !== 'went') await anew.click();
    await went;
    await press(page, say('citizen.continue'));
    expect(await seen(page)).toContain(ROSA.name);
    await press(page, say('citizen.check.confirm'));
    await page.waitForURL('**/confirmed');
    await page.close();
  }

  async function everyBookingIsThere({ told }: Bookers): Promise<void> {
    const { appointments, ...rest } = await readTruth({ connectionString: machines.databaseUrl });
    // Whoever came without an appointment holds no time of the desk.
    expect(rest).toEqual({ ...SOUND, withoutTime: 1 });
    const booked = told.flatMap(({ id, externalId }) => (id ? [`${externalId} ${id}`] : []));
    const there = appointments.flatMap(({ id, externalId }) =>
      externalId ? [`${externalId} ${id}`] : [],
    );
    expect(there.sort()).toEqual(booked.sort());
  }

  /** Also those that a worker had when it died: its lease ends, and the other one takes them. */
  async function everyMailCame({ told }: Bookers): Promise<void> {
    const { mail } = machines;
    const wanted = told.flatMap(({ id, externalId }) =>
      id ? [`${externalId}@vilaclara.example`] : [],
    );
    await until('nothing waits to be sent', async () => (await count(UNSENT)) === 0, 180);
    const to = Map.groupBy(mail.received, (each) => each.to);
    const copies = wanted.map((address) => to.get(address) ?? []);
    expect(copies.filter((each) => each.length === 0)).toEqual([]);
    // The same mail, where there are two.
    for (const each of copies) expect(new Set(each.map(({ messageId }) => messageId)).size).toBe(1);
    const twice = copies.filter((each) => each.length > 1);
    expect(Math.max(...copies.map((each) => each.length))).toBeLessThanOrEqual(2);
    expect(twice.length).toBeLessThanOrEqual(ON_THEIR_WAY);
    console.log(
      `Four kills: ${wanted.length} booked, ${mail.received.length} mails came, ${twice.length} of the bookings' twice`,
    );
  }

  const count = async (what: string) =>
    (await query({ connectionString: machines.databaseUrl }, `select ${what}`)).length;

  async function noJobIsLeft(): Promise<void> {
    expect(await count('from job_run where failures > 0')).toBe(0);
    expect(await count('from notice where failed_at is not null')).toBe(0);
  }
});

const UNSENT =
  "from notice where kind = 'confirmation' and sent_at is null and dropped_at is null and failed_at is null";
