const ENI = 'http://administracionelectronica.gob.es/ENI/XSD/v1.0';

const schema = (of: string, spaces: Record<string, string>, content: string): string => {
  const declared = Object.entries(spaces).map(([name, at]) => ` xmlns:${name}="${ENI}/${at}"`);
  const imports = Object.values(spaces).filter((at) => at !== of);
  return `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"${declared.join('')}
  targetNamespace="${ENI}/${of}" elementFormDefault="qualified">
  ${imports.map((at) => `<xs:import namespace="${ENI}/${at}" schemaLocation="${fileOf(at)}"/>`).join('')}
  ${content}</xs:schema>`;
};

const fileOf = (of: string): string => `${of.replaceAll('/', '-')}.xsd`;

const text = (name: string, more = ''): string =>
  `<xs:element name="${name}" type="xs:string" ${more}/>`;

const listed = (of: string, values: readonly string[]): string =>
  `<xs:simpleType name="${of}"><xs:restriction base="xs:string">${values
    .map((value) => `<xs:enumeration value="${value}"/>`)
    .join('')}</xs:restriction></xs:simpleType>`;

const DOCUMENT = 'documento-e';
const FILE = 'expediente-e';
const KINDS = Array.from({ length: 20 }, (_, nth) => `TD${String(nth + 1).padStart(2, '0')}`);
const ID = '<xs:attribute name="Id" type="xs:ID"/>';

/**
 * What the interoperability rules demand of a document and of an electronic file (Resoluciones of 19 July 2011, annexes), written for these tests: by
 * the name of the file in which it stands.
 */
export const SCHEMAS: Readonly<Record<string, string>> = {
  [fileOf('firma')]: schema(
    'firma',
    { f: 'firma' },
    `<xs:element name="firmas"><xs:complexType><xs:sequence>
      <xs:element name="firma" maxOccurs="unbounded"><xs:complexType><xs:sequence>
        <xs:element name="TipoFirma" type="f:tipo"/>
        <xs:element name="ContenidoFirma"><xs:complexType><xs:sequence>
          <xs:element name="FirmaConCertificado"><xs:complexType><xs:choice>
            <xs:element name="FirmaBase64" type="xs:base64Binary"/>${text('ReferenciaFirma')}
          </xs:choice></xs:complexType></xs:element>
        </xs:sequence></xs:complexType></xs:element>
      </xs:sequence>${ID}<xs:attribute name="ref" type="xs:string"/></xs:complexType></xs:element>
    </xs:sequence></xs:complexType></xs:element>
    ${listed('tipo', ['TF01', 'TF02', 'TF03', 'TF04', 'TF05', 'TF06'])}`,
  ),
  [fileOf(`${DOCUMENT}/contenido`)]: schema(
    `${DOCUMENT}/contenido`,
    { c: `${DOCUMENT}/contenido` },
    `<xs:element name="contenido"><xs:complexType><xs:sequence>
      ${text('referenciaFichero')}${text('NombreFormato')}
    </xs:sequence>${ID}</xs:complexType></xs:element>`,
  ),
  [fileOf(`${DOCUMENT}/metadatos`)]: schema(
    `${DOCUMENT}/metadatos`,
    { m: `${DOCUMENT}/metadatos` },
    `<xs:element name="metadatos"><xs:complexType><xs:sequence>
      <xs:element name="VersionNTI" type="xs:anyURI"/>${text('Identificador')}${text('Organo')}
      <xs:element name="FechaCaptura" type="xs:dateTime"/>
      <xs:element name="OrigenCiudadanoAdministracion" type="xs:boolean"/>
      <xs:element name="EstadoElaboracion"><xs:complexType><xs:sequence>
        <xs:element name="ValorEstadoElaboracion" type="m:estado"/>
      </xs:sequence></xs:complexType></xs:element>
      <xs:element name="TipoDocumental" type="m:tipo"/>
    </xs:sequence></xs:complexType></xs:element>
    ${listed('estado', ['EE01', 'EE02', 'EE03', 'EE04', 'EE99'])}${listed('tipo', [...KINDS, 'TD99'])}`,
  ),
  [fileOf(DOCUMENT)]: schema(
    DOCUMENT,
    { c: `${DOCUMENT}/contenido`, m: `${DOCUMENT}/metadatos`, f: 'firma' },
    `<xs:element name="documento"><xs:complexType><xs:sequence>
      <xs:element ref="c:contenido"/><xs:element ref="m:metadatos"/><xs:element ref="f:firmas" minOccurs="0"/>
    </xs:sequence></xs:complexType></xs:element>`,
  ),
  [fileOf(`${FILE}/indice-e/contenido`)]: schema(
    `${FILE}/indice-e/contenido`,
    { n: `${FILE}/indice-e/contenido` },
    `<xs:complexType name="TipoIndiceContenido"><xs:sequence>
      <xs:element name="FechaIndiceElectronico" type="xs:dateTime"/>
      <xs:element name="DocumentoIndizado" maxOccurs="unbounded"><xs:complexType><xs:sequence>
        ${text('IdentificadorDocumento')}${text('ValorHuella')}${text('FuncionResumen')}
        <xs:element name="FechaIncorporacionExpediente" type="xs:dateTime"/>${text('OrdenDocumentoExpediente')}
      </xs:sequence></xs:complexType></xs:element>
    </xs:sequence>${ID}</xs:complexType>`,
  ),
  [fileOf(`${FILE}/indice-e`)]: schema(
    `${FILE}/indice-e`,
    { n: `${FILE}/indice-e/contenido`, f: 'firma' },
    `<xs:element name="indice"><xs:complexType><xs:sequence>
      <xs:element name="IndiceContenido" type="n:TipoIndiceContenido"/><xs:element ref="f:firmas"/>
    </xs:sequence></xs:complexType></xs:element>`,
  ),
  [fileOf(`${FILE}/metadatos`)]: schema(
    `${FILE}/metadatos`,
    { m: `${FILE}/metadatos` },
    `<xs:element name="metadatosExp"><xs:complexType><xs:sequence>
      <xs:element name="VersionNTI" type="xs:anyURI"/>${text('Identificador')}${text('Organo')}
      <xs:element name="FechaAperturaExpediente" type="xs:dateTime"/>${text('Clasificacion')}
      <xs:element name="Estado" type="m:estado"/>${text('Interesado', 'minOccurs="0" maxOccurs="unbounded"')}
    </xs:sequence></xs:complexType></xs:element>${listed('estado', ['E01', 'E02', 'E03'])}`,
  ),
  [fileOf(FILE)]: schema(
    FILE,
    { i: `${FILE}/indice-e`, m: `${FILE}/metadatos` },
    `<xs:element name="expediente"><xs:complexType><xs:sequence>
      <xs:element ref="i:indice"/><xs:element ref="m:metadatosExp"/>
    </xs:sequence></xs:complexType></xs:element>`,
  ),
};
