import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { LANGUAGES } from '../../../lib/i18n/languages.ts';
import { translateTo } from '../../../lib/i18n/translate.ts';
import { faultsOf, MARIA, startsIn, type TestTown, TIMES, testTown } from '../testing.ts';

let town: TestTown;
let people = 0;
const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0';
const say = translateTo('ca');
const ENTER = '/ca/identify/code';

beforeAll(async () => {
  town = await testTown();
});
afterAll(() => town.close());
afterEach(() => {
  vi.restoreAllMocks();
});

/** Books for Rosa; returns the path of the appointment's page, in Catalan. */
async function book(name = 'Rosa Soler'): Promise<string> {
  const start = startsIn((await town.get(TIMES)).html)[0] ?? '';
  const details = await town.post(TIMES, { start });
  const phone = `612 345 8${String(++people).padStart(2, '0')}`;
  const check = await town.post(details.path, { ...MARIA, name, phone, email: `c${people}@b.cat` });
  return (await town.post(check.path, {})).path.replace('/confirmed', '');
}

/** A browser that keeps its cookies and follows redirects. */
function browser(agent = 'Old phone') {
  const jar = new Map<string, string>();
  const seen: string[] = [];
  const go = async (
    path: string,
    form?: Record<string, string>,
  ): Promise<{ path: string; html: string; status: number }> => {
    seen.push(path);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await town.fetch(
      new Request(`http://localhost${path}`, {
        headers: { cookie, 'User-Agent': agent },
        ...(form && { method: 'POST', body: new URLSearchParams(form) }),
      }),
    );
    for (const each of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(each) ?? [];
      jar.set(name, value);
    }
    const next = answer.headers.get('Location');
    return next ? go(next) : { path, html: await answer.text(), status: answer.status };
  };
  return Object.assign(go, { seen });
}

/** Presses a button of the page that is open in a browser, with what its form has besides. */
const press = async (go: ReturnType<typeof browser>, form: Record<string, string>) => {
  const { html } = await go(ENTER);
  return go(ENTER, { ...form, which: whichIn(html) });
};
const whichIn = (html: string): string => /name="which" value="([^"]+)"/.exec(html)?.[1] ?? '';

/** Asks for a code on the page of an appointment. Returns it, and the page. */
async function askFor(go: ReturnType<typeof browser>, page: string) {
  const { html } = await go(`${page}/identify/code`, {});
  return { html, code: /class="typed-code">([A-Z]{4}-[A-Z]{4})</.exec(html)?.[1] ?? '' };
}

/** Chooses the demonstration's provider where a browser is, and comes back from it. */
async function identifyAt(go: ReturnType<typeof browser>, at: string, person: string) {
  const { html } = await go(at);
  const going = await go(at, { provider: 'demo', which: whichIn(html) });
  const state = /state=([^&"]+)/.exec(going.html)?.[1] ?? '';
  const query = new URLSearchParams({ state, person, level: 'substantial' });
  return go(`/identify/demo/return?${query}`);
}

const standing = async (page: string) => {
  const of = await town.deps.appointments.bySecret(page.split('/').at(-1) ?? '');
  return town.deps.identifying.standing(of!);
};

describe.each(LANGUAGES)('identifying on another device, in %s', (language) => {
  const say = translateTo(language);
  const enter = `/${language}/identify/code`;

  test('says what follows, identifies there, and the first device learns that it happened', async () => {
    const desk = browser(FIREFOX);
    const phone = browser();
    const page = (await book()).replace('/ca/', `/${language}/`);
    expect((await desk(`${page}/identify`)).html).toContain(`href="${page}/identify/code"`);
    const start = await desk(`${page}/identify/code`);
    const asked = await askFor(desk, page);
    expect(asked.html).toContain(`localhost${enter}`);
    const form = await phone(enter);
    const check = await phone(enter, { code: asked.code });
    for (const each of ['Firefox', 'Windows', say('anotherDevice.check.near')])
      expect(check.html).toContain(each);
    for (const each of ['Rosa', 'Soler', '612 34', '612345', '@b.cat'])
      expect(check.html).not.toContain(each);
    const taken = await desk(`${page}/identify/code`);
    const choose = await phone(enter, { answer: 'yes', which: whichIn(check.html) });
    const done = await identifyAt(phone, enter, '12345678Z');
    expect(done.html).toContain(say('anotherDevice.finished.text'));
    const arrived = await desk(`${page}/identify/code`);
    expect(arrived.html).toContain(say('anotherDevice.done.title'));
    for (const each of [start, asked, form, check, taken, choose, done, arrived])
      expect(await faultsOf(each.html)).toEqual([]);
    expect((await standing(page)).people).toMatchObject([{ how: 'code', shownBy: 'name' }]);
    const paths = [...desk.seen, ...phone.seen].join(' ').toUpperCase();
    expect(paths).not.toContain(asked.code);
  });
});

test('the first device gets no session, no document and no name; the other one has all three', async () => {
  const desk = browser();
  const phone = browser();
  const page = await book();
  const { code } = await askFor(desk, page);
  await phone(ENTER, { code });
  await press(phone, { answer: 'yes' });
  await identifyAt(phone, ENTER, '12345678Z');
  for (const at of [page, `${page}/identify`, `${page}/identify/code`])
    expect((await desk(at)).html).not.toContain('Rosa Soler Vidal');
  expect((await desk(`${page}/documents/seen`)).path).toContain('/documents/code');
  expect((await desk('/ca/folder')).path).toContain('/ca/identify');
  expect((await phone(`${page}/documents/seen`)).status).toBe(200);
  expect((await phone('/ca/folder')).html).toContain('Rosa Soler Vidal');
});

test('who did not ask for the code stops it, which is a security event; the first device is told', async () => {
  const note = vi.spyOn(town.deps.security, 'note');
  const desk = browser();
  const phone = browser();
  const page = await book();
  const { code } = await askFor(desk, page);
  await phone(ENTER, { code });
  const stopped = await press(phone, { answer: 'no' });
  expect(stopped.html).toContain(say('anotherDevice.stopped.title'));
  expect(await faultsOf(stopped.html)).toEqual([]);
  const denied = await desk(`${page}/identify/code`);
  expect(denied.html).toContain(say('anotherDevice.denied.title'));
  expect(await faultsOf(denied.html)).toEqual([]);
  expect(note.mock.calls.map(([kind]) => kind)).toEqual(['identity.code_denied']);
  expect((await press(phone, { answer: 'yes' })).html).not.toContain('value="demo"');
  const after = await press(phone, { provider: 'demo' });
  expect(after.html).not.toContain('state=');
});

test('every refusal reads the same, keeps what was typed, and only the log tells them apart', async () => {
  const note = vi.spyOn(town.deps.security, 'note');
  const page = await book();
  const desk = browser();
  const { code } = await askFor(desk, page);
  const near = `${code.slice(0, 8)}${code.endsWith('B') ? 'C' : 'B'}`;
  const texts: string[] = [];
  const refuse = async (typed: string) => {
    const { html, status } = await browser()(ENTER, { code: typed });
    expect(html).toContain(`value="${typed}"`);
    expect(await faultsOf(html)).toEqual([]);
    const plain = html.replaceAll(typed, '').replaceAll(/draft=[\w-]+/g, '');
    texts.push(`${status} ${plain.replaceAll(/nonce="[^"]*"/g, '')}`);
  };
  for (const typed of ['KLMN-PQRS', near, 'no code']) await refuse(typed);
  await browser()(ENTER, { code });
  await refuse(code);
  for (let miss = 0; miss < 5; miss++) await refuse('BCDF-GHJK');
  expect(new Set(texts).size).toBe(1);
  expect(texts[0]).toMatch(/^422 /);
  const whats = note.mock.calls.map(([, facts]) => facts.what);
  expect(new Set(whats)).toEqual(new Set(['unknown', 'miss', 'not_a_code', 'used']));
  expect(JSON.stringify(note.mock.calls)).not.toContain(code);
});

test('whoever comes back after the code ended is told so, and the appointment got nothing', async () => {
  const desk = browser();
  const phone = browser();
  const page = await book();
  const { code } = await askFor(desk, page);
  await phone(ENTER, { code });
  await press(phone, { answer: 'yes' });
  await askFor(desk, page);
  const over = await identifyAt(phone, ENTER, '12345678Z');
  expect(over.status).toBe(410);
  const none = await press(phone, { provider: 'demo' });
  expect(none.status).toBe(410);
  await phone(ENTER, { code: 'KLMN-PQRS' });
  expect(await faultsOf(over.html)).toEqual([]);
  expect((await standing(page)).people).toEqual([]);
});

test('a code that is typed wrong too often is locked, and the first device says so', async () => {
  const desk = browser();
  const page = await book();
  const { code } = await askFor(desk, page);
  const near = `${code.slice(0, 8)}${code.endsWith('B') ? 'C' : 'B'}`;
  for (let miss = 0; miss < 5; miss++) await browser()(ENTER, { code: near });
  const locked = await desk(`${page}/identify/code`);
  expect(locked.html).toContain(say('anotherDevice.locked.title'));
  expect(await faultsOf(locked.html)).toEqual([]);
  expect((await askFor(desk, page)).code).not.toBe(code);
});

test('another browser with the same link sees no code, and asks for its own', async () => {
  const page = await book();
  const { code } = await askFor(browser(), page);
  const other = await browser()(`${page}/identify/code`);
  expect(other.html).not.toContain(code);
  expect(other.html).toContain(say('anotherDevice.make'));
});

test('in a browser with a console session no code is asked for, typed or used', async () => {
  const desk = browser();
  const phone = browser();
  const page = await book();
  const { code } = await askFor(desk, page);
  await phone(ENTER, { code });
  await press(phone, { answer: 'yes' });
  const going = await press(phone, { provider: 'demo' });
  const there = /state=([^&"]+)/.exec(going.html)?.[1] ?? '';
  vi.spyOn(town.deps.staff, 'session').mockResolvedValue({} as never);
  const refused = say('citizen.problem.staff_here.title');
  expect((await desk(`${page}/identify/code`, {})).html).toContain(refused);
  for (const form of [undefined, { code }, { answer: 'yes' }, { provider: 'demo' }])
    expect((await phone(ENTER, form)).html).toContain(refused);
  const back = `/identify/demo/return?state=${there}&person=12345678Z&level=high`;
  expect((await phone(back)).html).toContain(refused);
  expect((await standing(page)).people).toEqual([]);
});

test('an appointment that was cancelled shows no code', async () => {
  const go = browser();
  const page = await book();
  await go(`${page}/cancel`, {});
  expect((await go(`${page}/identify/code`)).path).toBe(page);
  expect((await go(`${page}/identify/code`, {})).path).toBe(page);
});

describe('of two codes that were typed in one browser', () => {
  /** Types a code, and somebody talks the citizen into typing theirs in another tab. */
  async function twice() {
    const [hers, theirs] = [browser(), browser()];
    const phone = browser();
    const [page, trap] = [await book(), await book('Rosa Soler')];
    const first = await phone(ENTER, { code: (await askFor(hers, page)).code });
    town.clock.advance({ seconds: 1 });
    const { code } = await askFor(theirs, trap);
    const typeOther = () => phone(ENTER, { code });
    return { phone, page, trap, theirs, first: whichIn(first.html), typeOther };
  }

  test('an answer in the first tab is none for the second', async () => {
    const { phone, theirs, trap, first, typeOther } = await twice();
    await typeOther();
    const refused = await phone(ENTER, { answer: 'yes', which: first });
    expect(refused.status).toBe(410);
    expect(await faultsOf(refused.html)).toEqual([]);
    expect((await phone(ENTER)).html).toContain('value="no"');
    expect((await theirs(`${trap}/identify/code`)).path).toContain('now=taken');
    expect((await phone(ENTER, { answer: 'yes' })).status).toBe(410);
  });

  test('a provider that is chosen in the first tab is none for the second', async () => {
    const { phone, trap, first, typeOther } = await twice();
    await phone(ENTER, { answer: 'yes', which: first });
    await typeOther();
    await press(phone, { answer: 'yes' });
    const refused = await phone(ENTER, { provider: 'demo', which: first });
    expect(refused.status).toBe(410);
    expect(refused.html).not.toContain('state=');
    expect((await standing(trap)).people).toEqual([]);
  });
});

test('who stops at the provider after their code ended stops nothing of the citizen’s', async () => {
  const fail = vi.spyOn(town.deps.identifying, 'fail');
  const desk = browser();
  const phone = browser();
  const page = await book();
  const begin = async () => {
    await phone(ENTER, { code: (await askFor(desk, page)).code });
    await press(phone, { answer: 'yes' });
    const going = await press(phone, { provider: 'demo' });
    return /state=([^&"]+)/.exec(going.html)?.[1] ?? '';
  };
  const stop = (state: string) => phone(`/identify/demo/return?state=${state}&error=cancelled`);
  const ended = await begin();
  await askFor(desk, page);
  await stop(ended);
  expect(fail).not.toHaveBeenCalled();
  await stop(await begin());
  expect(fail).toHaveBeenCalledOnce();
});
