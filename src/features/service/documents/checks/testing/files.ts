import { crc32, deflateSync } from 'node:zlib';
import { type ZipMember, zipOf } from './zip.ts';

/** Small files of each kind, made byte by byte. Several readers of each kind agree on them (see the corpus test). */

const be = (value: number, bytes: number): Buffer => {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntBE(value, 0, bytes);
  return buffer;
};
const join = (...parts: (string | Uint8Array)[]): Buffer =>
  Buffer.concat(
    parts.map((each) => (typeof each === 'string' ? Buffer.from(each, 'latin1') : each)),
  );

/** @param trailer additions to the trailer */
export const pdf = (trailer = '', comment = ''): Buffer => {
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>',
  ];
  let text = `%PDF-1.7\n%${comment}\n`;
  const offsets = objects.map((each, index) => {
    const at = text.length;
    text += `${index + 1} 0 obj\n${each}\nendobj\n`;
    return `${String(at).padStart(10, '0')} 00000 n \n`;
  });
  const start = text.length;
  text += `xref\n0 4\n0000000000 65535 f \n${offsets.join('')}`;
  return join(`${text}trailer\n<< /Size 4 /Root 1 0 R ${trailer}>>\nstartxref\n${start}\n%%EOF\n`);
};

export function png(width = 2, height = 2): Buffer {
  const chunk = (type: string, data: Uint8Array) => {
    const body = join(type, data);
    return join(be(data.length, 4), body, be(crc32(body), 4));
  };
  const head = join(be(width, 4), be(height, 4), Buffer.from([8, 0, 0, 0, 0]));
  const lines = deflateSync(Buffer.alloc(height < 100 ? (width + 1) * height : 1));
  const none = new Uint8Array();
  return join('\x89PNG\r\n\x1a\n', chunk('IHDR', head), chunk('IDAT', lines), chunk('IEND', none));
}

/** Returns a JPEG with the necessary headers. `more` is before the frame, where cameras put thumbnails and locations. */
export const jpg = (width = 2, height = 2, more: Uint8Array = Buffer.alloc(0)): Buffer =>
  join(
    '\xff\xd8\xff\xe0',
    be(16, 2),
    'JFIF\0\x01\x01\0\0\x01\0\x01\0\0',
    more,
    ...['\xff\xc2', be(11, 2), '\x08', be(height, 2), be(width, 2), '\x01\x01\x11\0'],
    ...['\xff\xda', be(8, 2), '\x01\x01\0\0\x3f\0', Buffer.alloc(40, 0x55), '\xff\xd9'],
  );

export const segment = (marker: number, data: string | Uint8Array): Buffer =>
  join(Buffer.from([0xff, marker]), be(data.length + 2, 2), data);

export const webp = (form: 'VP8 ' | 'VP8L' | 'VP8X', width = 2, height = 2): Buffer => {
  const le = (value: number, bytes: number) => be(value, bytes).reverse();
  const data = {
    'VP8 ': join('\0\0\0\x9d\x01\x2a', le(width, 2), le(height, 2), Buffer.alloc(8)),
    VP8L: join('\x2f', le((width - 1) | ((height - 1) << 14), 4), Buffer.alloc(13)),
    VP8X: join('\0\0\0\0', le(width - 1, 3), le(height - 1, 3), Buffer.alloc(8)),
  }[form];
  const body = join('WEBP', form, le(data.length, 4), data);
  return join('RIFF', le(body.length, 4), body);
};

const box = (type: string, ...parts: (string | Uint8Array)[]): Buffer => {
  const body = join(...parts);
  return join(be(body.length + 8, 4), type, body);
};

/** Returns a picture like an iPhone's: its tiles are small, the picture is not. */
export const heic = (width = 4032, height = 3024, brands = ['heic', 'mif1', 'heic']): Buffer => {
  const extent = (w: number, h: number) => box('ispe', be(0, 4), be(w, 4), be(h, 4));
  const [major = '', ...others] = brands;
  return join(
    box('ftyp', major, be(0, 4), ...others),
    box(
      'meta',
      be(0, 4),
      box('hdlr', Buffer.alloc(24)),
      box('iprp', box('ipco', extent(512, 512), extent(width, height), extent(320, 240))),
    ),
    box('mdat', Buffer.alloc(64)),
  );
};

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const MAIN = {
  docx: ['word/document.xml', 'wordprocessingml.document.main+xml'],
  xlsx: ['xl/workbook.xml', 'spreadsheetml.sheet.main+xml'],
  pptx: ['ppt/presentation.xml', 'presentationml.presentation.main+xml'],
} as const;
const OFFICE = 'application/vnd.openxmlformats-officedocument';

export const relation = (type: string, target: string, more = ''): string =>
  `${XML}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/${type}" Target="${target}" ${more}/></Relationships>`;

export function ooxml(
  kind: keyof typeof MAIN,
  more: readonly ZipMember[] = [],
  type = `${OFFICE}.${MAIN[kind][1]}`,
): Buffer {
  const [main] = MAIN[kind];
  return zipOf([
    {
      name: '[Content_Types].xml',
      data: `${XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/${main}" ContentType="${type}"/></Types>`,
    },
    { name: '_rels/.rels', data: relation('officeDocument', main) },
    { name: main, data: `${XML}<main>Hola</main>` },
    ...more,
  ]);
}

const manifest = (inside: string) =>
  `${XML}<manifest:manifest><manifest:file-entry manifest:full-path="content.xml">${inside}</manifest:file-entry></manifest:manifest>`;

export function odf(
  kind: 'text' | 'spreadsheet' | 'presentation' | 'text-template',
  more: readonly ZipMember[] = [],
  { encrypted = false, content = '' } = {},
): Buffer {
  return zipOf([
    { name: 'mimetype', data: `application/vnd.oasis.opendocument.${kind}`, store: true },
    {
      name: 'content.xml',
      data: encrypted
        ? Buffer.alloc(300, 'x\0y')
        : `${XML}<office:document-content><office:scripts/>Hola${content}</office:document-content>`,
    },
    {
      name: 'META-INF/manifest.xml',
      data: manifest(encrypted ? '<manifest:encryption-data manifest:checksum="x"/>' : ''),
    },
    ...more,
  ]);
}

/** Returns an old package (MS-CFB) with a stream of this name. */
export const ole = (stream: string): Buffer =>
  join(
    Buffer.from('d0cf11e0a1b11ae1', 'hex'),
    Buffer.alloc(1016),
    Buffer.from(stream, 'utf16le'),
    Buffer.alloc(512),
  );
