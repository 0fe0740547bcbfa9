import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { peopleOf } from '../../../features/booking/administration/service.ts';
import { provedCitizen } from '../../../features/booking/proof/testing.ts';
import type { DemoAccess } from '../../../features/foundation/staff/types.ts';
import { checkTownFile } from '../../../formats/town-file/reading/check.ts';
import { within } from '../../../lib/db/database.ts';
import { DEMO_TOWN } from '../../../paths.ts';
import { codeOf, jar } from '../../console/testing.ts';
import { type IdentifiedBrowser, identified } from '../../testing/identified.ts';
import { type Instance, openInstance } from '../../testing/instance.ts';
import { faultsOf, startsIn } from '../testing.ts';

const LIST = '/ca/folder/representations';
const GIVE = `${LIST}/give?office=oac`;
const ASK = `${LIST}/ask?office=oac`;
const TIMES = '/ca/oac/volant-padro/times?channel=phone&language=ca';
const ROSA = { name: 'Rosa Soler', identifier: '12345678Z' };
const JORDI = { name: 'Jordi Pons', identifier: '99999999R' };
const UNTIL = { until: '2027-11-30', scope: 'all' };

let house: Instance;
/** Rosa acts, Jordi is represented. */
let rosa: IdentifiedBrowser;
let jordi: IdentifiedBrowser;
let access: DemoAccess[];
let coordinator: Awaited<ReturnType<typeof signedIn>>;

beforeAll(async () => {
  const yaml = await readFile(DEMO_TOWN, 'utf8');
  house = await openInstance(yaml, '2026-11-30T08:00:00+01:00');
  rosa = await identified(house.app, ROSA.identifier);
  jordi = await identified(house.app, JORDI.identifier);
  const checked = checkTownFile(yaml);
  if (!checked.ok) throw new Error('The demo town has mistakes');
  access = await house.context.staff.seedDemo(peopleOf(checked.town));
  coordinator = await signedIn(inOffice('coordinator')[0]);
}, 120_000);
afterAll(() => house?.close());

const inOffice = (role: string) =>
  access.filter((each) => each.role === role && each.office === 'oac');

/** The agent at whose desk an appointment is; the others find the page of its authorisations neither linked nor there. */
async function attending(id: string) {
  const page = `/console/oac/appointment/${id}`;
  let found: typeof coordinator | null = null;
  for (const each of inOffice('agent')) {
    const agent = await signedIn(each);
    const isOpen = (await agent(`${page}/representation`)).status === 200;
    const card = await agent(page);
    expect(card.html.includes(`href="${page}/representation"`)).toBe(isOpen);
    if (isOpen) found = agent;
  }
  if (!found) throw new Error('The appointment is at no desk');
  return found;
}

/** A browser of the staff. */
async function signedIn(found: DemoAccess | undefined) {
  if (!found) throw new Error('Nobody has that role');
  const { staff } = house.context;
  const caller = { address: '192.0.2.1', userAgent: 'test' };
  const opened = await staff.signIn(found.email, found.password, { ...caller, cookie: '' });
  if (!opened.ok) throw new Error(opened.reason);
  let cookie = jar(opened.cookies);
  if (found.totpSecret) {
    const entered = await staff.enterCode(codeOf(found.totpSecret), { ...caller, cookie });
    if (!entered.ok) throw new Error(entered.reason);
    cookie = jar(entered.cookies);
  }
  const ask = async (path: string, form?: Record<string, string>) => {
    const request = new Request(`http://localhost${path}`, {
      headers: { cookie },
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    });
    const answer = await house.app.fetch(request);
    return { status: answer.status, html: await answer.text() };
  };
  return ask;
}

/** Follows the booking of the next free time in a browser. Returns the page before it is confirmed, and the address of the form. */
async function upToCheck(browser: IdentifiedBrowser, times = TIMES) {
  const [start = ''] = startsIn((await browser.get(times)).html);
  const details = await browser.post(times, { start });
  const asked = await browser.get(details.path);
  const needs = await browser.post(details.path, {
    ...{ name: 'Rosa Soler', phone: '612 345 678', email: 'rosa@example.cat', anything: 'no' },
  });
  return { details: asked, path: needs.path, check: await browser.get(needs.path) };
}

async function book(browser: IdentifiedBrowser): Promise<{ manage: string; id: string }> {
  const { path, check } = await upToCheck(browser);
  const seen = /name="seen" value="([^"]+)"/.exec(check.html)?.[1] ?? '';
  const confirmed = await browser.post(path, { seen, folder: 'yes' });
  const manage = confirmed.path.replace('/confirmed', '');
  const found = await house.context.appointments.bySecret(manage.split('/').at(-1) ?? '');
  return { manage, id: found!.id };
}

/** Returns the opening tag of the next action, to which the console's skip link leads; there has to be one. */
function nextIn(html: string): string {
  const found = html.match(/<[^>]* id="action"[^>]*>/g) ?? [];
  expect(found).toHaveLength(1);
  return found[0] ?? '';
}

const idIn = (html: string) => /name="which" value="([^"]+)"/.exec(html)?.[1] ?? '';

test('the pages are right while there is nothing, and with every mistake', async () => {
  for (const page of [LIST, GIVE, `${LIST}/give`, `${LIST}/ask`, ASK]) {
    const { status, html } = await jordi.get(page);
    expect(status, page).toBe(200);
    expect(await faultsOf(html), page).toEqual([]);
  }
  expect((await jordi.get(ASK)).html).toContain('et cal una cita pendent');
  const wrong = await jordi.post(GIVE, { ...UNTIL, ...JORDI, scope: 'some', until: '2040-01-01' });
  const page = await jordi.get(wrong.path);
  for (const text of ['Aquest és el teu', 'almenys un tràmit', 'com a molt d’aquí a 5 anys'])
    expect(page.html).toContain(text);
  expect(page.html).toContain('value="Jordi Pons"');
  expect(await faultsOf(page.html)).toEqual([]);
});

test('at a low level nobody asks or authorises, and a higher one is offered', async () => {
  const low = await identified(house.app, ROSA.identifier, 'low');
  for (const page of [LIST, GIVE, ASK]) {
    const { html } = await low.get(page);
    expect(html, page).toContain('level=substantial');
    expect(html, page).not.toContain('name="identifier"');
  }
});

test('somebody authorised chooses to act, books, and loses it all when it is revoked', async () => {
  const given = await jordi.post(GIVE, { ...UNTIL, ...ROSA });
  expect(given.path).toBe(`${LIST}?done=given`);
  expect((await jordi.get(given.path)).html).toContain('ja pot actuar en nom teu');
  expect((await jordi.get('/ca/folder')).html).toContain('Una persona pot actuar en nom teu');

  // Nothing is for somebody else before it is chosen.
  const before = await upToCheck(rosa);
  expect(before.details.html).toContain('name="whom"');
  expect(before.check.html).not.toContain('Jordi');
  const list = await rosa.get(LIST);
  expect(list.html).toContain('Actua en nom de Jordi Pons');
  const which = idIn(list.html);
  await rosa.post(LIST, { do: 'act', which });
  for (const page of ['/ca', '/ca/oac', '/ca/folder', LIST]) {
    const { html } = await rosa.get(page);
    expect(html, page).toMatch(/T’has identificat com a Rosa[^<]*en nom de Jordi Pons/);
    expect(html, page).toContain('Deixa d’actuar en nom de Jordi Pons');
    expect(await faultsOf(html), page).toEqual([]);
  }

  // What was shown before is shown again, for whom it is now.
  const seen = /name="seen" value="([^"]+)"/.exec(before.check.html)?.[1] ?? '';
  const changed = await rosa.post(before.path, { seen });
  expect(changed.path).toContain('?changed');
  expect((await rosa.get(changed.path)).html).toContain('serà per a Jordi Pons');

  const { check } = await upToCheck(rosa);
  expect(check.html).toContain('#name');
  expect(check.html).not.toContain('#whom');
  const { manage, id } = await book(rosa);
  const page = await rosa.get(manage);
  expect(page.html).toContain('autorització per actuar en nom de Jordi Pons');
  expect(await faultsOf(page.html)).toEqual([]);
  expect((await jordi.get('/ca/folder')).html).toContain(manage);
  const attends = coordinator;
  const card = await attends(`/console/oac/appointment/${id}`);
  expect(card.html).toContain('Actua en nom de Jordi Pons');
  expect(card.html).toContain('***9999**');
  expect(card.html).toContain('Val fins al');
  const shown = await attends(`/console/oac/appointment/${id}/representation`);
  expect(shown.html).toMatch(/Jordi Pons[^<]* autoritza Rosa Soler/);

  await jordi.post(LIST, { do: 'end', which });
  expect((await rosa.get(manage)).status).toBe(403);
  expect((await house.app.request(manage)).status).toBe(403);
  expect((await rosa.get('/ca/folder')).html).not.toContain(manage);
  expect((await jordi.get(manage)).status).toBe(200);
  expect((await attends(`/console/oac/appointment/${id}`)).html).toContain('ja no val');
  const over = await rosa.get('/ca');
  expect(over.html).toContain('Ja no pots actuar en nom de Jordi');
  const blocked = await upToCheck(rosa);
  expect(blocked.details.status).toBe(409);
  expect(blocked.details.html).toContain('L’autorització s’ha acabat');
  expect(await faultsOf(blocked.details.html)).toEqual([]);

  const stopped = await rosa.post(LIST, { do: 'stop', back: 'https://evil.example/' });
  expect(stopped.path).toBe(LIST);
  expect((await rosa.get('/ca')).html).not.toContain('Jordi');
  await rosa.post(LIST, { do: 'act', which });
  expect((await rosa.get('/ca')).html).not.toContain('Jordi');
});

test('an authorisation opens only the procedures that it is for, and ends with the session', async () => {
  const some = { ...UNTIL, ...ROSA, scope: 'some', procedures: 'informe-residencia' };
  await jordi.post(GIVE, some);
  const browser = await identified(house.app, ROSA.identifier);
  await browser.post(LIST, { do: 'act', which: idIn((await browser.get(LIST)).html) });
  const { details } = await upToCheck(browser);
  expect(details.html).toContain('L’autorització no és per a aquest tràmit');
  expect(details.html).toContain('Continua en nom propi');
  await browser.post('/ca/identify/leave');
  const again = await identified(house.app, ROSA.identifier);
  expect((await again.get('/ca')).html).not.toContain('Jordi Pons');
});

test('an official accepts what was asked for, by its document', async () => {
  const browser = await identified(house.app, ROSA.identifier);
  const { id } = await book(browser);
  const form = await browser.get(ASK);
  expect(form.html).toContain(`value="${id}"`);
  expect(await faultsOf(form.html)).toEqual([]);
  const asked = await browser.post(ASK, { ...UNTIL, ...JORDI, appointment: id });
  expect(asked.path).toBe(`${LIST}?done=asked`);
  const list = await browser.get(asked.path);
  expect(list.html).toContain('Envia l’autorització signada');
  expect(await faultsOf(list.html)).toEqual([]);

  const agent = await attending(id);
  const ask = coordinator;
  const here = `/console/oac/appointment/${id}/representation`;
  expect((await ask(`/console/oac/appointment/${id}`)).html).toContain(
    'Una autorització per revisar',
  );
  const empty = await ask(here);
  expect(empty.html).toContain('Encara no ens ha enviat cap document');
  expect(nextIn(empty.html)).toMatch(/value="refuse"/);
  const office = (await house.context.offices.find('oac'))!;
  const paper = { kind: 'inbox', name: 'a.pdf', type: 'application/pdf', requested: null } as const;
  const { documents } = house.context;
  const bytes = Buffer.from('%PDF-1.7');
  const kept = await documents.keep(provedCitizen(id), office, id, paper, bytes);
  if (!kept.ok || !('id' in kept)) throw new Error('not kept');
  await within(house.database.kysely, office.id, (tx) =>
    tx.updateTable('document').set({ state: 'clean' }).where('id', '=', kept.id).execute(),
  );
  const shown = await ask(here);
  expect(shown.html).toContain('a.pdf');
  expect(shown.html).toMatch(/Rosa Soler[^<]* demana actuar en nom de Jordi Pons/);
  expect(shown.html).toContain('Fins al 30/11/2027');
  expect(nextIn(shown.html)).toMatch(/value="accept"/);
  const which = idIn(shown.html);
  const accept = { do: 'accept', which, [`document-${which}`]: kept.id };
  const refused = await agent(here, accept);
  expect(refused.html).toContain('Ho decideix una persona que coordina');
  expect(nextIn(refused.html)).toMatch(/href=/);
  expect((await browser.get(LIST)).html).toContain('encara l’ha de revisar');
  await ask(here, { do: 'accept', which });
  expect((await browser.get(LIST)).html).toContain('encara l’ha de revisar');
  await ask(here, accept);
  expect((await browser.get(LIST)).html).toContain('Actua en nom de Jordi Pons');
  const accepted = await ask(here);
  expect(accepted.html).toContain('L’ha acceptat');
  expect(nextIn(accepted.html)).toMatch(/href=/);
  await ask(here, { do: 'end', which, [`reason-${which}`]: 'Ha canviat d’opinió' });
  expect(nextIn((await ask(here)).html)).toMatch(/href=/);
  expect((await jordi.get(LIST)).html).toContain('Ha canviat d’opinió');
});
