import { describe, expect, test } from 'vitest';
import { bytesIn } from './bytes.ts';
import { lookAtPdf } from './pdf.ts';
import { pdf } from './testing/files.ts';
import { LOCKED_PDFS } from './testing/locked-pdfs.ts';

const isLocked = async (bytes: Buffer) => 'locked' in (await lookAtPdf(bytesIn(bytes)));
/** The lock in its usual place, an object of its own, perhaps far from the trailer. */
const apart = (dictionary: string, id: string, far = '') =>
  pdf(
    `/Encrypt 17 0 R /ID [${id}${id}] `,
    `\n117 0 obj\n<<>>\nendobj\n${far}17 0 obj\n${dictionary}\nendobj`,
  );
/** The same string in the other notation, with escapes. */
const literal = (text: string) =>
  text.replaceAll(/(?<!<)<([\da-f]{32,})>/g, (_, hex: string) => {
    const bytes = Buffer.from(hex, 'hex').toString('latin1');
    const escaped = bytes.replaceAll(/[\\()\r\n]/g, (sign) =>
      sign === '\n' ? '\\n' : sign === '\r' ? '\\015' : `\\${sign}`,
    );
    return `(${escaped})`;
  });

describe.each(LOCKED_PDFS)(
  'a PDF encrypted with $how, opens: $opens',
  ({ opens, dictionary, id }) => {
    test.each([
      ['beside the trailer', apart(dictionary, id)],
      ['a megabyte away', apart(dictionary, id, `%${'x'.repeat(1 << 20)}\n`)],
      ['in the trailer', pdf(`/Encrypt ${dictionary} /ID [ ${id} ${id} ] `)],
      ['in the other notation', apart(literal(dictionary), literal(id))],
    ])('with its lock %s', async (_, bytes) => expect(await isLocked(bytes)).toBe(!opens));
  },
);

describe('is locked when its lock can’t be read', () => {
  const [open] = LOCKED_PDFS;
  const { dictionary = '', id = '' } = open ?? {};
  test.each([
    ['it is nowhere', pdf(`/Encrypt 99 0 R /ID [${id}] `)],
    ['it has a handler of its own', apart(dictionary.replace('/Standard', '/Adobe.APS'), id)],
    ['it has a revision to come', apart(dictionary.replace('/R 2', '/R 7'), id)],
    ['it lacks the file’s number', apart(dictionary, '')],
    ['it lacks what is compared', apart(dictionary.replace(/\/U <[^>]*>/, ''), id)],
    [
      'its key has no length',
      apart(dictionary.replace('/R 2', '/R 3').replace('/Length 40', '/Length 9999999999'), id),
    ],
    ['its string never ends', apart(dictionary.replace(/\/U <[^>]*>/, '/U (x'), id)],
    ['it is nothing', pdf('/Encrypt null ')],
  ])('because %s', async (_, bytes) => expect(await isLocked(bytes)).toBe(true));
});
