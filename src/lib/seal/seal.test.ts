import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { handClock } from '../clock.ts';
import { drawDocument } from '../pdf/document.ts';
import { pdfText } from '../testing/pdf.ts';
import { certificatesIn } from './certificate.ts';
import { readSignature, sha256Of } from './cms.ts';
import { demoSeal } from './demo.ts';
import { sealIn } from './pdf.ts';
import { createSeal } from './seal.ts';
import type { SealSettings } from './settings.ts';
import { NO_TOOLS, run, testAuthority, testFolder, testStamps } from './testing.ts';
import type { Seal } from './types.ts';

const NOW = '2026-11-29T10:00:00Z';
const clock = handClock(NOW);
const folder = testFolder();
afterAll(() => folder[Symbol.dispose]());

let authority: Awaited<ReturnType<typeof testAuthority>>;
beforeAll(async () => {
  authority = await testAuthority();
});

const settings = (
  stampUrl: string | null = null,
  stampAuthorities: SealSettings['stampAuthorities'] = null,
): SealSettings => ({
  key: createPrivateKey(authority.own.keyPem),
  certificates: certificatesIn(authority.chain),
  stampUrl,
  stampAuthorities,
});

const unstamped: unknown[] = [];
const sealOf = (of: SealSettings): Seal =>
  createSeal(of, { clock, onUnstamped: (error) => unstamped.push(error) });

const draw = (seal: Seal | null) =>
  drawDocument(
    {
      ...{ language: 'ca', title: 'Rebut', subject: 'Prova', author: 'Oficina' },
      at: Temporal.Instant.from(NOW),
      parts: [
        { as: 'H1', text: 'Rebut' },
        { as: 'P', label: 'Número', text: 'E2026000001' },
        ...Array.from({ length: 60 }, (_, nth) => ({ as: 'P', text: `Línia ${nth}` }) as const),
      ],
      margin: ['Ajuntament de Vila', 'Codi K7QF-0M3X · https://cita.vila.cat/ca/verify'],
      foot: (page, count) => `${page}/${count}`,
    },
    seal && { seal, at: clock.now(), name: 'Segell: Ajuntament de Vila', by: 'Ajuntament de Vila' },
  );

const rangeOf = (file: Buffer): { from: number; until: number } => {
  const found = /ByteRange \[0 (\d+) (\d+)/.exec(file.toString('latin1'));
  const [from = 0, until = 0] = found!.slice(1).map(Number);
  return { from, until };
};

/** Returns the bytes that a seal is of, and the signature. */
function partsOf(file: Buffer): { signed: Buffer; signature: Buffer } {
  const text = file.toString('latin1');
  const { from, until } = rangeOf(file);
  const signature = Buffer.from(text.slice(from + 1, until - 1), 'hex');
  // DER has its own length: what follows is padding.
  const length = signature.readUInt16BE(2) + 4;
  return {
    signed: Buffer.concat([file.subarray(0, from), file.subarray(until)]),
    signature: signature.subarray(0, length),
  };
}

const cmsOf = (file: Buffer): [Buffer, Buffer] => {
  const { signed, signature } = partsOf(file);
  return [signature, sha256Of(signed)];
};

const verifyCms = (file: Buffer): string => {
  const { signed, signature } = partsOf(file);
  return run(
    ...(['openssl', 'cms', '-verify', '-binary', '-inform', 'DER', '-cades'] as const),
    ...['-in', folder.at('cms', signature), '-content', folder.at('content', signed)],
    ...['-CAfile', folder.at('ca.pem', authority.root.pem), '-purpose', 'any'],
    ...['-attime', `${clock.now().epochMilliseconds / 1000}`, '-out', '/dev/null'],
  );
};

const structureOf = (file: Buffer): string =>
  run(
    'openssl',
    'cms',
    '-cmsout',
    '-print',
    '-inform',
    'DER',
    '-in',
    folder.at('p', partsOf(file).signature),
  );

describe.skipIf(NO_TOOLS)('a sealed document', () => {
  test('is signed as a whole, as other programs find: PAdES, by the town’s certificate', async () => {
    const file = await draw(sealOf(settings()));
    const report = run('pdfsig', '-nocert', folder.at('sealed.pdf', file));
    expect(report).toContain('Signature is Valid.');
    expect(report).toContain('Signature Type: ETSI.CAdES.detached');
    expect(report).toContain('Total document signed');
    expect(report).toContain('Segell electronic');
    expect(verifyCms(file)).toContain('CAdES Verification successful');
  });

  test('names its certificate in what is signed, and no time there (EN 319 142-1)', async () => {
    const printed = structureOf(await draw(sealOf(settings())));
    const attributes = printed.slice(printed.indexOf('signedAttrs'));
    expect(attributes).toContain('id-smime-aa-signingCertificateV2');
    expect(attributes).toContain('contentType');
    expect(attributes).not.toContain('signingTime');
  });

  test('is as accessible as before: title, language, tags, bookmarks, order of the fields', async () => {
    const [plain, file] = [await draw(null), await draw(sealOf(settings()))];
    expect(await pdfText(file)).toEqual(await pdfText(plain));
    const text = file.toString('latin1');
    expect(text).toContain('pdfuaid:part');
    // ISO 14289-1, 7.18.3 and 7.18.4: a page with a field has its order, and the field has a name.
    const pages = text.match(/\/Type \/Page\n[\s\S]*?endobj/g) ?? [];
    expect(
      pages.filter((each) => each.includes('/Annots')).map((each) => each.includes('/Tabs /S')),
    ).toEqual([true]);
    expect(text).toMatch(/\/TU \(Segell: Ajuntament de Vila\)/);
    expect(run('pdftotext', folder.at('sealed.pdf', file), '-')).toContain('E2026000001');
  });

  test('tells each changed byte', async () => {
    const file = await draw(sealOf(settings()));
    expect(sealIn(file)).toMatchObject({
      ...{ holder: 'Segell electronic, Ajuntament de Vila', issuer: 'Test CA', isDemo: false },
      ...{ stampedAt: null },
    });
    expect(sealIn(file)?.at?.toString()).toBe(NOW);
    const { from, until } = rangeOf(file);
    for (const place of [100, from - 200, until + 100, file.length - 20]) {
      const forged = Buffer.from(file);
      forged[place]! ^= 1;
      expect(sealIn(forged)).toBeNull();
      expect(run('pdfsig', '-nocert', folder.at('forged.pdf', forged))).not.toContain(
        'Signature is Valid.',
      );
      expect(verifyCms(forged)).not.toContain('CAdES Verification successful');
    }
    expect(sealIn(Buffer.concat([file, Buffer.from('%%EOF')]))).toBeNull();
    const hidden = Buffer.from(file);
    hidden.write('41', until - 11, 'latin1');
    expect(sealIn(hidden)).toBeNull();
  });

  test('has the time stamp of an authority, which other programs find right', async () => {
    await using stamps = await testStamps();
    const file = await draw(sealOf(settings(stamps.url)));
    expect(unstamped).toEqual([]);
    expect(verifyCms(file)).toContain('CAdES Verification successful');
    expect(structureOf(file)).toContain('id-smime-aa-timeStampToken');
    expect(run('pdfsig', '-nocert', folder.at('stamped.pdf', file))).toContain(
      'Signature is Valid.',
    );
    const { stampedAt } = sealIn(file)!;
    expect(stampedAt).not.toBeNull();
    const { signature, token } = readSignature(...cmsOf(file))!;
    const verified = run(
      ...(['openssl', 'ts', '-verify', '-token_in', '-in', folder.at('token', token!)] as const),
      ...['-data', folder.at('signature', signature), '-CAfile', stamps.certificate],
    );
    expect(verified).toContain('Verification: OK');
  });

  test('is stamped by an authority that is known, and by no other', async () => {
    await using stamps = await testStamps();
    const known = certificatesIn(readFileSync(stamps.certificate, 'utf8'));
    unstamped.length = 0;
    const stamped = await draw(sealOf(settings(stamps.url, known)));
    expect(unstamped).toEqual([]);
    expect(sealIn(stamped)?.stampedAt).not.toBeNull();
    const others = certificatesIn(authority.root.pem);
    const unknown = await draw(sealOf(settings(stamps.url, others)));
    expect(unstamped.map(String)).toEqual([expect.stringContaining('that counts')]);
    expect(sealIn(unknown)).toMatchObject({ stampedAt: null });
  });

  test.each(['failing', 'lying'] as const)(
    'is issued without a stamp when the authority is %s',
    async (mode) => {
      await using stamps = await testStamps(mode);
      unstamped.length = 0;
      const file = await draw(sealOf(settings(stamps.url)));
      expect(unstamped).toHaveLength(1);
      expect(sealIn(file)).toMatchObject({ stampedAt: null });
      expect(verifyCms(file)).toContain('CAdES Verification successful');
    },
  );

  test('is made by a key of RSA too', async () => {
    const [key, certificate] = [folder.at('rsa.key'), folder.at('rsa.pem')];
    run(
      ...(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key] as const),
      ...[
        '-out',
        certificate,
        '-days',
        '30000',
        '-subj',
        '/CN=RSA/O=Vila',
        '-not_before',
        '20200101000000Z',
      ],
      ...['-addext', 'basicConstraints=critical,CA:FALSE'],
    );
    const file = await draw(
      sealOf({
        key: createPrivateKey(readFileSync(key)),
        certificates: certificatesIn(readFileSync(certificate, 'utf8')),
        stampUrl: null,
        stampAuthorities: null,
      }),
    );
    expect(run('pdfsig', '-nocert', folder.at('rsa.pdf', file))).toContain('Signature is Valid.');
    expect(sealIn(file)?.holder).toBe('RSA, Vila');
  });

  test('is not made with a certificate that is out of date', async () => {
    const late = handClock('2029-01-01T00:00:01Z');
    const seal = createSeal(settings(), { clock: late, onUnstamped: () => {} });
    await expect(draw(seal)).rejects.toThrow(/was valid until 2029-01-01/);
  });

  test('of a demonstration tells that it is one, the same at each start', async () => {
    const place = folder.at('demo');
    const [first, again] = [demoSeal(place), demoSeal(place)];
    expect(again.certificates[0]!.raw).toEqual(first.certificates[0]!.raw);
    const file = await draw(sealOf(first));
    expect(run('pdfsig', '-nocert', folder.at('demo.pdf', file))).toContain('Signature is Valid.');
    expect(sealIn(file)).toMatchObject({ isDemo: true });
    expect(sealIn(file)?.holder).toContain('demostració');
  });
});
