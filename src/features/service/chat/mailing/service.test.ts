import { afterAll, beforeAll, expect, test } from 'vitest';
import { digitsOf } from '../../../../domain/one-time-code.ts';
import { within } from '../../../../lib/db/database.ts';
import { readNotice } from '../../../foundation/notices/service.ts';
import { begun, type ChatWorld, chatWorld, trailOf, words } from '../testing.ts';

let chat: ChatWorld;
beforeAll(async () => {
  chat = await chatWorld();
});
afterAll(() => chat.close());

/** Rosa talks with Marta. */
async function talking() {
  const at = await chat.open();
  await at.come(at.marta);
  const rosa = await begun(chat, at.office, { text: 'El meu DNI és el 12345678Z' });
  await chat.desk.take(at.marta, at.office, rosa.chat);
  await chat.desk.write(at.marta, at.office, rosa.chat, words('Truqui al 612 345 678'));
  return { ...at, rosa };
}
const noticesOf = (office: number) =>
  within(chat.db, office, (tx) =>
    tx.selectFrom('notice').selectAll().orderBy('created_at').orderBy('kind', 'desc').execute(),
  );
const EMAIL = 'rosa@example.cat';
/** The code that was sent last. */
async function codeOf(office: number): Promise<string> {
  const sent = (await noticesOf(office)).findLast(({ kind }) => kind === 'code');
  return digitsOf(chat.key, (sent!.facts as { code: string }).code);
}
const notThat = (code: string) => (code === '111111' ? '222222' : '111111');

test('a conversation goes to an address whose code was typed, without identifiers; the outbox has no word of it', async () => {
  const { office, rosa } = await talking();
  expect(await chat.mailing.ask(rosa, office, 'rosa')).toEqual({ ok: false, reason: 'email' });
  expect(await chat.mailing.ask(rosa, office, ` ${EMAIL} `)).toEqual({ ok: true });
  expect(await chat.mailing.asked(rosa, office)).toBe(EMAIL);
  const code = await codeOf(office.id);
  expect(await chat.mailing.send(rosa, office, notThat(code))).toMatchObject({
    ...{ reason: 'wrong', left: 4 },
  });
  const typed = `${code.slice(0, 3)} ${code.slice(3)}`;
  expect(await chat.mailing.send(rosa, office, typed)).toEqual({ ok: true, email: EMAIL });
  // A code is good once.
  expect(await chat.mailing.send(rosa, office, code)).toEqual({ ok: false, reason: 'ended' });

  const notices = await noticesOf(office.id);
  expect(notices.map(({ kind, recipient }) => [kind, recipient])).toEqual([
    ['code', EMAIL],
    ['chat', EMAIL],
  ]);
  expect(JSON.stringify(notices)).not.toMatch(/12345678Z|Truqui|DNI/);
  expect(await trailOf(chat, office.id)).toContain('citizen chat_mailed');

  const notice = (await readNotice(chat.db, notices[1]!.id))!;
  const [file, ...others] = (await chat.enclosures.of(notice, office))!;
  expect(others).toEqual([]);
  expect(file?.filename).toMatch(/\.txt$/);
  expect(file?.text).toContain('El meu DNI és el');
  expect(file?.text).not.toMatch(/12345678|612 ?345/);
  const before = (await readNotice(chat.db, notices[0]!.id))!;
  expect(await chat.enclosures.of(before, office)).toEqual([]);
});

test('what was destroyed meanwhile is not sent, and its address is gone too', async () => {
  const { office, rosa } = await talking();
  await chat.mailing.ask(rosa, office, EMAIL);
  await chat.mailing.send(rosa, office, await codeOf(office.id));
  await chat.chats.end(rosa, office);
  const sent = (await noticesOf(office.id)).find(({ kind }) => kind === 'chat')!;
  chat.clock.advance({ hours: 24 * 31 });
  await chat.forgetting.forget(office);
  const notice = (await readNotice(chat.db, sent.id))!;
  expect(await chat.enclosures.of(notice, office)).toBeNull();
  expect(await chat.mailing.asked(rosa, office)).toBeNull();
  expect(await chat.mailing.ask(rosa, office, EMAIL)).toMatchObject({ reason: 'not_found' });
});

test('codes are few, end after five tries, and go nowhere before somebody has answered', async () => {
  const { office, rosa, marta, come } = await talking();
  const pere = await begun(chat, office);
  expect(await chat.mailing.ask(pere, office, EMAIL)).toMatchObject({ reason: 'not_found' });
  await come(marta);
  expect(await chat.mailing.ask(rosa, office, EMAIL)).toEqual({ ok: true });
  expect(await chat.mailing.ask(rosa, office, 'b@example.cat')).toMatchObject({
    reason: 'too_soon',
  });
  const code = await codeOf(office.id);
  for (let nth = 0; nth < 5; nth++) await chat.mailing.send(rosa, office, notThat(code));
  expect(await chat.mailing.send(rosa, office, code)).toEqual({ ok: false, reason: 'ended' });
  chat.clock.advance({ minutes: 2 });
  expect(await chat.mailing.ask(rosa, office, 'b@example.cat')).toEqual({ ok: true });
  expect(await chat.mailing.asked(rosa, office)).toBe('b@example.cat');
  expect(await chat.mailing.send(pere, office, await codeOf(office.id))).toMatchObject({
    reason: 'not_found',
  });
  chat.clock.advance({ minutes: 11 });
  expect(await chat.mailing.send(rosa, office, await codeOf(office.id))).toEqual({
    ...{ ok: false, reason: 'ended' },
  });
});
