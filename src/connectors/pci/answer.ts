import { allOf, childrenOf, isNamed, parsed, textOf, XmlRefused } from '../../lib/xml/xml.ts';
import { RESPONSE, SOAP } from './names.ts';

/** Why nothing came of a petition. `away`: another try may succeed. `unclear`: nobody can tell what came of it. */
export interface PciFailure {
  reason: 'away' | 'refused' | 'unclear';
  code: string;
  /** What the other side says of it; null: nothing. */
  words: string | null;
}

/** Thrown where nothing can be read in an answer, or it says no. */
export class NotAnswered extends Error {
  readonly failure: PciFailure;

  constructor(reason: PciFailure['reason'], code: string, words: string | null = null) {
    super(code);
    this.failure = { reason, code, words: words === null ? null : words.slice(0, LONGEST_WORDS) };
  }
}

const LONGEST_WORDS = 500;

/** What came of a petition. */
export type Answered<T> = { ok: true; value: T } | ({ ok: false } & PciFailure);

/** Returns what came of some work with the PCI. */
export async function answered<T>(work: () => Promise<T>): Promise<Answered<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    if (error instanceof NotAnswered) return { ok: false, ...error.failure };
    throw error;
  }
}

/** Reads an answer; what can't be read as XML is unclear. @throws NotAnswered */
export function reading<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof XmlRefused) throw new NotAnswered('unclear', error.code);
    throw error;
  }
}

/** Returns all elements of an answer of the PCI to a petition that was carried out. @throws NotAnswered, XmlRefused */
export function elementsOf(xml: string, most: number): Element[] {
  const all = allOf(parsed(xml, most), most);
  const fault = all.find((each) => isNamed(each, SOAP, 'Fault'));
  if (fault) throw new NotAnswered('refused', 'fault', wordsOf(fault));
  checkState(all);
  return all;
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

/** Returns the text of an element directly in another, whatever its namespace; null: it is missing or empty. */
export const textIn = (element: Element, name: string): string | null =>
  valueIn(childrenOf(element), name);

/** Returns the text of the first element of a name; null: there is none, or it is empty. */
export function valueIn(elements: readonly Element[], name: string): string | null {
  const found = elements.find(({ localName }) => localName === name);
  return (found && textOf(found)) || null;
}

/** Returns the words of a fault of SOAP 1.1. */
const wordsOf = (fault: Element): string | null => {
  const found = childrenOf(fault).find(({ localName }) => localName === 'faultstring');
  return found?.textContent?.trim() || null;
};

/** Returns a code of the other side as one of ours. */
export const codeFrom = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z\d]+/g, '_')
    .slice(0, 20);
