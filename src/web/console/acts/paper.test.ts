import { afterAll, beforeAll, expect, test } from 'vitest';
import { translateTo } from '../../../lib/i18n/translate.ts';
import { pdfText } from '../../../lib/testing/pdf.ts';
import { faultsOf } from '../../citizen/testing.ts';
import { type ConsoleWorld, consoleWorld, MARTA, NURIA } from '../testing.ts';

/* The page of an act that is signed on paper at the counter: docs/adr/0106. */

const say = translateTo('ca');
let world: ConsoleWorld;
let [marta, nuria, at] = ['', '', ''];

beforeAll(async () => {
  world = await consoleWorld();
  [marta, nuria] = [await world.signIn(MARTA), await world.signIn(NURIA)];
  const served = await post('/console/oac/serve', {
    ...{ key: 'key-of-paper', procedure: 'volant-padro', channel: 'in_person.centre' },
    ...{ language: 'ca', name: 'Rosa Soler', phone: '', email: '', action: 'without' },
  });
  at = served.to;
  const { html } = await get(at);
  const version = /name="version" value="(\d+)"/.exec(html)?.[1] ?? '';
  const base = /name="base" value="([^"]*)"/.exec(html)?.[1]?.replaceAll('&quot;', '"') ?? '';
  const noted = { identity: 'shown', identityNote: '', notes: '' };
  expect((await post(`${at}/save`, { action: 'save', version, base, ...noted })).status).toBe(303);
});
afterAll(() => world.close());

const headersOf = (cookie: string) => ({ cookie, 'Accept-Language': 'ca' });
const answerOf = async (answer: Response) => ({
  status: answer.status,
  to: answer.headers.get('Location') ?? '',
  html: await answer.text(),
});
const get = async (path: string, cookie = marta) =>
  answerOf(await world.app.request(path, { headers: headersOf(cookie) }));
const post = async (path: string, fields: Record<string, string>, cookie = marta) => {
  const body = new URLSearchParams(fields);
  return answerOf(
    await world.app.request(path, { method: 'POST', body, headers: headersOf(cookie) }),
  );
};
const scan = async (path: string, fields: Record<string, string>, cookie = marta) => {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  body.append('file', new File(['signed\n'], 'signat.txt', { type: 'text/plain' }));
  const headers = { ...headersOf(cookie), 'Content-Length': '1000' };
  return answerOf(await world.app.request(`${path}/scan`, { method: 'POST', body, headers }));
};

/** Prepares an act, and returns its page and the code that is printed on its paper. */
async function prepared() {
  const form = { template: 'volant', language: 'ca', mayBeAttended: 'yes' };
  const { to } = await post(`${at}/act`, form);
  const page = to.replace('#acts', '');
  const paper = await world.app.request(`${page}/paper.pdf`, { headers: headersOf(marta) });
  const { text } = await pdfText(Buffer.from(await paper.arrayBuffer()));
  const [code = ''] = /[\dA-F]{4}-[\dA-F]{4}/.exec(text) ?? [];
  return { page, code };
}

const SCAN = /name="scan" value="([\da-f-]{36})"/;

test('what is typed of a signed paper stays when its scan is saved, looked at and refused', async () => {
  const { page, code } = await prepared();
  const typed = { paperCode: code, place: 'Arxivador 3', scan: 'kept' };
  const kept = (html: string) => {
    expect(html).toContain(`value="${code}"`);
    expect(html).toContain('value="Arxivador 3"');
  };
  const added = await scan(page, typed);
  expect(added.status).toBe(200);
  kept(added.html);
  expect(added.html).toContain(`<p>${say('acts.desk.paper.checking', { name: 'signat.txt' })}</p>`);
  expect(await faultsOf(added.html)).toEqual([]);
  await world.documents.pass();
  const looked = await post(page, { ...typed, scan: '', do: 'look' });
  kept(looked.html);
  const chosen = SCAN.exec(looked.html)?.[1] ?? '';
  const wrong = await post(page, { ...typed, scan: chosen, paperCode: 'AAAA-AAAA', do: 'paper' });
  expect(wrong.status).toBe(422);
  expect(wrong.html).toContain('value="AAAA-AAAA"');
  expect(wrong.html).toContain(say('acts.desk.paper.wrong.other_paper'));
  expect(await faultsOf(wrong.html)).toEqual([]);
  expect((await post(page, { ...typed, scan: chosen, do: 'paper' })).status).toBe(303);
  expect((await get(page)).html).toContain(say('acts.state.consented'));
  // Nothing more is scanned for what is settled.
  expect((await scan(page, typed)).status).toBe(303);
});

test('a colleague looks at the paper that is kept, and scans nothing', async () => {
  const { page, code } = await prepared();
  const given = { do: 'paper', scan: 'kept', place: 'Arxivador 3', paperCode: code };
  expect((await get(page, nuria)).html).not.toContain('name="paperCode"');
  expect((await post(page, given)).status).toBe(303);
  const waits = await get(page);
  expect(waits.html).toContain(say('acts.desk.paper.waits', { place: 'Arxivador 3' }));
  expect((await scan(page, {}, nuria)).status).toBe(303);
  expect((await post(page, { do: 'seen', paperCode: code })).status).toBe(409);
  const other = await get(page, nuria);
  expect(other.html).toContain('Arxivador 3');
  expect(other.html).not.toContain('id="file"');
  expect(await faultsOf(other.html)).toEqual([]);
  expect((await post(page, { do: 'seen', paperCode: 'x' }, nuria)).status).toBe(422);
  expect((await get(page)).html).toContain(say('acts.state.prepared'));
  expect((await post(page, { do: 'seen', paperCode: code }, nuria)).status).toBe(303);
  const { consent } = JSON.parse((await get(`${page}/record`)).html);
  expect(consent).toMatchObject({ method: 'on_paper', witness: { name: 'Núria Roca' } });
  const trail = await get('/console/oac/audit', nuria);
  const said = { action: say('audit.action.act_consented') };
  expect(trail.html).toContain(say('acts.trail.seen', said));
  expect(trail.html).toContain(say('acts.trail.scanned', said));
});
