import {
  allOf,
  attributeOf,
  childNamed,
  childrenNamed,
  childrenOf,
  isNamed,
  onlyChild,
  parsed,
  refuse,
} from '../../../lib/xml/xml.ts';
import {
  ASSERTION,
  DIGESTS,
  ENCRYPTING,
  ENVELOPED,
  EXCLUSIVE,
  PROTOCOL,
  SIGNATURE,
  SIGNING,
} from './names.ts';

/** The longest answer, in characters of base64. Those of Cl@ve have about twenty thousand. */
const LONGEST = 350_000;

/** An answer whose form is right. No signature of it has been verified yet. */
export interface Envelope {
  /** The answer as it came. */
  base64: string;
  bytes: Buffer;
  response: Element;
  /** The assertion that is there in clear; null: there is none. */
  assertion: Element | null;
  isEncrypted: boolean;
  isResponseSigned: boolean;
  isAssertionSigned: boolean;
}

/**
 * Opens an answer, and refuses every form that makes a signature mean something else than what is read: several assertions, signatures that
 * are not directly in what they sign, an id that is there twice, parts of an assertion outside of it. So the wrapping of signatures has no
 * place (Somorovsky et al., "On Breaking SAML: Be Whoever You Want to Be", USENIX Security 2012), whatever a library looks for.
 */
export function opened(posted: URLSearchParams | null): Envelope {
  const values = posted?.getAll('SAMLResponse') ?? [];
  const base64 = values[0]?.replaceAll(/\s/g, '') ?? '';
  if (values.length !== 1 || base64 === '') refuse('no_response');
  if (base64.length > LONGEST) refuse('too_large');
  if (!/^[A-Za-z\d+/]+={0,2}$/.test(base64)) refuse('malformed');
  const bytes = Buffer.from(base64, 'base64');
  const response = parsed(textIn(bytes));
  if (!isNamed(response, PROTOCOL, 'Response')) refuse('no_response');
  const assertions = assertionsOf(response);
  checkOutside(response, assertions);
  const [assertion = null] = childrenNamed(response, ASSERTION, 'Assertion');
  const signed = signedElements(response, assertion);
  return {
    base64,
    bytes,
    response,
    assertion,
    isEncrypted: assertions.length > 0 && assertion === null,
    isResponseSigned: signed.includes(response),
    isAssertionSigned: assertion !== null && signed.includes(assertion),
  };
}

function textIn(bytes: Buffer): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const [, encoding = 'utf-8'] = /^<\?xml[^>]*?encoding=["']([^"']*)/.exec(text) ?? [];
    return /^utf-?8$/i.test(encoding) ? text : refuse('malformed');
  } catch {
    return refuse('malformed');
  }
}

/** Returns the assertions, in clear or encrypted, each directly in the response: one at most. */
function assertionsOf(response: Element): Element[] {
  const all = allOf(response).filter(({ localName }) =>
    ['Assertion', 'EncryptedAssertion'].includes(localName),
  );
  const others = allOf(response).filter(
    ({ localName }) => localName === 'Response' || localName === 'LogoutResponse',
  );
  if (others.length > 1) refuse('wrapped');
  if (all.some((each) => each.namespaceURI !== ASSERTION || each.parentNode !== response))
    refuse('wrapped');
  if (all.length > 1) refuse('several_assertions');
  return all;
}

/** Ids are unique, and no part of an assertion is outside of it. */
function checkOutside(response: Element, [assertion]: Element[]): void {
  const elements = allOf(response);
  const ids = elements.flatMap((each) =>
    Array.from(each.attributes)
      .filter(({ localName, name }) => /^(?:assertion)?id$/i.test(localName ?? name))
      .map(({ value }) => value),
  );
  if (new Set(ids).size !== ids.length) refuse('wrapped');
  const inside = new Set(assertion ? allOf(assertion) : []);
  const outside = elements.filter(
    (each) =>
      each.namespaceURI === ASSERTION &&
      !inside.has(each) &&
      !(each.localName === 'Issuer' && each.parentNode === response),
  );
  if (outside.length > 0) refuse('outside_assertion');
}

/** Returns what is signed: the response, the assertion, both or neither. A signature elsewhere is refused. */
function signedElements(response: Element, assertion: Element | null): Element[] {
  return allOf(response)
    .filter(({ localName }) => localName === 'Signature')
    .map((signature) => {
      const parent = signature.parentNode as Element;
      if (parent !== response && parent !== assertion) refuse('wrapped');
      onlyChild(parent, SIGNATURE, 'Signature', 'wrapped');
      checkSignature(signature, parent);
      return parent;
    });
}

/** A signature signs the element that it is directly in, and nothing else, with algorithms that are still good. */
function checkSignature(signature: Element, signed: Element): void {
  const parts = childrenOf(signature).map(({ localName }) => localName);
  if (!['SignedInfo SignatureValue', 'SignedInfo SignatureValue KeyInfo'].includes(parts.join(' ')))
    refuse('wrapped');
  const all = allOf(signature);
  const only = (name: string): Element => {
    const [first, ...others] = all.filter(({ localName }) => localName === name);
    if (!first || others.length > 0 || first.namespaceURI !== SIGNATURE) refuse('wrapped');
    return first;
  };
  for (const name of ['SignedInfo', 'SignatureValue', 'DigestValue']) only(name);
  const reference = only('Reference');
  if (attributeOf(reference, 'URI') !== `#${attributeOf(signed, 'ID')}`) refuse('wrapped');
  checkAlgorithm(only('SignatureMethod'), SIGNING);
  checkAlgorithm(only('DigestMethod'), DIGESTS);
  checkAlgorithm(only('CanonicalizationMethod'), [EXCLUSIVE]);
  const transforms = childrenNamed(only('Transforms'), SIGNATURE, 'Transform');
  const used = transforms.map((each) => attributeOf(each, 'Algorithm')).join(' ');
  if (used !== `${ENVELOPED} ${EXCLUSIVE}`) refuse('transforms');
}

function checkAlgorithm(element: Element, allowed: readonly string[]): void {
  const algorithm = attributeOf(element, 'Algorithm') ?? '';
  if (allowed.includes(algorithm)) return;
  refuse(/sha-?1$|md5|dsa-?sha1/i.test(algorithm) ? 'sha1' : 'algorithm');
}

/** An encrypted assertion has algorithms whose errors say nothing about the key. */
export function checkEncryption(response: Element): void {
  const encrypted = onlyChild(response, ASSERTION, 'EncryptedAssertion', 'no_assertion');
  const methods = allOf(encrypted).filter(({ localName }) => localName === 'EncryptionMethod');
  const isGood = methods.every((each) => ENCRYPTING.includes(attributeOf(each, 'Algorithm') ?? ''));
  if (methods.length !== 2 || !isGood) refuse('encryption');
}

/** Returns the issuer that a response or an assertion names; null: none. */
export function issuerOf(element: Element): string | null {
  const issuer = childNamed(element, ASSERTION, 'Issuer', 'issuer');
  return issuer?.textContent?.trim() ?? null;
}
