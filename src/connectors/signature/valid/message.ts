import { allOf, childrenOf, refuse, textOf } from '../../../lib/xml/xml.ts';
import { personIn, type UserInfo, userInfo } from '../../identity/valid/answers.ts';
import { SHA256 } from '../xades/names.ts';

/** What is asked to be signed. */
export interface AskedDocument {
  name: string;
  /** SHA-256. */
  hash: Buffer;
}

/**
 * Checks that the message of an ordinary signature (VALid2, 4.4) is about one document, which is the one that was asked to be signed, and by the
 * person who was asked. Its elements are read by their names alone: the documentation shows its schema as a picture.
 * @throws XmlRefused
 */
export function checkMessage(
  message: Element,
  { name, hash }: AskedDocument,
  { identifier }: Pick<UserInfo, 'identifier'>,
): void {
  const documents = allOf(message).filter(
    (each) => each.localName === 'document' && childNamed(each, 'resum') !== null,
  );
  const [document, ...others] = documents;
  if (!document || others.length > 0) refuse('documents');
  if (wordsIn(document, 'resum') !== hash.toString('base64')) refuse('hash');
  if (wordsIn(document, 'algorisme') !== SHA256) refuse('hash_algorithm');
  if (wordsIn(document, 'nom') !== name) refuse('name');
  const signers = allOf(message)
    .filter(({ localName }) => localName === 'identitat')
    .flatMap((each) => childrenOf(each).filter(({ localName }) => localName === 'document'))
    .map(textOf);
  if (!signers.some((each) => isSame(each, identifier))) refuse('signer');
}

const childNamed = (element: Element, name: string): Element | null =>
  childrenOf(element).find(({ localName }) => localName === name) ?? null;

function wordsIn(element: Element, name: string): string | null {
  const child = childNamed(element, name);
  return child && textOf(child).replaceAll(/\s/g, name === 'resum' ? '' : ' ');
}

/** Returns whether two texts name the same person. */
function isSame(one: string, other: string): boolean {
  const [a, b] = [one, other].map((identifier) => {
    try {
      return personIn(userInfo.parse({ identifier })).identifier;
    } catch {
      return identifier.trim().toUpperCase();
    }
  });
  return a === b;
}
