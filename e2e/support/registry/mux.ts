import type { ServerResponse } from 'node:http';
import { answerFault, answerState, escaped, first, pciFront, textIn } from '../pci/front.ts';

/** How the stand-in treats one petition. */
export type Behaviour =
  | 'right'
  /** Nothing is registered, and the connection breaks. */
  | 'away'
  /** It is registered, and the connection breaks before the answer. */
  | 'lost'
  /** It is registered, and the answer never comes. */
  | 'slow'
  /** The main registry is away: the auxiliary one registers it. */
  | 'auxiliary'
  /** Registered twice, as happened where somebody sent again. */
  | 'twice'
  /** MUX answers KO. */
  | 'refused'
  /** The PCI answers that it failed. */
  | 'error'
  /** The PCI answers that it is still at it, and registers it. */
  | 'pending'
  /** A fault of SOAP, such as for a certificate that isn't authorised. */
  | 'fault'
  /** The network address isn't authorised. */
  | 'forbidden'
  | 'unavailable'
  /** OK without a number, and registered. */
  | 'silent'
  /** A page of maintenance. */
  | 'page'
  /** It is registered, and the answer has an entry of somebody else. */
  | 'foreign';

/** An entry of the stand-in. */
export interface MuxEntry {
  number: string;
  at: string;
  subject: string;
  kind: 'Entrada' | 'Sortida';
  transaction: string;
  register: 'Principal' | 'Auxiliar';
  /** The number with which the main registry took it over. */
  consolidated?: string;
}

/** MUX of the Consorci AOC behind the PCI, as their documentation and schemas have it. Petitions must be signed with the given certificate. */
export interface MuxStandIn {
  endpoint: string;
  entries: MuxEntry[];
  /** The petitions that came, oldest first: what each was, and its specific data. */
  petitions: { modality: string; xml: string }[];
  /** Sets how the next petitions of a modality are treated; what comes after them is right. */
  behave(modality: string, ...behaviours: Behaviour[]): void;
  close(): Promise<void>;
}

const MUX = 'http://net.aocat/MUX2/PeticioRegistre';
const ANSWER = 'http://net.aocat/MUX2/RespostaRegistre';

export async function muxServer({
  certificate,
  now,
}: {
  certificate: string;
  now(): Temporal.Instant;
}): Promise<MuxStandIn> {
  const entries: MuxEntry[] = [];
  const petitions: MuxStandIn['petitions'] = [];
  const planned = new Map<string, Behaviour[]>();
  const front = await pciFront(
    { certificate, now },
    {
      lacks: lackingIn,
      carryOut(document, response, xml) {
        const modality = textIn(document, 'CodigoCertificado');
        petitions.push({ modality, xml });
        const behaviour = planned.get(modality)?.shift() ?? 'right';
        carryOut({ document, behaviour, entries, now: now() }, response);
      },
    },
  );
  return {
    ...front,
    entries,
    petitions,
    behave: (modality, ...behaviours) => void planned.set(modality, behaviours),
  };
}

interface Work {
  document: Document;
  behaviour: Behaviour;
  entries: MuxEntry[];
  now: Temporal.Instant;
}

function carryOut(work: Work, response: ServerResponse): void {
  const { document, behaviour } = work;
  const unregistered = UNREGISTERED[behaviour];
  if (unregistered) {
    unregistered(response);
    return;
  }
  const isConsult = first(document, 'ConsultaAssentaments') !== null;
  const content = isConsult ? consulted(work) : registered(work);
  if (behaviour === 'lost') response.destroy();
  else if (behaviour === 'pending') answerState(response, '0002', 'Processant-se');
  else if (behaviour === 'foreign') answerMux(response, `<res:Resultat codi="OK"/>${FOREIGN}`);
  else if (behaviour !== 'slow')
    answerMux(response, `<res:Resultat codi="OK"/>${behaviour === 'silent' ? '' : content}`);
}

/** The behaviours with which nothing is registered. */
const UNREGISTERED: Partial<Record<Behaviour, (response: ServerResponse) => void>> = {
  away: (response) => {
    response.destroy();
  },
  forbidden: (response) => {
    response.writeHead(403).end('Forbidden');
  },
  unavailable: (response) => {
    response.writeHead(503).end();
  },
  page: (response) => {
    response.writeHead(200).end('<html><p>Manteniment</html>');
  },
  fault: (response) => answerFault(response, 'Certificat no autoritzat'),
  error: (response) => answerState(response, '0502', 'Error intern'),
  refused: (response) =>
    answerMux(response, errorXml('43', 'Els següents camps excedeixen la mida permesa')),
};

/** Registers what a petition asks for, once or twice, and returns the first entry. */
function registered({ document, behaviour, entries, now }: Work): string {
  const kind = first(document, 'Entrada') ? 'Entrada' : 'Sortida';
  const isAuxiliary = behaviour === 'auxiliary';
  const made = Array.from({ length: behaviour === 'twice' ? 2 : 1 }, (): MuxEntry => {
    const nth = String(entries.length + 1).padStart(6, '0');
    const letter = kind === 'Entrada' ? 'E' : 'S';
    const entry: MuxEntry = {
      number: isAuxiliary ? `${letter}/${nth}-2026` : `${letter}-2026-33-${nth}`,
      at: now.toZonedDateTimeISO('Europe/Madrid').toString({ timeZoneName: 'never' }),
      subject: textIn(document, 'Assumpte'),
      kind,
      transaction: first(document, 'PeticioRegistre')?.getAttribute('IdTransaccio') ?? '',
      register: isAuxiliary ? 'Auxiliar' : 'Principal',
    };
    entries.push(entry);
    return entry;
  });
  return `<res:AltaAssentament>${made[0] ? dataXml(made[0]) : ''}</res:AltaAssentament>`;
}

/** Returns the entries that a petition looks for. Its days are the wall clock of Catalonia. */
function consulted({ document, entries }: Work): string {
  const bound = (name: string) =>
    Temporal.PlainDateTime.from(textIn(document, name))
      .toZonedDateTime('Europe/Madrid')
      .toInstant();
  const from = bound('DataInici');
  const until = bound('DataFi');
  const wanted = { kind: textIn(document, 'Tipus'), register: textIn(document, 'Registre') };
  const subject = textIn(document, 'Assumpte');
  const found = entries.filter((each) => {
    const at = Temporal.Instant.from(each.at);
    const isWithin =
      Temporal.Instant.compare(from, at) <= 0 && Temporal.Instant.compare(at, until) <= 0;
    const isKind = !wanted.kind || wanted.kind === each.kind;
    const isRegister = !wanted.register || wanted.register === each.register;
    return isWithin && isKind && isRegister && (!subject || each.subject.includes(subject));
  });
  const xml = found.map((each) => `<res:Assentament>${dataXml(each)}</res:Assentament>`).join('');
  return `<res:ConsultaAssentaments>${xml}</res:ConsultaAssentaments>`;
}

const dataXml = ({ number, at, subject, consolidated }: MuxEntry): string =>
  [
    `<res:NumeroAssentament>${number}</res:NumeroAssentament>`,
    `<res:DataAssentament>${at}</res:DataAssentament>`,
    `<res:Assumpte>${escaped(subject)}</res:Assumpte>`,
    consolidated
      ? `<res:DadesAssentament><res:NumeroAssentament>${consolidated}</res:NumeroAssentament><res:DataConsolidacio>${at}</res:DataConsolidacio></res:DadesAssentament>`
      : '',
  ].join('');

const FOREIGN =
  '<res:AltaAssentament><res:NumeroAssentament>E-1</res:NumeroAssentament><res:Assumpte>Altri (oac E1)</res:Assumpte></res:AltaAssentament>';

const errorXml = (code: string, words: string): string =>
  `<res:Resultat codi="KO"><res:Errors><res:Error><res:Codi>${code}</res:Codi><res:Descripcio>${escaped(words)}</res:Descripcio></res:Error></res:Errors></res:Resultat>`;

const answerMux = (response: ServerResponse, content: string): void =>
  answerState(
    response,
    '0003',
    'OK',
    `<res:RespostaRegistre xmlns:res="${ANSWER}">${content}</res:RespostaRegistre>`,
  );

/** What `PeticioMUX2.xsd` demands, in its form. */
const WHERE_THERE: Record<string, RegExp> = {
  Assumpte: /^.{0,150}$/u,
  NIF: /^\d{8}[A-Z]$/,
  NIE: /^[X-Z]\d{7,8}[A-Z]$/,
  Passaport: /^.{0,15}$/u,
  Nom: /^.{1,50}$/u,
  Cognom1: /^.{1,50}$/u,
  INE10: /^\d{10}$/,
  OficinaRegistre: /^.{1,15}$/,
  DataPresentacio: /^\d{4}-\d\d-\d\dT[\d:.]+[+-]\d\d:\d\d$/,
  DataInici: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/,
  DataFi: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/,
};

/** The order of the elements of an entry. */
const ORDER = ['Assumpte', 'DataPresentacio', 'Procedencia', 'Destinacio'];

function lackingIn(document: Document): string | null {
  if (textIn(document, 'CodigoProducto') !== 'MUX') return 'CodigoProducto incorrecte';
  if (first(document, 'PeticioRegistre')?.namespaceURI !== MUX)
    return 'No hi ha cap petició de registre';
  for (const [name, form] of Object.entries(WHERE_THERE))
    for (const each of Array.from(document.getElementsByTagNameNS('*', name)))
      if (!form.test(each.textContent ?? '')) return `${name} no compleix el patró`;
  const application = first(document, 'PeticioRegistre')?.getAttribute('IdAplicacio') ?? '';
  if (!/^.{3,10}$/.test(application)) return 'IdAplicacio incorrecte';
  const entry = first(document, 'Entrada') ?? first(document, 'Sortida');
  const names = Array.from(entry?.childNodes ?? []).map((each) => (each as Element).localName);
  return entry && names.join() !== ORDER.join() ? `Ordre incorrecte: ${names.join()}` : null;
}
