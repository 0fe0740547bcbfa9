import { createHash, X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Card } from '../../../../e2e/support/autofirma/pades.ts';
import { autofirma } from '../../../../e2e/support/autofirma/program.ts';
import { peopleAuthority, subjectOf } from '../../../connectors/signature/autofirma/testing.ts';
import { COSIGNED, PARTNERS } from '../../../features/service/cases/testing.ts';
import { NO_TOOLS, run, testFolder } from '../../../lib/seal/testing.ts';
import { type IdentifiedBrowser, identified } from '../../testing/identified.ts';
import { APPLY, formOf, publish } from '../cases/testing.ts';
import { faultsOf, type TestTown, testTown, WEDNESDAY } from '../testing.ts';
import { answerAs } from './testing.ts';

const ROSA = '12345678Z';
const JORDI = '99999999R';
const folder = testFolder();
let town: TestTown;
let card: Card;
let others: Card;

const FORM = {
  ...COSIGNED,
  identity: 'low',
  sign: 'valid',
  steps: [
    {
      id: 'socis',
      questions: [{ id: 'rotul', type: 'text', label: { ca: 'Rètol' } }, PARTNERS],
    },
  ],
};

beforeAll(async () => {
  const authority = await peopleAuthority();
  card = await authority.card({ subject: subjectOf(JORDI) });
  others = await authority.card({ subject: subjectOf(ROSA) });
  town = await testTown(undefined, [new X509Certificate(authority.root.der)]);
  await publish(town, formOf(FORM));
});
afterAll(async () => {
  await town.close();
  folder[Symbol.dispose]();
});
beforeEach(() => town.clock.set(WEDNESDAY));

const seenOn = (html: string): string => /name="seen" value="(\d+)"/.exec(html)?.[1] ?? '';
const hashIn = (html: string): string => /name="hash" value="([\da-f]{64})"/.exec(html)?.[1] ?? '';

const answer = (browser: IdentifiedBrowser, state: string, what: string) =>
  browser.get(`/signature/return?state=${state}&answer=${what}`);

/** What Rosa handed in, signed with the stand-in for VÀLid: its address, and the link of Jordi. */
async function handedIn() {
  const rosa = await identified(town, ROSA);
  const { path: at } = await rosa.post(APPLY);
  const partners = [{ nom: 'Jordi Mas', nif: JORDI }];
  await answerAs(town, at, { 'socis.qui': partners, 'socis.rotul': 'Bar Pi' });
  const seen = seenOn((await rosa.get(`${at}/check`)).html);
  await rosa.post(`${at}/check`, { seen });
  const going = await rosa.get((await rosa.post(`${at}/sign`, { seen, way: 'valid' })).path);
  const [, state = ''] = /signature\/demo\?state=([^"&]+)/.exec(going.html) ?? [];
  expect((await answer(rosa, state, 'sign')).path).toBe(`${at}/done`);
  const done = await rosa.get(`${at}/done`);
  const [, link = ''] = /value="[^"]*(\/ca\/cosign\/[^"]+)"/.exec(done.html) ?? [];
  const secret = at.split('/').at(-1) ?? '';
  return { rosa, at, link, state: async () => (await town.deps.cases.bySecret(secret))?.state };
}

/** Presses one of the buttons. Returns what comes, and the state of the attempt. */
async function goes(jordi: IdentifiedBrowser, link: string, way: string) {
  const page = await jordi.get(link);
  expect(await faultsOf(page.html)).toEqual([]);
  const { path } = await jordi.post(link, { hash: hashIn(page.html), way });
  const { html } = await jordi.get(path);
  const url = new URL(path, 'http://localhost');
  const [, demo = ''] = /signature\/demo\?state=([^"&]+)/.exec(html) ?? [];
  return { path, html, state: url.searchParams.get('state') ?? demo };
}

describe('whoever must sign, too', () => {
  test('signs with VÀLid, may leave without, and has their signature', async () => {
    const { at, link, state, rosa } = await handedIn();
    const jordi = await identified(town, JORDI);
    const page = await jordi.get(link);
    expect(page.html).toContain('Tria com');
    expect(page.html).toContain('Ves a la signatura de demostració');
    expect(page.html).not.toContain('Ho signo<');
    // The button of a session signs nothing here.
    const session = await jordi.post(link, { act: 'sign', hash: hashIn(page.html), way: 'none' });
    expect(session.path).not.toBe(link);
    expect(await state()).toBe('socis');
    const first = await goes(jordi, link, 'valid');
    const left = await answer(jordi, first.state, 'cancel');
    expect(left.path).toBe(link);
    expect((await jordi.get(link)).html).toContain('Has sortit sense signar');
    const second = await goes(jordi, link, 'valid');
    // Another browser can't answer in their place.
    expect((await answer(rosa, second.state, 'sign')).status).toBe(409);
    expect((await answer(jordi, second.state, 'sign')).path).toBe(link);
    expect(await state()).toBe('registered');
    const signed = await jordi.get(link);
    expect(await faultsOf(signed.html)).toEqual([]);
    expect(signed.html).toContain('amb la signatura de demostració');
    expect(signed.html).toMatch(/Entrada E\d{10}/);
    const xades = await jordi.get(`${link}/signature`);
    expect(xades.html).toContain('<ds:Signature ');
    const amina = await identified(town, 'X0000000T');
    for (const other of [rosa, amina, town])
      expect((await other.get(`${link}/signature`)).html).not.toContain('<ds:Signature ');
    // The applicant's own is another one.
    expect((await rosa.get(`${at}/signature`)).html).not.toBe(xades.html);
  });

  test('looks again by itself while it is not registered yet, for some minutes', async () => {
    const { link } = await handedIn();
    const jordi = await identified(town, JORDI);
    const { state } = await goes(jordi, link, 'valid');
    await answer(jordi, state, 'sign');
    const { open } = town.deps.cosigning;
    using _ = vi.spyOn(town.deps.cosigning, 'open').mockImplementation(async (...asked) => {
      const done = await open(...asked);
      if (!done.ok) return done;
      const cosigner = { ...done.found.cosigner, answered: null };
      return { ok: true, found: { ...done.found, cosigner, isOpen: false, isSigned: true } };
    });
    const soon = await jordi.get(link);
    expect(soon.html).toContain('Ara ho registrem');
    expect(await faultsOf(soon.html)).toEqual([]);
    expect(soon.headers.get('Refresh')).toBe('10');
    town.clock.advance({ minutes: 4 });
    expect((await jordi.get(link)).headers.get('Refresh')).toBeNull();
  });

  test('is led to the page again where the text is another one', async () => {
    const { link } = await handedIn();
    const jordi = await identified(town, JORDI);
    const { path } = await jordi.post(link, { hash: 'ab'.repeat(32), way: 'valid' });
    expect((await jordi.get(path)).html).toContain('Torna’l a llegir abans de signar');
  });
});

describe.skipIf(NO_TOOLS)('whoever must sign, too, with AutoFirma', () => {
  const send = async (url: string, body: string): Promise<string> =>
    (await town.fetch(new Request(url, { method: 'POST', body }))).text();
  const opensOn = (html: string): string =>
    (/href="(afirma:[^"]+)"/.exec(html)?.[1] ?? '').replaceAll('&amp;', '&');

  test('signs a PDF that has all of it and both hashes, with their own certificate alone', async () => {
    const { link, state } = await handedIn();
    const jordi = await identified(town, JORDI);
    const wrong = await goes(jordi, link, 'autofirma');
    expect(wrong.html).toContain('Obre AutoFirma');
    expect(await autofirma(opensOn(wrong.html), others, send)).toBe('OK');
    expect((await answer(jordi, wrong.state, 'look')).path).toBe(link);
    expect((await jordi.get(link)).html).toContain('el certificat d’una altra persona');
    const right = await goes(jordi, link, 'autofirma');
    expect(await autofirma(opensOn(right.html), card, send)).toBe('OK');
    expect(await state()).toBe('socis');
    // The browser never comes back: the job reads it.
    await town.deps.signatures.settle();
    expect(await state()).toBe('registered');
    const bytes = async (path: string) => {
      const request = new Request(`http://localhost${path}`);
      request.headers.set('Cookie', jordi.cookie());
      return Buffer.from(await (await town.fetch(request)).arrayBuffer());
    };
    const content = await bytes(`${link}/signature/content`);
    const { of } = JSON.parse(content.toString()) as { of: string };
    const signed = folder.at('signed.pdf', await bytes(`${link}/signature`));
    expect(run('pdfsig', '-nocert', signed)).toContain('Signature is Valid');
    const text = run('pdftotext', signed, '-').replaceAll(/\s/g, '');
    expect(text).toContain(createHash('sha256').update(content).digest('hex'));
    expect(text).toContain(of);
    expect(text).toContain('BarPi');
    expect((await jordi.get(link)).html).toContain('amb AutoFirma i un certificat de');
  });
});
