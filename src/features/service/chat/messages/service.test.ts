import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { INSTALLATION, within } from '../../../../lib/db/database.ts';
import { mostInADay } from '../../../foundation/notices/rules.ts';
import { MOST_MESSAGES } from '../rules.ts';
import { asked, begun, type ChatWorld, chatWorld, trailOf, words } from '../testing.ts';
import { readChat } from '../views.ts';
import { createChatMessages } from './service.ts';

let chat: ChatWorld;
beforeAll(async () => {
  chat = await chatWorld();
});
afterAll(() => chat.close());

type Opened = Awaited<ReturnType<ChatWorld['open']>>;
const leave = async ({ office }: Opened, of: { email?: string; phone?: string }) => {
  const contact = { email: null, phone: null, ...of };
  const done = await chat.chats.leaveMessage(office, { ...asked(), ...contact });
  if (!done.ok) throw new Error(done.reason);
  return done.id;
};
const rowOf = ({ office }: Opened, id: string) =>
  within(chat.db, office.id, (tx) => readChat(tx, id));
const noticesOf = ({ office }: Opened) =>
  within(chat.db, office.id, (tx) =>
    tx
      .selectFrom('notice')
      .select(['chat_id as chat', 'channel', 'recipient', 'facts'])
      .orderBy('created_at')
      .orderBy('recipient')
      .execute(),
  );
const mails = () =>
  within(chat.db, INSTALLATION, (tx) =>
    tx
      .selectFrom('staff_mail')
      .innerJoin('staff', 'staff.id', 'staff_mail.staff_id')
      .select(['staff.name', 'kind', 'facts'])
      .where('kind', '=', 'chat_messages')
      .orderBy('staff_mail.created_at')
      .execute(),
  );
/** Hours pass, in which what is due is destroyed. Returns of how many. */
async function pass({ office }: Opened, hours: number): Promise<number> {
  let gone = 0;
  for (let nth = 0; nth < hours; nth += 12) {
    chat.clock.advance({ hours: Math.min(12, hours - nth) });
    gone += await chat.forgetting.forget(office);
  }
  return gone;
}
/** Days pass. Returns how many records there are of who was told. */
const days = async (at: Opened, count: number): Promise<number> => {
  const { office } = at;
  await pass(at, 24 * count);
  await chat.messages.tell();
  const trail = await trailOf(chat, office.id);
  return trail.filter((each) => each === 'system chat_unanswered').length;
};
/** Gives an office somebody who coordinates it. */
const coordinate = ({ office }: Opened) =>
  within(chat.db, INSTALLATION, async (tx) => {
    const email = `${office.code}@example.cat`;
    const { id: staff_id } = await tx
      .insertInto('staff')
      .values({ email, name: office.code })
      .returning('id')
      .executeTakeFirstOrThrow();
    const role = { office_id: office.id, staff_id, role: 'coordinator' as const };
    await tx.insertInto('staff_role').values(role).execute();
  });

test('that nobody answers is told to those who coordinate in time, and to its person before it is destroyed', async () => {
  const at = await chat.open({ keepDays: 31 });
  await coordinate(at);
  const { office } = at;
  const byMail = await leave(at, { email: 'rosa@example.cat' });
  const byPhone = await leave(at, { phone: '612 345 678' });
  await leave(at, { phone: '93 123 45 67' });
  const mailed = async () =>
    (await mails()).filter(({ name }) => name === office.code).map(({ facts }) => facts);
  expect(await days(at, 2)).toBe(0);
  expect(await days(at, 1)).toBe(1);
  const until = chat.clock.now().add({ hours: 24 * 28 });
  const mail = { office: office.code, count: 3, until: until.toString() };
  expect(await mailed()).toEqual([mail]);
  expect(await days(at, 10)).toBe(1);
  expect(await noticesOf(at)).toEqual([]);

  // Three days before the end.
  expect(await days(at, 15)).toBe(1 + 3 + 1);
  expect(await mailed()).toEqual([mail, mail]);
  const told = await noticesOf(at);
  expect(told.map(({ channel, recipient }) => [channel, recipient])).toEqual([
    ['sms', '+34612345678'],
    ['email', 'rosa@example.cat'],
  ]);
  expect(told.map(({ chat: of }) => of).sort()).toEqual([byMail, byPhone].sort());
  const day = until.toZonedDateTimeISO(office.timeZone).toPlainDate().toString();
  expect(told[0]?.facts).toMatchObject({ wrote: 'ending', until: day });
  expect(JSON.stringify(told)).not.toMatch(/Bon dia|Rosa"/);
  expect(await days(at, 0)).toBe(5);

  expect(await pass(at, 71)).toBe(0);
  expect(await pass(at, 2)).toBe(3);
  expect(await rowOf(at, byMail)).toMatchObject({
    ...{ state: 'ended', endedWhy: 'unanswered', sealedContact: null, isForgotten: true },
  });
});

test('is not destroyed before its person was told, though its days are over', async () => {
  const at = await chat.open({ keepDays: 2 });
  const id = await leave(at, { email: 'pere@example.cat' });
  expect(await pass(at, 24 * 7)).toBe(0);
  await chat.messages.tell();
  expect(await pass(at, 11)).toBe(0);
  expect(await pass(at, 1)).toBe(1);
  expect(await rowOf(at, id)).toMatchObject({ sealedContact: null });
});

test('is told no more once it was answered', async () => {
  const at = await chat.open({ keepDays: 30 });
  const id = await leave(at, { email: 'aina@example.cat' });
  await chat.desk.answerMessage(at.marta, at.office, id, words('De nou a dues'));
  expect(await days(at, 28)).toBe(0);
});

test('whoever left only a mobile hears of the answer by SMS; of a line at home, whoever answers is told to call', async () => {
  const at = await chat.open();
  const [mobile, home] = [
    await leave(at, { phone: '612 345 678' }),
    await leave(at, { phone: '93 123 45 67' }),
  ];
  const by = async (id: string) =>
    (await chat.desk.look(at.marta, at.office, id))?.contact?.by ?? null;
  expect([await by(mobile), await by(home)]).toEqual(['sms', 'page']);
  for (const id of [mobile, home])
    await chat.desk.answerMessage(at.marta, at.office, id, words('De nou a dues'));
  expect(await noticesOf(at)).toMatchObject([
    { channel: 'sms', recipient: '+34612345678', facts: { wrote: 'answered', by: 'office' } },
  ]);
});

test('nobody is told at night or when the office doesn’t work', async () => {
  const at = await chat.open({ keepDays: 30 });
  await coordinate(at);
  chat.clock.set('2026-11-28T02:40:00+01:00');
  await leave(at, { phone: '612 345 678' });
  const told = async (time: string) => {
    chat.clock.set(`${time}:00+01:00`);
    await chat.messages.tell();
    const trail = await trailOf(chat, at.office.id);
    return [
      (await noticesOf(at)).length,
      trail.filter((each) => each.endsWith('unanswered')).length,
    ];
  };
  const late = ['2026-12-01T02:40', '2026-12-01T22:40', '2026-12-26T09:00', '2026-12-28T07:50'];
  for (const time of late) expect([time, await told(time)]).toEqual([time, [0, 0]]);
  expect(await told('2026-12-28T08:00')).toEqual([1, 2]);
});

test('whoever leaves many with one number has it told of one a day, within the limits of what people cause', async () => {
  const at = await chat.open({ keepDays: 28 });
  for (let nth = 0; nth < 6; nth++) await leave(at, { phone: '612 345 678' });
  await leave(at, { phone: '699 999 999' });
  await pass(at, 24 * 28);
  const told = async () => {
    await chat.messages.tell();
    await chat.messages.tell();
    return (await noticesOf(at)).map(({ recipient }) => recipient).sort();
  };
  expect(await told()).toEqual(['+34612345678', '+34699999999']);
  await pass(at, 24);
  expect(await told()).toEqual(['+34612345678', '+34612345678', '+34699999999']);
  for (const { facts } of await noticesOf(at)) {
    expect(facts).toMatchObject({ wrote: 'ending', by: 'citizen' });
    expect(mostInADay({ kind: 'chat', facts: facts as object }, 10)).toBe(10);
  }
  // What nobody could be told of isn't kept for ever.
  await pass(at, 24 * 7);
  const left = await within(chat.db, at.office.id, (tx) =>
    tx.selectFrom('chat').select('id').where('forgotten_at', 'is', null).execute(),
  );
  expect(left).toEqual([]);
});

test('one that can’t be opened, or an office that can’t be read, keeps no other from being told, and is destroyed some days later', async () => {
  const [bad, good] = [await chat.open({ keepDays: 28 }), await chat.open({ keepDays: 28 })];
  const broken = await leave(bad, { email: 'a@example.cat' });
  const beside = await leave(bad, { email: 'b@example.cat' });
  const other = await leave(good, { email: 'c@example.cat' });
  await within(chat.db, bad.office.id, (tx) =>
    tx
      .updateTable('chat')
      .set({ contact: Buffer.from('broken') })
      .where('id', '=', broken)
      .execute(),
  );
  const failing = createChatMessages({
    ...chat.deps,
    offices: {
      byId: (id) =>
        id === bad.office.id ? Promise.reject(new Error('no')) : chat.world.offices.byId(id),
    },
  });
  await pass(good, 24 * 28);
  chat.logged.length = 0;
  expect(await failing.tell()).toBeGreaterThan(0);
  const toldOf = async (at: Opened) => (await noticesOf(at)).map((each) => each.chat);
  expect([await toldOf(bad), await toldOf(good)]).toEqual([[], [other]]);
  expect(chat.logged.join()).toContain(`Messages of office ${bad.office.id}`);
  await chat.messages.tell();
  expect(await toldOf(bad)).toEqual([beside]);
  expect(chat.logged.join()).toContain(`Message ${broken}`);
  expect(await pass(bad, 24 * 6)).toBe(1);
  expect(await rowOf(bad, broken)).toMatchObject({ state: 'message', isForgotten: false });
  expect(await pass(bad, 24 * 2)).toBe(1);
  expect(await rowOf(bad, broken)).toMatchObject({ endedWhy: 'unanswered', isForgotten: true });
});

test('an office takes no more than may wait, until some are answered', async () => {
  const at = await chat.open({ atOnce: 1 });
  const { office, marta, come } = at;
  await come(marta);
  await begun(chat, office);
  const rosa = await begun(chat, office);
  const left = { email: 'pau@example.cat', phone: null };
  const first = await leave(at, { email: 'rosa@example.cat' });
  await within(chat.db, office.id, (tx) =>
    sql`insert into chat (id, office_id, asked_by, topic, language, state, place, person_at, seen_at)
        select gen_random_uuid(), office_id, gen_random_uuid(), topic, language, state, place, person_at, seen_at
        from chat, generate_series(2, ${MOST_MESSAGES}) where id = ${first}`.execute(tx),
  );
  const crowded = { ok: false, reason: 'crowded' };
  expect(await chat.chats.leaveMessage(office, { ...asked(), ...left })).toEqual(crowded);
  expect(await chat.chats.turnIntoMessage(rosa, office, { text: '', ...left })).toEqual(crowded);
  await chat.desk.end(marta, office, first);
  expect(await chat.chats.turnIntoMessage(rosa, office, { text: '', ...left })).toEqual({
    ok: true,
  });
  expect(await chat.chats.leaveMessage(office, { ...asked(), ...left })).toEqual(crowded);
});
