import type { Registered } from '../../../features/foundation/registry/outside/types.ts';
import {
  allOf,
  attributeOf,
  childrenNamed,
  childrenOf,
  isNamed,
  refuse,
  textOf,
} from '../../../lib/xml/xml.ts';
import { codeFrom, elementsOf, NotAnswered, reading, textIn, valueIn } from '../../pci/answer.ts';
import { ZONE } from '../../pci/message.ts';
import { MUX_RESPONSE } from './names.ts';

/** A day of a town has some hundreds of entries, with some thirty elements each. */
const MOST_ELEMENTS = 200_000;

/** Returns the entries in an answer of MUX, oldest first. @throws NotAnswered */
export const entriesIn = (xml: string): Registered[] =>
  reading(() => {
    const all = elementsOf(xml, MOST_ELEMENTS);
    const answer = all.find((each) => isNamed(each, MUX_RESPONSE, 'RespostaRegistre'));
    if (!answer) throw new NotAnswered('unclear', 'no_answer');
    checkResult(answer);
    return registeredIn(answer);
  });

/** Refuses an answer of MUX whose result is not OK. */
function checkResult(answer: Element): void {
  const [result] = childrenNamed(answer, MUX_RESPONSE, 'Resultat');
  const code = result && attributeOf(result, 'codi');
  if (code === 'OK') return;
  if (code !== 'KO' || !result) throw new NotAnswered('unclear', 'no_result');
  const errors = allOf(result).filter(({ localName }) => localName === 'Error');
  const [first] = errors;
  const said = errors.map((each) => `${textIn(each, 'Codi')}: ${textIn(each, 'Descripcio')}`);
  throw new NotAnswered(
    'refused',
    `mux_${codeFrom((first && textIn(first, 'Codi')) ?? '')}`,
    said.join(' · ') || null,
  );
}

const NUMBERS = ['NumeroAssentament', 'NumeroAssentamentEntrada', 'NumeroAssentamentSortida'];

/**
 * Returns the entries in an answer. What is public of it names its errors and its requests, and no entry: so an entry is whatever has a number
 * of its own, and where the main registry took it over, that stands in it as `DadesAssentament` of a request does.
 */
function registeredIn(answer: Element): Registered[] {
  const all = allOf(answer, MOST_ELEMENTS);
  const holders = new Set(
    all
      .filter(({ localName }) => NUMBERS.includes(localName))
      .map(({ parentNode }) => parentNode as Element),
  );
  const isTakeOver = (each: Element) => textIn(each, 'DataConsolidacio') !== null;
  const takeOvers = new Set([...holders].filter(isTakeOver));
  const entries = [...holders].filter((each) => !takeOvers.has(each));
  return entries
    .map((each): Registered => {
      const inside = allOf(each);
      const over = inside.find((one) => takeOvers.has(one));
      return {
        number: numberOf(each),
        at: momentIn(textIn(each, 'DataAssentament')),
        subject: valueIn(inside, 'Assumpte'),
        consolidated: over
          ? { number: numberOf(over), at: momentIn(textIn(over, 'DataConsolidacio')) }
          : null,
      };
    })
    .toSorted(byMoment);
}

/** Those of one moment are in the order of their numbers. */
const byMoment = (a: Registered, b: Registered): number =>
  (a.at && b.at && Temporal.Instant.compare(a.at, b.at)) || (a.number < b.number ? -1 : 1);

function numberOf(entry: Element): string {
  const own = childrenOf(entry).find(({ localName }) => NUMBERS.includes(localName));
  const number = own ? textOf(own) : '';
  return /^[\p{L}\p{N}][\p{L}\p{N}/_. -]{0,99}$/u.test(number) ? number : refuse('number');
}

/** A date as some registries write it: `13/04/2021 13:40:33.234+02:00`. */
const DAY_FIRST = /^(\d{2})\/(\d{2})\/(\d{4})[ T](.+)$/;

/** Returns a moment, with or without an offset; null: there is none that can be read. */
export function momentIn(text: string | null): Temporal.Instant | null {
  if (text === null) return null;
  const iso = text.trim().replace(DAY_FIRST, '$3-$2-$1T$4');
  try {
    return Temporal.Instant.from(iso);
  } catch {
    try {
      return Temporal.PlainDateTime.from(iso).toZonedDateTime(ZONE).toInstant();
    } catch {
      return null;
    }
  }
}
