import type { MuxSettings } from '../../../domain/office/connectors/registry.ts';
import type { Presented, Span } from '../../../features/foundation/registry/outside/types.ts';
import type { PresentedPerson } from '../../../features/foundation/registry/types.ts';
import { element, escaped } from '../../../lib/xml/xml.ts';
import { type Asker, cut, momentText, type Petition, ZONE } from '../../pci/message.ts';
import { MUX_PETITION } from './names.ts';

/** The modality that looks for entries (ConsorciAOC/MUX, FAQ). The one that makes them is in the settings. */
export const CONSULT = 'MUX_CONSULTA';

/** Whose request it is. */
export interface Sender {
  settings: MuxSettings;
  /** The name of the town. */
  town: string;
}

/** Returns who asks the PCI. */
export const askerOf = ({ settings, town }: Sender): Asker => ({
  code: settings.requester ?? settings.ine10,
  town,
  purpose: settings.purpose,
});

/** Returns a petition of MUX. Ley 39/2015, art. 16: what is handed in is registered, whether or not somebody agrees. */
export const petitionOf = (modality: string, specific: string): Petition => ({
  product: 'MUX',
  modality,
  consent: 'Ley',
  specific,
});

/** Returns the subject of an entry with its mark. It has at most 150 characters, as the registry of EACAT takes them. */
export const subjectOf = ({ subject, mark }: Pick<Presented, 'subject' | 'mark'>): string =>
  `${cut(subject, 150 - mark.length - 3)} (${mark})`;

/** Returns the specific data that have something registered (`PeticioMUX2.xsd`, AltaAssentament). */
export function entryPetition({ settings }: Sender, what: Presented): string {
  const town = element('Administracio', {}, ine10(settings), office(settings));
  const other = what.person && personOf(what.person, settings);
  // Nobody was identified: the town's own application is where it comes from.
  const somebody = other ?? town;
  const [from, to] = what.direction === 'entry' ? [somebody, town] : [town, somebody];
  return muxPetition(
    settings,
    { IdTransaccio: what.id },
    element(
      'AltaAssentament',
      {},
      element(
        KINDS[what.direction],
        {},
        element('Assumpte', {}, escaped(subjectOf(what))),
        element('DataPresentacio', {}, momentText(what.at)),
        element('Procedencia', {}, from),
        element('Destinacio', {}, to),
      ),
    ),
  );
}

const KINDS = { entry: 'Entrada', exit: 'Sortida' } as const;

/** Which entries are looked for. */
export interface Sought extends Span {
  kind?: Presented['direction'];
  onlyAuxiliary?: boolean;
  subject?: string;
}

/** Returns the specific data that look for entries of a span (ConsultaAssentaments). */
export function consultPetition({ settings }: Sender, sought: Sought): string {
  const { from, until, kind, onlyAuxiliary, subject } = sought;
  return muxPetition(
    settings,
    {},
    element(
      'ConsultaAssentaments',
      {},
      element('DataInici', {}, localText(from)),
      element('DataFi', {}, localText(until)),
      kind ? element('Tipus', {}, KINDS[kind]) : '',
      onlyAuxiliary ? element('Registre', {}, 'Auxiliar') : '',
      subject === undefined ? '' : element('Assumpte', {}, escaped(subject)),
    ),
  );
}

const muxPetition = (
  { application }: MuxSettings,
  attributes: Record<string, string>,
  content: string,
): string =>
  element(
    'PeticioRegistre',
    { xmlns: MUX_PETITION, IdAplicacio: application, ...attributes },
    content,
  );

const ine10 = (settings: MuxSettings): string => element('INE10', {}, settings.ine10);

const office = ({ office: code }: MuxSettings): string =>
  code === undefined ? '' : element('OficinaRegistre', {}, escaped(code));

/** Longest document that is no DNI or NIE. */
const LONGEST_DOCUMENT = 15;

/** Returns who somebody is; null: they have no identifier that the schema takes. */
function personOf(person: PresentedPerson, settings: MuxSettings): string | null {
  const { identifier } = person.id;
  if (identifier.length > LONGEST_DOCUMENT) return null;
  const kind = /^\d{8}[A-Z]$/.test(identifier)
    ? 'NIF'
    : /^[X-Z]\d{7,8}[A-Z]$/.test(identifier)
      ? 'NIE'
      : 'Passaport';
  const { given, family } = namesOf(person);
  return element(
    'PersonaFisica',
    {},
    element('ID', {}, element(kind, {}, escaped(identifier))),
    element('Nom', {}, escaped(given)),
    element('Cognom1', {}, escaped(family)),
    // The schema demands a town, which nobody was asked for.
    element('Poblacio', {}, ine10(settings)),
  );
}

/** Returns the two parts of a name that the schema demands, each of 1 to 50 characters. */
function namesOf({ name, given, family }: PresentedPerson): { given: string; family: string } {
  const [first = '', ...others] = name.split(' ').filter(Boolean);
  const parts = given && family ? { given, family } : { given: first, family: others.join(' ') };
  return { given: cut(parts.given, 50) || '-', family: cut(parts.family, 50) || '-' };
}

/** Returns the wall clock of a moment, as the examples of MUX_CONSULTA have it. */
const localText = (at: Temporal.Instant): string =>
  at.toZonedDateTimeISO(ZONE).toPlainDateTime().toString({ smallestUnit: 'second' });
