import { afterEach, describe, expect, test } from 'vitest';
import type { Waiting } from '../../../domain/waiting.ts';
import { within } from '../../../lib/db/database.ts';
import { bookingOfOffer, holdOfOffer } from './answering.ts';
import { ANY, at, idle, type TestList, testList } from './testing.ts';

/** Besides today, whose times are over, three days can be booked: Thursday, Friday and Monday. */
const OPTIONS = { slots: { horizonDays: 5 } };
const [THURSDAY, FRIDAY, MONDAY] = ['2026-11-26', '2026-11-27', '2026-11-30'] as const;
const NINE = `${FRIDAY}T09:00`;

let town: TestList;
const open = async (options: Parameters<typeof testList>[0] = OPTIONS) => {
  town = await testList(options);
};
afterEach(() => town.close());

/** Everything is taken; the appointments of those who wait are on Monday. Answers what frees Friday at nine. */
async function full() {
  await town.fill([THURSDAY, FRIDAY], [NINE]);
  const { id } = await town.book(NINE, 'canceller');
  return () => town.appointments.cancel({ kind: 'system', why: '' }, town.office, id, '');
}

const accept = async (waiting: Pick<Waiting, 'id' | 'appointment'>, offer?: string) => {
  const entry = await town.again(waiting);
  const id = offer ?? (await town.list.offers(entry))[0]?.id ?? '';
  return town.list.accept(town.office, entry, id);
};

describe('a time that comes free', () => {
  test('is offered to who came first, kept for them, and told', async () => {
    await open();
    const free = await full();
    const first = await town.earlier(`${MONDAY}T09:00`);
    town.clock.advance({ minutes: 1 });
    const second = await town.earlier(`${MONDAY}T09:20`);
    expect(await town.pass()).toBe(0);
    await free();
    expect(await town.pass()).toBe(1);
    expect(await town.offers(first.waiting)).toEqual([`${NINE} open`]);
    expect(await town.offers(second.waiting)).toEqual([]);
    expect(await town.holds()).toEqual([at(NINE).toString()]);
    expect(await town.pass()).toBe(0);
    const [notice, ...others] = await town.notices('offer');
    expect(others).toEqual([]);
    expect(notice).toMatchObject({
      appointment_id: first.appointment.id,
      wait_list_id: first.waiting.id,
      recipient: first.appointment.citizen.email,
      facts: {
        offer: {
          start: at(NINE).toString(),
          expiresAt: at('2026-11-25T12:01').add({ seconds: 2 }).toString(),
        },
      },
    });
    expect(notice?.expires_at?.toString()).toBe(
      at('2026-11-25T12:01').add({ seconds: 2 }).toString(),
    );
    const events = await town.appointments.events(first.appointment);
    expect(events.map((each) => each.kind)).toEqual(['booked', 'waits', 'offered']);
  });

  test('goes by what is of use: part of the day, first day, the day of one’s own appointment', async () => {
    const shifts = [
      { from: '09:00', to: '09:20' },
      { from: '16:00', to: '16:20' },
    ];
    await open({ slots: { horizonDays: 2 }, desks: { 'taula-1': { shifts }, ...idle(8) } });
    const morning = await town.wait({ part: 'morning' });
    const afternoon = await town.wait({ part: 'afternoon' });
    const friday = await town.wait({ part: 'afternoon', firstDay: FRIDAY });
    const late = await town.wait({ lastDay: '2026-11-25' });
    await town.pass();
    expect(await town.offers(morning)).toEqual([`${THURSDAY}T09:00 open`]);
    expect(await town.offers(afternoon)).toEqual(['2026-11-25T16:00 open']);
    expect(await town.offers(friday)).toEqual([`${FRIDAY}T16:00 open`]);
    expect(await town.offers(late)).toEqual([]);
  });

  test('two workers at once: nobody is offered two, and nothing is offered twice', async () => {
    await open({
      slots: { horizonDays: 5 },
      desks: { 'taula-1': { shifts: [{ from: '09:00', to: '14:00' }] }, ...idle(35) },
    });
    const people = [];
    for (let nth = 0; nth < 12; nth++) {
      people.push(await town.wait({ lastDay: THURSDAY }));
      town.clock.advance({ seconds: 1 });
    }
    const workers = Array.from({ length: 4 }, () => town.worker());
    await Promise.all(workers.map((each) => each.pass()));
    await Promise.all(workers.map((each) => each.pass()));
    const offers = await Promise.all(people.map((each) => town.offers(each)));
    expect(offers.map((each) => each.length)).toEqual(people.map(() => 1));
    expect(new Set(offers.flat()).size).toBe(12);
    expect((await town.holds()).length).toBe(12);
    // In the order in which they came.
    expect(offers.flat().toSorted()).toEqual(offers.flat());
  });

  test('a worker and somebody who books want the same time: one has it', async () => {
    await open();
    const free = await full();
    const { waiting } = await town.earlier(`${MONDAY}T09:00`);
    await free();
    const request = { ...town.ask, ...town.someone(), start: at(NINE) };
    const [made, booked] = await Promise.all([
      town.pass(),
      town.appointments.book({ kind: 'citizen' }, town.office, request),
    ]);
    expect(made).toBe(booked.ok ? 0 : 1);
    expect(await town.offers(waiting)).toHaveLength(made);
  });

  test('at night nothing is offered; what is over ends nevertheless', async () => {
    await open();
    const free = await full();
    const { waiting } = await town.earlier(`${MONDAY}T09:00`);
    town.clock.set('2026-11-25T20:30:00+01:00');
    await free();
    await town.pass();
    town.clock.set('2026-11-25T21:30:00+01:00');
    expect(await town.pass()).toBe(0);
    expect(await town.offers(waiting)).toEqual([`${NINE} expired`]);
    town.clock.set('2026-11-26T08:00:00+01:00');
    const next = await town.wait();
    expect(await town.pass()).toBe(1);
    expect(await town.offers(next)).toEqual([`${NINE} open`]);
  });

  test('three a day and no more; tomorrow is another day', async () => {
    await open();
    await town.fill([THURSDAY]);
    const waiting = await town.wait();
    for (let nth = 0; nth < 4; nth++) {
      await town.pass();
      town.clock.advance({ minutes: 1 });
      const [offer] = await town.list.offers(await town.again(waiting));
      await town.list.decline(town.office, waiting, offer?.id ?? '');
    }
    expect(await town.offers(waiting)).toHaveLength(3);
    town.clock.set('2026-11-26T08:00:00+01:00');
    await town.pass();
    expect(await town.offers(waiting)).toHaveLength(4);
  });

  test('who waits twice is one person: one offer at a time, three a day', async () => {
    await open();
    const one = await town.wait({}, 'anna');
    const two = await town.wait({ part: 'morning' }, 'anna');
    expect(two.id).toBe(one.id); // the same form
    const other = { ...town.ask, ...town.someone('anna'), ...ANY, lastDay: MONDAY };
    const joined = await town.list.join(town.office, other, 'another form');
    expect(joined.ok).toBe(true);
    expect(await town.pass()).toBe(1);
  });

  test('with packed starts too: what is offered can be accepted', async () => {
    await open({ slots: { horizonDays: 5, starts: 'packed' } });
    const free = await full();
    const { waiting, appointment } = await town.earlier(`${MONDAY}T09:00`);
    const alone = await town.wait();
    await free();
    await town.pass();
    expect(await accept(waiting)).toEqual({
      ok: true,
      appointment: expect.objectContaining({ id: appointment.id }),
      isNew: false,
    });
    await town.pass();
    expect(await accept(alone)).toMatchObject({ ok: true, isNew: true });
  });
});

describe('a long list', () => {
  test('leaves the rest of the times to whoever looks for one', async () => {
    await open({ ...OPTIONS, desks: { 'taula-1': {}, ...idle(5) } });
    const people = [];
    for (let nth = 0; nth < 6; nth++) people.push(await town.wait());
    await Promise.all([town.worker(), town.worker()].map((each) => each.pass()));
    await town.pass();
    expect((await town.holds()).length).toBe(2);
    const [offer] = await town.list.offers(people[0]!);
    await town.list.decline(town.office, people[0]!, offer?.id ?? '');
    expect(await town.pass()).toBe(1);
    expect((await town.holds()).length).toBe(2);
  });

  test('passes over who never answers, until nobody else wants the time', async () => {
    await open();
    await town.fill([FRIDAY, MONDAY]);
    const silent = await town.wait();
    for (let nth = 0; nth < 2; nth++) {
      expect(await town.pass()).toBe(1);
      town.clock.advance({ minutes: 61 });
    }
    const next = await town.wait();
    await town.pass();
    expect((await town.offers(silent)).map((each) => each.slice(-7))).toEqual([
      'expired',
      'expired',
    ]);
    expect(await town.offers(next)).toEqual([`${THURSDAY}T09:00 open`]);
    expect(await accept(next)).toMatchObject({ ok: true });
    await town.pass();
    expect((await town.offers(silent))[0]).toBe(`${THURSDAY}T09:40 open`);
  });
});

describe('the answer', () => {
  test('yes: the appointment moves, is told, and its old time is free', async () => {
    await open();
    const free = await full();
    const { waiting, appointment } = await town.earlier(`${MONDAY}T09:00`);
    await free();
    await town.pass();
    expect(await accept(waiting)).toEqual({
      ok: true,
      appointment: expect.objectContaining({ id: appointment.id }),
      isNew: false,
    });
    const moved = await town.appointments.byId(town.office, appointment.id);
    expect(moved).toMatchObject({ reference: appointment.reference, sequence: 1 });
    expect(moved?.start.toString()).toBe(at(NINE).toString());
    expect(await town.holds()).toEqual([]);
    expect(await town.notices('change')).toHaveLength(1);
    expect((await town.again(waiting)).ended?.why).toBe('served');
    expect(await town.offers(waiting)).toEqual([`${NINE} accepted`]);
    const kinds = (await town.appointments.events(appointment)).map((each) => each.kind);
    expect(kinds).toEqual(['booked', 'waits', 'offered', 'moved']);
    await town.book(`${MONDAY}T09:00`);
  });

  test('yes without an appointment: it is made; in two tabs at once it is one', async () => {
    await open();
    const waiting = await town.wait();
    await town.pass();
    const [offer] = await town.list.offers(waiting);
    const answers = await Promise.all(
      [1, 2, 3].map(() => town.list.accept(town.office, waiting, offer?.id ?? '')),
    );
    const [one] = answers;
    if (!one?.ok) throw new Error('refused');
    expect(new Set(answers.map((each) => (each.ok ? each.appointment.id : each.reason)))).toEqual(
      new Set([one.appointment.id]),
    );
    const made = await town.appointments.byId(town.office, one.appointment.id);
    expect(made).toMatchObject({ citizen: waiting.citizen, status: 'booked' });
    expect(made?.start.toString()).toBe(offer?.start.toString());
    expect(await town.notices('confirmation')).toHaveLength(1);
    expect((await town.again(waiting)).appointment?.id).toBe(one.appointment.id);
    expect(await accept(waiting)).toMatchObject({ ok: true, appointment: one.appointment });
  });

  test('no: it goes to the next at once, and never comes back', async () => {
    await open();
    const free = await full();
    const { waiting } = await town.earlier(`${MONDAY}T09:00`);
    town.clock.advance({ minutes: 1 });
    const next = await town.earlier(`${MONDAY}T09:20`);
    await free();
    await town.pass();
    const [offer] = await town.list.offers(waiting);
    await town.list.decline(town.office, waiting, offer?.id ?? '');
    await town.list.decline(town.office, waiting, offer?.id ?? '');
    await town.pass();
    expect(await town.offers(waiting)).toEqual([`${NINE} declined`]);
    expect(await town.offers(next.waiting)).toEqual([`${NINE} open`]);
  });

  test('none: it goes to the next; who comes too late keeps appointment and place', async () => {
    await open();
    const free = await full();
    const first = await town.earlier(`${MONDAY}T09:00`);
    town.clock.advance({ minutes: 1 });
    const second = await town.earlier(`${MONDAY}T09:20`);
    await free();
    await town.pass();
    town.clock.advance({ minutes: 61 });
    await town.pass();
    expect(await town.offers(first.waiting)).toEqual([`${NINE} expired`]);
    // Both press at the same moment.
    const [late, inTime] = await Promise.all([accept(first.waiting), accept(second.waiting)]);
    expect(late).toEqual({ ok: false, reason: 'taken' });
    expect(inTime).toMatchObject({ ok: true, appointment: { id: second.appointment.id } });
    const kept = await town.appointments.byId(town.office, first.appointment.id);
    expect(kept?.start.toString()).toBe(first.appointment.start.toString());
    const stays = await town.again(first.waiting);
    expect(stays.ended).toBeNull();
    expect(await town.list.ahead(stays)).toBe(0);
  });

  test('too late, but nobody else has it: it is theirs', async () => {
    await open();
    const free = await full();
    const { waiting, appointment } = await town.earlier(`${MONDAY}T09:00`);
    await free();
    await town.pass();
    town.clock.advance({ minutes: 90 });
    await town.pass();
    expect(await accept(waiting)).toMatchObject({ ok: true, appointment: { id: appointment.id } });
    expect(await town.offers(waiting)).toEqual([`${NINE} accepted`]);
  });

  test('a time of somebody else’s offer can’t be had', async () => {
    await open();
    const free = await full();
    const first = await town.earlier(`${MONDAY}T09:00`);
    town.clock.advance({ minutes: 1 });
    const second = await town.earlier(`${MONDAY}T09:20`);
    await free();
    await town.pass();
    const [offer] = await town.list.offers(first.waiting);
    expect(await accept(second.waiting, offer?.id)).toEqual({ ok: false, reason: 'not_offered' });
  });

  test('who has since moved to an earlier day by hand isn’t moved back', async () => {
    await open();
    await town.fill([THURSDAY, FRIDAY], [NINE, `${THURSDAY}T09:00`]);
    const thursday = await town.book(`${THURSDAY}T09:00`, 'blocker');
    const { waiting, appointment } = await town.earlier(`${MONDAY}T09:00`);
    await town.pass();
    await town.appointments.cancel({ kind: 'system', why: '' }, town.office, thursday.id, '');
    const viewer = { kind: 'citizen', appointment: appointment.id } as const;
    const start = at(`${THURSDAY}T09:00`);
    expect((await town.appointments.move(viewer, town.office, appointment.id, { start })).ok).toBe(
      true,
    );
    expect(await accept(waiting)).toEqual({ ok: false, reason: 'taken' });
  });

  test('the server dies after yes and before it is noted: the list finds out', async () => {
    await open();
    const alone = await town.wait();
    await town.pass();
    const [offer] = await town.list.offers(alone);
    const request = { ...town.ask, ...alone, start: offer!.start };
    await town.appointments.book({ kind: 'citizen' }, town.office, request, {
      hold: holdOfOffer(town.key, offer!.id),
      idempotencyKey: bookingOfOffer(town.key, offer!.id),
    });
    town.clock.advance({ minutes: 61 });
    await town.pass();
    expect((await town.again(alone)).ended?.why).toBe('served');
    expect(await town.offers(alone)).toEqual([`${THURSDAY}T09:00 accepted`]);
  });
});

describe('the list', () => {
  test('is left: what was offered is free for the next', async () => {
    await open();
    const free = await full();
    const { waiting } = await town.earlier(`${MONDAY}T09:00`);
    await free();
    await town.pass();
    await town.list.leave(town.office, waiting);
    await town.list.leave(town.office, waiting);
    expect((await town.again(waiting)).ended?.why).toBe('left');
    expect(await town.holds()).toEqual([]);
    expect(await accept(waiting)).toEqual({ ok: false, reason: 'ended' });
    await town.book(NINE);
  });

  test('ends with the appointment, and when no day is left', async () => {
    await open();
    const cancelled = await town.earlier(`${MONDAY}T09:00`);
    const kept = await town.earlier(`${MONDAY}T09:20`);
    const soon = await town.wait({ lastDay: THURSDAY });
    await town.pass();
    const viewer = { kind: 'citizen', appointment: cancelled.appointment.id } as const;
    await town.appointments.cancel(viewer, town.office, cancelled.appointment.id, '');
    await town.pass();
    expect((await town.again(cancelled.waiting)).ended?.why).toBe('appointment_ended');
    expect(await town.offers(cancelled.waiting)).toEqual([`${THURSDAY}T09:00 declined`]);
    town.clock.set('2026-11-27T09:00:00+01:00');
    await town.pass();
    expect((await town.again(soon)).ended?.why).toBe('too_late');
    expect((await town.again(kept.waiting)).ended).toBeNull();
    town.clock.set('2026-11-30T08:00:00+01:00');
    await town.pass();
    expect((await town.again(kept.waiting)).ended?.why).toBe('too_late');
  });

  test('one entry an appointment, in two tabs too; then one may wait again', async () => {
    await open();
    const appointment = await town.book(`${MONDAY}T09:00`);
    const join = () => town.list.joinEarlier(town.office, appointment, ANY);
    const [one, two] = await Promise.all([join(), join()]);
    expect(one).toEqual(two);
    expect(await town.notices('waiting')).toHaveLength(1);
    const waiting = await town.list.ofAppointment(appointment);
    await town.list.leave(town.office, waiting!);
    expect(await join()).not.toEqual(one);
  });

  test('nobody waits for more things than they may have appointments', async () => {
    const booking = { openPerPerson: 3, holdsPerAddress: 10, challenge: 'never' } as const;
    await open({ ...OPTIONS, settings: { booking } });
    const join = (once: number) => {
      const request = { ...town.ask, ...town.someone('anna'), ...ANY, lastDay: MONDAY };
      return town.list.join(town.office, request, `form ${once}`);
    };
    const answers = await Promise.all([1, 2, 3, 4, 5].map(join));
    expect(answers.filter((each) => each.ok)).toHaveLength(3);
    expect(answers.filter((each) => !each.ok && each.reason === 'too_many')).toHaveLength(2);
  });

  test('who has an appointment today has no earlier day to wait for', async () => {
    await open({ desks: { 'taula-1': { shifts: [{ from: '16:00', to: '18:00' }] } } });
    const appointment = await town.book('2026-11-25T16:00');
    const joined = await town.list.joinEarlier(town.office, appointment, ANY);
    expect(joined).toEqual({ ok: false, reason: 'too_late' });
  });

  test('says how many came before for the same, and nobody else', async () => {
    await open({
      slots: { horizonDays: 5 },
      procedures: { 'volant-padro': {}, baixa: {} },
    });
    await town.wait();
    const other = { ...town.ask, procedure: 'baixa', ...town.someone(), ...ANY, lastDay: MONDAY };
    await town.list.join(town.office, other, 'other');
    town.clock.advance({ minutes: 1 });
    const mine = await town.earlier(`${MONDAY}T09:00`);
    town.clock.advance({ minutes: 1 });
    await town.wait();
    expect(await town.list.ahead(mine.waiting)).toBe(1);
  });

  test('another office’s list isn’t seen', async () => {
    await open();
    const waiting = await town.wait();
    const seen = await within(town.database.kysely, town.office.id + 1, (tx) =>
      tx.selectFrom('wait_list').select('id').execute(),
    );
    expect(seen).toEqual([]);
    expect((await town.again(waiting)).id).toBe(waiting.id);
  });
});
