import { randomBytes } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NO_MOTO } from '../src/lib/blobs/testing/moto.ts';
import { apiClient } from './support/api.ts';
import { startBookers, type Told } from './support/bookers.ts';
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

describe.skipIf(LACKING)('two web processes and two workers behind each proxy', () => {
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
    const doors = [...machines.doors.values()];
    const encounter = await startEncounter(town);
    const call = await startCall();
    const chat = await startChat(town, { pauseMs: 5_000, doors });
    const uploads = await startUploads(doors);
    const { bookers, clients } = await startSystems(doors);
    const told = () => bookers.flatMap((each) => each.told);

    /** Everybody does something more. */
    const goOn = async (after: string) => {
      const done = () => [
        ...[chat, encounter].map((each) => each.done.length),
        ...bookers.map((each) => each.told.length),
      ];
      const before = done();
      const isSo = () => done().every((each, nth) => each >= before[nth]! + 2);
      await until(`all go on after ${after}`, isSo, 240);
      await chat.allAreTold();
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
    await formsAreKept();
    await again('one');
    for (const { upload } of uploads) {
      await upload.arrived;
      expect(upload.state.failed).toBeNull();
    }
    await call.signalsPass();
    await call.end();

    for (const each of [...bookers, chat, encounter]) await each.stop();
    for (const each of clients) each.close();
    expect([...bookers, chat, encounter].flatMap(({ wrong }) => wrong)).toEqual([]);
    expect(await chat.written()).toEqual(chat.done);
    expect(await encounter.written()).toEqual([encounter.done.at(-1)]);
    for (const { upload, bytes } of uploads) expect(await uploaded(town, upload)).toEqual(bytes);
    await everyBookingIsThere(told());
    await everyMailCame(told());
    await noJobIsLeft();
  }, 900_000);

  /** Systems of others that book at each door, at a modest pace. */
  async function startSystems(doors: readonly string[]) {
    const { access } = machines.town.server;
    const clients = await Promise.all(
      doors.map((door) =>
        apiClient({ port: Number(new URL(door).port), access }, { office: 'proves' }),
      ),
    );
    const starts = (await clients[0]!.slots(20)).slice(200).map((each) => each.start);
    const each = Math.floor(starts.length / doors.length);
    const bookers = clients.map((client, nth) =>
      startBookers(client, starts.slice(nth * each, (nth + 1) * each), 1, 200),
    );
    return { bookers, clients };
  }

  /** Citizens who hand over a file at each door. */
  const startUploads = (doors: readonly string[]) =>
    Promise.all(
      doors.map(async (door, nth) => {
        const text = randomBytes(500_000).toString('hex');
        const bytes = Buffer.from(text.replaceAll(/.{60}/g, '$&\n'));
        const phone = `612 345 68${nth}`;
        return { bytes, upload: await startUpload(door, bytes, { pauseMs: 3_000, phone }) };
      }),
    );

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
      end: () => Promise.all([citizen, agent].map((page) => page.close())),
    };
  }

  /** What citizens send to a machine that falls silent and dies is sent to the other one when they ask for it. */
  async function formsAreKept(): Promise<void> {
    const forms = await Promise.all(
      [...machines.doors.values()].map(async (door, nth) => {
        const page = await browser.newPage({ baseURL: door, locale: 'ca-ES' });
        page.setDefaultTimeout(40_000);
        await walkToTimes(page);
        await takeTime(page, 3 + nth);
        await fillDetails(page, ROSA);
        return { door, page };
      }),
    );
    await machines.kill('two');
    await machines.ledTo(['one']);
    await Promise.all(forms.map(noneIsMissed));
    machines.freeze('one');
    await Promise.all(
      forms.map(async ({ page }) => {
        const sent = page.waitForRequest(
          (each) => each.isNavigationRequest() && each.method() === 'POST',
        );
        await page
          .getByRole('button', { name: say('citizen.continue'), exact: true })
          .click({ noWaitAfter: true });
        await sent;
      }),
    );
    await machines.start('two');
    await machines.kill('one');
    for (const { door, page } of forms) {
      await untilSent(page);
      await noneIsMissed({ door });
      await press(page, say('citizen.continue'));
      expect(await seen(page)).toContain(ROSA.name);
      await press(page, say('citizen.check.confirm'));
      await page.waitForURL('**/confirmed');
      await page.close();
    }
  }

  /** Waits until what is sent by a door goes to a machine that lives: Caddy learns within two seconds that one is gone. */
  async function noneIsMissed({ door }: { door: string }): Promise<void> {
    await until(`${door} leads to nobody who is gone`, async () => {
      for (let times = 0; times < 4; times++)
        if ((await fetch(`${door}/ca`, { method: 'POST' })).status === 503) return false;
      return true;
    });
  }

  /** A browser sends it again by itself where the proxy closes a connection that was used before; else people ask for it, before Caddy more than once. */
  async function untilSent(page: Page): Promise<void> {
    const anew = page.getByRole('button', { name: 'Torna a carregar la pàgina' });
    for (;;) {
      const went = page.waitForURL('**/needs').then(() => true);
      const isAway = anew.waitFor().then(() => false);
      for (const each of [went, isAway]) each.catch(() => {});
      if (await Promise.race([went, isAway])) return;
      await anew.click();
    }
  }

  async function everyBookingIsThere(told: readonly Told[]): Promise<void> {
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
  async function everyMailCame(told: readonly Told[]): Promise<void> {
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
