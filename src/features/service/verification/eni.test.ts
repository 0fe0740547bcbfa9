import { randomBytes, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { eniAround, eniIdentifier, inBase64 } from './eni.ts';
import { codeFrom, RANDOM_SIGNS } from './rules.ts';
import type { EniFacts } from './types.ts';

const facts: EniFacts = {
  document: '0190f2d4-7c3e-7a10-8b22-5d3c9f0a1b2c',
  dir3: 'L01080193',
  regulation: 'Decret d’Alcaldia 12/2026, «CSV» & <segells>',
  code: codeFrom(new Uint8Array(RANDOM_SIGNS).fill(9)),
  madeAt: Temporal.Instant.from('2026-12-31T23:30:00.123Z'),
  timeZone: 'Europe/Madrid',
  type: 'application/pdf',
};

async function* inParts(bytes: Buffer, sizes: readonly number[]) {
  let at = 0;
  for (const size of [...sizes, bytes.length]) {
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

/** The paths of all elements in order, with what stands in the innermost: a reader of its own for this one layout. */
function read(text: string): string[] {
  const open: string[] = [];
  const found: string[] = [];
  for (const [, closing, name, , value] of text.matchAll(/<(\/?)([\w:]+)((?:\s[^>]*)?)>([^<]*)/g)) {
    if (closing) {
      expect(open.pop()).toBe(name);
      continue;
    }
    open.push(name ?? '');
    const leaf = open.map((each) => each.replace(/^\w+:/, '')).join('/');
    found.push(value?.trim() ? `${leaf} = ${value}` : leaf);
  }
  expect(open).toEqual([]);
  return found;
}

test('a document for exchange has what is obligatory, in the schema’s order', () => {
  const { before, after } = eniAround(facts);
  const xml = `${before}UERG${after}`;
  expect(read(xml.slice(xml.indexOf('?>') + 2))).toEqual([
    'documento',
    'documento/contenido',
    'documento/contenido/ValorBinario = UERG',
    'documento/contenido/NombreFormato = PDF',
    'documento/metadatos',
    'documento/metadatos/VersionNTI = http://administracionelectronica.gob.es/ENI/XSD/v1.0/documento-e',
    'documento/metadatos/Identificador = ES_L01080193_2027_000001J3SD8Z1YF888P8JX7JFGM6SC',
    'documento/metadatos/Organo = L01080193',
    'documento/metadatos/FechaCaptura = 2026-12-31T23:30:00Z',
    'documento/metadatos/OrigenCiudadanoAdministracion = true',
    'documento/metadatos/EstadoElaboracion',
    'documento/metadatos/EstadoElaboracion/ValorEstadoElaboracion = EE01',
    'documento/metadatos/TipoDocumental = TD99',
    'documento/firmas',
    'documento/firmas/firma',
    'documento/firmas/firma/TipoFirma = TF01',
    'documento/firmas/firma/ContenidoFirma',
    'documento/firmas/firma/ContenidoFirma/CSV',
    `documento/firmas/firma/ContenidoFirma/CSV/ValorCSV = ${facts.code}`,
    'documento/firmas/firma/ContenidoFirma/CSV/RegulacionGeneracionCSV = Decret d’Alcaldia 12/2026, «CSV» &amp; &lt;segells&gt;',
  ]);
});

test('what XML can’t write is left out', () => {
  const { after } = eniAround({ ...facts, regulation: 'a\u0000b\uFFFFc\uD800d😀' });
  expect(after).toContain('CSV>abcd😀</');
});

test('its identifier is unique, has 30 signs, and says the year where the office is', () => {
  fc.assert(
    fc.property(fc.uuid(), fc.uuid(), (one, other) => {
      const [a, b] = [one, other].map((document) => eniIdentifier({ ...facts, document }));
      expect(a).toMatch(/^ES_L01080193_2027_[0-9A-Z]{30}$/);
      expect(a === b).toBe(one === other);
    }),
  );
  expect(eniIdentifier({ ...facts, document: randomUUID(), timeZone: 'UTC' })).toContain('_2026_');
});

test('bytes in base64 are the same however they come', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat({ max: 50 })), fc.nat({ max: 300 }), async (sizes, size) => {
      const bytes = randomBytes(size);
      const parts = await Array.fromAsync(inBase64(inParts(bytes, sizes)));
      expect(Buffer.concat(parts).toString()).toBe(bytes.toString('base64'));
    }),
  );
});
