import { describe, expect, test } from 'vitest';
import { type ResidentLine, readResidents } from './read.ts';

const HEADER = 'given;family;document;country;born;dwelling;address;place;since';
const ROSA =
  'Rosa;Soler Vidal;12345678Z;;1948-03-02;0001;Carrer Major, 12, 2n 1a;08999 Vilaclara;01/06/1971';

async function* inChunks(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(content: string | Buffer, size = 7): Promise<ResidentLine[]> {
  const lines: ResidentLine[] = [];
  for await (const each of readResidents(inChunks(Buffer.from(content), size))) lines.push(each);
  return lines;
}
const mistakes = async (content: string | Buffer) =>
  (await read(content)).flatMap((each) =>
    each.ok ? [] : [`${each.mistake.line} ${each.mistake.reason} ${each.mistake.column}`.trim()],
  );

describe('a file of residents', () => {
  test('whatever is written there marks a person whose address nobody may know', async () => {
    const lines = await read(`${HEADER};protected\n${ROSA};sí\n${ROSA};\n`);
    expect(lines.map((each) => each.ok && each.resident.isProtected)).toEqual([true, false]);
  });

  test('each line is a person', async () => {
    const [rosa] = await read(`${HEADER}\n${ROSA}\n`);
    expect(rosa).toMatchObject({ ok: true, line: 2, isDocumentBad: false });
    expect(JSON.parse(JSON.stringify(rosa?.ok && rosa.resident))).toEqual({
      id: { scheme: 'dni', country: 'ES', identifier: '12345678Z' },
      given: 'Rosa',
      family: 'Soler Vidal',
      born: '1948-03-02',
      dwelling: '0001',
      address: 'Carrer Major, 12, 2n 1a',
      place: '08999 Vilaclara',
      since: '1971-06-01',
      isProtected: false,
    });
  });

  test.each([1, 3, 1000])('in chunks of %i bytes, with accents, is the same', async (size) => {
    const [núria] = await read(
      `${HEADER}\r\n${ROSA.replace('Rosa', '"Núria ""Nuri"""')}\r\n`,
      size,
    );
    expect(núria?.ok && núria.resident.given).toBe('Núria "Nuri"');
  });

  test('semicolons, commas or tabs; columns in any order; a mark of the byte order before them', async () => {
    const columns = ['place', 'given', 'family', 'document', 'address', 'dwelling'];
    const cells = ['Vilaclara', 'Pau', 'Riu', '', 'Major 1', '9'];
    for (const by of [';', ',', '\t']) {
      const [pau] = await read(`\uFEFF${columns.join(by)}\n${cells.join(by)}\n\n`);
      expect(pau?.ok && pau.resident).toMatchObject({
        given: 'Pau',
        place: 'Vilaclara',
        id: null,
        born: null,
      });
    }
  });

  test('documents: DNI, NIE, a passport with its country; one that cannot be right is left out and counted', async () => {
    const of = (document: string, country: string) =>
      ROSA.replace('12345678Z;', `${document};${country}`);
    const rows = [
      ['12345678A', ''],
      ['x1234567l', ''],
      ['YA1234567', 'IT'],
      ['', ''],
    ];
    const lines = await read(
      [HEADER, ...rows.map(([document = '', country = '']) => of(document, country))].join('\n'),
    );
    expect(
      lines.map((each) => each.ok && [each.resident.id?.identifier ?? null, each.isDocumentBad]),
    ).toEqual([
      [null, true],
      ['X1234567L', false],
      ['YA1234567', false],
      [null, false],
    ]);
  });

  test.each<[string, string | Buffer, string]>([
    ['nothing', '', '1 empty'],
    ['another name', 'nom;cognoms\n', '1 column_unknown nom'],
    ['a name twice', 'given;given\n', '1 column_twice given'],
    ['names missing', 'given;family;document\n', '1 column_missing dwelling'],
    [
      'another encoding',
      Buffer.from(`${HEADER}\n${ROSA.replace('Rosa', 'N\xfaria')}`, 'latin1'),
      '1 not_utf8',
    ],
  ])('a file that is none: %s', async (_, content, mistake) => {
    expect(await mistakes(content)).toEqual([mistake]);
  });

  test('a mistake in a line gives its number, and the next line is read', async () => {
    const rows = [
      ROSA.replace('Rosa', ''),
      ROSA.replace('1948-03-02', '1948-02-30'),
      ROSA.replace('01/06/1971', 'juny'),
      ROSA.replace('Carrer Major, 12, 2n 1a', 'x'.repeat(201)),
      ROSA,
    ];
    const lines = await read([HEADER, ...rows].join('\n'));
    expect(lines.map((each) => (each.ok ? each.line : each.mistake))).toEqual([
      { line: 2, reason: 'missing', column: 'given' },
      { line: 3, reason: 'not_a_day', column: 'born' },
      { line: 4, reason: 'not_a_day', column: 'since' },
      { line: 5, reason: 'too_long', column: 'address' },
      6,
    ]);
  });

  test('a line with too few cells, or a quotation mark that is not closed', async () => {
    expect(await mistakes(`${HEADER}\n${ROSA}\nRosa;Soler\n`)).toEqual(['3 not_a_row']);
    expect(await mistakes(`${HEADER}\n"Rosa;Soler\n`)).toEqual(['2 not_a_row']);
  });
});
