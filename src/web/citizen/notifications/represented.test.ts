import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { officialOf } from '../../../features/service/cases/testing.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { NO_TOOLS, run, testFolder } from '../../../lib/seal/testing.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import { identified } from '../../testing/identified.ts';
import { LIST as AUTHORISATIONS, acting, type Client, JORDI } from '../cases/applicant/testing.ts';
import { formOf, publish } from '../cases/testing.ts';
import { faultsOf, type TestTown, testTown, WEDNESDAY } from '../testing.ts';
import { decide, handIn } from './testing.ts';

/* What was notified to somebody, and who acts for them: docs/adr/0113. */

const LIST = '/ca/folder/notifications';
const GIVE = '/ca/folder/representations/give?office=oac';
let town: TestTown;
let nuria: StaffViewer;
let coordinator: StaffViewer;
const folder = testFolder();

beforeAll(async () => {
  town = await testTown();
  const office = (await town.deps.offices.find('oac'))!;
  const db = town.database.kysely;
  nuria = await officialOf({ db }, office, 'agent');
  coordinator = await officialOf({ db }, office, 'coordinator');
});
afterAll(async () => {
  await town.close();
  folder[Symbol.dispose]();
});
beforeEach(async () => {
  town.clock.set(WEDNESDAY);
  const questions = [
    { id: 'nom', type: 'text', label: { ca: 'Nom' } },
    { id: 'correu', type: 'email', label: { ca: 'Correu' }, from: 'contact.email' },
  ];
  const steps = [{ id: 'qui', questions }];
  const form = { steps, identity: 'substantial', sign: 'session', onBehalf: true };
  await publish(town, formOf(form));
});

/** What is ticked by whoever lets somebody open what is notified to them. */
const OPENS = { opens: 'yes' };

/** A decision that is notified to Jordi electronically, for whom Rosa acts. `by`: who handed it in. */
async function notified(by: 'jordi' | 'rosa' = 'jordi', more: { opens?: string } = OPENS) {
  const { jordi, rosa, which } = await acting(town, more);
  await jordi.post(`${LIST}/choice`, { way: 'electronic' });
  const said = { 'qui/correu': `${by}@example.cat` };
  const at = await handIn(by === 'jordi' ? jordi : rosa, said);
  await decide(town, at, { nuria, coordinator });
  const { id } = (await town.deps.cases.bySecret(at.split('/')[3] ?? ''))!;
  const row = await within(town.database.kysely, INSTALLATION, (tx) =>
    tx.selectFrom('notification').select('id').where('case_id', '=', id).executeTakeFirstOrThrow(),
  );
  const state = () =>
    within(town.database.kysely, INSTALLATION, async (tx) => {
      const of = tx.selectFrom('notification').select('state').where('id', '=', row.id);
      return (await of.executeTakeFirstOrThrow()).state;
    });
  return { jordi, rosa, which, at, id, one: `${LIST}/${row.id}`, state };
}

/** Returns to whom what was told of what others do for them, the oldest first. */
const told = () =>
  within(town.database.kysely, INSTALLATION, async (tx) => {
    const all = tx.selectFrom('notice').select(['recipient', 'facts']);
    const rows = await all.where('kind', '=', 'authorisation').orderBy('created_at').execute();
    return rows.map(
      ({ recipient, facts }) =>
        `${recipient} ${(facts as { authorisation?: string }).authorisation}`,
    );
  }).then((all) => all.filter((each) => /opened|rejected|waiting/.test(each)));

/** Returns whether somebody finds a notification, by its list and by its address. */
async function finds(who: Client, one: string) {
  const [list, page] = [await who.get(LIST), await who.get(one)];
  const file = await who.get(`${one}/document`);
  expect(file.html.startsWith('%PDF')).toBe(false);
  expect(list.html.includes(one)).toBe(page.status === 200);
  return page.status === 200;
}

describe('a notification of the person for whom somebody acts', () => {
  test('is seen and opened by them, also where the person applied themselves; the evidence names both', async () => {
    const { jordi, rosa, one, id, state } = await notified();
    const list = await rosa.get(LIST);
    expect(await faultsOf(list.html)).toEqual([]);
    expect(list.html).toContain('És per a Jordi Pons');
    expect((await rosa.get('/ca/folder')).html).toContain(LIST);
    const page = await rosa.get(one);
    expect(await faultsOf(page.html)).toEqual([]);
    expect(page.html).toContain('compta com a notificada a Jordi Pons');
    expect(await state()).toBe('available');
    const sent = await rosa.post(`${one}/open`);
    const opened = await rosa.get(sent.path);
    expect(await faultsOf(opened.html)).toEqual([]);
    expect(opened.html).toContain(`${one}/document`);
    expect(await state()).toBe('accepted');
    expect((await rosa.get(`${one}/document`)).html.startsWith('%PDF')).toBe(true);
    // It counts for the person, who has it too.
    expect((await jordi.get(one)).html).toContain(`${one}/document`);
    const office = (await town.deps.offices.find('oac'))!;
    const facts = await town.deps.cases.history(coordinator, office, id);
    expect(facts?.at(-1)).toMatchObject({
      kind: 'notification_accepted',
      data: { authorisation: expect.any(String) },
    });
    if (NO_TOOLS) return;
    const evidence = (await town.deps.notifications.evidence(coordinator, office, id))!;
    const text = run('pdftotext', '-raw', folder.at('evidence.pdf', evidence.bytes), '-');
    expect(text).toContain('Rosa Soler Vidal, ***4567**');
    expect(text).toMatch(/En nom de Jordi Pons[^,]*, \*\*\*9999\*\*/);
    expect(text).toContain('l’ha oberta qui representa la persona');
  });

  test('can be rejected, and what they handed in for them is found by its case', async () => {
    const { rosa, at, one, state } = await notified('rosa');
    expect((await rosa.get(`${at}/done`)).html).toContain(one);
    await rosa.post(`${one}/reject`);
    expect(await state()).toBe('rejected');
  });

  test('is found by nobody who does not act for them now', async () => {
    const { rosa, one, which, jordi, state } = await notified();
    expect(await finds(rosa, one)).toBe(true);
    const stranger = await identified(town, 'X0000000T');
    expect(await finds(stranger, one)).toBe(false);
    await rosa.post(AUTHORISATIONS, { do: 'stop' });
    expect(await finds(rosa, one)).toBe(false);
    await rosa.post(AUTHORISATIONS, { do: 'act', which });
    expect(await finds(rosa, one)).toBe(true);
    await jordi.post(AUTHORISATIONS, { do: 'end', which });
    expect(await finds(rosa, one)).toBe(false);
    expect((await rosa.post(`${one}/open`)).path).not.toContain('done');
    expect(await state()).toBe('available');
  });

  test.each([
    ['ended by its last day', { ends_at: WEDNESDAY }, false],
    ['for its procedure', { procedures: ['volant-padro'] }, true],
    ['for another procedure', { procedures: ['consulta-activitat'] }, false],
    ['for a procedure that is no more', { procedures: ['cap'] }, false],
  ])('by an authorisation that is %s: %o', async (_, change, isFound) => {
    const { rosa, one, which, state } = await notified();
    await within(town.database.kysely, INSTALLATION, (tx) =>
      tx.updateTable('representation').set(change).where('id', '=', which).execute(),
    );
    expect(await finds(rosa, one)).toBe(isFound);
    await rosa.post(`${one}/open`);
    expect(await state()).toBe(isFound ? 'accepted' : 'available');
  });

  test.each(['jordi', 'rosa'] as const)(
    'is nobody else’s without the tick of the person, whoever handed it in: %s',
    async (by) => {
      const { jordi, rosa, one, at, state } = await notified(by, {});
      expect(await finds(rosa, one)).toBe(false);
      expect((await rosa.get(LIST)).html).not.toContain('que l’autorització inclou');
      expect((await rosa.get(`${at}/done`)).html).not.toContain(one);
      for (const step of ['open', 'reject']) await rosa.post(`${one}/${step}`);
      expect(await state()).toBe('available');
      // The person opens it, and the representative still has no way to it.
      await jordi.post(`${one}/open`);
      expect(await state()).toBe('accepted');
      expect(await finds(rosa, one)).toBe(false);
    },
  );

  test('that counted before they were authorised is the person’s alone', async () => {
    const { jordi, one, state } = await notified();
    await jordi.post(`${one}/open`);
    expect(await state()).toBe('accepted');
    town.clock.advance({ minutes: 1 });
    const { rosa } = await acting(town, OPENS);
    expect(await finds(rosa, one)).toBe(false);
    expect((await jordi.get(one)).html).toContain(`${one}/document`);
  });

  test('is told of on the page where the authorisation is given, which has no tick at first', async () => {
    const jordi = await identified(town, JORDI);
    const { html } = await jordi.get(GIVE);
    expect(await faultsOf(html)).toEqual([]);
    expect(html).toContain('Veurà senceres les decisions que et notifiquem');
    expect(html).toMatch(/<input id="opens" type="checkbox" name="opens" value="yes"(?! checked)/);
    const again = await jordi.post(GIVE, { ...OPENS, scope: 'all' });
    expect((await jordi.get(again.path)).html).toMatch(/name="opens" value="yes" checked/);
    await acting(town);
    expect((await jordi.get(AUTHORISATIONS)).html).toContain('Sense les notificacions');
    await acting(town, OPENS);
    expect((await jordi.get(AUTHORISATIONS)).html).toContain('Amb les notificacions');
  });

  test('that is opened or rejected is told to the person, at an address of their own', async () => {
    const before = (await told()).length;
    const { rosa, one } = await notified();
    await rosa.post(`${one}/open`);
    expect((await told()).slice(before)).toEqual(['jordi@example.cat opened']);
    const own = await notified('rosa');
    // What the representative handed in has the representative's address: the person is told at theirs.
    expect((await told()).slice(before + 1)).toEqual(['jordi@example.cat waiting']);
    await own.rosa.post(`${own.one}/reject`);
    expect((await told()).slice(before + 2)).toEqual(['jordi@example.cat rejected']);
    const { jordi, one: theirs } = await notified();
    await jordi.post(`${theirs}/open`);
    expect(await told()).toHaveLength(before + 3);
  });

  test('needs the level of the case', async () => {
    const { one, which, state } = await notified();
    const low = await identified(town, '12345678Z', 'low');
    await low.post(AUTHORISATIONS, { do: 'act', which });
    await low.post(`${one}/open`);
    expect(await state()).toBe('available');
  });

  test('does not show the represented person what is the representative’s own', async () => {
    const { jordi, rosa } = await notified();
    await rosa.post(AUTHORISATIONS, { do: 'stop' });
    await rosa.post(`${LIST}/choice`, { way: 'electronic' });
    const own = await handIn(rosa);
    await decide(town, own, { nuria, coordinator });
    const { html } = await rosa.get(`${own}/done`);
    const [, one = ''] = /href="(\/ca\/folder\/notifications\/[\da-f-]{36})"/.exec(html) ?? [];
    expect(one).not.toBe('');
    expect(await finds(jordi, one)).toBe(false);
    expect(JORDI).toBeTruthy();
  });
});
