import { X509Certificate } from 'node:crypto';
import { KeyUsageFlags } from '@peculiar/asn1-x509';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Card, PadesWishes } from '../../../../e2e/support/autofirma/pades.ts';
import {
  autofirma,
  type Behaviour,
  fetchRequest,
} from '../../../../e2e/support/autofirma/program.ts';
import { nifIn } from '../../../domain/identity.ts';
import type { ProgramAttempt, SigningProgram } from '../../../features/service/signatures/types.ts';
import { handClock } from '../../../lib/clock.ts';
import { drawDocument } from '../../../lib/pdf/document.ts';
import { NO_TOOLS, run, testFolder } from '../../../lib/seal/testing.ts';
import { testResponder } from '../../../lib/x509/testing.ts';
import { verifiedPades } from '../pades/verify.ts';
import { createAutofirma } from './program.ts';
import { peopleAuthority, subjectOf } from './testing.ts';

const NOW = '2027-02-01T08:00:00Z';
const BASE_URL = 'https://cita.vila.cat';
const SERVLETS = {
  retrieve: `${BASE_URL}/signature/program/retrieve`,
  storage: `${BASE_URL}/signature/program/storage`,
};
const ANNA = '12345678Z';
const clock = handClock(NOW);
const folder = testFolder();
afterAll(() => folder[Symbol.dispose]());

let authority: Awaited<ReturnType<typeof peopleAuthority>>;
let anna: Card;
let document: Buffer;
let program: SigningProgram;
const logged: string[] = [];
const log = { warn: (what: object) => logged.push((what as { code: string }).code) };
/** What the program put. */
let put = '';
let attempt: ProgramAttempt;

beforeAll(async () => {
  authority = await peopleAuthority();
  anna = await authority.card({ subject: subjectOf(ANNA) });
  document = await drawDocument(
    {
      ...{ language: 'ca', title: 'Sol·licitud', subject: 'Prova', author: 'Vila' },
      at: Temporal.Instant.from(NOW),
      parts: [
        { as: 'H1', text: 'Sol·licitud' },
        ...Array.from({ length: 60 }, (_, nth) => ({ as: 'P', text: `Resposta ${nth}` }) as const),
      ],
      margin: ['Vila'],
      foot: (page, count) => `${page}/${count}`,
    },
    null,
  );
});
beforeEach(() => {
  clock.set(NOW);
  logged.length = 0;
  put = '';
  program = programOf();
  attempt = attemptOf();
});

const certificateOf = ({ der }: { der: Buffer }) => new X509Certificate(der);

const programOf = (
  anchors = [authority.root],
  revocation: 'asked' | 'required' = 'asked',
): SigningProgram =>
  createAutofirma(
    { name: 'Ajuntament de Vila', revocation },
    { authorities: anchors.map(certificateOf), clock, log },
  );

const attemptOf = (): ProgramAttempt => ({
  ...{
    state: '',
    returnUrl: '',
    language: 'ca',
    level: 'low',
    personName: 'Anna',
    organisation: null,
    document,
  },
  ...{ name: 'K7QF.json', hash: Buffer.alloc(32), person: nifIn(ANNA)! },
  kept: program.request().kept,
  servlets: SERVLETS,
});

/** Our servlets, in short. */
const send = async (url: string, body: string): Promise<string> => {
  if (url === SERVLETS.retrieve) return `${program.body(attempt)}\n`;
  expect(url).toBe(SERVLETS.storage);
  const data = body.split('&dat=')[1] ?? '';
  if (!program.isWaiting(data)) put = data;
  return 'OK';
};

const signs = async (card = anna, behaviour: Behaviour = {}) => {
  await autofirma(
    program.opens(attempt.kept, { browser: 'Firefox', servlets: SERVLETS }),
    card,
    send,
    behaviour,
  );
  return program.read(put, attempt);
};

describe.skipIf(NO_TOOLS)('a document that AutoFirma signs', () => {
  test.each([false, true])(
    'is signed, as other programs find too (old program: %s)',
    async (isOld) => {
      const signed = await signs(anna, { isOld });
      if (!signed.ok) throw new Error(signed.code);
      const { evidence, signer } = signed.value;
      expect(signer).toEqual({
        ...{ name: 'ANNA GARCIA PUIG', method: 'certificate', stampedAt: null, isDemo: false },
        certificate: {
          issuer: 'AC de prova Usuaris, Prova',
          serial: certificateOf(anna.own).serialNumber,
          isRevocationAsked: false,
        },
      });
      expect(evidence.subarray(0, document.length).equals(document)).toBe(true);
      const report = run('pdfsig', '-nocert', folder.at('signed.pdf', evidence));
      expect(report).toContain('Signature is Valid.');
      expect(report).toContain('Signature Type: ETSI.CAdES.detached');
      expect(report).toContain('Total document signed');
      expect(run('pdftotext', folder.at('signed.pdf', evidence), '-')).toContain('Resposta 59');
      expect(logged).toEqual([]);
    },
  );

  test('is fetched with all that the program needs, and its address says nothing of it', async () => {
    const address = program.opens(attempt.kept, { browser: 'Firefox', servlets: SERVLETS });
    expect(address.length).toBeLessThan(2_000);
    for (const secret of [ANNA, 'K7QF', 'Anna']) expect(address).not.toContain(secret);
    const asked = await fetchRequest(address, send);
    expect(asked.document.equals(document)).toBe(true);
    expect(asked.properties.split('\n')).toEqual([
      'signatureSubFilter=ETSI.CAdES.detached',
      'alwaysCreateRevision=true',
      `filters=subject.contains:${ANNA};nonexpired:`,
    ]);
    expect(Object.fromEntries(asked.parameters)).toMatchObject({
      ...{ format: 'PAdES', algorithm: 'SHA256withRSA', ver: '3', aw: 'true' },
      appname: 'Ajuntament de Vila',
    });
    const other = program.opens(program.request().kept, { browser: 'Firefox', servlets: SERVLETS });
    expect(new URL(other).searchParams.get('key')).not.toBe(
      new URL(address).searchParams.get('key'),
    );
    const android = program.opens(attempt.kept, {
      browser: 'Mozilla/5.0 (Linux; Android 16) Chrome/150.0',
      servlets: SERVLETS,
    });
    expect(android).toMatch(/^intent:\/\/sign\?.*#Intent;scheme=afirma;package=es.gob.afirma;end$/);
    expect((await fetchRequest(android, send)).document.equals(document)).toBe(true);
  });

  test.each<[string, Behaviour, string]>([
    ['cancelled', { does: 'cancel' }, 'cancelled'],
    ['cancelled, in the words of version 1.10', { does: 'cancel', isModern: true }, 'cancelled'],
    ['a failure of the program', { does: 'fail' }, 'denied'],
    ['a failure of the program, in its newer words', { does: 'fail', isModern: true }, 'denied'],
    ['no certificate', { does: 'finds none' }, 'no_certificate'],
    ['no certificate, in newer words', { does: 'finds none', isModern: true }, 'no_certificate'],
  ])('is not signed: %s', async (_, behaviour, reason) => {
    expect(await signs(anna, behaviour)).toMatchObject({ ok: false, reason });
  });

  test.each(['SAF_14: vieja', 'SAF_41: vieja', 'err-00:=AF500005 - Vieja'])(
    'is not signed by a program that is too old: %s',
    async (said) => {
      expect(await program.read(said, attempt)).toMatchObject({ ok: false, reason: 'outdated' });
    },
  );

  test.each(['', 'x', 'abc|def', '3.AAAA', 'ERR-07:=Los datos', '{}', '|', '\0'])(
    'is not signed by what nobody understands: %j',
    async (said) => {
      expect(await program.read(said, attempt)).toMatchObject({ ok: false });
    },
  );

  test('is not signed by what was enciphered for another request', async () => {
    await signs();
    expect(await program.read(put, attemptOf())).toMatchObject({
      ok: false,
      reason: 'refused',
      code: 'unreadable',
    });
  });
});

const DAYS = {
  from: Temporal.Instant.from('2026-01-01T00:00:00Z'),
  until: Temporal.Instant.from('2026-12-31T00:00:00Z'),
};

describe.skipIf(NO_TOOLS)('a certificate', () => {
  test.each<[string, string]>([
    ['IDCES-12345678Z', 'as the FNMT and idCAT write it'],
    ['12345678Z', 'as the DNI electrónico has it'],
  ])('is of the person by %s, %s', async (serialNumber) => {
    const card = await authority.card({ subject: `CN=ANNA (FIRMA),2.5.4.5=${serialNumber},C=ES` });
    expect(await signs(card)).toMatchObject({ ok: true });
  });

  test('may be of the organisation for which they act in the case, and of no other', async () => {
    const ofBakery = await authority.card({
      subject: subjectOf(ANNA, ',O=Forn SL,2.5.4.97=VATES-B08000002'),
    });
    attempt = { ...attempt, organisation: 'B08000002' };
    expect(await signs(ofBakery)).toMatchObject({ ok: true });
    attempt = { ...attemptOf(), organisation: 'B08000002' };
    expect(await signs(anna)).toMatchObject({ ok: true });
    const other = await authority.card({
      subject: subjectOf('87654321X', ',O=Forn SL,2.5.4.97=VATES-B08000002'),
    });
    attempt = { ...attemptOf(), organisation: 'B08000002' };
    expect(await signs(other)).toMatchObject({ ok: false, reason: 'other_person' });
    attempt = { ...attemptOf(), organisation: 'A58818501' };
    expect(await signs(ofBakery)).toMatchObject({ ok: false, reason: 'unfit' });
  });

  test.each<[string, () => Promise<Card>, string, string]>([
    [
      'of another person',
      () => authority.card({ subject: subjectOf('87654321X') }),
      'other_person',
      'other_person',
    ],
    [
      'without a number',
      () => authority.card({ subject: 'CN=Anna,C=ES' }),
      'other_person',
      'other_person',
    ],
    [
      'with the number in its name alone',
      () => authority.card({ subject: `CN=ANNA - ${ANNA},C=ES` }),
      'other_person',
      'other_person',
    ],
    [
      'of another country',
      () => authority.card({ subject: `CN=Anna,2.5.4.5=IDCPT-${ANNA},C=PT` }),
      'other_person',
      'other_person',
    ],
    [
      'of a representative',
      () => authority.card({ subject: subjectOf(ANNA, ',O=Forn SL,2.5.4.97=VATES-B08000002') }),
      'unfit',
      'for_another',
    ],
    [
      'of a representative, as the FNMT names them',
      () =>
        authority.card({ subject: `CN=${ANNA} ANNA (R: B08000002),2.5.4.5=IDCES-${ANNA},C=ES` }),
      'unfit',
      'for_another',
    ],
    [
      'only for identifying',
      () => authority.card({ subject: subjectOf(ANNA), usage: KeyUsageFlags.digitalSignature }),
      'unfit',
      'signer_key_usage',
    ],
    [
      'that has ended',
      () => authority.card({ subject: subjectOf(ANNA), ...DAYS }),
      'ended',
      'certificate_expired',
    ],
    [
      'that has not begun',
      () =>
        authority.card({
          subject: subjectOf(ANNA),
          from: Temporal.Instant.from('2027-03-01T00:00:00Z'),
        }),
      'ended',
      'certificate_not_yet_valid',
    ],
    [
      'of an authority of somebody’s own',
      async () => (await peopleAuthority()).card({ subject: subjectOf(ANNA) }),
      'untrusted',
      'issuer_unknown',
    ],
    [
      'without the authority between',
      async () => ({ ...anna, above: [] }),
      'untrusted',
      'issuer_unknown',
    ],
    [
      'with a heap of others',
      async () => {
        const make = (_: unknown, nth: number) => authority.card({ subject: `CN=A${nth}` });
        const more = await Promise.all(Array.from({ length: 10 }, make));
        return { ...anna, above: [authority.below, ...more.map(({ own }) => own)] };
      },
      'refused',
      'signature',
    ],
    [
      'below somebody’s own certificate',
      async () => {
        const own = await authority.card({ subject: subjectOf(ANNA), by: anna.own });
        return { ...own, above: [anna.own, authority.below] };
      },
      'untrusted',
      'issuer_unknown',
    ],
  ])('is refused: %s', async (_, make, reason, code) => {
    expect(await signs(await make())).toEqual({ ok: false, reason, code });
    expect(logged).toEqual([code]);
  });

  test('counts below an authority that the town names itself, and below no other', async () => {
    program = programOf([authority.below]);
    expect(await signs({ ...anna, above: [] })).toMatchObject({ ok: true });
    const other = await peopleAuthority('Altra AC');
    program = programOf([other.root]);
    expect(await signs()).toMatchObject({ ok: false, reason: 'untrusted' });
  });

  test('is asked for at its authority, and counts no more when it was revoked', async () => {
    using responder = await testResponder();
    const about = await authority.card({ subject: subjectOf(ANNA), ocsp: responder.url });
    const right = { signer: authority.below, authority: authority.below, about: about.own };
    clock.set(Temporal.Now.instant().toString());
    program = programOf([authority.root], 'required');
    responder.answers({ ...right, how: 'right' });
    expect(await signs(about)).toMatchObject({
      value: { signer: { certificate: { isRevocationAsked: true } } },
    });
    responder.answers({ ...right, how: 'as revoked' });
    expect(await signs(about)).toEqual({ ok: false, reason: 'ended', code: 'revoked' });
    // While it does not answer, what the program put stays to be read.
    responder.answers(null);
    expect(await signs(about)).toMatchObject({ reason: 'away' });
    responder.answers({ ...right, how: 'right' });
    expect(await program.read(put, attempt)).toMatchObject({ ok: true });
  });

  test('whose revocation can’t be asked does not count where that is required, and can be read again', async () => {
    program = programOf([authority.root], 'required');
    expect(await signs()).toEqual({ ok: false, reason: 'away', code: 'revocation' });
  });
});

const PAGE = /\/Contents \d+ 0 R/;

describe.skipIf(NO_TOOLS)('what was signed is refused', () => {
  test.each<[string, Behaviour, string]>([
    [
      'another document',
      {
        instead: (file) =>
          Buffer.from(file.toString('latin1').replace('/Lang (ca)', '/Lang (es)'), 'latin1'),
      },
      'document',
    ],
    ['more after the signature', { after: '\n%%EOF' }, 'signature_place'],
    ['something to see', { rectangle: '10 10 200 100' }, 'revision'],
    [
      'another content of the page',
      changes(({ page, next }) => ({
        [next]: '<</Length 0>>stream\n\nendstream',
        ...{ [PAGES.first]: page.replace(PAGE, `/Contents ${next} 0 R`) },
      })),
      'revision',
    ],
    [
      'an annotation over the text',
      changes(({ page, next }) => ({
        [next]: '<</Type/Annot/Subtype/FreeText/Rect[0 0 600 800]/Contents(No)>>',
        ...{ [PAGES.first]: page.replace(/>>$/, `/Annots[${next} 0 R]>>`) },
      })),
      'revision',
    ],
    [
      'the content of the page itself, written again',
      changes(({ page }) => ({
        [Number(PAGE.exec(page)?.[0].split(' ')[1])]: '<</Length 0>>stream\n\nendstream',
      })),
      'revision',
    ],
    [
      'what runs when it is opened',
      changes(({ next }) => ({ [next]: '<</S/JavaScript/JS(app.alert)>>' })),
      'revision',
    ],
  ])('%s', async (_, behaviour, code) => {
    expect(await signs(anna, behaviour)).toEqual({ ok: false, reason: 'refused', code });
  });

  test('each changed byte, and what nobody signed', async () => {
    const signed = await signs();
    if (!signed.ok) throw new Error(signed.code);
    const { evidence } = signed.value;
    const place = evidence.lastIndexOf('/ByteRange [');
    for (const at of [document.length + 5, place - 20, evidence.length - 30]) {
      const forged = Buffer.from(evidence);
      forged[at]! ^= 1;
      expect(() => verifiedPades(forged, document), String(at)).toThrow();
    }
    expect(() => verifiedPades(document, document)).toThrow('signature_place');
  });
});

/** The number of the first page’s object, as the document has it. */
const PAGES = {
  get first(): number {
    const text = document.toString('latin1');
    const kids = /\/Kids \[(\d+)/.exec(text);
    return Number(kids?.[1]);
  },
};

function changes(objects: NonNullable<PadesWishes['objects']>): Behaviour {
  return { objects };
}
