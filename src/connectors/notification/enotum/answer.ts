import type { HandedNews } from '../../../features/service/notifications/types.ts';
import { allOf, childrenOf, isNamed } from '../../../lib/xml/xml.ts';
import { elementsOf, NotAnswered, reading, textIn, valueIn } from '../../pci/answer.ts';
import { NT } from './message.ts';

/** A report of a day has all that changed in a department. */
const MOST_ELEMENTS = 100_000;

/** Errors of e-NOTUM that another try may overcome: the operation failed. */
const AGAIN = ['103'];

/** Returns the elements of an answer of e-NOTUM that has no errors. @throws NotAnswered, XmlRefused */
function answerIn(xml: string, name: string): Element[] {
  const all = elementsOf(xml, MOST_ELEMENTS);
  const answer = all.find((each) => isNamed(each, NT, name));
  if (!answer) throw new NotAnswered('unclear', 'no_answer');
  const within = allOf(answer, MOST_ELEMENTS);
  const error = within.find((each) => isNamed(each, NT, 'Error'));
  if (error) {
    const code = textIn(error, 'CodiError') ?? '';
    const reason = AGAIN.includes(code) ? 'away' : 'refused';
    throw new NotAnswered(reason, `enotum_${code}`, textIn(error, 'MissatgeError'));
  }
  return within;
}

/** Returns the number of the notification that was made. @throws NotAnswered */
export const numberIn = (xml: string): string =>
  reading(() => {
    const number = valueIn(answerIn(xml, 'RespostaProcessarTramesa'), 'IdNotificacio');
    if (number === null) throw new NotAnswered('unclear', 'no_number');
    return number;
  });

/** Returns the number of what was handed over with exactly this reference; null: nothing was. @throws NotAnswered */
export const numberOf = (xml: string, reference: string): string | null =>
  reading(() => {
    const found = answerIn(xml, 'RespostaCerca')
      .filter((each) => isNamed(each, NT, 'Notificacio'))
      .find((each) => textIn(each, 'Referencia')?.toLowerCase() === reference.toLowerCase());
    return found ? textIn(found, 'IdNotificacio') : null;
  });

const STATES: Readonly<Record<string, HandedNews['state']>> = {
  DIPOSITADA: 'available',
  ACCEPTADA: 'accepted',
  REBUTJADA: 'rejected',
  EXPIRADA: 'expired',
  ERROR: 'failed',
  ANUL·LADA: 'cancelled',
};

/** Returns what a report tells of notifications. States on the way are told by none of ours. @throws NotAnswered */
export const newsIn = (xml: string): HandedNews[] =>
  reading(() =>
    answerIn(xml, 'RespostaRecuperarReport')
      .filter((each) => isNamed(each, NT, 'DadesEstat'))
      .flatMap((each) => {
        const record = each.parentNode as Element;
        const state = STATES[textIn(each, 'Estat') ?? ''];
        const number = valueIn(childrenOf(childIn(record, 'DadesNotificacio')), 'IdNotificacio');
        const at = instantIn(textIn(each, 'DataActualitzacio'));
        if (!state || number === null || !at) return [];
        return [{ number, state, at, by: signerIn(record) }];
      }),
  );

function childIn(record: Element, name: string): Element {
  const found = childrenOf(record).find((each) => isNamed(each, NT, name));
  if (!found) throw new NotAnswered('unclear', 'no_data');
  return found;
}

/** Returns who opened or rejected it; null: nobody did, or it was on paper. */
function signerIn(record: Element): HandedNews['by'] {
  const signer = childrenOf(record).find((each) => isNamed(each, NT, 'DadesSignador'));
  const person = signer && allOf(signer).find(isPerson);
  if (!person) return null;
  const parts = allOf(person);
  const identifier = valueIn(parts, 'NIF') ?? valueIn(parts, 'CIF') ?? '';
  const name = ['Nom', 'PrimerCognom', 'SegonCognom', 'RaoSocial'].map((each) =>
    textIn(person, each),
  );
  return { identifier, name: name.filter(Boolean).join(' ') };
}

const isPerson = (each: Element): boolean =>
  isNamed(each, NT, 'PersonaFisica') || isNamed(each, NT, 'PersonaJuridica');

/** Returns a moment, which has an offset or is one of Catalonia; null: it can't be read. */
function instantIn(text: string | null): Temporal.Instant | null {
  try {
    if (text === null) return null;
    return /(Z|[+-]\d\d:\d\d)$/.test(text)
      ? Temporal.Instant.from(text)
      : Temporal.PlainDateTime.from(text).toZonedDateTime('Europe/Madrid').toInstant();
  } catch {
    return null;
  }
}

/** Returns the evidence of a notification, as e-NOTUM gives it. @throws NotAnswered */
export const evidenceIn = (xml: string): Buffer =>
  reading(() => {
    const answer = answerIn(xml, 'RespostaEvidencia');
    const parts = ['Diposit', 'AcceptacioRebuig', 'Anullacio'].map((name) => valueIn(answer, name));
    return Buffer.from(parts.filter(Boolean).join('\n'));
  });
