import { element, escaped } from '../../lib/xml/xml.ts';
import { PETITION } from './names.ts';

/** The zone of the PCI, whose moments have none in its examples. */
export const ZONE = 'Europe/Madrid';

/** Who asks: the town, by its code at the PCI, and the purpose with which the AOC authorised it. */
export interface Asker {
  code: string;
  town: string;
  purpose: string;
}

/** What is asked for. */
export interface Petition {
  /** Such as `MUX` (CodigoProducto), and its modality (CodigoCertificado). */
  product: string;
  modality: string;
  /** By which what is asked may be known: a law, or the yes of whoever it is about. */
  consent: 'Ley' | 'Si';
  /** The specific data, as XML. */
  specific: string;
}

const EMITTER = element(
  'Emisor',
  {},
  element('NifEmisor', {}, 'Q0801175A'),
  element('NombreEmisor', {}, 'CAOC'),
);

/** Returns the generic message of the PCI around a petition (`pci3-peticion.xsd`). */
export function petitionMessage(
  { code, town, purpose }: Asker,
  { product, modality, consent, specific }: Petition,
  { id, now }: { id: string; now: Temporal.Instant },
): string {
  const asker = [
    element('IdentificadorSolicitante', {}, escaped(code)),
    element('NombreSolicitante', {}, escaped(cut(town, 50))),
    element('Finalidad', {}, escaped(purpose)),
  ];
  const certificate = element('CodigoCertificado', {}, escaped(modality));
  const attributes = element(
    'Atributos',
    {},
    element('IdPeticion', {}, id),
    element('NumElementos', {}, '1'),
    element('TimeStamp', {}, momentText(now)),
    certificate,
    element('CodigoProducto', {}, product),
    element('DatosAutorizacion', {}, ...asker),
    EMITTER,
  );
  const generic = element(
    'DatosGenericos',
    {},
    EMITTER,
    element('Solicitante', {}, ...asker, element('Consentimiento', {}, consent)),
    element('Transmision', {}, certificate, element('IdSolicitud', {}, '1')),
  );
  const request = element(
    'SolicitudTransmision',
    {},
    generic,
    element('DatosEspecificos', {}, specific),
  );
  return element('Peticion', { xmlns: PETITION }, attributes, element('Solicitudes', {}, request));
}

/** Returns the first characters of a text. */
export const cut = (text: string, most: number): string =>
  Array.from(text).slice(0, most).join('').trim();

/** Returns a moment with the offset of Catalonia. */
export const momentText = (at: Temporal.Instant): string =>
  at.toZonedDateTimeISO(ZONE).toString({ timeZoneName: 'never', fractionalSecondDigits: 3 });
