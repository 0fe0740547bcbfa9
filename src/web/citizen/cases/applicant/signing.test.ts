import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Card } from '../../../../../e2e/support/autofirma/pades.ts';
import { autofirma } from '../../../../../e2e/support/autofirma/program.ts';
import { peopleAuthority, subjectOf } from '../../../../connectors/signature/autofirma/testing.ts';
import { seenOf } from '../../../../features/service/cases/rules.ts';
import { staffOf, stepTo } from '../../../../features/service/cases/testing.ts';
import { NO_TOOLS, run, testFolder } from '../../../../lib/seal/testing.ts';
import { identified } from '../../../testing/identified.ts';
import { type TestTown, testTown, WEDNESDAY } from '../../testing.ts';
import { APPLY, formOf, publish } from '../testing.ts';
import { acting, type Client, COMPANY, JORDI, LIST, ROSA } from './testing.ts';

/* What somebody signs and amends for another person, or for an organisation: docs/adr/0107. */

const ORGANISATION = 'Q0000000J';
const folder = testFolder();
let town: TestTown;
let authority: Awaited<ReturnType<typeof peopleAuthority>>;

const FORM = {
  identity: 'substantial',
  sign: 'valid',
  onBehalf: true,
  steps: [{ id: 'local', questions: [{ id: 'rotul', type: 'text', required: true }] }],
};

beforeAll(async () => {
  authority = await peopleAuthority();
  town = await testTown(undefined, [new X509Certificate(authority.root.der)]);
});
afterAll(async () => {
  await town.close();
  folder[Symbol.dispose]();
});
beforeEach(async () => {
  town.clock.set(WEDNESDAY);
  await publish(town, formOf(FORM));
});

const seenOn = (html: string): string => /name="seen" value="(\d+)"/.exec(html)?.[1] ?? '';

/** A case that somebody begins and fills in. */
async function begun(by: Client): Promise<string> {
  const at = (await by.post(APPLY)).path;
  await by.post(`${at}/local/rotul`, { 'q-rotul_': 'Bar Pi' });
  return at;
}

/** Goes from the check to where it is signed. */
async function goes(by: Client, at: string, way: 'valid' | 'autofirma') {
  const seen = seenOn((await by.get(`${at}/check`)).html);
  await by.post(`${at}/check`, { seen });
  const { path } = await by.post(`${at}/sign`, { seen, way });
  const { html } = await by.get(path);
  const [, demo = ''] = /signature\/demo\?state=([^"&]+)/.exec(html) ?? [];
  return { html, state: new URL(path, 'http://localhost').searchParams.get('state') ?? demo };
}

const back = (by: Client, state: string, answer: string) =>
  by.get(`/signature/return?state=${state}&answer=${answer}`);

async function opened(at: string) {
  const office = (await town.deps.offices.find('oac'))!;
  const found = (await town.deps.cases.bySecret(at.split('/').at(-1) ?? ''))!;
  const viewer = { kind: 'system', why: 'test' } as const;
  const { cases, signatures } = town.deps;
  return {
    office,
    found,
    record: (await cases.open(viewer, office, found.id))!.record,
    who: await cases.applicant(viewer, office, found.id),
    signatures: (await signatures.ofCase(viewer, office, found.id))!,
  };
}

const MASKS = { rosa: '***4567**', jordi: '***9999**' };

describe('for another person, by an authorisation', () => {
  test('the representative signs with VÀLid: it is theirs, and the record names both', async () => {
    const { jordi, rosa } = await acting(town);
    const at = await begun(rosa);
    const { state } = await goes(rosa, at, 'valid');
    expect((await back(rosa, state, 'sign')).path).toBe(`${at}/done`);
    const { record, who, signatures } = await opened(at);
    expect(signatures[0]?.signer?.masked).toBe(MASKS.rosa);
    expect(record?.represents).toMatchObject({ identifier: JORDI });
    expect(who).toMatchObject({ masked: MASKS.rosa, represents: { identifier: MASKS.jordi } });
    // What was signed has for whom; the represented person has both files, too.
    const content = JSON.parse((await jordi.get(`${at}/signature/content`)).html);
    expect(content).toMatchObject({ represents: { identifier: JORDI } });
    expect((await jordi.get(`${at}/signature`)).html).toContain('<ds:Signature ');
  });

  test('what is signed after the authorisation ended is not handed in, and nothing more is begun', async () => {
    const { jordi, rosa, which } = await acting(town);
    const at = await begun(rosa);
    const other = await begun(rosa);
    const { state } = await goes(rosa, at, 'valid');
    await jordi.post(LIST, { do: 'end', which });
    await back(rosa, state, 'sign');
    const { record, found, signatures } = await opened(at);
    expect([found.state, record]).toEqual(['draft', null]);
    expect(signatures).toMatchObject([{ state: 'failed', failure: 'changed' }]);
    expect((await rosa.get(at)).status).toBe(403);
    const refused = await rosa.post(`${other}/sign`, { seen: '1', way: 'valid' });
    expect(refused.path).not.toContain('/signature/');
    expect((await opened(other)).signatures).toEqual([]);
  });

  test('the representative amends what is asked: the answer names both', async () => {
    const { rosa } = await acting(town);
    const at = await begun(rosa);
    const { state } = await goes(rosa, at, 'valid');
    await back(rosa, state, 'sign');
    const { office, found } = await opened(at);
    const nuria = staffOf(office, 'coordinator');
    const on = { db: town.database.kysely, clock: town.clock };
    await stepTo(on, nuria, office, found.id, 'in-review');
    const points = [{ question: 'local.rotul', text: 'Sencer.' }];
    const { case: now } = (await town.deps.cases.open(nuria, office, found.id))!;
    const asked = { points, seen: seenOf(now) };
    expect(await town.deps.cases.askToAmend(nuria, office, found.id, asked)).toMatchObject({
      ok: true,
    });
    expect((await rosa.get(`${at}/done`)).html).toContain('Has de corregir alguna cosa');
    await rosa.post(`${at}/local/rotul`, { 'q-rotul_': 'Bar Pi, SL' });
    const seen = seenOn((await rosa.get(`${at}/check`)).html);
    expect((await rosa.post(`${at}/check`, { seen })).path).toBe(`${at}/done`);
    const all = (await town.deps.cases.handedIn(nuria, office, found.id))!;
    expect(all.at(-1)?.record).toMatchObject({
      what: 'amendment',
      represents: { identifier: JORDI },
      answers: { local: { rotul: 'Bar Pi, SL' } },
    });
    const { who } = await opened(at);
    expect(who).toMatchObject({ masked: MASKS.rosa, represents: { identifier: MASKS.jordi } });
  });
});

describe.skipIf(NO_TOOLS)('with AutoFirma', () => {
  const send = async (url: string, body: string): Promise<string> =>
    (await town.fetch(new Request(url, { method: 'POST', body }))).text();
  const signs = (html: string, card: Card) =>
    autofirma((/href="(afirma:[^"]+)"/.exec(html)?.[1] ?? '').replaceAll('&amp;', '&'), card, send);

  test('the certificate is the representative’s, not the represented person’s; the PDF names both', async () => {
    const { rosa } = await acting(town);
    const at = await begun(rosa);
    const wrong = await goes(rosa, at, 'autofirma');
    await signs(wrong.html, await authority.card({ subject: subjectOf(JORDI) }));
    expect((await back(rosa, wrong.state, 'look')).path).toMatch(/\/sign\?seen=/);
    expect((await opened(at)).signatures[0]?.failure).toBe('other_person');
    const right = await goes(rosa, at, 'autofirma');
    await signs(right.html, await authority.card({ subject: subjectOf(ROSA) }));
    expect((await back(rosa, right.state, 'look')).path).toBe(`${at}/done`);
    const request = new Request(`http://localhost${at}/signature`);
    request.headers.set('Cookie', rosa.cookie());
    const bytes = Buffer.from(await (await town.fetch(request)).arrayBuffer());
    const text = run('pdftotext', '-raw', folder.at('signed.pdf', bytes), '-');
    expect(text).toContain('Rosa Soler Vidal');
    expect(text).toMatch(/En nom de: Jordi Pons/);
  });

  test.each([
    ['with the certificate of that organisation', `,O=X,2.5.4.97=VATES-${ORGANISATION}`, null],
    ['with their own certificate', '', null],
    ['with that of another organisation', ',O=Forn SL,2.5.4.97=VATES-B08000002', 'unfit'],
  ])('for an organisation it is signed %s', async (_, more, failure) => {
    const company = await identified(town, COMPANY);
    const at = await begun(company);
    const { html, state } = await goes(company, at, 'autofirma');
    await signs(html, await authority.card({ subject: subjectOf(COMPANY, more) }));
    await back(company, state, 'look');
    const { signatures, record } = await opened(at);
    expect(signatures[0]?.failure).toBe(failure);
    if (failure === null) expect(record?.represents).toMatchObject({ identifier: ORGANISATION });
  });

  test('nobody signs their own with the certificate of an organisation', async () => {
    const rosa = await identified(town, ROSA);
    const at = await begun(rosa);
    const { html, state } = await goes(rosa, at, 'autofirma');
    const more = `,O=X,2.5.4.97=VATES-${ORGANISATION}`;
    await signs(html, await authority.card({ subject: subjectOf(ROSA, more) }));
    await back(rosa, state, 'look');
    expect((await opened(at)).signatures[0]?.failure).toBe('unfit');
  });
});
