import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Appointment } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import { provedCitizen } from '../../../features/booking/proof/testing.ts';

import { grouped } from '../../../features/service/verification/rules.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { translateTo } from '../../../lib/i18n/translate.ts';
import type { Viewer } from '../../../lib/viewer.ts';
import { faultsOf } from '../../citizen/testing.ts';
import { type ConsoleWorld, consoleWorld, LAIA, MARTA, NURIA } from '../testing.ts';

const say = translateTo('ca');
/** A procedure with a step that must be ticked. */
const CHECKED = 'animal-companyia';
let world: ConsoleWorld;
let marta: string;
let nuria: string;
let laia: string;
let office: Office;
let of: Appointment;

beforeAll(async () => {
  world = await consoleWorld();
  [marta, nuria, laia] = [
    await world.signIn(MARTA),
    await world.signIn(NURIA),
    await world.signIn(LAIA),
  ];
  office = (await world.offices.find('oac'))!;
});
afterAll(() => world.close());

const TIMES = [
  '08:30',
  '08:50',
  '09:10',
  '09:30',
  '09:50',
  '10:10',
  '10:30',
  '10:50',
  '11:10',
  '11:30',
  '11:50',
];
beforeEach(async () => {
  world.clock.set('2026-11-30T07:00:00+01:00');
  of = await world.book(TIMES.shift()!);
});

const citizen = (): Viewer => provedCitizen(of.id);
const at = (rest = '') => `/console/oac/appointment/${of.id}${rest}`;
const ask = (path: string, cookie = marta, form?: Record<string, string> | FormData) =>
  world.app.request(path, {
    headers: {
      Cookie: cookie,
      ...(form instanceof FormData && { 'Content-Length': '1000' }),
    },
    ...(form && {
      method: 'POST',
      body: form instanceof FormData ? form : new URLSearchParams(form),
    }),
  });
async function handOver(name: string, requested: string | null = 'identitat'): Promise<string> {
  const paper = { kind: 'inbox', requested, name, type: 'image/png' } as const;
  const kept = await world.documents.keep(citizen(), office, of.id, paper, Buffer.from('a paper'));
  if (!kept.ok || !('id' in kept)) throw new Error('not kept');
  await world.documents.pass();
  return kept.id;
}
const stateOf = async (id: string) =>
  (await world.documents.list(citizen(), office, of.id))?.find((each) => each.id === id);
const owed = () =>
  within(world.database.kysely, INSTALLATION, async (tx) => {
    const rows = await tx
      .selectFrom('notice')
      .select(['kind', 'facts'])
      .where('appointment_id', '=', of.id)
      .where('kind', 'in', ['again', 'result'])
      .where('dropped_at', 'is', null)
      .execute();
    return rows.map((each) => `${each.kind} ${JSON.stringify(each.facts)}`);
  });

test('a result that the check stops is told in the day’s list, on the board and at its appointment, until it is taken back', async () => {
  const day = `?day=${of.start.toZonedDateTimeISO('Europe/Madrid').toPlainDate()}`;
  const form = new FormData();
  form.set('file', new File(['a result'], 'odd.pdf'));
  await ask(at('/documents'), marta, form);
  await world.documents.pass();
  const told = async () => {
    const [list, board, page] = [
      await (await ask(`/console/oac${day}`)).text(),
      await (await ask(`/console/oac/board${day}`, nuria)).text(),
      await (await ask(at())).text(),
    ];
    expect(await faultsOf(page)).toEqual([]);
    return [
      list.includes(say('staff.resultStopped')),
      board.includes(say('staff.resultStopped')),
      page.includes(say('documents.desk.stopped', { count: 1 })),
    ];
  };
  expect(await told()).toEqual([true, true, true]);
  const id = (await world.documents.list(citizen(), office, of.id))?.[0]?.id ?? '';
  await ask(at(`/documents/${id}`), marta, { act: 'withdraw' });
  expect(await told()).toEqual([false, false, false]);
});

test('closing with a paper that nobody reviewed asks once, about steps without a tick too', async () => {
  const id = await handOver('DNI de la Rosa.pdf');
  await ask(at('/start'), marta, { anyway: '1' });
  const close = async (action: string, more: Record<string, string> = {}) => {
    const answer = await ask(at('/save'), marta, {
      ...{ version: '1', rows: '1', 'item-0-what': `p:${CHECKED}`, 'item-0-outcome': 'done' },
      ...{ identity: 'shown', notes: 'Queda', wrapUp: 'solved', action, ...more },
    });
    return { status: answer.status, html: await answer.text() };
  };
  // What is missing is told before anything is asked.
  const missing = await close('close', { wrapUp: '' });
  expect(missing.status).toBe(422);
  expect(missing.html).not.toContain(say('unsettled.title'));
  const asked = await close('close');
  expect(asked.status).toBe(422);
  for (const text of [
    say('unsettled.papers', { count: 1 }),
    say('attending.unticked.title'),
    'Queda',
  ])
    expect(asked.html).toContain(text);
  expect(await faultsOf(asked.html)).toEqual([]);
  expect((await close('close-anyway')).status).toBe(303);
  expect((await stateOf(id))?.review).toBeNull();
});

test('an agent sees the arrived document, opens it, and accepts it', async () => {
  const id = await handOver('DNI de la Rosa.pdf');
  const page = await (await ask(at())).text();
  expect(page).toContain('DNI de la Rosa.pdf');
  expect(page).toContain(say('documents.state.clean'));
  const paper = await (await ask(at(`/documents/${id}`))).text();
  expect(await faultsOf(paper)).toEqual([]);
  const file = await ask(at(`/documents/${id}/file`));
  expect(await file.text()).toBe('a paper');
  expect(file.headers.get('Content-Disposition')).toMatch(/^attachment; /);
  expect(file.headers.get('Content-Security-Policy')).toMatch(/^sandbox; /);
  expect(await world.documents.seen(citizen(), office, of.id)).toMatchObject([
    { document: id, name: 'DNI de la Rosa.pdf', who: expect.stringMatching(/^Persona \d+$/) },
  ]);
  const done = await ask(at(`/documents/${id}`), marta, { act: 'accept' });
  expect(done.headers.get('Location')).toBe(`${at()}#papers`);
  expect(await stateOf(id)).toMatchObject({ review: 'accepted' });
});

test('a document is requested again with a reason, and the citizen gets a notice', async () => {
  const id = await handOver('foto.png', null);
  const without = await ask(at(`/documents/${id}`), marta, { act: 'again', reason: ' ' });
  expect(without.status).toBe(422);
  const mistaken = await without.text();
  expect(mistaken).toContain(say('documents.desk.reasonMissing'));
  expect(await faultsOf(mistaken)).toEqual([]);
  await ask(at(`/documents/${id}`), marta, { act: 'again', reason: 'Surt moguda.' });
  expect(await stateOf(id)).toMatchObject({ review: 'again', reason: 'Surt moguda.' });
  const [notice, ...more] = await owed();
  expect(notice).toMatch(/^again /);
  expect(notice).not.toMatch(/moguda|foto/);
  expect(more).toEqual([]);
});

test('a result is added; the citizen gets a notice after the check, and one for several results', async () => {
  for (const name of ['volant.pdf', 'rebut.pdf']) {
    const form = new FormData();
    form.set('file', new File(['a result'], name));
    const done = await ask(at('/documents'), marta, form);
    expect(done.headers.get('Location')).toBe(`${at()}#papers`);
  }
  expect(await owed()).toEqual([]);
  await world.documents.pass();
  expect(await owed()).toHaveLength(1);
  const there = await world.documents.list(citizen(), office, of.id);
  expect(there?.map((each) => each.name).sort()).toEqual(['rebut.pdf', 'volant.pdf']);
  const nothing = new FormData();
  nothing.set('file', new File([], ''));
  const refused = await ask(at('/documents'), marta, nothing);
  expect(refused.status).toBe(422);
  expect(await refused.text()).toContain(say('documents.mistake.missing'));
});

test('a result gets a code if ticked, which its page shows; and is exported with it', async () => {
  expect(await (await ask(at())).text()).toMatch(
    /name="code" type="checkbox" value="1"(?! checked)/,
  );
  for (const code of ['', '1']) {
    const form = new FormData();
    form.set('file', new File(['a result'], `volant${code}.pdf`, { type: 'application/pdf' }));
    if (code) form.set('code', code);
    await ask(at('/documents'), marta, form);
  }
  await world.documents.pass();
  const there = (await world.documents.list(citizen(), office, of.id)) ?? [];
  const [plain, coded] = ['volant.pdf', 'volant1.pdf'].map((name) =>
    there.find((each) => each.name === name),
  );
  expect([plain?.code, plain?.shelf, coded?.shelf]).toEqual([null, 'working', 'evidence']);
  const page = await (await ask(at(`/documents/${coded?.id}`))).text();
  expect(page).toContain(grouped(coded?.code ?? 'none'));
  expect(await faultsOf(page)).toEqual([]);
  const eni = await ask(at(`/documents/${coded?.id}/eni`));
  expect(await eni.text()).toContain(`<enids:ValorCSV>${coded?.code}<`);
  expect((await ask(at(`/documents/${plain?.id}/eni`))).status).toBe(404);
  expect((await ask(at(`/documents/${coded?.id}/eni`), laia)).status).toBe(404);
  expect(await faultsOf(await (await ask(at())).text())).toEqual([]);
});

test('a result is withdrawn with permission; without it there is no button but a reason', async () => {
  const form = new FormData();
  form.set('file', new File(['a result'], 'volant.pdf'));
  await ask(at('/documents'), nuria, form);
  await world.documents.pass();
  const id = (await world.documents.list(citizen(), office, of.id))?.[0]?.id ?? '';
  const page = await (await ask(at(`/documents/${id}`))).text();
  expect(page).not.toContain('value="withdraw"');
  const refused = await ask(at(`/documents/${id}`), marta, { act: 'withdraw' });
  expect(refused.status).toBe(422);
  const said = await refused.text();
  expect(said).toContain(say('documents.desk.notTakenBack'));
  expect(await faultsOf(said)).toEqual([]);
  expect(await (await ask(at(`/documents/${id}`), nuria)).text()).toContain('value="withdraw"');
  await ask(at(`/documents/${id}`), nuria, { act: 'withdraw' });
  expect(await world.documents.list(citizen(), office, of.id)).toMatchObject([{ name: null }]);
  expect(await owed()).toEqual([]);
});

describe('a document that could not be checked', () => {
  test('opens after a coordinator lets it pass', async () => {
    const id = await handOver('locked.pdf');
    const page = await (await ask(at(`/documents/${id}`))).text();
    expect(page).toContain(say('documents.desk.releaseWho'));
    expect(page).not.toContain('value="release"');
    expect((await ask(at(`/documents/${id}/file`))).status).toBe(404);
    await ask(at(`/documents/${id}`), marta, { act: 'release' });
    expect(await stateOf(id)).toMatchObject({ state: 'unscannable' });
    await ask(at(`/documents/${id}`), nuria, { act: 'release' });
    expect(await stateOf(id)).toMatchObject({ state: 'clean' });
    expect((await ask(at(`/documents/${id}/file`))).status).toBe(200);
  });

  test('as a result, leads to a notice once it passes', async () => {
    const form = new FormData();
    form.set('file', new File(['a result'], 'locked.pdf'));
    await ask(at('/documents'), marta, form);
    await world.documents.pass();
    const id = (await world.documents.list(citizen(), office, of.id))?.[0]?.id ?? '';
    expect(await (await ask(at(`/documents/${id}`))).text()).not.toContain('value="release"');
    const page = await (await ask(at(`/documents/${id}`), nuria)).text();
    expect(page).toContain(say('documents.desk.releaseResult'));
    for (const act of ['accept', 'again']) expect(page).not.toContain(`value="${act}"`);
    expect(await faultsOf(page)).toEqual([]);
    expect(await owed()).toEqual([]);
    await ask(at(`/documents/${id}`), nuria, { act: 'release' });
    expect(await owed()).toHaveLength(1);
    expect(await stateOf(id)).toMatchObject({ state: 'clean' });
  });
});

test('a coordinator states the law that keeps a document, and coordinators read it', async () => {
  const id = await handOver('DNI de la Rosa.pdf');
  const without = await ask(at(`/documents/${id}`), nuria, { act: 'hold', law: ' ' });
  expect(without.status).toBe(422);
  const mistaken = await without.text();
  expect(mistaken).toContain(say('documents.desk.holdMissing'));
  expect(await faultsOf(mistaken)).toEqual([]);
  await ask(at(`/documents/${id}`), marta, { act: 'hold', law: 'Recurs 12/2026' });
  expect(await stateOf(id)).toMatchObject({ heldAt: null });
  await ask(at(`/documents/${id}`), nuria, { act: 'hold', law: 'Recurs 12/2026' });
  const page = await (await ask(at(`/documents/${id}`), nuria)).text();
  expect(page).toContain('Recurs 12/2026');
  expect(await faultsOf(page)).toEqual([]);
  const seen = await (await ask(at(`/documents/${id}`), marta)).text();
  expect(seen).toContain(say('documents.desk.held'));
  expect(seen).not.toContain('Recurs');
  await ask(at(`/documents/${id}`), nuria, { act: 'let_go' });
  expect(await stateOf(id)).toMatchObject({ heldAt: null });
});

test('a colleague at another desk finds no document there', async () => {
  const id = await handOver('DNI de la Rosa.pdf');
  const nowhere = '00000000-0000-4000-8000-000000000000';
  expect(await (await ask(at(), laia)).text()).not.toContain('DNI de la Rosa');
  for (const path of [`/documents/${id}`, `/documents/${id}/file`]) {
    const refused = await ask(at(path), laia);
    const none = await ask(at(path.replace(id, nowhere)), laia);
    expect([refused.status, await refused.text()]).toEqual([none.status, await none.text()]);
    expect(refused.status).toBe(404);
  }
  expect((await ask(at(`/documents/${id}`), laia, { act: 'accept' })).status).toBe(404);
});
