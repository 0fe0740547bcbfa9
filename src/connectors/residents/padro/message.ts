import type { PersonId } from '../../../domain/identity.ts';
import type { PadroSettings } from '../../../domain/office/connectors/residents.ts';
import type { Extent } from '../../../domain/residence/resident.ts';
import { element, escaped } from '../../../lib/xml/xml.ts';
import type { Asker, Petition } from '../../pci/message.ts';

/** The specific data of PADRO (ConsorciAOC/PADRO, `dadesEspecifiques.xsd`). */
export const PADRO = 'http://www.aocat.net/padro';

/** The modalities that ask the register of the town that asks, and no other. */
const MODALITIES = { person: 'TITULAR_PROPI', household: 'CONVIVENTS_PROPI' } as const;
const REQUESTS = {
  person: 'peticionDatosTitular',
  household: 'peticionDatosConvivientes',
} as const;

/** The elements of the answers. */
export const ANSWERS = {
  person: 'respuestaDatosTitular',
  household: 'respuestaDatosConvivientes',
} as const;

/** The kinds of documents that the register knows. */
const KINDS: Partial<Record<PersonId['scheme'], string>> = { dni: '1', passport: '2', nie: '3' };

/** Returns how the register names a kind of document; null: it doesn't know it. */
export const kindOf = ({ scheme }: Pick<PersonId, 'scheme'>): string | null =>
  KINDS[scheme] ?? null;

/** Returns who asks the PCI. */
export const askerOf = ({ requester, ine10, purpose }: PadroSettings, town: string): Asker => ({
  code: requester ?? ine10,
  town,
  purpose,
});

/**
 * Returns the petition for somebody who is identified. `isAsked`: they asked for what it is for, which is their consent; otherwise the law allows the
 * look (Ley 39/2015, art. 28.2). `about`: the reference of what it is asked for, which the register keeps.
 */
export const petitionFor = (
  { identifier, scheme }: PersonId,
  { extent, about, isAsked }: { extent: Extent; about: string; isAsked: boolean },
): Petition => ({
  product: 'PADRO',
  modality: MODALITIES[extent],
  consent: isAsked ? 'Si' : 'Ley',
  specific: element(
    REQUESTS[extent],
    { xmlns: PADRO },
    element('numExpediente', {}, escaped(about)),
    element('tipoDocumentacion', {}, kindOf({ scheme }) ?? ''),
    element('documentacion', {}, escaped(identifier)),
    element('idescat', {}, '0'),
  ),
});
