import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Scan } from '../../../../lib/clamd.ts';
import { cleanName, endingOf, isAsDeclared, nameFor, verdictOf } from './rules.ts';
import { type Kind, TYPES } from './types.ts';

describe('a name', () => {
  test.each([
    ['Volant de padró.pdf', 'Volant de padró.pdf'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\Maria\\Nómina.pdf', 'Nómina.pdf'],
    ['factura\u202efdp.exe', 'facturafdp.exe'],
    ['a\u0000b\u200f\u2066c\r\n.txt', 'abc.txt'],
    ['  ..ocult.. .pdf', 'ocult.pdf'],
    ['con .exe', '_con.exe'],
    ['què? "això": <tot>|*.pdf', 'què_ _això__ _tot___.pdf'],
    ['nul.txt', '_nul.txt'],
    ['COM1', '_COM1'],
    ['Nulla.txt', 'Nulla.txt'],
    ['..', 'document'],
    ['', 'document'],
    ['/', 'document'],
    ['re\u0301sume\u0301.txt', 'résumé.txt'],
  ])('%j is shown as %j', (name, shown) => expect(cleanName(name)).toBe(shown));

  test('keeps its ending when it is too long, and no character is cut in two', () => {
    const long = cleanName(`${'👩‍👧'.repeat(100)}${'à'.repeat(400)}.jpeg`);
    expect(long).toMatch(/\.jpeg$/);
    expect(long.isWellFormed()).toBe(true);
    expect(Buffer.byteLength(long)).toBeLessThanOrEqual(150);
    expect(cleanName(`e${'\u0301'.repeat(500)}.pdf`)).toBe('document.pdf');
    expect(cleanName(`${'. '.repeat(1_000_000)}a.pdf`)).toBe('a.pdf');
  });

  const nasty = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 400 }),
    fc.string({ unit: 'grapheme', maxLength: 400 }),
    fc
      .array(
        fc.constantFrom(
          ...['..', '/', '\\', '\0', '\u202e', '\u200d', '\u2028', '\ud800', ' ', '\t', '\n', '.'],
          ...[
            'con',
            'NUL',
            '.pdf',
            '.exe',
            'e',
            '\u0301',
            'à',
            '👩‍👧',
            ':',
            '*',
            '"',
            '\u00a0',
            '%00',
          ],
        ),
        { maxLength: 60 },
      )
      .map((parts) => parts.join('')),
  );

  test('whatever it was, can be saved and shown anywhere, and does not change the second time', () => {
    fc.assert(
      fc.property(nasty, (name) => {
        const clean = cleanName(name);
        expect(clean).not.toMatch(/[\p{C}\p{Zl}\p{Zp}/\\<>:"|?*]|^[.\s]|[.\s]$|^$/u);
        expect(clean).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i);
        expect(Buffer.byteLength(clean)).toBeLessThanOrEqual(151);
        expect(clean.isWellFormed()).toBe(true);
        expect(cleanName(clean)).toBe(clean);
      }),
      { numRuns: 3_000 },
    );
  });

  test('gets the ending of its kind', () => {
    const kinds = fc.constantFrom(...(Object.keys(TYPES) as Kind[]));
    fc.assert(
      fc.property(nasty, kinds, (name, kind) => {
        const given = nameFor(name, kind);
        expect(isAsDeclared(kind, { name: given, type: '' })).toBe(true);
        expect(endingOf(given)).not.toBeNull();
        expect(nameFor(given, kind)).toBe(given);
      }),
      { numRuns: 3_000 },
    );
  });

  test.each([
    ['IMG_0001.HEIC', 'heic', 'IMG_0001.HEIC'],
    ['IMG_0001.HEIC', 'jpg', 'IMG_0001.jpg'],
    ['foto.jpeg', 'jpg', 'foto.jpeg'],
    ['image', 'jpg', 'image.jpg'],
    ['30.11.2026', 'pdf', '30.11.2026.pdf'],
    ['Carta de la Sra. Puig', 'odt', 'Carta de la Sra. Puig.odt'],
  ] as const)('%s that is a %s is called %s', (name, kind, called) =>
    expect(nameFor(name, kind)).toBe(called),
  );
});

describe('a declared name and media type', () => {
  const is = (kind: Kind, name: string, type = '') => isAsDeclared(kind, { name, type });

  test('agree with the kind: by the ending, a variant of it, no ending, an unknown media type', () => {
    expect(is('pdf', 'a.PDF', 'application/pdf')).toBe(true);
    expect(is('jpg', 'a.jfif', 'image/jpg')).toBe(true);
    expect(is('docx', 'carta', 'application/octet-stream')).toBe(true);
    expect(is('txt', 'a.txt', 'text/plain; charset=utf-8')).toBe(true);
  });
  test('may be those of another picture, as phones do', () => {
    expect(is('jpg', 'a.png', 'image/png')).toBe(true);
    expect(is('webp', 'a.jpg')).toBe(true);
  });
  test.each([
    ['pdf', 'a.docx', ''],
    ['pdf', 'a.exe', ''],
    ['txt', 'a.html', ''],
    ['txt', 'a.js', 'text/plain'],
    ['txt', 'a.csv', ''],
    ['docx', 'a.docm', ''],
    ['jpg', 'a.pdf', ''],
    ['jpg', 'a.jpg', 'application/pdf'],
    ['txt', 'a\u202e.svg', ''],
  ] as const)('deceive: %s as %s (%s)', (kind, name, type) =>
    expect(is(kind, name, type)).toBe(false),
  );
});

describe('the result of the antivirus', () => {
  const about = (scan: Scan | null, locked = false) =>
    verdictOf({ kind: 'pdf', name: 'a.pdf', locked }, scan);
  const found = (name: string): Scan => ({ verdict: 'infected', name });
  const file = { type: 'application/pdf', name: 'a.pdf' };

  test('decides that a file is clean; without an antivirus, the bytes decide', () => {
    expect(about({ verdict: 'clean' })).toEqual({ verdict: 'clean', ...file });
    expect(about(null)).toEqual({ verdict: 'clean', ...file });
  });
  test('never makes a locked file clean', () => {
    for (const scan of [{ verdict: 'clean' } as const, null])
      expect(about(scan, true)).toEqual({ verdict: 'unscannable', ...file, why: 'encrypted' });
    expect(about(found('Pdf.Phish'), true).verdict).toBe('infected');
  });
  test.each([
    ['Heuristics.Encrypted.PDF', { verdict: 'unscannable', why: 'encrypted' }],
    ['Heuristics.Limits.Exceeded.MaxFileSize', { verdict: 'unscannable', why: 'not_whole' }],
    ['Heuristics.Broken.Media.JPEG', { verdict: 'unscannable', why: 'not_whole' }],
    ['Heuristics.Phishing.Email', { verdict: 'infected' }],
    ['Win.Test.EICAR_HDB-1', { verdict: 'infected', signature: 'Win.Test.EICAR_HDB-1' }],
  ])('%s: %o', (name, verdict) => expect(about(found(name))).toMatchObject(verdict));
  test('leads to another check after an error, but not for a file above its size limit', () => {
    for (const why of ['away', 'slow', 'answer', 'content'] as const)
      expect(about({ verdict: 'error', reason: why }, true)).toEqual({ verdict: 'error', why });
    expect(about({ verdict: 'error', reason: 'size' })).toMatchObject({ why: 'not_whole' });
  });
});
