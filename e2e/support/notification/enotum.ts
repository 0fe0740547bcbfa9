import { createHash } from 'node:crypto';
import { answerFault, answerState, escaped, first, pciFront, textIn } from '../pci/front.ts';

/** How the stand-in treats one petition. */
export type Behaviour =
  | 'right'
  /** The connection breaks before anything is done. */
  | 'away'
  /** What was asked is done, and its answer is lost. */
  | 'lost'
  /** e-NOTUM answers an error with this code (*Codis d'error*). */
  | { error: string; words: string }
  /** A fault of SOAP, such as for a certificate that isn't authorised. */
  | 'fault'
  /** The PCI answers that it is still at it. */
  | 'pending'
  /** A page of maintenance. */
  | 'page';

export type State =
  | 'PENDENT'
  | 'REGISTRADA'
  | 'DIPOSITADA'
  | 'ACCEPTADA'
  | 'REBUTJADA'
  | 'EXPIRADA'
  | 'ERROR'
  | 'ANUL·LADA';

/** A notification as e-NOTUM has it. */
export interface Sent {
  number: string;
  reference: string;
  title: string;
  identifier: string;
  level: string;
  days: string;
  document: Buffer;
  state: State;
  /** When it got its state: with an offset. */
  at: string;
  signer?: { nif: string; given: string; first: string; second?: string };
}

/** e-NOTUM 4.0 of the Consorci AOC behind the PCI, for the department that asks as an employee. */
export interface EnotumStandIn {
  endpoint: string;
  sent: Sent[];
  /** The operations that were asked for, oldest first. */
  asked: string[];
  /** The specific data of the petitions, as XML. */
  specific: string[];
  /** Sets how the next petitions are treated; what comes after them is right. */
  behave(...behaviours: Behaviour[]): void;
  close(): Promise<void>;
}

const NT = 'http://www.aocat.net/NT/v4.0';
const OPERATIONS = [
  'PeticioProcessarTramesa',
  'PeticioCerca',
  'PeticioRecuperarReport',
  'PeticioEvidencia',
];

export async function enotumServer(on: {
  certificate: string;
  now(): Temporal.Instant;
  organisation: string;
  department: string;
}): Promise<EnotumStandIn> {
  const behaviours: Behaviour[] = [];
  const sent: Sent[] = [];
  const asked: string[] = [];
  const specific: string[] = [];
  const front = await pciFront(on, {
    lacks: (document) => lacksOf(document),
    carryOut(document, response, xml) {
      const operation = operationOf(document);
      const behaviour = behaviours.shift() ?? 'right';
      asked.push(operation);
      const [found = ''] = new RegExp(`<${operation}[\\s\\S]*</${operation}>`).exec(xml) ?? [];
      specific.push(found);
      if (behaviour === 'away') return void response.destroy();
      if (behaviour === 'page') return void response.writeHead(503).end('<html>Manteniment</html>');
      if (behaviour === 'fault') return answerFault(response, 'Certificat no autoritzat');
      if (behaviour === 'pending') return answerState(response, '0002', 'En procés');
      const answer = typeof behaviour === 'object' ? errorOf(behaviour) : null;
      const name = operation.replace('Peticio', 'Resposta');
      const inside = answer ?? carriedOut(document, { ...on, sent });
      if (behaviour === 'lost') return void response.destroy();
      answerState(response, '0003', 'Tramitada', `<${name} xmlns="${NT}">${inside}</${name}>`);
    },
  });
  return {
    endpoint: front.endpoint,
    sent,
    asked,
    specific,
    behave: (...more) => {
      behaviours.splice(0, behaviours.length, ...more);
    },
    close: () => front.close(),
  };
}

const operationOf = (document: Document): string =>
  OPERATIONS.find((name) => document.getElementsByTagNameNS(NT, name).length === 1) ?? '';

/** Returns what a petition lacks of the PCI's part; null: nothing. */
function lacksOf(document: Document): string | null {
  if (textIn(document, 'CodigoProducto') !== 'ENOTUM') return 'Producte desconegut';
  if (textIn(document, 'CodigoCertificado') !== 'ENOTUM') return 'Modalitat desconeguda';
  return operationOf(document) === '' ? 'Operació desconeguda' : null;
}

const errorOf = ({ error, words }: { error: string; words: string }): string =>
  `<Errors><Error><CodiError>${error}</CodiError><MissatgeError>${escaped(words)}</MissatgeError></Error></Errors>`;

interface Town {
  organisation: string;
  department: string;
  now(): Temporal.Instant;
  sent: Sent[];
}

function carriedOut(document: Document, town: Town): string {
  if (
    textIn(document, 'CodiOrganisme') !== town.organisation ||
    textIn(document, 'CodiDepartament') !== town.department
  )
    return errorOf({ error: '504', words: 'La entitat especificada no existeix' });
  switch (operationOf(document)) {
    case 'PeticioProcessarTramesa':
      return made(document, town);
    case 'PeticioCerca':
      return found(textIn(document, 'ValorAbsolut'), town);
    case 'PeticioRecuperarReport':
      return report(textIn(document, 'DataReport'), town);
    default:
      return evidence(textIn(document, 'IdNotificacio'), town);
  }
}

/** Makes a notification, after the checks that e-NOTUM makes. */
function made(document: Document, { sent, now }: Town): string {
  const bytes = Buffer.from(textIn(document, 'Dades'), 'base64');
  const hash = createHash('sha256').update(bytes).digest('base64');
  const isPerson = first(document, 'PersonaFisica') !== null;
  const isTold = first(document, 'BustiaCorreu') !== null || first(document, 'Telefon') !== null;
  const title = textIn(document, 'Titol');
  const wrong = (
    [
      [isPerson && !isTold, '701', 'És obligatori com a mínim un mètode de contacte'],
      [isPerson && textIn(document, 'Nom').length > 50, '725', 'El nom excedeix els 50 caràcters'],
      [
        isPerson && textIn(document, 'PrimerCognom') === '',
        '703',
        'El primer cognom és obligatori',
      ],
      [
        title.length < 3 || title.length > 100,
        '1005',
        'El títol ha de tenir entre 3 i 100 caràcters',
      ],
      [textIn(document, 'Hash') !== hash, '923', 'El hash no coincideix'],
      [bytes.length > 1_000_000, '924', 'El document supera la mida màxima'],
    ] as const
  ).find(([is]) => is);
  if (wrong) return errorOf({ error: wrong[1], words: wrong[2] });
  const number = String(4_000_001 + sent.length);
  sent.push({
    number,
    title,
    reference: textIn(document, 'Referencia'),
    identifier: textIn(document, isPerson ? 'NIF' : 'CIF'),
    level: textIn(document, 'TipusAcces'),
    days: textIn(document, 'DiesExpiracio'),
    document: bytes,
    state: 'PENDENT',
    at: now().toString(),
  });
  return `<NotificacionsCreades><IdNotificacio>${number}</IdNotificacio></NotificacionsCreades>`;
}

/** Finds references that begin so, whatever their case. */
function found(prefix: string, { sent }: Town): string {
  const all = sent.filter(({ reference }) =>
    reference.toLowerCase().startsWith(prefix.toLowerCase()),
  );
  const results = all.map(
    ({ number, reference, title, state }) =>
      `<Notificacio><IdNotificacio>${number}</IdNotificacio><Titol>${escaped(title)}</Titol><Referencia>${escaped(reference)}</Referencia><Estat>${state}</Estat></Notificacio>`,
  );
  return `<Resultats>${results.join('')}</Resultats><DadesPaginacio><NumeroPagina>1</NumeroPagina><ResultatsPerPagina>50</ResultatsPerPagina><TotalResultats>${all.length}</TotalResultats><TotalPagines>1</TotalPagines></DadesPaginacio>`;
}

/** The report of a day: all whose state is of it. */
function report(day: string, { sent, organisation, department }: Town): string {
  const all = sent
    .filter(
      ({ at }) =>
        Temporal.Instant.from(at).toZonedDateTimeISO('Europe/Madrid').toPlainDate().toString() ===
        day,
    )
    .map(({ number, reference, state, at, signer }) => {
      const who = signer
        ? `<DadesSignador><Interessat><PersonaFisica><DocumentIdentificatiu><NIF>${signer.nif}</NIF></DocumentIdentificatiu><Nom>${signer.given}</Nom><PrimerCognom>${signer.first}</PrimerCognom>${signer.second ? `<SegonCognom>${signer.second}</SegonCognom>` : ''}</PersonaFisica></Interessat></DadesSignador>`
        : '';
      return `<DadesNotificacio><DadesEstat><Estat>${state}</Estat><DataActualitzacio>${at}</DataActualitzacio></DadesEstat><DadesNotificacio><Referencia>${reference}</Referencia><IdNotificacio>${number}</IdNotificacio><TipusObjecte>NOTIFICACIO</TipusObjecte></DadesNotificacio><DadesRegistre><DataRegistre>${at}</DataRegistre><NumeroRegistreSortida>S/1</NumeroRegistreSortida></DadesRegistre>${who}</DadesNotificacio>`;
    });
  return `<Report><Emissor><CodiOrganisme>${organisation}</CodiOrganisme><CodiDepartament>${department}</CodiDepartament></Emissor><DataInforme>${day}</DataInforme><TipusInforme>DIARI</TipusInforme>${all.join('')}</Report>`;
}

function evidence(number: string, { sent }: Town): string {
  const of = sent.find((each) => each.number === number);
  if (!of) return errorOf({ error: '103', words: 'Error executant l’operació' });
  const practised = ['ACCEPTADA', 'REBUTJADA', 'EXPIRADA'].includes(of.state)
    ? `<AcceptacioRebuig>${escaped(`<Evidencia tipus="${of.state}"/>`)}</AcceptacioRebuig>`
    : '';
  return `<IdNotificacio>${number}</IdNotificacio><TipusEvidencia>XML</TipusEvidencia><Diposit>${escaped('<Evidencia tipus="DIPOSIT"/>')}</Diposit>${practised}`;
}
