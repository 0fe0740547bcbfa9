import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type IdentifiedBrowser, identified } from '../../testing/identified.ts';
import { APPLY, fileOf, formOf, publish, sendFiles } from '../cases/testing.ts';
import { type TestTown, testTown, WEDNESDAY } from '../testing.ts';

const ROSA = '12345678Z';
const AMINA = 'X0000000T';
let town: TestTown;
let rosa: IdentifiedBrowser;

const STEPS = [{ id: 'local', questions: [{ id: 'rotul', type: 'text', label: { ca: 'Rètol' } }] }];

beforeAll(async () => {
  town = await testTown();
});
afterAll(() => town.close());
beforeEach(async () => {
  town.clock.set(WEDNESDAY);
  await publish(town, formOf({ sign: 'valid', steps: STEPS }));
  rosa = await identified(town, ROSA);
});

/** A case with an answer. Returns its address. */
async function filled(browser = rosa): Promise<string> {
  const { path: at } = await browser.post(APPLY);
  await browser.post(`${at}/local/rotul`, { 'q-rotul_': 'Bar Pi' });
  return at;
}

const seenOn = (html: string): string => /name="seen" value="(\d+)"/.exec(html)?.[1] ?? '';

/** The page of the signature, as the check leads to it now. */
async function signPage(at: string): Promise<{ seen: string; html: string }> {
  const seen = seenOn((await rosa.get(`${at}/check`)).html);
  return { seen, html: (await rosa.get(`${at}/sign?seen=${seen}`)).html };
}

/** Goes from the check to the stand-in's page. Returns the values of its form. */
async function toStandIn(at: string, browser = rosa): Promise<string> {
  const check = await browser.get(`${at}/check`);
  expect(check.html).toContain('Continua a la signatura');
  const sent = await browser.post(`${at}/check`, { seen: seenOn(check.html) });
  expect(sent.path).toBe(`${at}/sign?seen=${seenOn(check.html)}`);
  const page = await browser.get(sent.path);
  const sentOn = await browser.post(`${at}/sign`, { seen: seenOn(page.html) });
  const going = await browser.get(sentOn.path);
  expect(going.html).toContain('Anem a signar');
  const [, state = ''] = /signature\/demo\?state=([^"&]+)/.exec(going.html) ?? [];
  const standIn = await browser.get(`/ca/signature/demo?state=${state}`);
  expect(standIn.html).toContain('Això no és VÀLid');
  expect(standIn.html).toContain('action="/signature/return"');
  return state;
}

const answer = (state: string, what: 'sign' | 'cancel', browser = rosa) =>
  browser.get(`/signature/return?state=${state}&answer=${what}`);

describe('a form that is signed', () => {
  test('is offered, signed and handed in, and its signature is on the page, the receipt and in files', async () => {
    const offered = await town.get('/ca/oac/volant-padro');
    expect(offered.html).toContain(APPLY);
    const at = await filled();
    const done = await answer(await toStandIn(at), 'sign');
    expect(done.path).toBe(`${at}/done`);
    const page = await rosa.get(done.path);
    expect(page.html).toContain('amb la signatura de demostració, sense cap valor');
    expect(page.html).toContain(`href="${at}/signature"`);
    const receipt = await rosa.get(`${at}/receipt`);
    expect(receipt.html).toContain('Empremta de la signatura');
    const xades = await rosa.get(`${at}/signature`);
    expect(xades.headers.get('Content-Disposition')).toContain('.xades.xml');
    expect(xades.html).toContain('<ds:Signature ');
    const content = await rosa.get(`${at}/signature/content`);
    expect(JSON.parse(content.html)).toMatchObject({ answers: { local: { rotul: 'Bar Pi' } } });
    // Nobody else has them, with the link either.
    const amina = await identified(town, AMINA);
    for (const other of [amina, town])
      expect((await other.get(`${at}/signature`)).html).not.toContain('<ds:Signature ');
    // The address of the return does nothing more.
    expect((await rosa.get(`${at}/sign`)).path).toBe(`${at}/done`);
  });

  test('stays where it is when somebody leaves without signing, and says so', async () => {
    const at = await filled();
    const left = await answer(await toStandIn(at), 'cancel');
    expect(left.path).toMatch(/\/sign\?seen=\d+$/);
    const page = await rosa.get(left.path);
    expect(page.html).toContain('Has sortit sense signar');
    const done = await answer(await toStandIn(at), 'sign');
    expect(done.path).toBe(`${at}/done`);
  });

  test('is not signed from another browser, nor by a made-up answer', async () => {
    const at = await filled();
    const state = await toStandIn(at);
    const amina = await identified(town, AMINA);
    const refused = await answer(state, 'sign', amina);
    expect(refused.status).toBe(409);
    expect(refused.html).toContain('No s’ha signat ni perdut res');
    expect((await town.get('/signature/return')).status).toBe(409);
    const { seen, html } = await signPage(at);
    expect(html).toContain('Ves a la signatura de demostració');
    expect(seenOn(html)).toBe(seen);
    expect((await answer(state, 'sign')).path).toBe(`${at}/done`);
  });

  test('tells that answers were changed meanwhile', async () => {
    const at = await filled();
    const state = await toStandIn(at);
    await rosa.post(`${at}/local/rotul`, { 'q-rotul_': 'Bar Roure' });
    const back = await answer(state, 'sign');
    const sentOn = await rosa.get(back.path);
    expect(sentOn.path).toBe(`${at}/check?first`);
    const page = await rosa.get(sentOn.path);
    expect(page.html).toContain('Vas canviar respostes mentre signaves');
  });

  test('is signed only as it was checked, also after a first attempt', async () => {
    const at = await filled();
    const left = await answer(await toStandIn(at), 'cancel');
    const { seen } = await signPage(at);
    // Somebody changes an answer meanwhile, on another page.
    await rosa.post(`${at}/local/rotul`, { 'q-rotul_': 'Bar Roure' });
    for (const path of [left.path, `${at}/sign`, `${at}/sign?seen=`, `${at}/sign?seen=x`]) {
      const sent = await rosa.get(path);
      expect(sent.path).toBe(`${at}/check?first`);
      const check = await rosa.get(sent.path);
      expect(check.html).toContain('Abans de signar, repassa les respostes');
      expect(check.html).toContain('Bar Roure');
    }
    for (const stale of [{ seen }, {}]) {
      const refused = await rosa.post(`${at}/sign`, stale);
      const shown = await rosa.get(refused.path);
      expect(shown.html).toContain('Algú ha canviat les respostes mentre les miraves');
      expect(shown.html).toContain('Continua a la signatura');
    }
    expect((await answer(await toStandIn(at), 'sign')).path).toBe(`${at}/done`);
  });

  test('is checked, with a word, where it can’t be signed now', async () => {
    const planol = { id: 'planol', type: 'file', required: true, label: { ca: 'Plànol' } };
    await publish(town, formOf({ sign: 'valid', steps: [{ id: 'local', questions: [planol] }] }));
    const { path: at } = await rosa.post(APPLY);
    const file = { field: 'q-planol_', name: 'Plànol.pdf', bytes: fileOf('pdf') };
    await sendFiles(rosa, `${at}/local/planol`, {}, [file]);
    const { seen, html } = await signPage(at);
    expect(html).toContain('Ves a la signatura de demostració');
    // The check leads nowhere while the file is looked at, nor does the page of the signature.
    for (const path of [`${at}/check`, `${at}/sign`]) {
      const sent = await rosa.post(path, { seen });
      expect(sent.path).not.toContain('/sign?seen');
      const shown = await rosa.get(sent.path);
      expect(shown.html).toContain('Continua a la signatura');
      expect(shown.html).toContain('Plànol.pdf');
      expect(shown.html).toContain('Encara');
    }
    await town.deps.documents.pass();
    expect((await answer(await toStandIn(at), 'sign')).path).toBe(`${at}/done`);
  });
});

describe('a form that is signed and paid', () => {
  test('is signed first, then paid; a change in between makes the signature void', async () => {
    await publish(town, formOf({ sign: 'valid', fee: 12.5, steps: STEPS }));
    const at = await filled();
    const check = await rosa.get(`${at}/check`);
    expect(check.html).toContain('Primer el signes, després el pagues');
    expect((await rosa.post(`${at}/pay`, { seen: seenOn(check.html) })).path).toBe(`${at}/check`);
    const signedBack = await answer(await toStandIn(at), 'sign');
    expect((await rosa.get(signedBack.path)).path).toBe(`${at}/check`);
    const signed = await rosa.get(`${at}/check`);
    expect(signed.html).toContain('Ja ho has signat. Només falta pagar.');
    await rosa.post(`${at}/local/rotul`, { 'q-rotul_': 'Bar Roure' });
    const changed = await rosa.get(`${at}/check`);
    expect(changed.html).toContain('Aquella signatura ja no val');
    await answer(await toStandIn(at), 'sign');
    const again = await rosa.get(`${at}/check`);
    const sent = await rosa.post(`${at}/check`, { seen: seenOn(again.html) });
    expect(sent.path).toBe(`${at}/pay`);
    const pay = await rosa.get(sent.path);
    const fields = Object.fromEntries(
      [...pay.html.matchAll(/<input type="hidden" name="(Ds_[^"]+)" value="([^"]*)"/g)].map(
        ([, name = '', value = '']) => [name, value.replaceAll('&amp;', '&')],
      ),
    );
    await rosa.post('/ca/payment/demo', { ...fields, answer: 'pay' });
    const done = await rosa.get(`${at}/done`);
    expect(done.html).toContain('amb la signatura de demostració');
    expect(done.html).toContain('12,50');
  });
});
