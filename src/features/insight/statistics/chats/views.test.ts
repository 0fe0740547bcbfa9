import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Office } from '../../../../domain/office/types.ts';
import { within } from '../../../../lib/db/database.ts';
import type { StaffViewer } from '../../../../lib/viewer.ts';
import { asked, begun, type ChatWorld, chatWorld } from '../../../service/chat/testing.ts';
import { MONDAY } from '../../../service/coordination/testing.ts';
import type { ChatCounts } from '../types.ts';
import { readChatCounts, sumOf } from './views.ts';

const TAX = { ca: 'Tributs', es: 'Tributos', en: 'Taxes', eu: 'Zergak' };
const CALM: ChatCounts = {
  ...{ began: 0, answered: 0, waitSeconds: 0, closed: 0, talkedSeconds: 0, gaveUp: 0 },
  ...{ messages: 0, returned: 0 },
};

let chat: ChatWorld;
let office: Office;
let marta: StaffViewer;
let joan: StaffViewer;
beforeAll(async () => {
  chat = await chatWorld();
  const topics = [
    { code: 'padro', name: { ca: 'Padró', es: '', en: '', eu: '' }, procedures: ['volant-padro'] },
    { code: 'tributs', name: TAX, procedures: ['volant-padro'] },
  ];
  const made = await chat.open({ topics, atOnce: 4 }, { 'taula-1': {}, 'taula-2': {} });
  ({ office, marta, joan } = made);
  await aDay(made.come);
});
afterAll(() => chat.close());

/** A day whose numbers can be counted by hand: each line below says what it adds. */
async function aDay(come: (viewer: StaffViewer) => Promise<unknown>): Promise<void> {
  const at = (time: string) => chat.clock.set(`${MONDAY}T${time}+01:00`);
  const take = (id: string) => chat.desk.take(marta, office, id);
  await come(marta);
  // Nine o'clock, register: waits 90 seconds, talks for eight minutes, solved.
  const rosa = await begun(chat, office);
  at('09:01:30');
  await take(rosa.chat);
  // Nine o'clock, register: waits 30 seconds, is given to the line, is answered by a colleague, is over after seven minutes; not solved.
  const pau = await begun(chat, office, { language: 'es' });
  at('09:02:00');
  await take(pau.chat);
  at('09:04:00');
  await chat.desk.handOver(marta, office, pau.chat, 'line', '');
  await come(joan);
  await chat.line.settle();
  expect(await chat.desk.take(joan, office, pau.chat)).toMatchObject({ ok: true });
  for (const time of ['09:05:00', '09:09:00']) {
    at(time);
    for (const each of [marta, joan]) await come(each);
  }
  await chat.chats.end(pau, office);
  await chat.chats.survey(pau, office, { score: 2, solved: 'no', heard: null, comment: '' });
  at('09:09:30');
  expect(await chat.desk.end(marta, office, rosa.chat)).toEqual({ ok: true });
  await chat.chats.survey(rosa, office, { score: 9, solved: 'yes', heard: null, comment: '' });
  // Ten o'clock, taxes: gives up.
  at('10:00:00');
  await come(marta);
  await chat.desk.comeBack(marta, office);
  const lluc = await begun(chat, office, { topic: 'tributs' });
  at('10:00:40');
  await chat.chats.end(lluc, office);
  // Ten o'clock, taxes: leaves a message in place of waiting. And a message at once.
  const left = { email: 'rosa@example.cat', phone: null };
  const mercè = await begun(chat, office, { topic: 'tributs' });
  const turned = { ...asked({ topic: 'tributs' }), ...left };
  await chat.chats.turnIntoMessage(mercè, office, turned);
  await chat.chats.leaveMessage(office, { ...asked({ topic: 'tributs' }), ...left });
  // Ten o'clock, taxes: is still answered. It has waited for 20 seconds.
  at('10:01:00');
  const iu = await begun(chat, office, { topic: 'tributs' });
  at('10:01:20');
  await take(iu.chat);
}

const day = Temporal.PlainDate.from(MONDAY);
const counts = (of: { from?: Temporal.PlainDate; to?: Temporal.PlainDate; language?: 'es' } = {}) =>
  within(chat.db, office.id, (tx) =>
    readChatCounts(tx, office, { from: day, to: day, language: null, ...of }),
  );

test('by topic and by hour they are those of a day that was counted by hand', async () => {
  const register = {
    ...{ ...CALM, began: 2, answered: 2, waitSeconds: 90 + 30, closed: 2 },
    talkedSeconds: 480 + 420,
  };
  const taxes = { ...CALM, began: 3, answered: 1, waitSeconds: 20, gaveUp: 1, messages: 2 };
  const { topic, hour } = await counts();
  expect(topic.toSorted((a, b) => a.key.localeCompare(b.key))).toEqual([
    { key: 'padro', counts: register },
    { key: 'tributs', counts: taxes },
  ]);
  expect(hour).toEqual([
    { key: '9', counts: register },
    { key: '10', counts: taxes },
  ]);
});

test('of one language, and of other days', async () => {
  const spanish = await counts({ language: 'es' });
  expect(spanish.topic).toMatchObject([{ counts: { began: 1, waitSeconds: 30 } }]);
  const later = { from: day.add({ days: 1 }), to: day.add({ days: 9 }) };
  expect(await counts(later)).toEqual({ topic: [], hour: [] });
});

test('a conversation that goes back to the line is counted so, and its time once', async () => {
  await within(chat.db, office.id, (tx) =>
    sql`insert into chat_event (office_id, chat_id, at, kind, desk_id, actor, data)
        select office_id, id, now(), 'returned', null, 'system', '{}' from chat, generate_series(1, 3)
        where topic = 'padro' and language = 'ca'`.execute(tx),
  );
  const { topic } = await counts();
  const register = topic.find(({ key }) => key === 'padro')?.counts;
  expect(register).toMatchObject({ began: 2, waitSeconds: 120, talkedSeconds: 900, returned: 3 });
});

test('sums are those that plain SQL counts, one question at a time', async () => {
  const one = (question: string) =>
    within(chat.db, office.id, async (tx) => {
      const { rows } = await sql<{
        n: number;
      }>`${sql.raw(`select (${question})::float8 as n`)}`.execute(tx);
      return rows[0]?.n ?? Number.NaN;
    });
  const { topic } = await counts();
  expect(sumOf(topic.map((each) => each.counts))).toEqual({
    began: await one(`select count(distinct chat_id) from chat_event where kind = 'began'`),
    answered: await one('select count(taken_at) from chat'),
    waitSeconds: await one('select extract(epoch from sum(taken_at - place)) from chat'),
    closed: await one(
      'select count(*) from chat where taken_at is not null and ended_at is not null',
    ),
    talkedSeconds: await one('select extract(epoch from sum(ended_at - taken_at)) from chat'),
    gaveUp: await one(`select count(*) from chat where state = 'left'`),
    messages: await one(`select count(distinct chat_id) from chat_event where kind = 'message'`),
    returned: await one(`select count(*) from chat_event where kind = 'returned'`),
  });
});
