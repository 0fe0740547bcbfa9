import { createCipheriv, createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { describe, expect, test } from 'vitest';
import { contentOf } from '../../../../lib/testing/content.ts';
import { emptyDigest, keyWithoutPassword } from './pdf-lock.ts';
import { checkContent } from './service.ts';
import { aes, packedPdf, plainPdf, updatedPdf, type Written } from './testing/active-pdfs.ts';
import { pdf } from './testing/files.ts';
import { LOCKED_PDFS } from './testing/locked-pdfs.ts';

const ACTIVE = { verdict: 'unscannable', why: 'active' };
const CLEAN = { verdict: 'clean' };
const scanner = { scan: async () => ({ verdict: 'clean' as const }) };
const check = (bytes: Buffer, antivirus: typeof scanner | null = null) =>
  checkContent(contentOf(bytes), { name: 'a.pdf', type: '' }, antivirus);

const SCRIPT = '<< /S /JavaScript /JS (app.alert\\(1\\)) >>';
const link = (action: string) =>
  `/Annots [<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A ${action} >>]`;
const FILE = '/F (a.exe) /UF (a.exe) /EF << /F 11 0 R >>';
const STREAM = '<< /Type /EmbeddedFile /Length 2 >>\nstream\nMZ\nendstream';

/** Active content of each kind: it runs when the document is opened, or when the reader clicks on it. */
const DEEDS: readonly [string, Written][] = [
  ['a script on opening', { catalog: `/OpenAction ${SCRIPT}` }],
  ['a script by its number', { catalog: '/OpenAction 10 0 R', more: { 10: SCRIPT } }],
  ['a script with a name', { catalog: `/Names << /JavaScript << /Names [(a) ${SCRIPT}] >> >>` }],
  ['a script of the page', { page: `/AA << /O ${SCRIPT} >>` }],
  [
    'a script of a field',
    { catalog: `/AcroForm << /Fields [<< /FT /Tx /T (a) /AA << /K ${SCRIPT} >> >>] >>` },
  ],
  ['a program that is started', { page: link('<< /S /Launch /F (cmd.exe) >>') }],
  ['another document that is opened', { page: link('<< /S /GoToR /F (b.pdf) /D [0 /Fit] >>') }],
  ['a document within', { page: link('<< /S /GoToE /D [0 /Fit] /T << /R /C /N (a) >> >>') }],
  ['a form that is sent', { page: link('<< /S /SubmitForm /F (https://x.example) >>') }],
  ['data that is read in', { page: link('<< /S /ImportData /F (a.fdf) >>') }],
  ['a form of XFA', { catalog: '/AcroForm << /Fields [] /XFA [(template) 10 0 R] >>' }],
  [
    'a file within',
    {
      catalog: `/Names << /EmbeddedFiles << /Names [(a) << /Type /Filespec ${FILE} >>] >> >>`,
      more: { 11: STREAM },
    },
  ],
  [
    'a file on a page',
    {
      page: `/Annots [<< /Subtype /FileAttachment /Rect [0 0 9 9] /FS << ${FILE} >> >>]`,
      more: { 11: STREAM },
    },
  ],
  ['a player', { page: '/Annots [<< /Subtype /RichMedia /Rect [0 0 9 9] >>]' }],
  ['a film', { page: link('<< /S /Rendition /R 10 0 R >>') }],
  [
    'a page of the web on opening',
    { catalog: '/OpenAction << /S /URI /URI (https://x.example) >>' },
  ],
  [
    'a page of the web with every page',
    { page: '/AA << /O << /S /URI /URI (https://x.example) >> >>' },
  ],
  ['printing on opening', { catalog: '/OpenAction << /S /Named /N /Print >>' }],
  [
    'something after a page',
    { catalog: '/OpenAction << /S /GoTo /D [3 0 R /Fit] /Next 10 0 R >>' },
  ],
  ['nobody knows what on opening', { catalog: '/OpenAction 66 0 R' }],
  [
    'a program’s own address',
    { page: link('<< /S /URI /URI (ms-word:ofe|u|https://x.example/a.docm) >>') },
  ],
  ['a share of another computer', { page: link('<< /S /URI /URI (\\\\\\\\x.example\\\\a) >>') }],
  [
    'a file of this computer',
    { page: link('<< /S /URI /URI <66696c653a2f2f2f6574632f686f737473> >>') },
  ],
  ['a script as an address', { page: link('<< /S /URI /URI (java\\nscript:app.alert) >>') }],
];

describe.each(DEEDS)('a PDF with %s', (_, written) => {
  test('waits for a person to decide, with an antivirus or without', async () => {
    expect(await check(plainPdf(written))).toMatchObject(ACTIVE);
    expect(await check(plainPdf(written), scanner)).toMatchObject(ACTIVE);
  });
  test('does so with packed objects, too', async () => {
    const isStream = Object.values(written.more ?? {}).some((each) => each.includes('stream'));
    if (!isStream) expect(await check(packedPdf(written))).toMatchObject(ACTIVE);
  });
  test('does so when only an earlier version has it, or a later one removes it', async () => {
    const [catalog, page] = [
      `<< /Type /Catalog /Pages 2 0 R ${written.catalog ?? ''} >>`,
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] ${written.page ?? ''} >>`,
    ];
    const added = updatedPdf(
      updatedPdf(plainPdf({ more: written.more ?? {} }), 1, catalog),
      3,
      page,
    );
    expect(await check(added)).toMatchObject(ACTIVE);
    const hidden = updatedPdf(plainPdf(written), 1, '<< /Type /Catalog /Pages 2 0 R >>');
    if (written.catalog) expect(await check(hidden)).toMatchObject(ACTIVE);
  });
});

describe('is clean', () => {
  test.each<[string, Buffer]>([
    ['pages alone', pdf()],
    ['pages alone, packed', packedPdf()],
    ['a page to begin with', plainPdf({ catalog: '/OpenAction [3 0 R /XYZ null null 0]' })],
    [
      'the same as an action',
      packedPdf({ catalog: '/OpenAction 10 0 R', more: { 10: '<< /S /GoTo /D [3 0 R /Fit] >>' } }),
    ],
    [
      'links to the web and within',
      plainPdf({
        page: `${link('<< /S /URI /URI (https://vilaclara.cat/a?b=c:d) >>')} /X ${link('<< /S /GoTo /D [3 0 R /Fit] >>')}`,
      }),
    ],
    [
      'a link to a mailbox and one without a scheme',
      packedPdf({
        page: `${link('<< /S /URI /URI (mailto:a@b.cat) >>')} /X ${link('<< /S /URI /URI (vilaclara.cat:8080/x) >>')}`,
      }),
    ],
    [
      'a form without scripts',
      packedPdf({
        catalog: '/AcroForm << /Fields [<< /FT /Tx /T (nom) >>] /NeedAppearances true >>',
      }),
    ],
    [
      'a signature’s field',
      packedPdf({ catalog: '/AcroForm << /SigFlags 3 /Fields [<< /FT /Sig /T (a) >>] >>' }),
    ],
    [
      'words about scripts',
      packedPdf({ page: '/Title (the name /JavaScript is \\( not \\) one)' }),
    ],
    ['a name that begins alike', plainPdf({ page: '/JavaScriptless true /LaunchPad 1 /XFAB 2' })],
    ['an outline', packedPdf({ catalog: '/Outlines << /First 3 0 R /Count 1 >>' })],
  ])('%s', async (_, bytes) => expect(await check(bytes)).toMatchObject(CLEAN));
});

describe('a script can’t be hidden:', () => {
  const opened = (action: string, more: Written['more'] = {}): Written => ({
    catalog: `/OpenAction ${action}`,
    more,
  });
  test.each<[string, Buffer]>([
    ['a name in numbers', plainPdf(opened('<< /#53 /J#61vaScript /J#53 (a) >>'))],
    [
      'all of a name in numbers',
      packedPdf(opened('<< /S /#4a#61#76#61#53#63#72#69#70#74 /#4A#53 (a) >>')),
    ],
    [
      'a name by its number',
      packedPdf({ catalog: '/OpenAction << /S 10 0 R /X 11 0 R >>', more: { 10: '/JavaScript' } }),
    ],
    ['comments', plainPdf(opened('<<%(\n/S%>>\n/JavaScript %)\n/JS(a)>>'))],
    [
      'a string that looks like an end',
      packedPdf(opened('<< /X (>> endobj ) /Y <28> /S /JavaScript /JS (a) >>')),
    ],
    ['a keyword within', packedPdf(opened('<< /X endobj /Y stream /S /JavaScript /JS (a) >>'))],
    [
      'a number in hexadecimal that isn’t one',
      packedPdf(opened('<< /X <zz(> /S /JavaScript /JS (a) >>')),
    ],
    [
      'a stream packed in two ways',
      packedPdf(opened(SCRIPT), {
        stream: {
          dictionary: '/Filter [/ASCIIHexDecode /FlateDecode]',
          pack: (bytes) => Buffer.from(`${deflateSync(bytes).toString('hex')}>`),
        },
      }),
    ],
    [
      'a stream in numbers',
      packedPdf(opened(SCRIPT), {
        stream: {
          dictionary: '/Filter /ASCIIHexDecode',
          pack: (bytes) => Buffer.from(`${bytes.toString('hex')}>`),
        },
      }),
    ],
    [
      'a stream that isn’t packed',
      packedPdf(opened(SCRIPT), { stream: { dictionary: '', pack: (bytes) => bytes } }),
    ],
    [
      'a stream by its short name',
      packedPdf(opened(SCRIPT), {
        stream: { dictionary: '/Filter /Fl', pack: (bytes) => deflateSync(bytes) },
      }),
    ],
    [
      'a stream that breaks off',
      packedPdf(opened(SCRIPT), {
        stream: {
          dictionary: '/Filter /FlateDecode',
          pack: (bytes) => deflateSync(bytes).subarray(0, -5),
        },
      }),
    ],
    [
      'the kind of the stream in numbers',
      Buffer.from(
        packedPdf(opened(SCRIPT))
          .toString('latin1')
          .replace('/ObjStm', '/Obj#53tm')
          .replace('/Type', '/Typ#65'),
        'latin1',
      ),
    ],
  ])('%s', async (_, bytes) => expect(await check(bytes)).toMatchObject(ACTIVE));

  test('a bomb is not unpacked to its end', async () => {
    const more = { 10: `<< /X (${'a'.repeat(20 << 20)}) >>` };
    expect(await check(packedPdf({ more }))).toMatchObject(ACTIVE);
  });

  test('ten thousand lists without an end are given up', async () => {
    const lists = plainPdf({ more: { 10: '1 0 obj [ '.repeat(10_000) } });
    expect(await check(Buffer.concat([lists, Buffer.alloc(5 << 20, ' [')]))).toMatchObject(ACTIVE);
  });

  test('a file without objects is not clean', async () => {
    expect(await check(Buffer.from('%PDF-1.7\nhola\n%%EOF\n'))).toMatchObject(ACTIVE);
  });
});

describe.each(LOCKED_PDFS.filter(({ opens }) => opens))(
  'a PDF that is encrypted with $how, and opens without a password',
  ({ dictionary, id }) => {
    const hexIn = (key: string) =>
      Buffer.from(new RegExp(`/${key} <([\\da-f]+)>`).exec(dictionary)?.[1] ?? '', 'hex');
    const numberIn = (key: string) => Number(new RegExp(`/${key} (-?\\d+)`).exec(dictionary)?.[1]);
    const [version, revision] = [numberIn('V'), numberIn('R')];
    const fileKey = Buffer.alloc(32, 5);
    const key =
      version === 5
        ? fileKey
        : keyWithoutPassword({
            ...{ version, revision, permissions: numberIn('P'), method: null },
            bits: Number(/\/Standard \/Length (\d+)/.exec(dictionary)?.[1] ?? 40),
            ...{ owner: hexIn('O'), user: hexIn('U'), sealedKey: Buffer.alloc(0) },
            id: Buffer.from(id.slice(1, -1), 'hex'),
            hidesMetadata: !dictionary.includes('/EncryptMetadata false'),
          });
    /** The key of the file, as versions from 5 on keep it: encrypted with a digest of the password. */
    const sealedKey = () => {
      if (revision !== 5 && revision !== 6) return '';
      const under = emptyDigest(revision, hexIn('U').subarray(40, 48));
      const cipher = createCipheriv('aes-256-cbc', under, Buffer.alloc(16)).setAutoPadding(false);
      const unused = `/OE <${'00'.repeat(32)}> /Perms <${'00'.repeat(16)}>`;
      return `/UE <${cipher.update(fileKey).toString('hex')}> ${unused}`;
    };
    const encrypt = (bytes: Buffer, number: number): Buffer => {
      if (!key) throw new Error('no key');
      if (version === 5) return aes(256, key, bytes);
      const own = createHash('md5')
        .update(key)
        .update(Buffer.from([number, 0, 0, 0, 0]));
      if (version === 4) return aes(128, own.update('sAlT').digest(), bytes);
      return rc4(own.digest().subarray(0, Math.min(16, key.length + 5)), bytes);
    };
    const whole = dictionary.replace(/>>$/, `${sealedKey()} >>`);
    const lock = { dictionary: whole, id, encrypt };

    test('is checked like other PDFs, and Mozilla’s reader agrees', async () => {
      const active = packedPdf({ catalog: `/OpenAction ${SCRIPT}` }, { lock });
      expect(await check(active)).toMatchObject(ACTIVE);
      expect(await hasScript(active)).toBe(true);
      expect(await check(packedPdf({}, { lock }))).toMatchObject(CLEAN);
      expect(await hasScript(packedPdf({}, { lock }))).toBe(false);
    });
  },
);

test('the files of these tests have their active content in Mozilla’s reader, too', async () => {
  const written = { catalog: `/OpenAction ${SCRIPT}` };
  for (const bytes of [plainPdf(written), packedPdf(written)])
    expect(await hasScript(bytes)).toBe(true);
  expect(
    await hasScript(
      updatedPdf(plainPdf(), 1, `<< /Type /Catalog /Pages 2 0 R ${written.catalog} >>`),
    ),
  ).toBe(true);
  expect(await hasScript(packedPdf())).toBe(false);
});

async function hasScript(bytes: Buffer): Promise<boolean> {
  const task = getDocument({ data: new Uint8Array(bytes), verbosity: 0 });
  try {
    return (await (await task.promise).getJSActions()) !== null;
  } finally {
    await task.destroy();
  }
}

/** Encrypts like PDF 1.4. The same function decrypts. */
function rc4(key: Buffer, bytes: Buffer): Buffer {
  const state = Uint8Array.from({ length: 256 }, (_, index) => index);
  let [i, j] = [0, 0];
  const swap = () => {
    const kept = state[i] ?? 0;
    state[i] = state[j] ?? 0;
    state[j] = kept;
  };
  for (i = 0; i < 256; i++) {
    j = (j + (state[i] ?? 0) + (key[i % key.length] ?? 0)) & 255;
    swap();
  }
  i = 0;
  j = 0;
  return Buffer.from(
    bytes.map((byte) => {
      i = (i + 1) & 255;
      j = (j + (state[i] ?? 0)) & 255;
      swap();
      return byte ^ (state[((state[i] ?? 0) + (state[j] ?? 0)) & 255] ?? 0);
    }),
  );
}
