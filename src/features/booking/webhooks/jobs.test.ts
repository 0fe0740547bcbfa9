import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { formatCaseEvent } from '../../../web/api/shapes/cases.ts';
import { formatWebhook } from '../../../web/api/words.ts';
import { sweepDeliveries } from './jobs.ts';
import { leaseDue } from './store.ts';
import { answers, type HookWorld, hookWorld, isBelieved, receiver, takes } from './testing.ts';

let world: HookWorld;
const crm = receiver();
const administrator = () => world.viewer('administrator');

beforeAll(async () => {
  world = await hookWorld({ appointment: formatWebhook, case: formatCaseEvent });
});
afterAll(() => world.database.close());
beforeEach(async () => {
  world.clock.set('2026-11-30T07:00:00+01:00');
  crm.answer = takes;
  crm.received.length = 0;
  await crm.open();
});
afterEach(async () => {
  await crm.close();
  await world.database.asOwner('delete from webhook_delivery', 'delete from webhook');
});

const opened = async (id: string) => {
  const found = await world.webhooks.open(administrator(), id);
  if (!found) throw new Error('It is gone');
  return found;
};
const secretOf = async (id: string) => (await world.webhooks.secret(administrator(), id)) ?? '';
const types = () => crm.received.map((each) => each.json.type);
const ids = () => crm.received.map((each) => each.headers['webhook-id']);
/** Looks at all times at which something could be due. */
async function passes(worker: ReturnType<HookWorld['worker']>, hours: number) {
  for (let minutes = 0; minutes < hours * 60; minutes += 5) {
    world.clock.advance({ minutes: 5 });
    await worker.drain();
  }
}

describe('a webhook', () => {
  test('is told each thing once, signed as the standard asks', async () => {
    const id = await world.add(crm.url);
    const [moved, cancelled, noshow] = [await world.book(), await world.book(), await world.book()];
    const other = await world.book('crm-1');
    const worker = world.worker();
    await worker.drain();
    const { start } = await world.book();
    await world.appointments.cancel(
      { kind: 'citizen', appointment: cancelled.id },
      world.office,
      cancelled.id,
      '',
    );
    const to = { start: start.add({ minutes: 20 }) };
    const result = await world.appointments.move(
      { kind: 'system', why: '' },
      world.office,
      moved.id,
      to,
    );
    expect(result.ok).toBe(true);
    await world.become(noshow, 'noshow');
    await world.become(other, 'in_progress', 'fulfilled');
    await worker.drain();
    await worker.drain();
    expect(types().sort()).toEqual([
      ...Array(5).fill('appointment.booked'),
      ...[
        'appointment.cancelled',
        'appointment.fulfilled',
        'appointment.moved',
        'appointment.noshow',
      ],
    ]);
    expect(new Set(ids()).size).toBe(9);
    const secret = await secretOf(id);
    for (const each of crm.received) {
      expect(isBelieved(secret, each)).toBe(true);
      expect(isBelieved(secret, { ...each, text: each.text.replace('phone', 'video') })).toBe(
        false,
      );
      expect(each.headers['content-type']).toBe('application/json');
    }
    const fulfilled = crm.received.find((each) => each.json.type === 'appointment.fulfilled');
    expect(fulfilled?.json).toMatchObject({
      timestamp: '2026-11-30T07:00:00+01:00',
      data: { id: other.id, reference: other.reference, status: 'fulfilled', externalId: 'crm-1' },
    });
    const { deliveries } = await opened(id);
    expect(deliveries.every((each) => each.status === 204 && each.deliveredAt)).toBe(true);
  });

  test('is told who the citizen is only when it was made so, and then that is on record', async () => {
    const bare = await world.add(crm.url);
    const whole = await world.add(crm.url, { personal: true });
    const { id } = await world.book();
    await world.worker().drain();
    const to = async (hook: string) => {
      const secret = await secretOf(hook);
      return crm.received.find((each) => isBelieved(secret, each));
    };
    const told = await to(bare);
    expect(told?.text).not.toMatch(/Rosa|rosa@|600000001|crosses|manageUrl/);
    expect(Object.keys(told?.json.data).sort()).toEqual(
      [
        'channel',
        'end',
        'externalId',
        'id',
        'language',
        'people',
        'procedure',
        'procedures',
        'reference',
        'start',
        'status',
      ].sort(),
    );
    expect((await to(whole))?.json.data.citizen).toEqual({
      ...{ name: 'Rosa Soler', email: 'rosa@example.cat', phone: '+34600000001' },
    });
    expect((await to(whole))?.text).not.toMatch(/crosses|\/appointment\//);
    const trail = await within(world.database.kysely, INSTALLATION, (tx) =>
      sql<{ data: { webhook: string } }>`
        select data from audit where action = 'webhook_sent' and appointment_id = ${id}`.execute(
        tx,
      ),
    );
    expect(trail.rows.map((each) => each.data.webhook)).toEqual([whole]);
  });

  test('is told only what it asked for, and of the appointment as it is by then', async () => {
    await world.add(crm.url, { kinds: ['booked'] });
    const { id } = await world.book();
    await world.appointments.cancel({ kind: 'system', why: '' }, world.office, id, '');
    await world.worker().drain();
    expect(types()).toEqual(['appointment.booked']);
    expect(crm.received[0]?.json.data.status).toBe('cancelled');
  });

  test('gets nothing about rolled back changes, or while it is paused or after it has ended', async () => {
    const paused = await world.add(crm.url);
    const ended = await world.add(crm.url);
    await world.webhooks.act(administrator(), paused, { kind: 'pause' });
    await world.webhooks.act(administrator(), ended, { kind: 'end' });
    const { id } = await world.book();
    await world.webhooks.act(administrator(), paused, { kind: 'resume' });
    const undone = within(world.database.kysely, world.office.id, async (tx) => {
      await sql`insert into event (office_id, appointment_id, kind, at, actor)
        values (${world.office.id}, ${id}, 'moved', '2026-11-30', 'x')`.execute(tx);
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    await world.worker().drain();
    expect(crm.received).toEqual([]);
  });

  test('keeps its pending messages while it is paused, and gets them afterwards', async () => {
    const id = await world.add(crm.url);
    await world.book();
    await world.webhooks.act(administrator(), id, { kind: 'pause' });
    const worker = world.worker();
    await worker.drain();
    expect(crm.received).toEqual([]);
    await world.webhooks.act(administrator(), id, { kind: 'resume' });
    await worker.drain();
    expect(types()).toEqual(['appointment.booked']);
  });

  test('can be tested, paused too, and a test is tried once', async () => {
    const id = await world.add(crm.url);
    await world.webhooks.act(administrator(), id, { kind: 'pause' });
    await world.webhooks.act(administrator(), id, { kind: 'test' });
    crm.answer = answers(500);
    const worker = world.worker();
    await worker.drain();
    await passes(worker, 1);
    expect(types()).toEqual(['test']);
    expect(isBelieved(await secretOf(id), crm.received[0]!)).toBe(true);
    expect((await opened(id)).deliveries[0]).toMatchObject({
      kind: null,
      status: 500,
      attempts: 1,
    });
    expect((await opened(id)).webhook.failingSince).toBeNull();
  });

  test('is sent again what it has had, under the same id', async () => {
    const id = await world.add(crm.url);
    await world.book();
    const worker = world.worker();
    await worker.drain();
    const delivery = (await opened(id)).deliveries[0]?.id ?? '';
    expect(await world.webhooks.act(administrator(), id, { kind: 'again', delivery })).toBe(true);
    expect(await world.webhooks.act(administrator(), id, { kind: 'again', delivery })).toBe(false);
    await worker.drain();
    expect(ids()).toEqual([delivery, delivery]);
  });

  test('with a new secret also signs with the old one, for a day', async () => {
    const id = await world.add(crm.url);
    const old = await secretOf(id);
    await world.webhooks.act(administrator(), id, { kind: 'rotate' });
    const fresh = await secretOf(id);
    expect(fresh).not.toBe(old);
    expect(fresh).toMatch(/^whsec_[A-Za-z0-9+/]{32}$/);
    const worker = world.worker();
    await world.book();
    await worker.drain();
    world.clock.advance({ hours: 24 });
    await world.book();
    await worker.drain();
    const [first, second] = crm.received;
    expect(first && [isBelieved(old, first), isBelieved(fresh, first)]).toEqual([true, true]);
    expect(second && [isBelieved(old, second), isBelieved(fresh, second)]).toEqual([false, true]);
  });

  test('gets no third secret while two sign, so that the receiver with the old one stays able to verify', async () => {
    const id = await world.add(crm.url);
    const rotate = () => world.webhooks.act(administrator(), id, { kind: 'rotate' });
    expect(await rotate()).toBe(true);
    const fresh = await secretOf(id);
    world.clock.advance({ hours: 23 });
    expect(await rotate()).toBe(false);
    expect(await secretOf(id)).toBe(fresh);
    world.clock.advance({ hours: 1 });
    expect(await rotate()).toBe(true);
  });
});

describe('a receiver', () => {
  test('that was offline for an hour gets every message as soon as it accepts one, each once', async () => {
    const id = await world.add(crm.url);
    const worker = world.worker({ random: Math.random });
    await crm.close();
    for (let nth = 0; nth < 6; nth++) {
      await world.book();
      await worker.drain();
      await passes(worker, 1 / 6);
    }
    expect((await opened(id)).webhook.failingSince).not.toBeNull();
    expect((await opened(id)).deliveries.map((each) => each.error)).toEqual(
      Array(6).fill('no_connection'),
    );
    await crm.open();
    await world.book();
    await worker.drain();
    expect(new Set(ids()).size).toBe(7);
    expect(crm.received).toHaveLength(7);
    expect((await opened(id)).webhook.failingSince).toBeNull();
  });

  test('that refuses is tried ten times in three days, then no more', async () => {
    const id = await world.add(crm.url);
    crm.answer = answers(500);
    await world.book();
    const worker = world.worker();
    await worker.drain();
    expect(crm.received).toHaveLength(1);
    world.clock.advance({ seconds: 4 });
    await worker.drain();
    expect(crm.received).toHaveLength(1);
    world.clock.advance({ seconds: 1 });
    await worker.drain();
    expect(crm.received).toHaveLength(2);
    await passes(worker, 76);
    expect(crm.received).toHaveLength(10);
    expect(new Set(ids()).size).toBe(1);
    expect((await opened(id)).deliveries[0]).toMatchObject({ status: 500, error: 'status' });
    expect((await opened(id)).deliveries[0]?.failedAt).not.toBeNull();
  });

  test('that refuses for five days is paused', async () => {
    const id = await world.add(crm.url);
    crm.answer = answers(503);
    const worker = world.worker();
    for (let day = 0; day <= 5; day++) {
      expect((await opened(id)).webhook.paused).toBeNull();
      await world.book();
      await worker.drain();
      world.clock.advance({ hours: 24 });
    }
    expect((await opened(id)).webhook.paused?.why).toBe('failing');
  });

  test('that answers 410 Gone gets nothing more', async () => {
    const id = await world.add(crm.url);
    crm.answer = answers(410);
    await world.book();
    const worker = world.worker();
    await worker.drain();
    await world.book();
    await passes(worker, 1);
    expect(crm.received).toHaveLength(1);
    expect((await opened(id)).webhook.paused?.why).toBe('gone');
  });

  test.each([301, 302, 307, 308])(
    'that sends elsewhere with %i is not followed',
    async (status) => {
      const id = await world.add(crm.url);
      const inside = receiver();
      await inside.open();
      crm.answer = answers(status, { Location: inside.url });
      await world.book();
      await world.worker().drain();
      await inside.close();
      expect(inside.received).toEqual([]);
      expect((await opened(id)).deliveries[0]).toMatchObject({ status, deliveredAt: null });
    },
  );

  test('that says nothing is left after a while', async () => {
    const id = await world.add(crm.url);
    crm.answer = () => {};
    await world.book();
    await world.worker({ timeoutMs: 100 }).drain();
    expect((await opened(id)).deliveries[0]).toMatchObject({ status: null, error: 'timeout' });
  });

  test('that answers without end is cut off, and its yes counts', async () => {
    const id = await world.add(crm.url);
    crm.answer = (response) => {
      response.writeHead(200);
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(4096)));
        response.once('drain', more);
      };
      more();
    };
    await world.book();
    await world.worker().drain();
    expect((await opened(id)).deliveries[0]).toMatchObject({ status: 200, error: null });
  });

  test('that is slow does not delay the others', async () => {
    const slow = receiver();
    await slow.open();
    slow.answer = () => {};
    await world.add(slow.url);
    for (let nth = 0; nth < 6; nth++) await world.book();
    await world.worker({ timeoutMs: 100 }).drain();
    await world.add(crm.url, { kinds: ['cancelled'] });
    world.clock.advance({ seconds: 10 });
    const { id } = await world.book();
    await world.appointments.cancel({ kind: 'system', why: '' }, world.office, id, '');
    const order: string[] = [];
    const told = Promise.withResolvers<void>();
    crm.answer = (response) => {
      order.push('crm');
      told.resolve();
      takes(response);
    };
    slow.answer = (response) => {
      order.push('slow');
      void told.promise.then(() => takes(response));
    };
    const one = world.worker();
    await one.drain();
    expect(order.slice(0, 5)).toContain('crm');
    await slow.close();
  });
});

describe('workers', () => {
  test('share the work, each message once', async () => {
    await world.add(crm.url);
    const booked = [];
    for (let nth = 0; nth < 30; nth++) booked.push((await world.book()).id);
    const workers = [world.worker(), world.worker(), world.worker()];
    await Promise.all(workers.map((each) => each.drain()));
    expect(crm.received.map((each) => each.json.data.id).sort()).toEqual(booked.sort());
  });

  test('send what one took and died before sending', async () => {
    await world.add(crm.url);
    await world.book();
    expect(await leaseDue(world.database.kysely, 10, world.clock.now())).toHaveLength(1);
    const next = world.worker();
    await next.drain();
    expect(crm.received).toHaveLength(0); // the lease still stands
    world.clock.advance({ minutes: 1 });
    await next.drain();
    await next.drain();
    expect(crm.received).toHaveLength(1);
  });

  test('send again, under the same id, what one sent and died before noting', async () => {
    const id = await world.add(crm.url);
    await world.book();
    let left: (() => void) | undefined;
    const hasLeft = new Promise<void>((resolve) => {
      left = resolve;
    });
    crm.answer = () => left?.(); // the process ends here: nothing after it happens
    const dead = world.worker({ timeoutMs: 1e9 });
    dead.notify();
    await hasLeft;
    crm.answer = takes;
    const next = world.worker();
    await next.drain();
    expect(crm.received).toHaveLength(1); // the lease still stands
    world.clock.advance({ minutes: 1 });
    await next.drain();
    await next.drain();
    expect(crm.received).toHaveLength(2);
    expect(new Set(ids()).size).toBe(1);
    // Late news of the dead one's try change nothing.
    await crm.close();
    await dead.stop();
    expect((await opened(id)).deliveries[0]).toMatchObject({ status: 204, attempts: 2 });
  });

  test('are woken, and finish what they send before they stop', async () => {
    const id = await world.add(crm.url);
    const worker = world.worker();
    await world.book();
    worker.notify();
    await expect.poll(() => crm.received.length).toBe(1);
    await worker.stop();
    expect((await opened(id)).deliveries[0]?.status).toBe(204);
  });

  test('delete old deliveries, and keep the others', async () => {
    const id = await world.add(crm.url);
    const worker = world.worker();
    await world.book();
    await worker.drain();
    world.clock.advance({ hours: 30 * 24 });
    expect(await sweepDeliveries(world)).toBe(0);
    await world.webhooks.act(administrator(), id, { kind: 'test' });
    world.clock.advance({ hours: 1 });
    expect(await sweepDeliveries(world)).toBe(1);
    expect((await opened(id)).deliveries).toHaveLength(1);
  });
});
