import { createHash } from 'node:crypto';
import { companyIn } from '../../../domain/identity.ts';
import type { EnotumSettings } from '../../../domain/office/connectors/notification.ts';
import type { ToHandOver } from '../../../features/service/notifications/types.ts';
import { element, escaped } from '../../../lib/xml/xml.ts';
import { type Asker, cut, type Petition } from '../../pci/message.ts';

/** The specific data of e-NOTUM (ConsorciAOC/eNotum, missatgeria 4.0). */
export const NT = 'http://www.aocat.net/NT/v4.0';

/** The most bytes of a document within a message: the PCI has a limit of the whole, and the AOC advises against more. */
export const MOST_DOCUMENT = 1_000_000;

const LEVELS = { none: 'BAIX', low: 'BAIX', substantial: 'SUBSTANCIAL', high: 'ALT' } as const;

/** The languages that it knows; others are told in Catalan. */
const LANGUAGES: Readonly<Record<string, string>> = { ca: 'ca', es: 'es', en: 'en' };

/** Returns who asks the PCI. */
export const askerOf = ({ requester, ine10, purpose }: EnotumSettings, town: string): Asker => ({
  code: requester ?? ine10,
  town,
  purpose,
});

/** Returns the petition around specific data of e-NOTUM, as an employee of the department. */
function petition(settings: EnotumSettings, name: string, ...specific: string[]): Petition {
  const { organisation, department, backOffice } = settings;
  return {
    product: 'ENOTUM',
    modality: 'ENOTUM',
    consent: 'Ley',
    specific: element(
      name,
      { xmlns: NT },
      ...(backOffice ? [element('BackOffice', {}, escaped(backOffice))] : []),
      element(
        'Usuari',
        {},
        element(
          'Empleat',
          {},
          element('CodiOrganisme', {}, escaped(organisation)),
          element('CodiDepartament', {}, escaped(department)),
        ),
      ),
      ...specific,
    ),
  };
}

/**
 * Returns the petition that hands a notification over (`PeticioProcessarTramesa`). Its reference is our id, by which it is found again. It has the
 * entry of our registry already, so that it gets no other.
 */
export const handing = (settings: EnotumSettings, of: ToHandOver): Petition =>
  petition(
    settings,
    'PeticioProcessarTramesa',
    element(
      'Tramesa',
      {},
      element('DadesOfici', {}, element('CosNotificacio', {}, escaped(cut(of.title, 4000)))),
      element('Documents', {}, documentOf(of)),
      element(
        'Notificacio',
        {},
        element('Titol', {}, escaped(cut(of.title, 100).padEnd(3, '.'))),
        element('Referencia', {}, of.id),
        element('IdNotificacioEmissor', {}, of.id),
        element('TipusObjecte', {}, 'NOTIFICACIO'),
        element('TipusAcces', {}, LEVELS[of.level]),
        element('DiesExpiracio', {}, String(of.days)),
        element('Idioma', {}, LANGUAGES[of.language] ?? 'ca'),
        element('Canal', {}, 'DIGITAL'),
        element('Expedient', {}, escaped(cut(of.reference, 34))),
        element('Destinataris', {}, element('Destinatari', {}, receiverOf(of))),
      ),
    ),
  );

const documentOf = ({ document, reference }: ToHandOver): string =>
  element(
    'Resolucio',
    {},
    element('Nom', {}, escaped(`${cut(reference, 90)}.pdf`)),
    element(
      'Hash',
      { Algoritme: 'SHA-256' },
      createHash('sha256').update(document).digest('base64'),
    ),
    element('Mida', {}, String(document.length)),
    element('Dades', {}, document.toString('base64')),
  );

/** Returns whoever is notified: an organisation, or a person whose surnames are apart. */
function receiverOf({ to, notice }: ToHandOver): string {
  const { email, phone } = notice;
  const told = [
    ...(email ? [element('BustiesCorreu', {}, element('BustiaCorreu', {}, escaped(email)))] : []),
    ...(phone ? [element('Telefons', {}, element('Telefon', {}, escaped(phone)))] : []),
  ];
  const identifier = (kind: 'CIF' | 'NIF') =>
    element('DocumentIdentificatiu', {}, element(kind, {}, escaped(to.identifier)));
  if (companyIn(to.identifier))
    return element(
      'PersonaJuridica',
      {},
      ...told,
      identifier('CIF'),
      element('RaoSocial', {}, escaped(cut(to.name, 255))),
    );
  const { given, first, second } = to.parts ?? { given: to.name, first: to.name, second: '' };
  return element(
    'PersonaFisica',
    {},
    ...told,
    identifier('NIF'),
    element('Nom', {}, escaped(cut(given, 50))),
    element('PrimerCognom', {}, escaped(cut(first, 50))),
    ...(second ? [element('SegonCognom', {}, escaped(cut(second, 50)))] : []),
  );
}

/** Returns the petition that looks for what was handed over with a reference (`PeticioCerca`). It finds references that begin so. */
export const searching = (settings: EnotumSettings, reference: string): Petition =>
  petition(
    settings,
    'PeticioCerca',
    element(
      'DadesCerca',
      {},
      element(
        'CriterisNotificacio',
        {},
        element('Referencia', {}, element('ValorAbsolut', {}, escaped(reference))),
      ),
      element(
        'Paginacio',
        {},
        element('NumeroPagina', {}, '1'),
        element('ResultatsPerPagina', {}, '50'),
      ),
    ),
  );

/** Returns the petition for what changed on a day in the department (`PeticioRecuperarReport`). */
export const reporting = (settings: EnotumSettings, day: Temporal.PlainDate): Petition =>
  petition(settings, 'PeticioRecuperarReport', element('DataReport', {}, day.toString()));

/** Returns the petition for the evidence of a notification, as XML (`PeticioEvidencia`). */
export const proving = (settings: EnotumSettings, number: string): Petition =>
  petition(
    settings,
    'PeticioEvidencia',
    element('IdNotificacio', {}, escaped(number)),
    element('TipusEvidencia', {}, 'XML'),
  );
