import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Office } from '../../../domain/office/types.ts';
import { handedInTo, sampleForm } from '../../../features/service/cases/testing.ts';
import { LANGUAGES } from '../../../lib/i18n/languages.ts';
import { faultsOf } from '../../citizen/testing.ts';
import { ALBERT, type ConsoleWorld, consoleWorld, MARTA, NURIA } from '../testing.ts';

let world: ConsoleWorld;
let office: Office;
let marta: string;
let nuria: string;

const OPERATOR = { kind: 'system', why: 'operator' } as const;
const INBOX = '/console/oac/cases';

const get = (path: string, cookie = nuria) => world.app.request(path, { headers: { cookie } });
const post = (path: string, fields: Record<string, string>, cookie = nuria) =>
  world.app.request(path, {
    method: 'POST',
    headers: { cookie, 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields),
  });
const html = async (path: string, cookie = nuria) => {
  const answer = await get(path, cookie);
  expect(answer.status).toBe(200);
  return answer.text();
};
const words = (page: string) =>
  page
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .replaceAll('&#39;', "'");
const seenIn = (page: string) => /name="seen" value="([^"]*)"/.exec(page)?.[1] ?? '';
const handIn = (answers: Record<string, unknown> = {}) => handedInTo(world, office, answers);

beforeAll(async () => {
  world = await consoleWorld();
  office = (await world.offices.find('oac'))!;
  await world.forms.publish(OPERATOR, office, sampleForm());
  const en = (cookie: string) => `${cookie}; staff_language=en`;
  [marta, nuria] = [en(await world.signIn(MARTA)), en(await world.signIn(NURIA))];
});
afterAll(() => world.close());

/** Takes a case on by its page. Returns where the answer leads. */
async function act(path: string, action: string, fields: Record<string, string>, cookie = nuria) {
  const page = await html(path, cookie);
  const answer = await post(`${path}/${action}`, { seen: seenIn(page), ...fields }, cookie);
  return { status: answer.status, to: answer.headers.get('Location'), answer };
}

describe('the inbox', () => {
  test('says that there is nothing, then lists what was handed in, with its term in words', async () => {
    expect(words(await html(INBOX))).toContain('There are no open cases.');
    await handIn({ 'qui.nom': 'Rosa Soler' });
    const page = words(await html(INBOX));
    expect(page).toMatch(/Rosa Soler ● Registered in \d+ working days Nobody/);
  });

  test('keeps its filter in the address, and in the links to cases and back', async () => {
    const page = await html(`${INBOX}?group=take&assignee=none`);
    const link = /href="(\/console\/oac\/cases\/[\da-f-]+\?[^"]+)"/.exec(page)?.[1] ?? '';
    expect(link).toContain('group=take&amp;assignee=none');
    const one = await html(link.replaceAll('&amp;', '&'));
    expect(one).toContain('href="/console/oac/cases?group=take&amp;assignee=none"');
    expect(words(await html(`${INBOX}?day=2020-01-01`))).toContain('No case is like that.');
    // What can't be read counts as not given.
    await html(`${INBOX}?group=nothing&day=2026-02-31&assignee=x&after=x_y`);
  });

  test('is a file too, with names for those who see every document', async () => {
    const answer = await get(`${INBOX}.csv`);
    expect(answer.headers.get('Content-Disposition')).toContain('cases-oac.csv');
    expect(await answer.text()).toContain('Rosa Soler');
    const own = await (await get(`${INBOX}.csv`, marta)).text();
    expect(own).toContain('Registered');
    expect(own).not.toContain('Rosa Soler');
    expect(own).not.toContain('Applicant');
  });

  test('is nobody’s of another office, nor without a session', async () => {
    const elsewhere = await world.signIn('david.torres@vilaclara.example');
    expect((await get(INBOX, elsewhere)).status).toBe(404);
    expect((await get(`${INBOX}.csv`, elsewhere)).status).toBe(404);
    expect((await get(INBOX, '')).status).toBe(303);
    const id = await handIn();
    expect((await get(`${INBOX}/${id}`, elsewhere)).status).toBe(404);
    expect((await get(`/console/hisenda/cases/${id}`, elsewhere)).status).toBe(404);
  });
});

describe('a case', () => {
  test('is on one screen, and goes on by its buttons', async () => {
    const id = await handIn({ 'local.rotul': 'Bar Pi' });
    const path = `${INBOX}/${id}`;
    const page = words(await html(path));
    for (const each of [
      'Rosa Soler',
      'Rètol Bar Pi',
      'Not identified',
      'E2026',
      'silence means yes',
    ])
      expect(page).toContain(each);
    expect(await act(path, 'assignee', { to: 'me' })).toMatchObject({ to: `${path}?done=given` });
    expect(words(await html(path))).toContain('You handle it');
    expect((await get(path, marta)).status).toBe(404);
    await act(path, 'assignee', { to: 'none' });
    expect(await act(path, 'step', { to: 'in-review' })).toMatchObject({ status: 303 });
    const after = words(await html(`${path}?done=moved`));
    expect(after).toContain('You moved it to “Under review”.');
    for (const each of ['Ask to amend it', 'Grant it', 'Refuse it']) expect(after).toContain(each);
    expect(await act(path, 'undo', {})).toMatchObject({ to: `${path}?done=undone` });
    expect(words(await html(path))).toContain('Begin to review it');
  });

  test('tells the second of two officials that the first was there', async () => {
    const path = `${INBOX}/${await handIn()}`;
    const seen = seenIn(await html(path));
    await act(path, 'step', { to: 'in-review' }, marta);
    const late = await post(`${path}/step`, { seen, to: 'in-review' });
    expect(late.status).toBe(409);
    expect(words(await late.text())).toContain('Somebody changed this case');
  });

  test('keeps notes for colleagues, and what was typed wrong', async () => {
    const path = `${INBOX}/${await handIn()}`;
    const empty = await post(`${path}/note`, { note: '  ' });
    expect(empty.status).toBe(422);
    await post(`${path}/note`, { note: 'Parlat amb ella.' });
    expect(words(await html(path, marta))).toContain('Parlat amb ella.');
  });

  test('is asked to be amended question by question, and the time is extended', async () => {
    const path = `${INBOX}/${await handIn({ 'local.rotul': 'Bar Pi' })}`;
    await act(path, 'step', { to: 'in-review' });
    expect(words(await html(`${path}/amend`))).toContain('Rètol Bar Pi');
    const none = await act(`${path}/amend`, '../amend', {});
    expect(none.status).toBe(422);
    const seen = seenIn(await html(`${path}/amend`));
    await act(path, 'assignee', { to: 'me' });
    const typed = { 'point-local--rotul': 'Amb el nom sencer.', 'point-': 'Falta el plànol.' };
    const late = await post(`${path}/amend`, { seen, ...typed });
    expect(late.status).toBe(409);
    const again = await late.text();
    expect(again).toContain('Amb el nom sencer.');
    const asked = await post(`${path}/amend`, { seen: seenIn(again), ...typed });
    expect(asked.headers.get('Location')).toBe(`${path}?done=asked`);
    const page = words(await html(path));
    expect(page).toMatch(/Rètol: Amb el nom sencer\. Falta el plànol\./);
    expect(page).toContain('the time to decide stands still');
    expect((await act(`${path}/extend`, '../extend', { days: '5', reason: '' })).status).toBe(422);
    const more = await act(`${path}/extend`, '../extend', { days: '5', reason: 'Ho ha demanat.' });
    expect(more.to).toBe(`${path}?done=extended`);
    expect(words(await html(path))).toContain('There is more time: Ho ha demanat.');
    expect((await get(`${path}/extend`)).status).toBe(303);
  });

  test('is decided in two pages: written, then reviewed and issued', async () => {
    const path = `${INBOX}/${await handIn({ 'local.rotul': 'Bar Pi' })}`;
    await act(path, 'step', { to: 'in-review' });
    const decide = `${path}/decide?to=refused`;
    const page = await html(decide);
    expect(words(page)).toContain('Rosa Soler va demanar');
    const fields = { seen: seenIn(page), text: 'Es denega.', reasons: '', appeal: 'Un mes.' };
    const none = await post(decide, fields);
    expect(none.status).toBe(422);
    expect(words(await none.text())).toContain('Write why it is refused.');
    const written = await post(decide, { ...fields, reasons: 'No hi cap.' });
    expect(written.headers.get('Location')).toBe(`${path}/decision`);
    const review = await html(`${path}/decision`);
    expect(words(review)).toContain('No hi cap.');
    for (const each of [await html(decide), review, await (await post(decide, fields)).text()])
      expect(await faultsOf(each)).toEqual([]);
    const before = /name="before" value="(\d+)"/.exec(review)?.[1] ?? '';
    const late = await post(`${path}/decision`, { seen: 'before', before });
    expect(late.status).toBe(409);
    const issued = await post(`${path}/decision`, { seen: seenIn(review), before });
    expect(issued.headers.get('Location')).toBe(`${path}?done=decided`);
    expect(await html(path)).toContain(`${path}/decision.pdf`);
    const file = await get(`${path}/decision.pdf`);
    expect(file.headers.get('Content-Type')).toBe('application/pdf');
    expect((await get(decide)).status).toBe(303);
    expect((await get(`${path}/decision.pdf`, '')).status).toBe(303);
  });

  test('is right in every language, and valid HTML', async () => {
    const path = `${INBOX}/${await handIn({ 'local.rotul': 'Bar Pi' })}`;
    await act(path, 'step', { to: 'in-review' });
    for (const language of LANGUAGES)
      for (const each of [INBOX, path, `${path}/amend`]) {
        const cookie = nuria.replace('staff_language=en', `staff_language=${language}`);
        expect(await faultsOf(await html(each, cookie)), each).toEqual([]);
      }
  });
});

test('administrators have an inbox too', async () => {
  expect((await get(INBOX, await world.signIn(ALBERT))).status).toBe(200);
});
