import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { levelNeeded } from '../../../domain/office/bundle.ts';
import { testEncounter } from '../../../features/service/encounter/testing/encounter.ts';
import { LANGUAGES } from '../../../lib/i18n/languages.ts';
import { translateTo } from '../../../lib/i18n/translate.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import { DEMO_TOWN } from '../../../paths.ts';
import { faultsOf, MARIA, startsIn, type TestTown, TIMES, testTown } from '../testing.ts';

/** Vilaclara, where every procedure needs an electronic identity. */
const ELECTRONIC = readFileSync(DEMO_TOWN, 'utf8').replaceAll(
  'identity: shown',
  'identity: electronic',
);
let town: TestTown;
let people = 0;

beforeAll(async () => {
  town = await testTown(ELECTRONIC);
});
afterAll(() => town.close());

/** Books for somebody; returns the path of the appointment's page, in Catalan. */
async function book(name: string): Promise<string> {
  const start = startsIn((await town.get(TIMES)).html)[0] ?? '';
  const details = await town.post(TIMES, { start });
  const phone = `612 345 7${String(++people).padStart(2, '0')}`;
  const check = await town.post(details.path, { ...MARIA, name, phone, email: `a${people}@b.cat` });
  return (await town.post(check.path, {})).path.replace('/confirmed', '');
}

/** A browser that keeps its cookies and follows redirects. */
function browser() {
  const jar = new Map<string, string>();
  const keep = (cookies: readonly string[]) => {
    for (const each of cookies) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(each) ?? [];
      if (each.includes('Max-Age=0')) jar.delete(name);
      else jar.set(name, value);
    }
  };
  const go = async (
    path: string,
    form?: Record<string, string>,
  ): Promise<{ path: string; html: string; status: number }> => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await town.fetch(
      new Request(`http://localhost${path}`, {
        headers: { cookie, 'User-Agent': 'Old phone' },
        ...(form && { method: 'POST', body: new URLSearchParams(form) }),
      }),
    );
    keep(answer.headers.getSetCookie());
    const next = answer.headers.get('Location');
    return next ? go(next) : { path, html: await answer.text(), status: answer.status };
  };
  return go;
}

/** Identifies as one of the demonstration's people, without JavaScript; returns the page after it. */
async function identify(
  go: ReturnType<typeof browser>,
  page: string,
  person: string,
  level = '',
  more: Record<string, string> = {},
) {
  const going = await go(`${page}/identify`, { provider: 'demo', ...more });
  const state = /state=([^&"]+)/.exec(going.html)?.[1] ?? '';
  const choice = await go(`/ca/identify/demo/demo?state=${state}&level=low`);
  expect(await faultsOf(choice.html)).toEqual([]);
  const query = new URLSearchParams({ state, person, level: level || 'substantial' });
  return go(`/identify/demo/return?${query}`);
}

describe.each(LANGUAGES)('identifying on the page of an appointment, in %s', (language) => {
  const say = translateTo(language);

  test('goes there and back, and the page says who is identified', async () => {
    const go = browser();
    const page = (await book('Rosa Soler')).replace('/ca/', `/${language}/`);
    const before = await go(page);
    expect(before.html).toContain(say('identifying.link'));
    const choice = await go(`${page}/identify`);
    expect(await faultsOf(choice.html)).toEqual([]);
    const done = await identify(go, page, '12345678Z');
    expect(done.html).toContain(say('identifying.done.title'));
    expect(await faultsOf(done.html)).toEqual([]);
    expect((await go(page)).html).toContain('Rosa Soler Vidal');
  });
});

test('who has another name is told that their identity opens nothing, and documents still ask for the code', async () => {
  const go = browser();
  const page = await book('Rosa Soler');
  const done = await identify(go, page, '99999999R');
  expect(done.html).toContain(translateTo('ca')('identifying.done.other', { name: 'Rosa Soler' }));
  expect((await go(`${page}/documents/seen`)).path).toContain('/documents/code');
});

test('the identified citizen opens the log of documents without a code', async () => {
  const go = browser();
  const page = await book('Rosa Soler');
  await identify(go, page, '12345678Z');
  expect((await go(`${page}/documents/seen`)).status).toBe(200);
});

test('somebody who is already identified goes on with one press', async () => {
  const go = browser();
  await identify(go, await book('Rosa Soler'), '12345678Z');
  const second = await book('Rosa Soler');
  expect((await go(`${second}/identify`)).html).toContain('Rosa Soler Vidal');
  const used = await go(`${second}/identify`, { use: 'session' });
  expect(used.html).toContain(translateTo('ca')('identifying.done.title'));
});

test('too low a level is explained, and nothing is linked', async () => {
  const go = browser();
  const page = await book('Rosa Soler');
  const failed = await identify(go, page, '12345678Z', 'low');
  expect(failed.html).toContain(translateTo('ca')('identify.failed.too_low.title'));
  const of = (await town.deps.appointments.bySecret(page.split('/').at(-1) ?? ''))!;
  expect((await town.deps.identifying.standing(of)).people).toEqual([]);
});

test('in the encounter the page shows what the office asks, and the way back to the call', async () => {
  const go = browser();
  const page = await book('Rosa Soler');
  const of = (await town.deps.appointments.bySecret(page.split('/').at(-1) ?? ''))!;
  const office = await town.deps.offices.byId(of.office);
  const agent: StaffViewer = {
    ...({ kind: 'staff', staff: 1, name: 'Núria', office: office.id, role: 'agent' } as const),
    desk: of.desk,
  };
  await testEncounter(town.database, town.clock).start(agent, office, of.id, { anyway: true });
  await town.deps.identifying.ask(agent, office, of.id, 'high');
  const say = translateTo('ca');
  const asked = await go(page);
  expect(asked.html).toContain('et demana que t’identifiquis');
  expect(await faultsOf(asked.html)).toEqual([]);
  // The address can be sent to somebody else: nobody goes on without saying that they are in the call.
  const sent = await go(`${page}/identify`, { provider: 'demo' });
  expect([sent.status, sent.html.includes(say('identifying.tick.missing'))]).toEqual([422, true]);
  expect(await faultsOf(sent.html)).toEqual([]);
  const tooLow = await identify(go, page, '12345678Z', '', { mine: 'yes' });
  expect(tooLow.html).toContain(say('identify.failed.too_low.title'));
  expect((await town.deps.identifying.standing(of)).asking).toMatchObject({
    state: 'failed',
    reason: 'too_low',
  });
});

test('in the encounter a session of before is not enough', async () => {
  const go = browser();
  const page = await book('Rosa Soler');
  await identify(go, await book('Rosa Soler'), '12345678Z');
  const use = translateTo('ca')('identifying.session.use', { name: 'Rosa Soler Vidal' });
  expect((await go(`${page}/identify`)).html).toContain(use);
  const of = (await town.deps.appointments.bySecret(page.split('/').at(-1) ?? ''))!;
  const office = await town.deps.offices.byId(of.office);
  const agent: StaffViewer = {
    ...({ kind: 'staff', staff: 1, name: 'Núria', office: office.id, role: 'agent' } as const),
    desk: of.desk,
  };
  await testEncounter(town.database, town.clock).start(agent, office, of.id, { anyway: true });
  expect((await go(`${page}/identify`)).html).not.toContain(use);
  await go(`${page}/identify`, { use: 'session' });
  expect((await town.deps.identifying.standing(of)).people).toEqual([]);
});

test('a browser with a console session identifies nobody as the citizen', async () => {
  const go = browser();
  const page = await book('Rosa Soler');
  const { staff } = town.deps;
  const { session } = staff;
  const of = (await town.deps.appointments.bySecret(page.split('/').at(-1) ?? ''))!;
  const going = await go(`${page}/identify`, { provider: 'demo' });
  const there = /state=([^&"]+)/.exec(going.html)?.[1] ?? '';
  staff.session = async () => ({}) as never;
  expect((await go(`${page}/identify`, { provider: 'demo' })).html).toContain(
    translateTo('ca')('citizen.problem.staff_here.title'),
  );
  await go(`/identify/demo/return?state=${there}&person=12345678Z&level=high`);
  staff.session = session;
  expect((await town.deps.identifying.standing(of)).people).toEqual([]);
});

test('several procedures need the highest level of those that need one', async () => {
  const office = (await town.deps.offices.find('oac'))!;
  expect(levelNeeded(office.procedure('volant-padro')!)).toBe('substantial');
});
