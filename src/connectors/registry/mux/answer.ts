import type {
  OutsideFailure,
  Registered,
} from '../../../features/foundation/registry/outside/types.ts';
import {
  allOf,
  attributeOf,
  childrenNamed,
  childrenOf,
  isNamed,
  parsed,
  refuse,
  textOf,
  XmlRefused,
} from '../../../lib/xml/xml.ts';
import { ZONE } from './message.ts';
import { MUX_RESPONSE, RESPONSE, SOAP } from './names.ts';

/** Thrown where nothing can be read in an answer, or it says no. */
export class NotAnswered extends Error {
  readonly failure: OutsideFailure;

  constructor(reason: OutsideFailure['reason'], code: string, words: string | null = null) {
    super(code);
    this.failure = { reason, code, words: words === null ? null : words.slice(0, LONGEST_WORDS) };
  }
}

const LONGEST_WORDS = 500;

/** A day of a town has some hundreds of entries, with some thirty elements each. */
const MOST_ELEMENTS = 200_000;

/** Returns the entries in an answer of MUX, oldest first. @throws NotAnswered */
export function entriesIn(xml: string): Registered[] {
  try {
    const root = parsed(xml, MOST_ELEMENTS);
    const all = allOf(root, MOST_ELEMENTS);
    const fault = all.find((each) => isNamed(each, SOAP, 'Fault'));
    if (fault) throw new NotAnswered('refused', 'fault', wordsOf(fault));
    checkState(all);
    const answer = all.find((each) => isNamed(each, MUX_RESPONSE, 'RespostaRegistre'));
    if (!answer) throw new NotAnswered('unclear', 'no_answer');
    checkResult(answer);
    return registeredIn(answer);
  } catch (error) {
    if (error instanceof XmlRefused) throw new NotAnswered('unclear', error.code);
    throw error;
  }
}

/** The state of a petition that was carried out (Respuesta/Atributos/Estado). */
const DONE = '0003';
const UNDER_WAY = ['0001', '0002'];

/** Refuses an answer of the PCI that says that the petition was not carried out. */
function checkState(all: readonly Element[]): void {
  const state = all.find((each) => isNamed(each, RESPONSE, 'Estado'));
  if (!state) return;
  const code = textIn(state, 'CodigoEstado') ?? '';
  if (code === '' || code === DONE) return;
  const words = textIn(state, 'LiteralError');
  if (UNDER_WAY.includes(code)) throw new NotAnswered('away', 'under_way', words);
  throw new NotAnswered('refused', `pci_${codeFrom(code)}`, words);
}

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

/** Returns the text of an element directly in another, whatever its namespace; null: it is missing or empty. */
const textIn = (element: Element, name: string): string | null =>
  valueIn(childrenOf(element), name);

function valueIn(elements: readonly Element[], name: string): string | null {
  const found = elements.find(({ localName }) => localName === name);
  return (found && textOf(found)) || null;
}

/** Returns the words of a fault of SOAP 1.1. */
const wordsOf = (fault: Element): string | null => {
  const found = childrenOf(fault).find(({ localName }) => localName === 'faultstring');
  return found?.textContent?.trim() || null;
};

const codeFrom = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z\d]+/g, '_')
    .slice(0, 20);

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
