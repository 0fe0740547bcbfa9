import { readFileSync } from 'node:fs';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CaseDesk } from '../../../features/service/cases/service.ts';
import { officialOf } from '../../../features/service/cases/testing.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { LANGUAGES } from '../../../lib/i18n/languages.ts';
import { DEMO_TOWN } from '../../../paths.ts';
import { type IdentifiedBrowser, identified } from '../../testing/identified.ts';
import { APPLY, formOf, publish } from '../cases/testing.ts';
import { faultsOf, type TestTown, testTown, WEDNESDAY } from '../testing.ts';

const LIST = '/ca/folder/notifications';
const PAGE = 'https://enotum.example/?town=1';
const SETTINGS = `town:
  notifications:
    kind: enotum
    ine10: "0899990001"
    purpose: PROVES
    organisation: "0899990001"
    department: "1"
    page: ${PAGE}
`;
let town: TestTown;
let rosa: IdentifiedBrowser;

beforeAll(async () => {
  town = await testTown(readFileSync(DEMO_TOWN, 'utf8').replace('town:\n', SETTINGS));
  town.clock.set(WEDNESDAY);
  rosa = await identified(town, '12345678Z');
  const question = {
    ...{ id: 'correu', type: 'email', label: { ca: 'Correu' }, required: true },
    from: 'contact.email',
  };
  const steps = [{ id: 'qui', questions: [question] }];
  await publish(town, formOf({ steps, identity: 'substantial', sign: 'session' }));
});
afterAll(() => town.close());

/** Hands a case in and decides it. Returns the address of its pages. */
async function decided(): Promise<string> {
  const at = (await rosa.post(APPLY, {})).path;
  await rosa.post(`${at}/qui/correu`, { 'q-correu_': 'rosa@example.cat' });
  const { html } = await rosa.get(`${at}/check`);
  const [, shown = ''] = /name="seen" value="(\d+)"/.exec(html) ?? [];
  expect((await rosa.post(`${at}/check`, { seen: shown })).path).toBe(`${at}/done`);
  const { cases, caseDesk, offices } = town.deps as typeof town.deps & { caseDesk: CaseDesk };
  const office = (await offices.find('oac'))!;
  const db = town.database.kysely;
  const nuria = await officialOf({ db }, office, 'agent');
  const { id } = (await cases.bySecret(at.split('/')[3] ?? ''))!;
  const work = async () => (await caseDesk.work(nuria, office, id))!;
  await caseDesk.step(nuria, office, id, { to: 'in-review', seen: (await work()).seen });
  await caseDesk.give(nuria, office, id, { assignee: nuria.staff, seen: (await work()).seen });
  const content = { text: 'Es denega.', reasons: 'No hi cap.', appeal: 'Un mes.' };
  const asked = { outcome: 'refused', content, before: null, seen: (await work()).seen };
  await caseDesk.write(nuria, office, id, asked);
  const { seen, decision } = await work();
  const before = decision!.writtenAt.epochMilliseconds;
  const coordinator = await officialOf({ db }, office, 'coordinator');
  const done = await caseDesk.issue(coordinator, office, id, { before, seen });
  if (!done.ok) throw new Error(done.reason);
  return at;
}

const told = (set: string) =>
  within(town.database.kysely, INSTALLATION, (tx) =>
    sql`update notification set ${sql.raw(set)} where via = 'enotum'`.execute(tx),
  );
const words = (html: string) => html.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');

test('what is at e-NOTUM is told with the last day and the way there, and opened there alone', async () => {
  const choice = words((await rosa.get(`${LIST}/choice`)).html);
  for (const each of ['A l’e-NOTUM, per internet', 'sempre són notificades a l’e-NOTUM'])
    expect(choice).toContain(each);
  expect(choice).not.toContain('A la meva carpeta');
  await rosa.post(`${LIST}/choice`, { way: 'electronic' });
  const at = await decided();
  const list = await rosa.get(LIST);
  const [, one = ''] = /href="(\/ca\/folder\/notifications\/[\da-f-]{36})"/.exec(list.html) ?? [];
  for (const page of [LIST, one, `${at}/done`])
    expect(words((await rosa.get(page)).html)).toContain('Hi serà aviat');
  expect(words(list.html)).toContain('Te les notifiquem a l’e-NOTUM');
  await told(`deposited_at = '2026-11-26T10:00:00+01:00'`);
  const seen = async () => {
    for (const page of [one, `${at}/done`]) {
      const { html } = await rosa.get(page);
      expect(html).toContain(`href="${PAGE}"`);
      expect(words(html)).toContain('fins al diumenge, 6 de desembre');
      for (const each of ['/open"', '/reject"', '/decision"', 'No hi cap', 'Es denega'])
        expect(html).not.toContain(each);
    }
  };
  await seen();
  for (const way of ['open', 'reject']) expect((await rosa.post(`${one}/${way}`)).path).toBe(one);
  for (const page of ['document', 'reject'])
    expect((await rosa.get(`${one}/${page}`)).path).toBe(one);
  expect((await rosa.get(`${at}/decision`)).status).toBe(303);
  // Our days pass, and are none.
  town.clock.advance({ hours: 24 * 20 });
  rosa = await identified(town, '12345678Z');
  await town.deps.notifications.expire();
  await seen();
  for (const language of LANGUAGES)
    for (const page of [LIST, `${LIST}/choice`, one, `${at}/done`]) {
      const { html } = await rosa.get(page.replace('/ca/', `/${language}/`));
      expect(await faultsOf(html), page).toEqual([]);
    }
  // Somebody else with the link of the case is told nothing of it.
  expect((await town.get(one)).status).toBe(303);
  expect((await town.get(`${at}/done`)).html).not.toContain('Es denega');
  await told(`stopped = 'failed', stopped_at = now()`);
  for (const page of [one, `${at}/done`]) {
    const { html } = await rosa.get(page);
    expect(await faultsOf(html)).toEqual([]);
    expect(words(html)).toContain('no perds cap termini');
    expect(html).not.toContain(`href="${PAGE}"`);
  }
  await told(`stopped = null, stopped_at = null`);
  await told(`state = 'expired', notified_on = '2026-12-07', settled_at = now()`);
  const after = words((await rosa.get(one)).html);
  for (const each of ['Compta com a notificada el dilluns, 7 de desembre', 'Un mes.'])
    expect(after).toContain(each);
  expect((await rosa.get(`${one}/document`)).headers.get('Content-Type')).toBe('application/pdf');
});
