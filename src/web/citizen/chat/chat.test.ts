import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { translateTo } from '../../../lib/i18n/translate.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import { openWorld, type World } from '../../testing/recorded/world.ts';

const t = translateTo('ca');
let world: World;
let marta: StaffViewer;

beforeAll(async () => {
  world = await openWorld();
  marta = world.staff();
}, 60_000);
afterAll(() => world.close());

const BASE = 'http://localhost:3000';
const ask = (path: string, init: RequestInit = {}) =>
  world.house.app.request(`${BASE}${path}`, init);
const page = async (path: string) => (await ask(path)).text();
/** Posts a form, and follows where it leads. */
async function send(path: string, fields: Record<string, string>): Promise<string> {
  const headers = { Origin: BASE };
  const answer = await ask(path, { method: 'POST', body: new URLSearchParams(fields), headers });
  return page(answer.headers.get('location') ?? path);
}
const words = (text: string) => ({ key: randomUUID(), text, language: 'ca' as const });

/** Marta is at her desk, and has nothing else. */
beforeEach(async () => {
  const { context } = world;
  const office = await world.office();
  world.clock.set('2026-11-30T10:00:00+01:00');
  await context.presence.visit(marta, office, { isIdle: false });
  await context.presence.say(marta, office, 'available');
  for (const { id } of (await context.chatDesk.list(marta, office))?.own ?? [])
    await context.chats.end({ kind: 'chatting', chat: id }, office);
  await context.chatDesk.comeBack(marta, office);
});
async function begun() {
  const asked = { ...words('El meu DNI és 12345678Z'), topic: 'padro', name: 'Rosa' };
  const done = await world.context.chats.begin(await world.office(), asked);
  if (!done.ok) throw new Error(done.reason);
  return { id: done.id, at: `/ca/chat/${done.secret}` };
}
async function talking() {
  const chat = await begun();
  const office = await world.office();
  await world.context.chatDesk.take(marta, office, chat.id);
  await world.context.chatDesk.write(marta, office, chat.id, words('Truqui al 612 345 678'));
  return chat;
}

describe('without scripts', () => {
  test('a part of the page renews itself and has what is new, so that nothing typed is lost', async () => {
    const { id, at } = await begun();
    const waiting = await page(at);
    const [, source = ''] = /<noscript><iframe src="([^"]+)"/.exec(waiting) ?? [];
    expect(source).toContain(`${at}/new?after=`);
    // The page itself stays: its field is never loaded again.
    expect(waiting).not.toContain('http-equiv="refresh"');
    expect(waiting).toContain(t('chat.noScript', { minutes: 5 }));

    const part = await ask(source.replaceAll('&amp;', '&'));
    expect(part.headers.get('Content-Security-Policy')).toContain("frame-ancestors 'self'");
    const html = await part.text();
    expect(html).toContain(t('chat.fresh.none'));
    const [, again = ''] = /http-equiv="refresh" content="12;url=([^"]+)"/.exec(html) ?? [];
    const office = await world.office();
    await world.context.chatDesk.take(marta, office, id);
    await world.context.chatDesk.write(marta, office, id, words('Digui’m'));
    const next = await page(again.replaceAll('&amp;', '&'));
    expect(next).toContain('Digui’m');
    expect(next).not.toContain('12345678Z');
    // Another address, since one that differs in its place alone is not loaded again.
    expect(next).not.toContain(again);
    expect(next).toContain(t('chat.fresh.whole'));
    expect(next).toContain('<base target="_top"');

    await world.context.chatDesk.end(marta, office, id);
    expect(await page(again.replaceAll('&amp;', '&'))).not.toContain('http-equiv="refresh"');
    expect(await page(at)).not.toContain('<iframe');
  });

  test('the part stops renewing itself where one wants, and goes on', async () => {
    const { at } = await begun();
    const linkIn = (html: string, key: 'chat.fresh.still' | 'chat.fresh.goOn') =>
      new RegExp(`<a href="([^"]+)" target="_self">${t(key)}</a>`)
        .exec(html)?.[1]
        ?.replaceAll('&amp;', '&') ?? '';
    const still = linkIn(await page(`${at}/new?after=0&from=offered`), 'chat.fresh.still');
    const stopped = await page(still);
    expect(stopped).toContain('El meu DNI');
    expect(stopped).not.toContain('http-equiv="refresh"');
    const goOn = linkIn(stopped, 'chat.fresh.goOn');
    const again = await page(goOn);
    expect(again).toContain('http-equiv="refresh"');
    // None of them differs in its place alone.
    expect(new Set([still, goOn].map((each) => each.split('#')[0])).size).toBe(2);
  });

  test('no page but the part may be framed', async () => {
    const { at } = await begun();
    const policy = (await ask(at)).headers.get('Content-Security-Policy');
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("frame-src 'self'");
  });
});

describe('the conversation by e-mail', () => {
  /** The code of the last mail to an address, as the demo's mailbox shows it. */
  const outbox = async () =>
    (await (await ask('/demo/outbox.json')).json()) as {
      to: string;
      subject: string;
      text: string;
      attachments: { filename: string; text: string }[];
    }[];
  const codeTo = async (email: string) =>
    /(\d{3}) (\d{3})/
      .exec((await outbox()).findLast(({ to }) => to === email)?.text ?? '')
      ?.slice(1)
      .join('') ?? '';

  test('is sent after a code, as a file without identifiers', async () => {
    const { at } = await talking();
    expect(await page(at)).toContain(`${at}/mail"`);
    expect(await send(`${at}/mail`, { email: 'rosa' })).toContain(t('chat.wrong.email'));
    const asked = await send(`${at}/mail`, { email: 'rosa@example.cat' });
    expect(asked).toContain('r•••@example.cat');
    const code = await codeTo('rosa@example.cat');
    const wrong = code === '111111' ? '222222' : '111111';
    expect(await send(`${at}/mail`, { code: wrong })).toContain(
      t('documents.code.wrong', { left: 4 }),
    );
    expect(await send(`${at}/mail`, { code })).toContain(t('chat.done.mailed'));
    const title = t('notices.chat.subject.transcript');
    const mail = (await outbox()).find(({ subject }) => subject === title)!;
    expect(mail.to).toBe('rosa@example.cat');
    expect(mail.text).not.toMatch(/\/chat\//);
    expect(mail.attachments.map(({ filename }) => filename)).toEqual([
      expect.stringMatching(/^Xat .*\.txt$/),
    ]);
    expect(mail.attachments[0]?.text).toMatch(/El meu DNI és/);
    expect(mail.attachments[0]?.text).not.toMatch(/12345678|612 ?345/);
    expect(await send(`${at}/mail`, { code })).toContain(t('documents.code.ended'));
  });

  test('is nothing for whoever waits', async () => {
    const { at } = await begun();
    // The script of the page shows it once somebody answers.
    expect(await page(at)).toMatch(/<li data-talking="true" hidden[^>]*><a href="[^"]+\/mail"/);
    expect((await ask(`${at}/mail`)).headers.get('location')).toBe(at);
  });
});

test('whoever left the line reads it, and the way to begin again', async () => {
  const { at } = await begun();
  const left = await send(`${at}/end`, {});
  expect(left).toContain(t('chat.over.left'));
  expect(left).toContain(t('chat.system.ended.left'));
  expect(left).toContain(t('chat.another'));
});

test('a form that is sent again too often is shown again with its words', async () => {
  const { at } = await begun();
  const fields = { topic: 'padro', in: 'ca', name: 'Rosa', as: 'chat', key: randomUUID() };
  await send(`${at}/end`, {});
  for (let nth = 0; nth < 60; nth++) {
    const asked = { ...fields, language: 'ca' as const, text: `Línia ${nth}` };
    await world.context.chats.begin(await world.office(), asked);
  }
  const again = await send('/ca/oac/chat', { ...fields, text: 'Una més' });
  expect(again).toContain(t('chat.write.many'));
  expect(again).toContain('Una més');
});

test('a message that can’t be taken is shown again with its words, and what to do instead', async () => {
  const office = await world.office();
  const leaveMessage = vi.spyOn(world.context.chats, 'leaveMessage');
  leaveMessage.mockResolvedValueOnce({ ok: false, reason: 'crowded' });
  const fields = { topic: 'padro', in: 'ca', name: 'Rosa', as: 'message', key: randomUUID() };
  const again = await send(`/ca/${office.code}/chat`, { ...fields, text: 'Una cosa' });
  leaveMessage.mockRestore();
  expect(again).toContain(t('chat.refused.crowded'));
  expect(again).toContain('Una cosa');
});
