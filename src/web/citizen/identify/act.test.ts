import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Appointment } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import { testEncounter } from '../../../features/service/encounter/testing/encounter.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { LANGUAGES } from '../../../lib/i18n/languages.ts';
import { translateTo } from '../../../lib/i18n/translate.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import { faultsOf, MARIA, startsIn, type TestTown, TIMES, testTown } from '../testing.ts';

const say = translateTo('ca');
const ROSA = '12345678Z';
const JORDI = '99999999R';
let town: TestTown;
let office: Office;
let official: StaffViewer;
let of: Appointment;
let manage: string;
let people = 0;

beforeAll(async () => {
  town = await testTown();
  office = (await town.deps.offices.find('oac'))!;
  const { id } = await within(town.database.kysely, INSTALLATION, (tx) =>
    tx
      .selectFrom('staff')
      .select('id')
      .where('email', '=', 'nuria.roca@vilaclara.example')
      .executeTakeFirstOrThrow(),
  );
  official = {
    ...({ kind: 'staff', staff: id, name: 'Núria', office: office.id } as const),
    ...({ role: 'coordinator', desk: null } as const),
  };
});
afterAll(() => town.close());

/** Rosa Soler books, and is attended. */
beforeEach(async () => {
  const start = startsIn((await town.get(TIMES)).html)[0] ?? '';
  const details = await town.post(TIMES, { start });
  const phone = `612 345 5${String(++people).padStart(2, '0')}`;
  const rosa = { ...MARIA, name: 'Rosa Soler', phone, email: `r${people}@example.cat` };
  manage = (await town.post((await town.post(details.path, rosa)).path, {})).path;
  manage = manage.replace('/confirmed', '');
  of = (await town.deps.appointments.bySecret(manage.split('/').at(-1) ?? ''))!;
  const encounter = testEncounter(town.database, town.clock);
  await encounter.start(official, office, of.id, { anyway: true });
  const draft = { items: [], identity: 'shown', identityNote: '', notes: '', wrapUp: null };
  await encounter.save(official, office, { appointment: of.id }, 1, {
    ...draft,
    points: [],
  } as never);
});

async function asked(language: (typeof LANGUAGES)[number] = 'ca') {
  const made = await town.deps.consent.prepare(official, office, of.id, {
    ...{ template: 'volant', language, details: '', documents: [], mayBeAttended: true },
  });
  if (!made.ok) throw new Error(made.reason);
  return { id: made.id, path: `${manage.replace('/ca/', `/${language}/`)}/acts/${made.id}` };
}
const read = (act: string) => town.deps.consent.read(official, office, of.id, act);
const stateOf = async (act: string) => (await read(act))?.state;

/** A browser that keeps its cookies and follows redirects. */
function browser() {
  const jar = new Map<string, string>();
  return async function go(
    path: string,
    form?: Record<string, string>,
  ): Promise<{ path: string; html: string; status: number }> {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await town.fetch(
      new Request(`http://localhost${path}`, {
        headers: { cookie, 'User-Agent': 'Old phone' },
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
}
type Go = ReturnType<typeof browser>;

/** Chooses the demonstration's provider for an act. Returns the attempt's state. */
async function begin(go: Go, path: string): Promise<string> {
  const going = await go(`${path}/identify`, { provider: 'demo', mine: 'yes' });
  return /state=([^&"]+)/.exec(going.html)?.[1] ?? '';
}
/** Comes back from it. */
const comeBack = (go: Go, state: string, query: Record<string, string> = {}) => {
  const all = new URLSearchParams({ state, person: ROSA, level: 'substantial', ...query });
  return go(`/identify/demo/return?${all}`);
};

describe.each(LANGUAGES)('an act that is consented to by identity, in %s', (language) => {
  const t = translateTo(language);

  test('is offered beside the code, goes there and back, and is said', async () => {
    const go = browser();
    const { id, path } = await asked(language);
    const page = await go(path);
    expect(page.html).toContain(t('acts.identify.title'));
    expect(page.html).toContain(t('acts.code.send'));
    expect(await faultsOf(page.html)).toEqual([]);
    const choice = await go(`${path}/identify`);
    for (const each of ['again', 'warning', 'tick'] as const)
      expect(choice.html).toContain(t(`acts.identify.${each}`));
    // Whoever was sent this address has not seen the act's page.
    const text = /<section class="act-text.*?<\/section>/s;
    expect(text.exec(choice.html)?.[0]).toBe(text.exec(page.html)?.[0]);
    expect(text.exec(choice.html)?.[0]).toContain('Rosa Soler');
    expect(await faultsOf(choice.html)).toEqual([]);
    const done = await comeBack(go, await begin(go, path));
    expect(done.path).toBe(path);
    expect(done.html).toContain(t('acts.over.identified'));
    expect(await faultsOf(done.html)).toEqual([]);
    expect((await read(id))?.record?.consent?.identity).toMatchObject({ provider: 'demo' });
    // The appointment is theirs, as after any other identification for it.
    expect((await town.deps.identifying.standing(of)).people).toMatchObject([{ shownBy: 'name' }]);
  });
});

test('nobody is sent to a provider who does not say that they are in the call', async () => {
  const go = browser();
  const { path } = await asked();
  const told = await go(`${path}/identify`, { provider: 'demo' });
  expect(told.html).not.toContain('state=');
  expect(told.status).toBe(422);
  expect(told.html).toContain(say('acts.identify.tick.missing'));
  expect(await faultsOf(told.html)).toEqual([]);
});

test('the identity of the encounter stays as the official noted it: the address may have been sent to somebody else', async () => {
  const go = browser();
  const { id, path } = await asked();
  await comeBack(go, await begin(go, path));
  expect(await stateOf(id)).toBe('consented');
  const identity = () =>
    within(town.database.kysely, office.id, (tx) =>
      tx.selectFrom('encounter').select('identity').where('appointment_id', '=', of.id).execute(),
    );
  expect(await identity()).toEqual([{ identity: 'shown' }]);
  // Nor by the session that is left of it.
  await go(`${manage}/identify`, { use: 'session' });
  expect(await identity()).toEqual([{ identity: 'shown' }]);
});

test('a session of before is not enough: the provider is asked again', async () => {
  const go = browser();
  const { id, path } = await asked();
  const going = await go(`${manage}/identify`, { provider: 'demo' });
  await comeBack(go, /state=([^&"]+)/.exec(going.html)?.[1] ?? '');
  const used = await go(`${path}/identify`, { use: 'session' });
  expect(used.html).toContain('value="demo"');
  expect(await stateOf(id)).toBe('prepared');
});

test('stopped, or at too low a level: a page in words, the act still open, the code still there', async () => {
  const go = browser();
  const { id, path } = await asked();
  for (const query of [{ error: 'cancelled' }, { level: 'low' }]) {
    const failed = await comeBack(go, await begin(go, path), query);
    expect(failed.html).toContain(say('acts.identify.failed'));
    expect(failed.html).toContain(`href="${path}"`);
    expect(await faultsOf(failed.html)).toEqual([]);
  }
  expect((await go(path)).html).toContain(say('acts.code.send'));
  expect(await stateOf(id)).toBe('prepared');
});

test('another person who has the link is told why it is no consent', async () => {
  const go = browser();
  const { id, path } = await asked();
  const back = await comeBack(go, await begin(go, path), { person: JORDI });
  expect(back.path).toBe(`${path}?refused=not_shown`);
  expect(back.html).toContain(say('acts.refused.not_shown'));
  expect(await faultsOf(back.html)).toEqual([]);
  expect(await stateOf(id)).toBe('prepared');
  expect((await town.deps.identifying.standing(of)).people).toEqual([]);
});

test('the way back counts in the browser that began it, and once', async () => {
  const [hers, theirs] = [browser(), browser()];
  const [one, two] = [await asked(), await asked()];
  const state = await begin(hers, one.path);
  await begin(theirs, two.path);
  expect((await comeBack(theirs, state)).status).toBe(410);
  expect(await stateOf(one.id)).toBe('prepared');
  expect((await comeBack(hers, state)).html).toContain(say('acts.over.identified'));
  // Loaded again, it does nothing more, though another act is open.
  await comeBack(hers, state);
  expect(await stateOf(two.id)).toBe('prepared');
});

test('an identification for the appointment, begun beside it, is none for the act', async () => {
  const go = browser();
  const { id, path } = await asked();
  await begin(go, path);
  const going = await go(`${manage}/identify`, { provider: 'demo', mine: 'yes' });
  const done = await comeBack(go, /state=([^&"]+)/.exec(going.html)?.[1] ?? '');
  expect(done.html).toContain(say('identifying.done.title'));
  expect(await stateOf(id)).toBe('prepared');
});

test('an act that was withdrawn or answered meanwhile is shown as it is', async () => {
  const go = browser();
  const { id, path } = await asked();
  const state = await begin(go, path);
  await town.deps.consent.withdraw(official, office, of.id, id);
  expect((await comeBack(go, state)).html).toContain(say('acts.over.withdrawn'));
  expect((await go(`${path}/identify`)).path).toBe(path);
});

test('a browser with a console session consents to nothing', async () => {
  const go = browser();
  const { staff } = town.deps;
  const { session } = staff;
  const { id, path } = await asked();
  const state = await begin(go, path);
  staff.session = async () => ({}) as never;
  const begun = await go(`${path}/identify`, { provider: 'demo', mine: 'yes' });
  const back = await comeBack(go, state);
  staff.session = session;
  for (const each of [begun, back])
    expect(each.html).toContain(say('citizen.problem.staff_here.title'));
  expect(await stateOf(id)).toBe('prepared');
});

test('the page of the copy’s code says how, without the person', async () => {
  const { consent, documents } = town.deps;
  const go = browser();
  const { path } = await asked();
  await comeBack(go, await begin(go, path));
  await consent.pass();
  await documents.pass();
  const papers = await documents.list(official, office, of.id);
  const code = papers?.find(({ kind }) => kind === 'outbox')?.code ?? '';
  const { html } = await town.post('/ca/verify', { code });
  expect(html).toContain(say('acts.method.identified'));
  expect(html).toContain(say('identify.level.substantial'));
  expect(html).not.toMatch(/Soler|12345678|\*4567/);
});
