import { describe, expect, test } from 'vitest';
import { contentOf } from '../../../../lib/testing/content.ts';
import { LIMITS } from './limits.ts';
import { checkContent } from './service.ts';
import { odf, ooxml } from './testing/files.ts';
import { type ZipMember, zipOf } from './testing/zip.ts';

const MB = 1 << 20;
const verdictOn = (bytes: Buffer, name = 'a.docx') =>
  checkContent(contentOf(bytes), { name, type: '' }, null);
const refusalOf = async (...members: ZipMember[]) => {
  const verdict = await verdictOn(ooxml('docx', members));
  return verdict.verdict === 'refused' ? verdict.why : verdict.verdict;
};
const some = (count: number, make: (index: number) => Partial<ZipMember> = () => ({})) =>
  Array.from({ length: count }, (_, index) => ({
    ...{ name: `word/media/${index}.png`, data: 'x', ...make(index) },
  }));

describe('an archive bomb is refused', () => {
  const HUGE = Buffer.alloc(300 * MB);

  test('with one member of 300 MB', async () => {
    expect(await refusalOf({ name: 'a.png', data: HUGE })).toBe('too_much_inside');
  });

  test('with one member that is too large for the antivirus, though its ratio is ordinary', async () => {
    const stored = (size: number) => ({ name: 'a.png', data: Buffer.alloc(size), store: true });
    expect(await refusalOf(stored(LIMITS.member))).toBe('clean');
    expect(await refusalOf(stored(LIMITS.member + 1))).toBe('too_much_inside');
  });

  test('with false sizes', async () => {
    for (const unpacked of [0, 1, 1_000, 10 * MB])
      expect(await refusalOf({ name: 'a.png', data: HUGE, says: { unpacked } })).toBe('damaged');
    expect(
      await refusalOf({ name: 'a.png', data: 'x'.repeat(999), says: { unpacked: 9_999 } }),
    ).toBe('damaged');
    expect(await refusalOf({ name: 'a.png', data: 'x', says: { packed: 999_999 } })).toBe('hidden');
    // Also in the part with the content types.
    const types = { name: '[Content_Types].xml', data: HUGE, says: { unpacked: 500 } };
    expect(await verdictOn(zipOf([types]))).toMatchObject({ why: 'damaged' });
  });

  test('with 10,000 tiny members, or with slightly too many', async () => {
    expect(await refusalOf(...some(10_000))).toBe('too_much_inside');
    expect(await refusalOf(...some(LIMITS.members - 3))).toBe('clean');
    expect(await refusalOf(...some(LIMITS.members - 2))).toBe('too_much_inside');
  });

  test('with members that are each below the limit', async () => {
    const data = Buffer.alloc(30 * MB);
    randomly(MB).copy(data); // its ratio is then like that of text
    expect(await refusalOf(...some(7, () => ({ data })))).toBe('too_much_inside');
  });

  test('with members that overlap', async () => {
    const data = randomly(8_000);
    expect(await refusalOf(...some(1_500, () => ({ data })))).toBe('clean');
    // All of them point to the same bytes.
    const lying = some(1_500, () => ({
      ...{ data: '', store: true, method: 8 },
      says: { packed: data.length, unpacked: data.length, offset: 0 },
    }));
    expect(await refusalOf(...lying)).toBe('hidden');
  });

  test('with a ratio that is too high', async () => {
    expect(await refusalOf({ name: 'a.png', data: Buffer.alloc(LIMITS.ratioFrom) })).toBe(
      'too_much_inside',
    );
    expect(await refusalOf({ name: 'a.png', data: Buffer.alloc(MB) })).toBe('clean');
  });

  test('with archives in archives', async () => {
    let inner = ooxml('docx');
    for (let depth = 0; depth < 3; depth++)
      inner = ooxml('docx', [{ name: 'word/embeddings/a.docx', data: inner, store: true }]);
    expect(await verdictOn(inner)).toMatchObject({ why: 'too_much_inside' });
    // Each embedded archive counts against the limits of the whole file.
    const data = ooxml('xlsx', some(300));
    const several = some(10, (index) => ({ name: `word/embeddings/${index}.xlsx`, data }));
    expect(await refusalOf(...several)).toBe('too_much_inside');
    const large = ooxml('xlsx', [{ name: 'a.bin', data: randomly(21 * MB), store: true }]);
    expect(await refusalOf({ name: 'a.xlsx', data: large, store: true })).toBe('too_much_inside');
  });

  test('in an OpenDocument, too', async () => {
    const bomb = odf('text', [{ name: 'Pictures/a.png', data: HUGE }]);
    expect(await verdictOn(bomb, 'a.odt')).toMatchObject({ why: 'too_much_inside' });
  });
});

/** Returns bytes that can't be compressed, always the same. */
function randomly(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let state = 1;
  for (let at = 0; at + 4 <= length; at += 4) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes.writeUInt32LE(state, at);
  }
  return bytes;
}

describe('a member of an archive', () => {
  test.each([
    ['above the document', { name: '../../x.png' }, 'damaged'],
    ['from the root', { name: '/etc/passwd' }, 'damaged'],
    ['from a drive', { name: 'C:/x.png' }, 'damaged'],
    ['with the other slash', { name: 'word\\media\\x.png' }, 'damaged'],
    ['there twice', { name: 'WORD/document.xml' }, 'damaged'],
    ['that leads elsewhere (a symbolic link)', { mode: 0o120777 }, 'damaged'],
    ['packed in a way nobody does', { method: 12 }, 'damaged'],
    ['that isn’t there', { says: { offset: 999_999 } }, 'damaged'],
    ['with a name that can’t be read', { name: Buffer.from('a\0\xff.png', 'latin1') }, 'clean'],
    ['in a folder that is one', { name: 'word/media/', data: '' }, 'clean'],
  ])('%s', async (_, member, why) => {
    expect(await refusalOf({ name: 'word/media/x.png', data: 'x', ...member })).toBe(why);
  });

  test('is checked even if its first bytes come one by one', async () => {
    // Stored without compression, so that it comes in the blocks of the file.
    const before = { name: 'a.png', data: randomly(MB), store: true };
    const start = ooxml('docx', [before, { name: 'b.png', data: '' }]);
    const place = start.lastIndexOf('b.png', start.length - 60) + 5; // the place where the bytes of b.png begin
    const shorter = { ...before, data: before.data.subarray(0, MB - (place - MB) - 1) };
    const program = { name: 'b.png', data: 'MZ\x90'.padEnd(200), store: true };
    expect(await refusalOf(shorter, program)).toBe('program');
  });
});
