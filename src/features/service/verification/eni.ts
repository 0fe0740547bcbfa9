import { ALPHABET } from './rules.ts';
import type { EniFacts } from './types.ts';

/** Where the schemas of the interoperability rules have their names. */
export const ENI = 'http://administracionelectronica.gob.es/ENI/XSD/v1.0';

/** As the Catálogo de estándares (NTI) calls what we take. */
const FORMATS: Record<string, string> = {
  ...{ 'application/pdf': 'PDF', 'image/jpeg': 'JPEG', 'image/png': 'PNG', 'text/plain': 'TXT' },
  ...{ 'image/webp': 'WEBP', 'image/heic': 'HEIC', 'application/json': 'JSON' },
  ...{ 'application/xml': 'XML', 'text/xml': 'XML' },
};

/** Returns what the rules call a format; a media type that they don't name stays as it is. */
export const formatName = (type: string): string => FORMATS[type] ?? type;

/**
 * What stands before and after a document's bytes, in base64, so that the whole is an electronic document for exchange (NTI de
 * Documento Electrónico, Resolución of 19 July 2011, annexes I and II). A result is the office's (origin: administration), an
 * original (EE01), of no kind that we could know (TD99), and its signature is the code (TF01).
 */
export function eniAround(facts: EniFacts): { before: string; after: string } {
  const { dir3, regulation, code, madeAt, type } = facts;
  const captured = madeAt.toString({ smallestUnit: 'second' });
  const before = `<?xml version="1.0" encoding="UTF-8"?>
<enidoc:documento xmlns:enidoc="${ENI}/documento-e" xmlns:enifile="${ENI}/documento-e/contenido" xmlns:enidocmeta="${ENI}/documento-e/metadatos" xmlns:enids="${ENI}/firma">
  <enifile:contenido Id="contenido">
    <enifile:ValorBinario>`;
  const after = `</enifile:ValorBinario>
    <enifile:NombreFormato>${xml(formatName(type))}</enifile:NombreFormato>
  </enifile:contenido>
  <enidocmeta:metadatos>
    <enidocmeta:VersionNTI>${ENI}/documento-e</enidocmeta:VersionNTI>
    <enidocmeta:Identificador>${xml(eniIdentifier(facts))}</enidocmeta:Identificador>
    <enidocmeta:Organo>${xml(dir3)}</enidocmeta:Organo>
    <enidocmeta:FechaCaptura>${captured}</enidocmeta:FechaCaptura>
    <enidocmeta:OrigenCiudadanoAdministracion>true</enidocmeta:OrigenCiudadanoAdministracion>
    <enidocmeta:EstadoElaboracion>
      <enidocmeta:ValorEstadoElaboracion>EE01</enidocmeta:ValorEstadoElaboracion>
    </enidocmeta:EstadoElaboracion>
    <enidocmeta:TipoDocumental>TD99</enidocmeta:TipoDocumental>
  </enidocmeta:metadatos>
  <enids:firmas>
    <enids:firma ref="contenido">
      <enids:TipoFirma>TF01</enids:TipoFirma>
      <enids:ContenidoFirma>
        <enids:CSV>
          <enids:ValorCSV>${xml(code)}</enids:ValorCSV>
          <enids:RegulacionGeneracionCSV>${xml(regulation)}</enids:RegulacionGeneracionCSV>
        </enids:CSV>
      </enids:ContenidoFirma>
    </enids:firma>
  </enids:firmas>
</enidoc:documento>
`;
  return { before, after };
}

/** `ES_<body>_<year>_<30 signs>` (annex I), the signs being the document's id, which nothing else has. */
export function eniIdentifier(
  facts: Pick<EniFacts, 'dir3' | 'document' | 'madeAt' | 'timeZone'>,
): string {
  const { year } = facts.madeAt.toZonedDateTimeISO(facts.timeZone);
  let left = BigInt(`0x${facts.document.replaceAll('-', '')}`);
  let signs = '';
  for (; left > 0n; left >>= 5n) signs = ALPHABET[Number(left & 31n)] + signs;
  return `ES_${facts.dir3}_${year}_${signs.padStart(30, '0')}`;
}

/** Bytes in base64 as they come, nothing of them kept. */
export async function* inBase64(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const part of bytes) {
    const all = Buffer.concat([rest, part]);
    const whole = all.length - (all.length % 3);
    rest = all.subarray(whole);
    yield Buffer.from(all.toString('base64', 0, whole));
  }
  yield Buffer.from(rest.toString('base64'));
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
/** Text in an element, without the signs that XML 1.0 has no way to write. */
export const xml = (text: string): string =>
  text
    .replaceAll(/[&<>]/g, (sign) => ESCAPES[sign] ?? sign)
    .replaceAll(/[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '');
