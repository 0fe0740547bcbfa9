import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClamd, EICAR, MUST_LOOK_AT, type Scanner } from '../../../../lib/clamd.ts';
import { MARK, NO_CLAMD, openClamd, type RealClamd } from '../../../../lib/testing/clamd.ts';
import { contentOf } from '../../../../lib/testing/content.ts';
import { checkContent } from './service.ts';
import { jpg, ooxml, pdf, segment } from './testing/files.ts';
import { zipOf } from './testing/zip.ts';

const MB = 1 << 20;
const FOUND = { verdict: 'infected', signature: 'Prova.Marca.UNOFFICIAL' };

describe.skipIf(NO_CLAMD)('with a real antivirus', () => {
  let real: RealClamd;
  let scanner: Scanner;
  beforeAll(async () => {
    real = await openClamd([
      ...['StreamMaxLength 30M', 'MaxFileSize 20M', 'MaxScanSize 60M'],
      ...['AlertExceedsMax yes', 'AlertEncrypted yes'],
    ]);
    scanner = createClamd(real.address);
  });
  afterAll(() => real[Symbol.asyncDispose]());
  const check = (name: string, bytes: Uint8Array | string) =>
    checkContent(contentOf(bytes), { name, type: '' }, scanner);

  test('an honest, clean file is clean', async () => {
    for (const [name, bytes] of [
      ['a.pdf', pdf()],
      ['a.jpg', jpg(9, 9, segment(0xe1, randomBytes(50_000)))],
      ['a.docx', ooxml('docx')],
      ['a.txt', 'hola'],
    ] as const)
      expect(await check(name, bytes)).toMatchObject({ verdict: 'clean', name });
  });

  test('malware is found in every kind of file that hides it', async () => {
    expect(await check('a.txt', EICAR)).toMatchObject({ signature: 'Prova.Eicar.UNOFFICIAL' });
    expect(await check('a.txt', MARK)).toEqual(FOUND);
    expect(await check('a.pdf', pdf('', MARK))).toEqual(FOUND);
    expect(await check('a.jpg', jpg(9, 9, segment(0xfe, MARK)))).toEqual(FOUND);
    const part = { name: 'word/x.xml', data: `<x>${MARK}</x>`.repeat(50) };
    expect(await check('a.docx', ooxml('docx', [part]))).toEqual(FOUND);
    const within = { name: 'word/embeddings/a.docx', data: ooxml('docx', [part]), store: true };
    expect(await check('a.docx', ooxml('docx', [within]))).toEqual(FOUND);
  });

  test('malware in a locked file is found where it can be seen, before a person decides', async () => {
    expect(await check('a.pdf', pdf('/Encrypt 9 0 R '))).toMatchObject({ why: 'encrypted' });
    expect(await check('a.pdf', pdf('/Encrypt 9 0 R ', MARK))).toEqual(FOUND);
    const locked = zipOf([{ name: 'a.pdf', data: randomBytes(99), flags: 1 }]);
    expect(await check('a.zip', locked)).toMatchObject({ why: 'encrypted' });
  });

  test('a file that is scanned only in part is not clean', async () => {
    const beyondStream = Buffer.concat([jpg(), randomBytes(31 * MB)]);
    expect(await check('a.jpg', beyondStream)).toMatchObject({
      ...{ verdict: 'unscannable', why: 'not_whole', name: 'a.jpg', type: 'image/jpeg' },
    });
    const beyondFile = Buffer.concat([jpg(), randomBytes(21 * MB), Buffer.from(MARK)]);
    expect(await check('a.jpg', beyondFile)).toMatchObject({ why: 'not_whole' });
  });

  test('members larger than it scans, which it would call clean, are refused before the scan', async () => {
    const end = Buffer.concat([Buffer.alloc(300 * MB), Buffer.from(MARK)]);
    const bomb = ooxml('docx', [{ name: 'word/a.xml', data: end }]);
    expect(await scanner.scan(contentOf(bomb))).toEqual({ verdict: 'clean' });
    expect(await check('a.docx', bomb)).toMatchObject({
      verdict: 'refused',
      why: 'too_much_inside',
    });
  });

  test('with the required settings it finds malware at the very end of the largest accepted member', async () => {
    await using asked = await openClamd();
    const data = Buffer.alloc(MUST_LOOK_AT, 'a\nbc');
    data.write(MARK, data.length - MARK.length);
    const document = ooxml('docx', [{ name: 'word/a.xml', data, store: true }]);
    const declared = { name: 'a.docx', type: '' };
    expect(await checkContent(contentOf(document), declared, createClamd(asked.address))).toEqual(
      FOUND,
    );
  });

  test('while it is away nothing is clean, and wrong files are refused at once', async () => {
    await real.kill();
    expect(await check('a.pdf', pdf())).toEqual({ verdict: 'error', why: 'away' });
    expect(await check('a.html', '<html>')).toEqual({ verdict: 'refused', why: 'type' });
    await real.start();
    expect(await check('a.pdf', pdf())).toMatchObject({ verdict: 'clean' });
  });
});
