import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Office } from '../../../domain/office/types.ts';
import { requesterOf } from '../../../features/service/requests/testing.ts';
import { LANGUAGES } from '../../../lib/i18n/languages.ts';
import { faultsOf } from '../../citizen/testing.ts';
import { type ConsoleWorld, consoleWorld, LAIA, MARTA, NURIA } from '../testing.ts';

let world: ConsoleWorld;
let office: Office;
/** In no team of requests. */
let marta: string;
/** In the team that has complaints. */
let laia: string;
/** Coordinates. */
let nuria: string;

const INBOX = '/console/oac/requests';
const get = (path: string, cookie = nuria) => world.app.request(path, { headers: { cookie } });
const post = (path: string, fields: Record<string, string> | [string, string][], cookie = nuria) =>
  world.app.request(path, {
    method: 'POST',
    headers: { cookie, 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields),
  });
const html = async (path: string, cookie = nuria) => {
  const answer = await get(path, cookie);
  expect([path, answer.status]).toEqual([path, 200]);
  return answer.text();
};
const words = (page: string) =>
  page
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .replaceAll('&#39;', "'");
/** The last version on a page is that of its request; those near it stand before. */
const seenIn = (page: string) => /.*name="seen" value="(\d+)"/s.exec(page)?.[1] ?? '';

beforeAll(async () => {
  world = await consoleWorld();
  office = (await world.offices.find('oac'))!;
  const en = (cookie: string) => `${cookie}; staff_language=en`;
  marta = en(await world.signIn(MARTA));
  laia = en(await world.signIn(LAIA));
  nuria = en(await world.signIn(NURIA));
});
afterAll(() => world.close());

let people = 0;

/** Sends a request as its person does. Returns its id and reference. */
async function send(
  type = 'queixa-atencio',
  { text = 'I waited for an hour', answers = {} as Record<string, string[]>, at = 0 } = {},
) {
  const { requests } = world;
  const { id } = (await requests.begin(office, { type, language: 'es' }))!;
  const own = requesterOf(id);
  const point = { lat: 41.55 + at / 100_000, lon: 2.15 };
  await requests.writePlace(own, office, id, { point, address: '', area: null });
  await requests.writeText(own, office, id, { text, answers });
  people++;
  const email = `rosa.${people}@example.cat`;
  const contact = { tellBy: 'email', isAnonymous: false, name: 'Rosa Soler', email, phone: '' };
  await requests.writeContact(own, office, id, contact);
  const sent = await requests.send(own, office, id);
  if (!sent.ok) throw new Error(sent.reason);
  return { id, own, reference: sent.row.reference, path: `${INBOX}/${id}` };
}
const sendLamp = (at = 0) =>
  send('fanal', { text: 'It is off', answers: { 'que-passa': ['apagat'] }, at });
const rowOf = async (id: string) => (await world.requests.own(requesterOf(id), office, id))!.row;

/** Does something with a request by its page. */
async function act(path: string, action: string, fields: Record<string, string>, cookie = nuria) {
  const page = await html(path, cookie);
  const answer = await post(`${path}/${action}`, { seen: seenIn(page), ...fields }, cookie);
  return { status: answer.status, to: answer.headers.get('Location'), answer };
}

describe('the inbox of requests', () => {
  test('says that there is nothing, then lists what was sent, with its team and term', async () => {
    expect(words(await html(INBOX))).toContain('There are no open requests.');
    const { reference } = await send();
    const page = words(await html(INBOX));
    expect(page).toContain(`${reference} Complaint about how we served you I waited for an hour`);
    expect(page).toMatch(/○ Received in 15 working days Complaints and suggestions/);
  });

  test('is the team’s: an agent of another one sees none of it', async () => {
    const { reference, path } = await send();
    expect(words(await html(INBOX, laia))).toContain(reference);
    expect(words(await html(INBOX, marta))).not.toContain(reference);
    expect((await get(path, marta)).status).toBe(404);
    for (const action of [
      'step',
      'assignee',
      'team',
      'note',
      'message',
      'merge',
      'link',
      'showing',
    ])
      expect([action, (await post(`${path}/${action}`, { step: 'plan' }, marta)).status]).toEqual([
        action,
        404,
      ]);
    const elsewhere = await world.signIn('david.torres@vilaclara.example');
    expect((await get(INBOX, elsewhere)).status).toBe(404);
    expect((await get(`${INBOX}/new`, elsewhere)).status).toBe(404);
    expect((await get(path, elsewhere)).status).toBe(404);
    expect((await get(path, '')).status).toBe(303);
  });

  test('keeps its filter in the address, and in the links to requests and back', async () => {
    await send();
    const page = await html(`${INBOX}?group=take&kind=complaint&team=queixes`);
    const link = /href="(\/console\/oac\/requests\/[\da-f-]+\?[^"]+)"/.exec(page)?.[1] ?? '';
    expect(link).toContain('group=take&amp;kind=complaint&amp;team=queixes');
    const one = await html(link.replaceAll('&amp;', '&'));
    expect(one).toContain(
      'href="/console/oac/requests?group=take&amp;kind=complaint&amp;team=queixes"',
    );
    expect(words(await html(`${INBOX}?type=gracies`))).toContain('No request is like that.');
    // What can't be read counts as not given.
    await html(`${INBOX}?group=nothing&assignee=x&after=x_y&area=%00&kind=all`);
  });

  test('is a file too, which has nobody’s words and nobody’s name', async () => {
    const { reference } = await send();
    const answer = await get(`${INBOX}.csv`);
    expect(answer.headers.get('Content-Disposition')).toContain('requests-oac.csv');
    const file = await answer.text();
    expect(file).toContain(`${reference},Complaint about how we served you,Complaint,Received`);
    expect(file).not.toContain('Rosa');
    expect(file).not.toContain('waited');
  });

  test('is found by reference in the palette, by whoever may open it', async () => {
    const { reference, path } = await send();
    const found = async (cookie: string) =>
      ((await (await get('/console/oac/find', cookie)).json()) as { text: string; href: string }[])
        .filter(({ text }) => text === reference)
        .map(({ href }) => href);
    expect(await found(laia)).toEqual([path]);
    expect(await found(marta)).toEqual([]);
  });
});

describe('a request', () => {
  test('shows what was written, where, by whom and how to tell them', async () => {
    const { path } = await sendLamp();
    const page = await html(path);
    expect(words(page)).toContain('It is off What is wrong with it? It is off');
    expect(words(page)).toContain('Rosa Soler By e-mail rosa.');
    expect(words(page)).toContain('They are written to in: Castellano');
    expect(page).toContain('class="town-map"');
    expect(page).toContain('href="geo:41.55,2.15"');
  });

  test('is taken, given back, and given to somebody by whoever coordinates', async () => {
    const { id, path } = await send();
    expect((await act(path, 'assignee', { to: 'me' }, laia)).to).toContain('done=given');
    expect(words(await html(path, laia))).toContain('You handle it');
    expect((await act(path, 'assignee', { to: '1' }, laia)).status).toBe(409);
    await act(path, 'assignee', { to: 'none' }, laia);
    expect((await rowOf(id)).assignee).toBeNull();
  });

  test('goes to another team, and back to whoever coordinates with why; its history has both', async () => {
    const { id, path } = await send();
    const answer = await act(path, 'team', { team: '', reason: '' }, laia);
    expect(answer.status).toBe(422);
    expect(words(await answer.answer.text())).toContain('choose the reason');
    const sentBack = await act(path, 'team', { team: '', reason: 'no-es-nostre' }, laia);
    expect(sentBack.to).toBe('/console/oac/requests?done=routed');
    expect((await get(path, laia)).status).toBe(404);
    await act(path, 'team', { team: 'brigada', reason: '' });
    expect((await rowOf(id)).team).toBe('brigada');
    const page = words(await html(path));
    expect(page).toContain('Given to the team Street maintenance Persona');
    expect(page).toContain(
      'Sent back to whoever coordinates. Reason: It is not the work of this team.',
    );
  });

  test('is answered with a template, in the language of its person', async () => {
    const { id, path, reference } = await send();
    const page = await html(`${path}/step?step=answer&template=gracies`, laia);
    expect(page).toContain('Prepared answer, in Castellano');
    const text = /<textarea[^>]*>([^<]*)/.exec(page)?.[1] ?? '';
    expect(text).toContain(`Hola, Rosa Soler:`);
    expect(text).toContain(`Hemos leído lo que nos has escrito (${reference})`);
    const answer = await post(
      `${path}/step`,
      {
        ...{ step: 'answer', seen: seenIn(page), words: text },
      },
      laia,
    );
    expect(answer.headers.get('Location')).toBe(`${path}?done=moved`);
    expect((await rowOf(id)).state).toBe('answered');
  });

  test('says what is missing, and loses nothing typed', async () => {
    const { path } = await send();
    const empty = await act(path, 'step', { step: 'answer', words: ' ' });
    expect(empty.status).toBe(422);
    expect(words(await empty.answer.text())).toContain('It must be filled in.');
    const refused = await act(path, 'step', { step: 'refuse', words: 'Kept words', reason: '' });
    expect(refused.status).toBe(422);
    expect(await refused.answer.text()).toContain('Kept words</textarea>');
    const merged = await act(path, 'step', { step: 'merge', target: 'AAA-AAA' });
    expect(words(await merged.answer.text())).toContain(
      'There is no open request with this reference',
    );
    expect((await act(path, 'note', { note: '' })).status).toBe(422);
    expect((await act(path, 'message', { message: 'x'.repeat(4001) })).status).toBe(422);
  });

  const WORDS = { note: 'I called <twice>', message: 'We come on Monday' };

  test('taken by a colleague meanwhile shows what was typed for it again', async () => {
    const fields = { type: 'fanal', door: 'phone', language: 'ca', text: 'No va', name: 'Pau' };
    const made = await post(
      `${INBOX}/new`,
      {
        ...{ ...fields, 'q-que-passa': 'apagat', point: '41.5512, 2.1149' },
        ...{ tellBy: 'email', email: 'pau@example.cat' },
      },
      marta,
    );
    const [path = ''] = (made.headers.get('Location') ?? '').split('?');
    const [, to = ''] = /<option value="(\d+)"[^>]*>Marta/.exec(await html(path)) ?? [];
    await act(path, 'assignee', { to });
    expect(await html(path, marta)).toContain('name="message"');
    await act(path, 'assignee', { to: 'me' });
    for (const [action, text] of Object.entries(WORDS)) {
      const late = await post(`${path}/${action}`, { [action]: text }, marta);
      const page = await late.text();
      expect([action, late.status]).toEqual([action, 409]);
      expect(page).toContain(text.replace('<', '&lt;'));
      expect(await faultsOf(page)).toEqual([]);
    }
    expect(await html(path)).not.toContain('We come on Monday');
  });

  test('given to another team meanwhile shows what was typed for it, and nothing of it', async () => {
    const { path, reference } = await send();
    expect(await html(path, laia)).toContain('name="message"');
    await act(path, 'team', { team: 'brigada', reason: '' });
    for (const [action, text] of Object.entries(WORDS)) {
      const late = await post(`${path}/${action}`, { [action]: text }, laia);
      const page = await late.text();
      expect([action, late.status]).toEqual([action, 404]);
      expect(page).toContain(text.replace('<', '&lt;'));
      expect(words(page)).toContain('You can’t open this request any more');
      expect(page).not.toContain(reference);
    }
  });

  test('changed by a colleague meanwhile keeps what was typed, and does nothing twice', async () => {
    const { id, path } = await send();
    const page = await html(`${path}/step?step=answer`, laia);
    await act(path, 'step', { step: 'plan' });
    const late = { step: 'answer', seen: seenIn(page), words: 'My long answer' };
    const answer = await post(`${path}/step`, late, laia);
    expect(answer.status).toBe(409);
    const again = await answer.text();
    expect(words(again)).toContain('Somebody changed this case while you were writing');
    expect(again).toContain('My long answer</textarea>');
    expect((await rowOf(id)).state).toBe('planned');
    const sent = await post(`${path}/step`, { ...late, seen: seenIn(again) }, laia);
    expect(sent.status).toBe(303);
    // Pressed twice: it is answered once, and the words are still there.
    const twice = await post(`${path}/step`, { ...late, seen: seenIn(again) }, laia);
    expect(twice.status).toBe(409);
    expect(await twice.text()).toContain('My long answer');
  });

  test('asks its person, and the term stands still; opened again it begins anew', async () => {
    const { id, path } = await send();
    await act(path, 'step', { step: 'ask', words: 'Where?' });
    expect(words(await html(path))).toContain('The term stands still: the person is asked.');
    await act(path, 'step', { step: 'resume' });
    await act(path, 'step', { step: 'refuse', reason: 'privat', words: '' });
    expect(words(await html(path))).toContain('Reason: It is a private place.');
    const seen = seenIn(await html(`${path}/step?step=reopen`));
    await post(`${path}/step`, { step: 'reopen', words: 'It was ours', seen });
    expect((await rowOf(id)).state).toBe('received');
    expect(words(await html(path))).toContain('It was reopened once.');
  });

  test('is merged with one near it, in both directions, and separated again', async () => {
    const [one, other] = [await sendLamp(), await sendLamp(10)];
    const page = await html(one.path);
    expect(words(page)).toContain(`Merge ${other.reference} into this one`);
    const seen = /name="seen" value="(\d+)"\/?><button[^>]*name="other" value="([^"]*)"/.exec(page);
    const done = await post(`${one.path}/merge`, { seen: seen?.[1] ?? '', other: other.id });
    expect(done.headers.get('Location')).toContain('done=moved');
    expect((await rowOf(other.id)).mergedInto).toBe(one.id);
    expect(words(await html(one.path))).toContain(`Merged into it: ${other.reference}`);
    expect(words(await html(other.path))).toContain(`Merged into ${one.reference}`);
    await act(other.path, 'step', { step: 'separate' });
    expect((await rowOf(other.id)).state).toBe('received');
  });

  test('is shown to everybody only where its type is public, word by word', async () => {
    const { id, path } = await sendLamp();
    await act(path, 'showing', { text: 'yes' });
    const viewer = { kind: 'staff', staff: 9, office: office.id, role: 'coordinator', desk: null };
    expect(await world.requests.shown(viewer as never, office, id)).toMatchObject({ text: true });
    const { path: complaint } = await send();
    expect(await html(complaint)).not.toContain('What everybody sees');
  });
});

describe('several requests', () => {
  const chosen = async (...of: { id: string }[]) =>
    Promise.all(
      of.map(
        async ({ id }): Promise<[string, string]> => [
          'chosen',
          `${id}:${(await rowOf(id)).version}`,
        ],
      ),
    );

  test('are given and answered at once; what can’t be done is named', async () => {
    const [one, other] = [await send(), await send()];
    const many = await chosen(one, other);
    const given = await post(`${INBOX}/several`, [...many, ['do', 'give'], ['to', 'me']], laia);
    expect(words(await given.text())).toContain('Done with 2.');
    const stale = await post(`${INBOX}/several`, [
      ...many,
      ...([
        ['do', 'answer'],
        ['template', 'gracies'],
      ] as [string, string][]),
    ]);
    const page = words(await stale.text());
    expect(page).toContain('None was changed.');
    expect(page).toContain(`It could not be done with: ${one.reference}, ${other.reference}`);
  });

  test('ask for a choice where there is none', async () => {
    const nothing = await post(`${INBOX}/several`, { do: 'give', to: 'me' });
    expect(nothing.status).toBe(422);
    expect(words(await nothing.text())).toContain('None is ticked.');
    const back = await post(`${INBOX}/several`, [
      ...(await chosen(await send())),
      ['do', 'route'],
      ['route', ''],
    ]);
    expect(words(await back.text())).toContain('something was not chosen');
  });
});

describe('a request that is written down', () => {
  const FIELDS = {
    ...{ type: 'fanal', door: 'phone', language: 'ca', text: 'No va', 'q-que-passa': 'apagat' },
    ...{ name: 'Pau Serra', tellBy: 'email', email: 'pau@example.cat', point: '41.5512, 2.1149' },
  };

  test('comes to the team of its area, and its person is told; sent twice it is one', async () => {
    const key = /name="key" value="([^"]*)"/.exec(
      await html(`${INBOX}/new?type=fanal`, marta),
    )?.[1];
    const made = await post(`${INBOX}/new`, { ...FIELDS, key: key ?? '' }, marta);
    const to = made.headers.get('Location') ?? '';
    expect(to).toMatch(/\/console\/oac\/requests\/[\da-f-]{36}\?done=made$/);
    const again = await post(`${INBOX}/new`, { ...FIELDS, key: key ?? '' }, marta);
    expect(again.headers.get('Location')?.split('?')[0]).toBe(to.split('?')[0]);
    // Whoever wrote it down sees it, though it is another team's.
    const page = words(await html(to, marta));
    expect(page).toContain('The person gets the link to follow it.');
    expect(page).toContain('It is another team’s');
  });

  test('of somebody without an address ends with their link, shown once, which opens their page', async () => {
    const { email: _, ...rest } = FIELDS;
    const made = await post(`${INBOX}/new`, { ...rest, tellBy: 'page', anonymous: 'yes' }, marta);
    const to = made.headers.get('Location') ?? '';
    expect(to).toContain('?done=made-untold');
    const page = await html(to, marta);
    expect(words(page)).toContain('The person gets no message: give them the link.');
    expect(page).not.toContain('/request/');
    const [path = ''] = to.split('?');
    const seen = seenIn(page);
    const sheet = await (await post(`${path}/link`, { seen }, marta)).text();
    const address = /\/(?:ca|es|en|eu)\/request\/([\w-]+)/.exec(words(sheet));
    expect(await world.requests.bySecret(address?.[1] ?? '')).toMatchObject({
      id: path.split('/').at(-1),
    });
    expect(await faultsOf(sheet)).toEqual([]);
    // Pressed again on the same page, it gives no other one.
    const again = await post(`${path}/link`, { seen }, marta);
    expect([again.status, (await again.text()).includes(address?.[1] ?? '?')]).toEqual([
      409,
      false,
    ]);
    expect((await post(`${path}/link`, { seen }, laia)).status).toBe(404);
  });

  test('says what is missing at its field, and keeps the rest', async () => {
    const answer = await post(
      `${INBOX}/new`,
      { ...FIELDS, text: '', email: 'pau', point: 'aquí' },
      marta,
    );
    expect(answer.status).toBe(422);
    const far = await post(`${INBOX}/new`, { ...FIELDS, text: '', email: 'pau', point: '' }, marta);
    const page = await far.text();
    expect(words(page)).toContain('What it is about: it must be filled in.');
    expect(words(page)).toContain('isn’t an e-mail address');
    expect(page).toContain('value="Pau Serra"');
  });

  test('begins with the person of an appointment, whose own it must be', async () => {
    expect((await get(`${INBOX}/new?appointment=nobody`, marta)).status).toBe(404);
    const foreign = '00000000-0000-4000-8000-000000000000';
    const answer = await post(`${INBOX}/new`, { ...FIELDS, appointment: foreign }, marta);
    expect(answer.status).toBe(404);
  });
});

test('every page is valid in each language', async () => {
  const { path } = await sendLamp();
  await sendLamp(5);
  const pages = [
    INBOX,
    path,
    `${INBOX}/new?type=soroll`,
    `${path}/step?step=refuse`,
    `${path}/step?step=merge`,
  ];
  for (const language of LANGUAGES)
    for (const page of pages) {
      const cookie = nuria.replace('staff_language=en', `staff_language=${language}`);
      expect([page, language, await faultsOf(await html(page, cookie))]).toEqual([
        page,
        language,
        [],
      ]);
    }
});
