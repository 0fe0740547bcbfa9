import type { ServerResponse } from 'node:http';
import { answerFault, answerState, escaped, first, pciFront, textIn } from '../pci/front.ts';

/** How the stand-in treats one petition. */
export type Behaviour =
  | 'right'
  /** The connection breaks. */
  | 'away'
  /** The answer never comes. */
  | 'slow'
  /** PADRO answers that it failed: the town's own system is away. */
  | 'failed'
  /** The town doesn't take part. */
  | 'elsewhere'
  /** A fault of SOAP, such as for a certificate that isn't authorised. */
  | 'fault'
  /** The PCI answers that it is still at it. */
  | 'pending'
  /** An answer about somebody else. */
  | 'foreign'
  /** A page of maintenance. */
  | 'page';

/** Somebody in the register, as `VolanteConvivencia.xsd` has them. */
export interface RegisterEntry {
  document: string;
  /** 1: NIF, 2: passport, 3: residence permit or NIE. */
  kind: '1' | '2' | '3';
  given: string;
  first: string;
  second?: string;
  particle?: string;
  /** 19480302. */
  born: string;
}

/** A dwelling of the register and who lives there. */
export interface Dwelling {
  people: readonly RegisterEntry[];
  /** The elements of `Via` and `Numeracion`, by their names. */
  way: Readonly<Record<string, string>>;
  number: Readonly<Record<string, string>>;
  province?: string;
  municipality?: string;
}

/** PADRO of the Consorci AOC behind the PCI, for the town that asks (`TITULAR_PROPI`, `CONVIVENTS_PROPI`). */
export interface PadroStandIn {
  endpoint: string;
  dwellings: Dwelling[];
  /** The modalities and documents that were asked for, oldest first. */
  asked: { modality: string; document: string; about: string; consent: string }[];
  /** Sets how the next petitions are treated; what comes after them is right. */
  behave(...behaviours: Behaviour[]): void;
  close(): Promise<void>;
}

const PADRO = 'http://www.aocat.net/padro';
const REQUESTS: Record<string, string> = {
  TITULAR_PROPI: 'peticionDatosTitular',
  CONVIVENTS_PROPI: 'peticionDatosConvivientes',
};

export async function padroServer(of: {
  certificate: string;
  now(): Temporal.Instant;
}): Promise<PadroStandIn> {
  const dwellings: Dwelling[] = [];
  const asked: PadroStandIn['asked'] = [];
  let planned: Behaviour[] = [];
  const behave = (...behaviours: Behaviour[]) => {
    planned = behaviours;
  };
  const front = await pciFront(of, {
    lacks: lackingIn,
    carryOut(document, response) {
      const modality = textIn(document, 'CodigoCertificado');
      const who = textIn(document, 'documentacion');
      const consent = textIn(document, 'Consentimiento');
      asked.push({ modality, document: who, about: textIn(document, 'numExpediente'), consent });
      const behaviour = planned.shift() ?? 'right';
      const wrong = WRONG[behaviour];
      if (wrong) return wrong(response);
      const kind = textIn(document, 'tipoDocumentacion');
      const is = (each: RegisterEntry) => each.document === who && each.kind === kind;
      const dwelling = dwellings.find(({ people }) => people.some(is));
      const person = dwelling?.people.find(is);
      const isHousehold = modality === 'CONVIVENTS_PROPI';
      const sheet =
        dwelling && person
          ? sheetXml(
              dwelling,
              behaviour === 'foreign' ? { ...person, document: '00000000T' } : person,
              {
                isHousehold,
                today: dayText(of.now()),
              },
            )
          : '';
      const about = textIn(document, 'numExpediente');
      answer(response, isHousehold, { about, kind, who, result: sheet ? '1' : '2', sheet });
    },
  });
  return { ...front, dwellings, asked, behave };
}

const NOBODY = { about: '', kind: '1', who: '', sheet: '' };

const WRONG: Partial<Record<Behaviour, (response: ServerResponse) => void>> = {
  away: (response) => void response.destroy(),
  slow: () => {},
  page: (response) => void response.writeHead(200).end('<html><p>Manteniment</html>'),
  fault: (response) => answerFault(response, 'Certificat no autoritzat'),
  pending: (response) => answerState(response, '0002', 'Processant-se'),
  failed: (response) => answer(response, false, { ...NOBODY, result: '3' }),
  elsewhere: (response) => answer(response, false, { ...NOBODY, result: '4' }),
};

function answer(
  response: ServerResponse,
  isHousehold: boolean,
  of: { about: string; kind: string; who: string; result: string; sheet: string },
): void {
  const name = isHousehold ? 'respuestaDatosConvivientes' : 'respuestaDatosTitular';
  answerState(
    response,
    '0003',
    'OK',
    `<pad:${name} xmlns:pad="${PADRO}"><pad:numExpediente>${of.about}</pad:numExpediente><pad:tipoDocumentacion>${of.kind}</pad:tipoDocumentacion><pad:documentacion>${of.who}</pad:documentacion><pad:codigoResultado>${of.result}</pad:codigoResultado>${of.sheet}<pad:fuente>PADRON</pad:fuente></pad:${name}>`,
  );
}

const dayText = (at: Temporal.Instant): string =>
  at.toZonedDateTimeISO('Europe/Madrid').toPlainDate().toString().replaceAll('-', '');

function sheetXml(
  dwelling: Dwelling,
  person: RegisterEntry,
  { isHousehold, today }: { isHousehold: boolean; today: string },
): string {
  const others = dwelling.people.filter(({ document }) => document !== person.document);
  return tag(
    'VolanteEmpadronamiento',
    tag(
      'VolanteEmpadronamientoDatosFirmados',
      tag('FechaExpedicion', today) +
        tag(
          'DatosPersonales',
          namesXml(person) +
            tag('CodigoMunicipioNacimiento', '019') +
            tag('CodigoProvinciaNacimiento', '08') +
            tag('Sexo', 'F') +
            tag('CodigoNacionalidad', '108') +
            documentXml(person) +
            tag('FechaAltaPadron', '19710601'),
        ) +
        (isHousehold
          ? tag('NumeroAcompanantes', String(others.length)) +
            others
              .map((each) => tag('DatosPersonalesAcompanante', namesXml(each) + documentXml(each)))
              .join('')
          : '') +
        whereXml(dwelling),
      ` Id="1" Version="${isHousehold ? '01.00' : '02.00'}"`,
    ),
    ' xmlns="http://www.red.es/padron"',
  );
}

const namesXml = ({ given, first: one, second, particle, born }: RegisterEntry): string =>
  tag('Nombre', escaped(given)) +
  tag('PrimerApellido', escaped(one)) +
  (particle ? tag('ParticulaPrimerApellido', particle) : '') +
  (second ? tag('SegundoApellido', escaped(second)) : '') +
  tag('FechaNacimiento', born);

const documentXml = ({ kind, document }: RegisterEntry): string =>
  tag('TipoDocumentacion', kind) + tag('Documentacion', document);

const whereXml = ({ way, number, province = '08', municipality = '999' }: Dwelling): string =>
  tag(
    'DireccionEmpadronamiento',
    tag(
      'Localidad',
      tag('CodigoProvincia', province) +
        tag('CodigoMunicipio', municipality) +
        tag('CodigoUnidadPoblacional', '0000101'),
    ) +
      tag('CodigoPostal', '08999') +
      tag('Via', partsXml(way)) +
      tag('Numeracion', partsXml(number)),
  );

const partsXml = (parts: Readonly<Record<string, string>>): string =>
  Object.entries(parts)
    .map(([name, text]) => tag(name, escaped(text)))
    .join('');

const tag = (name: string, content: string, attributes = ''): string =>
  `<${name}${attributes}>${content}</${name}>`;

/** What `dadesEspecifiques.xsd` demands, in its form and order. */
function lackingIn(document: Document): string | null {
  if (textIn(document, 'CodigoProducto') !== 'PADRO') return 'CodigoProducto incorrecte';
  const name = REQUESTS[textIn(document, 'CodigoCertificado')] ?? '';
  const petition = first(document, name);
  if (petition?.namespaceURI !== PADRO) return 'No hi ha cap petició de padró';
  const order = Array.from(petition.childNodes).map((each) => (each as Element).localName);
  if (order.join() !== 'numExpediente,tipoDocumentacion,documentacion,idescat')
    return `Ordre incorrecte: ${order.join()}`;
  if (!/^[123]$/.test(textIn(document, 'tipoDocumentacion'))) return 'tipoDocumentacion incorrecte';
  return /^.{1,40}$/.test(textIn(document, 'numExpediente')) ? null : 'numExpediente incorrecte';
}
