import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Office } from '../../../domain/office/types.ts';
import { handedInTo, holderOf, sampleForm } from '../../../features/service/cases/testing.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { LANGUAGES } from '../../../lib/i18n/languages.ts';
import { faultsOf } from '../../citizen/testing.ts';
import { ALBERT, type ConsoleWorld, consoleWorld, LAIA, MARTA, NURIA } from '../testing.ts';

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

/** The words of a decision, as its form sends them. */
const DECISION = { text: 'Es concedeix.', reasons: '', appeal: 'Un mes.' };

/** Begins to review a case and takes it. Returns its address. */
async function taken(cookie = nuria, answers: Record<string, unknown> = {}): Promise<string> {
  const path = `${INBOX}/${await handIn(answers)}`;
  await act(path, 'step', { to: 'in-review' }, cookie);
  await act(path, 'assignee', { to: 'me' }, cookie);
  return path;
}

describe('the registry of the town', () => {
  /** Has the town use this registry. */
  const useRegistry = async (kind: 'mux' | 'internal') => {
    const settings = JSON.stringify({ ...(await world.offices.town()), registry: { kind } });
    await within(world.database.kysely, INSTALLATION, (tx) =>
      tx.updateTable('town').set({ settings }).execute(),
    );
  };
  const set = (row: object) =>
    within(world.database.kysely, INSTALLATION, (tx) =>
      tx.updateTable('registry_outside').set(row).execute(),
    );

  test('has a number of its own on the page of a case, or follows', async () => {
    await useRegistry('mux');
    const path = `${INBOX}/${await handIn()}`;
    await useRegistry('internal');
    expect(words(await html(path))).toContain('It has no number in the town’s registry yet.');
    await set({ failing: 'refused', words: 'DNI 12345678Z incorrecte' });
    const refused = words(await html(path));
    expect(refused).toContain('The town’s registry did not accept it.');
    expect(refused).not.toContain('incorrecte');
    await set({ number: 'E/000001-2026', register: 'auxiliary' });
    expect(words(await html(path))).toContain('until the town’s own takes it over: E/000001-2026');
    await set({ consolidated: 'E-2026-33-000777' });
    const page = await html(path);
    expect(words(page)).toContain('In the town’s registry: E-2026-33-000777');
    expect(await faultsOf(page)).toEqual([]);
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

  test('is given to a team, and is gone for whoever is not in it', async () => {
    const laia = `${await world.signIn(LAIA)}; staff_language=en`;
    const path = `${INBOX}/${await handIn({ 'qui.nom': 'Joan Pla' })}`;
    expect(words(await html(INBOX, laia))).toContain('Joan Pla');
    expect(words(await html(path))).toContain('Team: The whole office');
    expect(words(await html(path, laia))).not.toContain('Give it to a team');
    const given = await act(path, 'team', { team: 'urbanisme' });
    expect(given.to).toBe(`${INBOX}?done=routed`);
    expect(words(await html(`${INBOX}?done=routed&team=urbanisme`))).toMatch(
      /The team that you chose has the case now[\s\S]*Joan Pla [\s\S]*Planning/,
    );
    expect((await get(path, laia)).status).toBe(404);
    expect(words(await html(INBOX, laia))).not.toContain('Joan Pla');
    for (const action of ['message', 'note']) {
      const late = await post(`${path}/${action}`, { [action]: 'El que he escrit' }, laia);
      expect([action, late.status]).toEqual([action, 404]);
      expect(words(await late.text())).toContain('El que he escrit');
    }
    const page = await html(path, marta);
    expect(words(page)).toContain('Given to the team Planning');
    expect(await faultsOf(await html(path))).toEqual([]);
  });

  test('has what its person and the office write to each other, and what was typed wrong', async () => {
    const id = await handIn();
    const path = `${INBOX}/${id}`;
    expect((await post(`${path}/message`, { message: 'Bon dia' })).headers.get('Location')).toBe(
      `${path}?done=message-sent`,
    );
    const untaken = await post(`${path}/message`, { message: 'També jo' }, marta);
    expect(untaken.status).toBe(409);
    const kept = words(await untaken.text());
    for (const each of ['Take the case', 'També jo']) expect(kept).toContain(each);
    const empty = await post(`${path}/message`, { message: ' ' });
    expect(empty.status).toBe(422);
    expect(words(await empty.text())).toContain('Write the message.');
    await world.caseMessages.write(holderOf(id), office, id, 'I quan <b>serà</b>?');
    expect(words(await html(INBOX))).toContain('New message');
    const page = await html(path);
    expect(page).toContain('I quan &lt;b>serà&lt;/b>?');
    expect(words(page)).toMatch(/Message to answer[\s\S]*Bon dia[\s\S]*I quan/);
    expect(words(page)).toContain('Núria');
    expect(await faultsOf(page)).toEqual([]);
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

  test('shows what was amended, before and now, and how it was handed in first', async () => {
    const id = await handIn({ 'local.rotul': 'Bar' });
    const path = `${INBOX}/${id}`;
    await act(path, 'step', { to: 'in-review' });
    const typed = { 'point-local--rotul': 'Amb el nom sencer.', 'point-': 'Falta el plànol.' };
    await act(`${path}/amend`, '../amend', typed);
    await world.cases.answer(holderOf(id), office, id, { 'local.rotul': 'Bar Pi' });
    await world.cases.reply(holderOf(id), office, id, 'El porto demà.');
    expect(words(await html(path))).toContain('Rètol Bar ');
    expect(await html(path)).not.toContain('El porto demà.');
    expect(await world.cases.amend(holderOf(id), office, id)).toMatchObject({ ok: true });
    const page = await html(path);
    expect(words(page)).toContain('Rètol: before “Bar”, now “Bar Pi”');
    expect(words(page)).toContain('Answers: El porto demà.');
    expect(words(page)).toMatch(/Amended: E\d{4}\d+/);
    expect(words(page)).toContain('Rètol Bar Pi');
    expect(await faultsOf(page)).toEqual([]);
    const link = /href="([^"]+\?version=first)"/.exec(page)?.[1] ?? '';
    const first = words(await html(link));
    expect(first).toContain('Rètol Bar ');
    expect(first).not.toContain('Rètol Bar Pi');
    expect(first).toContain('These are the answers of the first time');
  });

  test('is decided by two: an agent writes, and a coordinator reviews and issues', async () => {
    const path = await taken(marta, { 'local.rotul': 'Bar Pi' });
    const decide = `${path}/decide?to=refused`;
    const page = await html(decide, marta);
    expect(words(page)).toContain('Rosa Soler va demanar');
    const fields = { seen: seenIn(page), text: 'Es denega.', reasons: '', appeal: 'Un mes.' };
    const none = await post(decide, fields, marta);
    expect(none.status).toBe(422);
    expect(words(await none.text())).toContain('Write why it is refused.');
    const written = await post(decide, { ...fields, reasons: 'No hi cap.' }, marta);
    expect(written.headers.get('Location')).toBe(`${path}/decision`);
    const own = await html(`${path}/decision`, marta);
    expect(words(own)).toMatch(
      /Your role doesn’t issue decisions\. It can be issued by .*Núria Roca/,
    );
    for (const each of ['Issue the decision', 'Signat:']) expect(own).not.toContain(each);
    const review = await html(`${path}/decision`);
    expect(words(review)).toContain('No hi cap.');
    expect(words(review)).toContain('Signat: Núria Roca, Coordinació.');
    const again = await (await post(decide, fields, marta)).text();
    for (const each of [await html(decide, marta), own, review, again])
      expect(await faultsOf(each)).toEqual([]);
    const before = /name="before" value="(\d+)"/.exec(review)?.[1] ?? '';
    const issue = { seen: seenIn(review), before };
    expect((await post(`${path}/decision`, { ...issue, seen: 'before' })).status).toBe(409);
    expect((await post(`${path}/decision`, issue, marta)).status).toBe(409);
    const issued = await post(`${path}/decision`, issue);
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
    await act(path, 'assignee', { to: 'me' });
    await act(path, 'decide?to=granted', { before: '', ...DECISION });
    for (const language of LANGUAGES)
      for (const each of [INBOX, path, `${path}/amend`, `${path}/decision`]) {
        const cookie = nuria.replace('staff_language=en', `staff_language=${language}`);
        expect(await faultsOf(await html(each, cookie)), each).toEqual([]);
      }
  });
});

test('administrators have an inbox too', async () => {
  expect((await get(INBOX, await world.signIn(ALBERT))).status).toBe(200);
});

describe('asking to amend', () => {
  test('tells the term of the form’s own table', async () => {
    expect(words(await html(`${await taken()}/amend`))).toContain('has 10 working days');
    const transitions = [
      { from: 'registered', to: 'in-review', who: 'office' },
      { from: 'in-review', to: 'to-amend', who: 'office' },
      { from: 'to-amend', to: 'in-review', who: 'citizen', deadline: 15 },
    ];
    await world.forms.publish(OPERATOR, office, sampleForm({ states: { transitions } }));
    expect(words(await html(`${await taken()}/amend`))).toContain('has 15 working days');
    await world.forms.publish(OPERATOR, office, sampleForm());
  });

  test('shows at its field what is too long, with all that was typed', async () => {
    const path = await taken();
    const typed = { 'point-local--rotul': 'x'.repeat(1001), 'point-': 'Falta el plànol.' };
    const { status, answer } = await act(`${path}/amend`, '../amend', typed);
    expect(status).toBe(422);
    const page = await answer.text();
    expect(page).toContain('href="#point-local--rotul">“Rètol” is too long');
    expect(page).toContain('x'.repeat(1001));
    expect(page).toContain('Falta el plànol.');
    expect(page).not.toContain('Write at least one thing');
  });

  test('shows which point is one too many, with all that was typed', async () => {
    const questions = Array.from({ length: 42 }, (_, nth) => ({
      id: `q${nth}`,
      type: 'text',
      label: { ca: `Pregunta ${nth}` },
    }));
    const steps = [{ id: 'qui', questions }];
    await world.forms.publish(OPERATOR, office, sampleForm({ steps }));
    const path = await taken();
    const typed = Object.fromEntries(
      questions.map(({ id }) => [`point-qui--${id}`, `Corregiu ${id}, si us plau.`]),
    );
    const { status, answer } = await act(`${path}/amend`, '../amend', typed);
    expect(status).toBe(422);
    const page = await answer.text();
    expect(page).toContain('href="#point-qui--q40">There are too many points: 40 at most.');
    for (const text of Object.values(typed)) expect(page).toContain(text);
    await world.forms.publish(OPERATOR, office, sampleForm());
  });

  test('keeps what was typed when a colleague took the step away', async () => {
    const path = await taken();
    const seen = seenIn(await html(path));
    await act(`${path}/amend`, '../amend', { 'point-': 'Primer.' });
    const late = await post(`${path}/amend`, { seen, 'point-local--rotul': 'Escrit tard.' });
    expect(late.status).toBe(409);
    const page = words(await late.text());
    expect(page).toContain('this step isn’t there any more');
    expect(page).toMatch(/What you had written .* Rètol: Escrit tard\./);
  });

  test('keeps what was typed when the case is somebody else’s now, and shows nothing of it', async () => {
    const path = `${INBOX}/${await handIn()}`;
    await act(path, 'step', { to: 'in-review' });
    const seen = seenIn(await html(path, marta));
    await act(path, 'assignee', { to: 'me' });
    const late = await post(`${path}/amend`, { seen, 'point-': 'Escrit tard.' }, marta);
    expect(late.status).toBe(404);
    const page = await late.text();
    expect(page).toContain('Escrit tard.');
    expect(page).not.toContain('Rosa Soler');
    expect((await post(`${path}/amend`, { seen }, marta)).status).toBe(404);
  });
});

describe('deciding', () => {
  const decide = (path: string, fields: Record<string, string>, cookie = nuria) =>
    act(path, 'decide?to=granted', { before: '', ...DECISION, ...fields }, cookie);

  test('needs that the case is taken, and says so', async () => {
    const path = `${INBOX}/${await handIn()}`;
    await act(path, 'step', { to: 'in-review' });
    const page = words(await html(path));
    expect(page).toContain('Take the case before you write its decision.');
    expect(page).not.toContain('Grant it');
    const early = await decide(path, {});
    expect(early.status).toBe(409);
    expect(words(await early.answer.text())).toMatch(
      /Take the case before .* What you had written .* Es concedeix\./,
    );
    expect((await get(`${path}/decide?to=granted`)).status).toBe(409);
  });

  test('shows at its field what is too long, with all that was typed', async () => {
    const path = await taken();
    const { status, answer } = await decide(path, { text: 'x'.repeat(20_001) });
    expect(status).toBe(422);
    const page = await answer.text();
    expect(page).toContain('href="#text">What is decided is too long: 20,000 characters at most.');
    expect(page).toContain('x'.repeat(20_001));
    expect(page).toContain('Un mes.');
  });

  test('keeps what was typed when a colleague took the step away', async () => {
    const path = await taken();
    const seen = seenIn(await html(path));
    await act(`${path}/amend`, '../amend', { 'point-': 'Primer.' });
    const late = await post(`${path}/decide?to=granted`, { seen, ...DECISION });
    expect(late.status).toBe(409);
    const page = words(await late.text());
    expect(page).toContain('this step isn’t there any more');
    expect(page).toContain('Es concedeix.');
  });

  test('is not done alone by a coordinator', async () => {
    const path = await taken();
    await decide(path, {});
    const page = words(await html(`${path}/decision`));
    expect(page).toMatch(/You wrote it, so somebody else issues it\. It can be issued by .*Albert/);
    expect(page).not.toContain('Issue the decision');
    expect(page).toContain('Change the text');
  });
});
