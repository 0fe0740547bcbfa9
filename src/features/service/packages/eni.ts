import { ENI, eniIdentifier, formatName, xml } from '../verification/service.ts';
import type { PackageFacts, PackedDocument } from './types.ts';

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** `ES_<body>_<year>_EXP_<30 signs>` (NTI de Expediente Electrónico, annex I). */
export const fileIdentifier = ({ case: document, dir3, openedAt, timeZone }: PackageFacts) =>
  eniIdentifier({ document, dir3, madeAt: openedAt, timeZone }).replace(/_(?=[^_]+$)/, '_EXP_');

/** A document with its place in the package and its identifier there. */
export interface PlacedDocument extends PackedDocument {
  /** From 1, in the order of the index. */
  order: number;
  /** Of its bytes and of its metadata, from the package's folder. */
  path: string;
  identifier: string;
}

/** Returns where the documents of a package stand, in their order. */
export function placed(documents: readonly PackedDocument[], of: PackageFacts): PlacedDocument[] {
  return documents.map((document, nth) => {
    const number = String(nth + 1).padStart(4, '0');
    return {
      ...document,
      order: nth + 1,
      path: `data/documents/${number}-${plain(document.name)}`,
      identifier: `${fileIdentifier(of).replace('_EXP_', '_').slice(0, -4)}${number}`,
    };
  });
}

/** A name that every system of files has room for. */
const plain = (name: string): string =>
  name
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
    .replaceAll(/^[.-]+/g, '')
    .slice(-80) || 'document';

/** Returns the metadata of a document, whose bytes stand beside it (NTI de Documento Electrónico, annexes I and II). */
export function documentXml(document: PlacedDocument, { dir3 }: PackageFacts): string {
  const { path, type, identifier, at, isCitizens, kind, isSealed } = document;
  const isPaper = isCitizens && kind === 'TD99';
  return `${DECLARATION}<enidoc:documento xmlns:enidoc="${ENI}/documento-e" xmlns:enids="${ENI}/firma" xmlns:enidocmeta="${ENI}/documento-e/metadatos" xmlns:enifile="${ENI}/documento-e/contenido">
  <enifile:contenido Id="contenido">
    <enifile:referenciaFichero>${xml(path)}</enifile:referenciaFichero>
    <enifile:NombreFormato>${xml(formatName(type))}</enifile:NombreFormato>
  </enifile:contenido>
  <enidocmeta:metadatos>
    <enidocmeta:VersionNTI>${ENI}/documento-e</enidocmeta:VersionNTI>
    <enidocmeta:Identificador>${identifier}</enidocmeta:Identificador>
    <enidocmeta:Organo>${xml(dir3)}</enidocmeta:Organo>
    <enidocmeta:FechaCaptura>${instant(at)}</enidocmeta:FechaCaptura>
    <enidocmeta:OrigenCiudadanoAdministracion>${!isCitizens}</enidocmeta:OrigenCiudadanoAdministracion>
    <enidocmeta:EstadoElaboracion>
      <enidocmeta:ValorEstadoElaboracion>${isPaper ? 'EE99' : 'EE01'}</enidocmeta:ValorEstadoElaboracion>
    </enidocmeta:EstadoElaboracion>
    <enidocmeta:TipoDocumental>${kind}</enidocmeta:TipoDocumental>
  </enidocmeta:metadatos>
${isSealed ? SEALED : ''}</enidoc:documento>
`;
}

const SEALED = `  <enids:firmas>
    <enids:firma ref="contenido">
      <enids:TipoFirma>TF06</enids:TipoFirma>
      <enids:ContenidoFirma>
        <enids:FirmaConCertificado>
          <enids:ReferenciaFirma>contenido</enids:ReferenciaFirma>
        </enids:FirmaConCertificado>
      </enids:ContenidoFirma>
    </enids:firma>
  </enids:firmas>
`;

/**
 * Returns the content of the index (NTI de Expediente Electrónico, annex II), each document with the SHA-256 of its bytes. It is written in the exclusive
 * canonical form, so that its bytes are what is signed wherever it stands.
 */
export function indexXml(documents: readonly PlacedDocument[], { at }: PackageFacts): string {
  const own = ` xmlns:eniconexpind="${ENI}/expediente-e/indice-e/contenido"`;
  const named = (name: string, text: string, declared = '') =>
    `<eniconexpind:${name}${declared}>${text}</eniconexpind:${name}>`;
  const all = documents.map((each) => {
    const parts = [
      named('IdentificadorDocumento', each.identifier),
      named('ValorHuella', each.content.sha256),
      named('FuncionResumen', 'SHA-256'),
      named('FechaIncorporacionExpediente', instant(each.at)),
      named('OrdenDocumentoExpediente', String(each.order)),
    ];
    return named('DocumentoIndizado', parts.join(''), own);
  });
  const content = [named('FechaIndiceElectronico', instant(at), own), ...all].join('\n');
  const space = `xmlns:eniexpind="${ENI}/expediente-e/indice-e"`;
  return `<eniexpind:IndiceContenido ${space} Id="indice">\n${content}\n</eniexpind:IndiceContenido>`;
}

/** Returns the electronic file: its index with the signature of the town (CAdES, detached, over the bytes of the index), and its metadata. */
export function fileXml(index: string, signature: Buffer, facts: PackageFacts): string {
  const { dir3, openedAt, classification, interested } = facts;
  return `${DECLARATION}<eniexp:expediente xmlns:eniexp="${ENI}/expediente-e" xmlns:eniexpind="${ENI}/expediente-e/indice-e" xmlns:eniexpmeta="${ENI}/expediente-e/metadatos" xmlns:enids="${ENI}/firma">
  <eniexpind:indice>
    ${index}
    <enids:firmas>
      <enids:firma ref="indice">
        <enids:TipoFirma>TF04</enids:TipoFirma>
        <enids:ContenidoFirma>
          <enids:FirmaConCertificado>
            <enids:FirmaBase64>${signature.toString('base64')}</enids:FirmaBase64>
          </enids:FirmaConCertificado>
        </enids:ContenidoFirma>
      </enids:firma>
    </enids:firmas>
  </eniexpind:indice>
  <eniexpmeta:metadatosExp>
    <eniexpmeta:VersionNTI>${ENI}/expediente-e</eniexpmeta:VersionNTI>
    <eniexpmeta:Identificador>${fileIdentifier(facts)}</eniexpmeta:Identificador>
    <eniexpmeta:Organo>${xml(dir3)}</eniexpmeta:Organo>
    <eniexpmeta:FechaAperturaExpediente>${instant(openedAt)}</eniexpmeta:FechaAperturaExpediente>
    <eniexpmeta:Clasificacion>${xml(classification)}</eniexpmeta:Clasificacion>
    <eniexpmeta:Estado>E02</eniexpmeta:Estado>
${interested.map((each) => `    <eniexpmeta:Interesado>${xml(each)}</eniexpmeta:Interesado>\n`).join('')}  </eniexpmeta:metadatosExp>
</eniexp:expediente>
`;
}

const instant = (at: Temporal.Instant): string => at.toString({ smallestUnit: 'second' });
