import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Card, type PadesWishes, signPdf } from '../../../../e2e/support/autofirma/pades.ts';
import { drawDocument } from '../../../lib/pdf/document.ts';
import { NO_TOOLS, run, testFolder } from '../../../lib/seal/testing.ts';
import { peopleAuthority, subjectOf } from '../autofirma/testing.ts';
import { readRevision } from './revision.ts';
import { verifiedPades } from './verify.ts';

const folder = testFolder();
afterAll(() => folder[Symbol.dispose]());

let card: Card;
let document: Buffer;
/** The numbers of objects of the document: the first page's content, its list of pages, its metadata. */
let content: string;
let pages: string;
let metadata: string;

beforeAll(async () => {
  card = await (await peopleAuthority()).card({ subject: subjectOf('12345678Z') });
  document = await drawDocument(
    {
      ...{ language: 'ca', title: 'Sol·licitud (čő) \\', subject: 'Prova', author: 'Vilà' },
      at: Temporal.Instant.from('2027-02-01T08:00:00Z'),
      parts: [{ as: 'H1', text: 'Dono la casa a Anna' }],
      margin: ['Vila'],
      foot: (page, count) => `${page}/${count}`,
    },
    null,
  );
  const numberOf = (name: string) =>
    new RegExp(`/${name} (\\d+) 0 R`).exec(document.toString('latin1'))?.[1] ?? '';
  [content, pages, metadata] = ['Contents', 'Pages', 'Metadata'].map(numberOf) as [
    string,
    string,
    string,
  ];
});

const said = (wishes: PadesWishes): string => {
  try {
    verifiedPades(signPdf(document, card, wishes), document);
    return 'it counts';
  } catch (error) {
    return (error as Error).message;
  }
};

/** Puts something in the place of something after the objects, and says again where their table begins. */
const after = (from: string, to: string | (() => string)): PadesWishes => ({
  rewritten(part) {
    expect(part.split(from)).toHaveLength(2);
    const made = part.replace(from, typeof to === 'string' ? () => to : to);
    const start = document.length + made.lastIndexOf('xref\n0 1\n');
    return made.includes('xref\n0 1\n')
      ? made.replace(/startxref\n\d+/, `startxref\n${start}`)
      : made;
  },
});

/** Puts something in the place of something in an object. */
const inside = (from: string | RegExp, to: string): PadesWishes => ({
  body: (body) => body.replace(from, to),
});

const stream = (text: string) => `<</Length ${text.length}>>stream\n${text}\nendstream`;

/** Gives the page another content, in an object whose head only other readers take for one. */
const hidden = (head: string): PadesWishes => ({
  objects: () => ({ [content]: stream('BT /F1 20 Tf 100 700 Td (No) Tj ET') }),
  rewritten: (part) => part.replace(`\n${content} 0 obj\n`, `\n${content}${head}`),
});

const FREED = after(
  '00000 n \ntrailer',
  () => `00000 n \n${content} 1\n0000000000 65535 f \ntrailer`,
);

describe.skipIf(NO_TOOLS)('what AutoFirma appends', () => {
  test('is taken, and with an appearance, fonts and metadata as its library writes them', () => {
    expect(said({})).toBe('it counts');
  });

  test('is refused when readers show another document, of which pdfsig says that it is signed whole', () => {
    const shown = (wishes: PadesWishes) => {
      const file = folder.at('shown.pdf', signPdf(document, card, wishes));
      const report = run('pdfsig', '-nocert', file);
      expect(report).toContain('Signature is Valid.');
      expect(report).toContain('Total document signed');
      return run('pdftotext', file, '-');
    };
    expect(shown({})).toContain('Dono la casa');
    for (const attack of [FREED, hidden(' 0%\nobj')]) {
      expect(shown(attack)).not.toContain('Dono la casa');
      expect(said(attack)).toBe('revision');
    }
  });

  test.each<[string, PadesWishes]>([
    ['says that an object of ours is free', FREED],
    ['has a comment in the head of an object', hidden(' 0%\nobj')],
    ['has a NUL in the head of an object', hidden('\x000 obj\n')],
    ['has another generation of an object', hidden(' 1 obj\n')],
    [
      'says that an object of ours is elsewhere',
      after('00000 n \ntrailer', () => `00000 n \n${content} 1\n0000000015 00000 n \ntrailer`),
    ],
    [
      'has an object that its table does not name',
      { rewritten: (part) => part.replace(/\d+ 1\n\d{10} 00000 n \n(?=trailer)/, '') },
    ],
    [
      'has a table with places where nothing begins',
      { rewritten: (part) => part.replace(/(\d{10}) 00000 n/, '0000000015 00000 n') },
    ],
    [
      'names an object twice in its table',
      { rewritten: (part) => part.replace(/(\d+ 1\n\d{10} 00000 n \n)(?=trailer)/, '$1$1') },
    ],
    ['has a comment between objects', after('\nxref\n', '\n%%%%\nxref\n')],
    ['has a comment after its trailer', after('\nstartxref', '\n%\nstartxref')],
    ['has bytes that are nothing', after('endobj\nxref', 'endobj\n\0\nxref')],
    ['has a second trailer', after('\nstartxref', '\ntrailer\n<<>>\nstartxref')],
    ['has a second table of its own', after('/ID [', '/XRefStm 15/ID [')],
    [
      'says that what was before is elsewhere',
      { rewritten: (part) => part.replace(/\/Prev \d+/, '/Prev 15') },
    ],
    ['leads on to nothing', { rewritten: (part) => part.replace(/\/Prev \d+/, '') }],
    ['has another root', { rewritten: (part) => part.replace(/\/Root \d+/, `/Root ${pages}`) }],
    ['is said to be locked', after('/ID [', '/Encrypt<<>>/ID [')],
    ['has something after its end', after('%%EOF\n', '%%EOF\n%\n')],
    ['ends elsewhere', { rewritten: (part) => part.replace(/startxref\n\d+/, 'startxref\n15') }],
    ['begins in the last line of ours', { rewritten: (part) => part.replace(/^\n/, ' ') }],
    [
      'has a stream of objects',
      added('<</Type/ObjStm/N 1/First 4/Length 8>>stream\n8 0 <<>>\nendstream'),
    ],
    ['has a stream in the place of a table', added('<</Type/XRef/Length 0>>stream\n\nendstream')],
    ['has an object for which there is no use', added('<</Type/Font/Subtype/Type1>>')],
    ['has what runs', added('<</S/JavaScript/JS(app.alert)>>')],
    ['has a dictionary that is not well formed', added('<</A>>')],
    ['has a stream that is longer than it says', added('<</Length 0>>stream\nx\nendstream')],
    ['has lists within each other without end', added('['.repeat(5_000) + ']'.repeat(5_000))],
    ['has a text without an end', added('<</A (((>>')],
    ['has a name with an escaped letter', inside('/Helv 0 Tf 0 g )/DR', '/Helv 0 Tf 0 g )/D#52')],
    ['has an entry of a page twice', page('/Contents 9999 0 R')],
    ['has a page that does something', page('/AA<</O<</S/JavaScript/JS(x)>>>>')],
    ['has another size of a page', changedPage(/\/MediaBox \[0 0 [\d.]+/, '/MediaBox [0 0 100')],
    ['has another size of the letters of a page', changedPage(/\/UserUnit 1/, '/UserUnit 9')],
    ['has pages in another order', inside('/ITXT(2.1.7)', '/Rotate 180  ')],
    ['does something when it is opened', inside('/SigFlags 3>>', '/SigFlags 3>>/OpenAction 9 0 R')],
    ['asks readers to draw fields anew', inside('/SigFlags 3', '/NeedAppearances true')],
    ['has a form of another kind', inside('/SigFlags 3', '/XFA 9 0 R')],
    ['has a field that does something', inside('/DR<<>>', '/AA<<>>')],
    ['has a field with a place', { rectangle: '0 0 300 300' }],
    ['has a picture in the field', drawing('0 0 600 800 re f')],
    ['has another picture for when it is pressed', inside(/\/AP<<\/N (\d+) 0 R/, '/AP<</D $1 0 R')],
    [
      'has a signature that allows later changes',
      inside('/M(D:20270201090000Z)/Name', '/Reference[<</TransformMethod/DocMDP>>]/Name'),
    ],
    [
      'has a signature of another kind',
      inside('/SubFilter/ETSI.CAdES.detached', '/SubFilter/adbe.x509.rsa_sha1'),
    ],
    ['has metadata that have to be unpacked', metadataOf('/Filter/LZWDecode')],
    ['has another title', inside('<</Producer(Cliente @firma)', '<</Title(Res)')],
  ])('is refused when it %s', (_, wishes) => {
    expect(said(wishes)).toBe('revision');
  });
});

/** Adds an object with the next number. */
function added(body: string): PadesWishes {
  return { objects: ({ next }) => ({ [next]: body }) };
}

function page(more: string): PadesWishes {
  return changedPage(/>>$/, `${more}>>`);
}

function changedPage(from: RegExp, to: string): PadesWishes {
  return {
    objects: ({ page: body, next }) => ({
      [pageNumber()]: body.replace(from, to).replace(/>>$/, `/Annots[${next - 3} 0 R]>>`),
    }),
  };
}

const pageNumber = (): string => /\/Kids \[(\d+)/.exec(document.toString('latin1'))?.[1] ?? '';

function drawing(text: string): PadesWishes {
  return {
    objects: ({ next }) => ({
      [next - 4]:
        `<</Type/XObject/Subtype/Form/BBox[0 0 0 0]/Length ${text.length}>>stream\n${text}\nendstream`,
    }),
  };
}

function metadataOf(more: string): PadesWishes {
  return {
    objects: () => ({
      [metadata]: `<</Type/Metadata/Subtype/XML/Length 0${more}>>stream\n\nendstream`,
    }),
  };
}

describe('what somebody appends to stop the server', () => {
  const place = { from: 0, until: 0 };
  const steps = (appended: string) => {
    const text = document.toString('latin1') + appended;
    const { isHarmless, steps: taken } = readRevision(text, document.length, place);
    expect(isHarmless).toBe(false);
    return taken;
  };

  test.each<[string, (times: number) => string]>([
    ['digits', (times) => `\n${'1'.repeat(8 * times)}`],
    ['heads of objects without an end', (times) => `\n${'1 0 obj\n'.repeat(times)}`],
    [
      'empty objects',
      (times) =>
        `\n${Array.from({ length: times }, (_, nth) => `${nth} 0 obj 1 endobj\n`).join('')}`,
    ],
    ['the same object', (times) => `\n${'1 0 obj 1 endobj\n'.repeat(times)}`],
    ['spaces', (times) => `\n${' '.repeat(8 * times)}`],
    ['lines', (times) => '\r\n'.repeat(4 * times)],
    ['a list', (times) => `\n1 0 obj\n[${'1 0 R '.repeat(times)}`],
    ['numbers that are no references', (times) => `\n1 0 obj\n[${'1 0 0 '.repeat(times)}`],
    ['lists within each other', (times) => `\n1 0 obj\n${'['.repeat(8 * times)}`],
    ['dictionaries within each other', (times) => `\n1 0 obj\n${'<</A'.repeat(2 * times)}`],
    ['parentheses', (times) => `\n1 0 obj\n${'('.repeat(8 * times)}`],
    ['backslashes', (times) => `\n1 0 obj\n(${'\\\\'.repeat(4 * times)}`],
    ['hexadecimal digits', (times) => `\n1 0 obj\n<${'a'.repeat(8 * times)}`],
    ['a long name', (times) => `\n1 0 obj\n/${'a'.repeat(8 * times)}`],
    ['streams', (times) => `\n1 0 obj\n${'<</Length 0>>stream\n'.repeat(times)}`],
    ['tables', (times) => `\n${'xref\n0 0\n'.repeat(times)}`],
    ['a table', (times) => `\nxref\n0 9999999999\n${'0000000000 00000 n \n'.repeat(times)}`],
    ['comments', (times) => `\n${'%x\n'.repeat(times)}`],
    ['ends', (times) => `\n${'startxref\n0\n%%EOF\n'.repeat(times)}`],
  ])('is refused after a few looks at each byte: %s', (_, of) => {
    const [few, many] = [of(50_000), of(500_000)];
    expect(steps(few)).toBeLessThan(3 * few.length + 100);
    expect(steps(many)).toBeLessThan(3 * many.length + 100);
  });

  test('is not read at all when it is much more than a signature needs', () => {
    const file = Buffer.concat([document, Buffer.alloc(400_001)]);
    expect(() => verifiedPades(file, document)).toThrow('too_large');
  });
});
