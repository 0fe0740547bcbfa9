import { DOMParser } from '@xmldom/xmldom';

/** The kinds of nodes that are read (DOM, `Node.nodeType`). */
const ELEMENT = 1;
const TEXT = 3;
const COMMENT = 8;

/** An answer has at most so many elements, so deep. Those of Cl@ve have about a hundred, ten deep. */
const MOST_ELEMENTS = 2_000;
const DEEPEST = 40;

/** Thrown where an answer isn't as it must be. */
export class XmlRefused extends Error {
  /** In small letters, without a person's data. */
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** Ends the reading of an answer that isn't valid. @throws XmlRefused */
export function refuse(code: string): never {
  throw new XmlRefused(code);
}

/**
 * Returns the root of a document that has elements and text only. Document types are refused, since their entities can make a small text
 * huge. Comments are refused, since no signature covers them and they split a text in two (CVE-2017-11427 and its kin).
 */
export function parsed(xml: string, mostElements = MOST_ELEMENTS): Element {
  if (/<!(?!--)/.test(xml)) refuse('doctype');
  if (/<\?(?!xml\s)/.test(xml)) refuse('malformed');
  const mistake = () => refuse('malformed');
  const parser = new DOMParser({
    errorHandler: { warning: mistake, error: mistake, fatalError: mistake },
  });
  const document = parser.parseFromString(xml, 'text/xml');
  const root = document?.documentElement;
  if (!root) refuse('malformed');
  for (const node of Array.from(document.childNodes)) {
    if (node.nodeType === COMMENT) refuse('comment');
    if (node.nodeType === TEXT && node.nodeValue?.trim()) refuse('malformed');
  }
  allOf(root, mostElements);
  return root;
}

/** Returns an element and all elements in it. */
export function allOf(root: Element, mostElements = MOST_ELEMENTS): Element[] {
  const found: Element[] = [];
  const left = [{ element: root, depth: 1 }];
  for (let next = left.pop(); next; next = left.pop()) {
    found.push(next.element);
    if (found.length > mostElements || next.depth > DEEPEST) refuse('too_large');
    for (const node of Array.from(next.element.childNodes)) {
      if (node.nodeType === ELEMENT) left.push({ element: node as Element, depth: next.depth + 1 });
      else if (node.nodeType === COMMENT) refuse('comment');
      else if (node.nodeType !== TEXT) refuse('malformed');
    }
  }
  return found;
}

/** Returns whether an element has a name in a namespace. */
export const isNamed = (element: Element, namespace: string, name: string): boolean =>
  element.namespaceURI === namespace && element.localName === name;

/** Returns the elements directly in another. */
export const childrenOf = (element: Element): Element[] =>
  Array.from(element.childNodes).filter((node): node is Element => node.nodeType === ELEMENT);

/** Returns the elements of a name directly in another. */
export const childrenNamed = (element: Element, namespace: string, name: string): Element[] =>
  childrenOf(element).filter((each) => isNamed(each, namespace, name));

/** Returns the only element of a name in another; null: there is none. More than one are refused with `code`. */
export function childNamed(
  element: Element,
  namespace: string,
  name: string,
  code: string,
): Element | null {
  const [first = null, ...others] = childrenNamed(element, namespace, name);
  if (others.length > 0) refuse(code);
  return first;
}

/** Returns the only element of a name in another; none and several are refused with `code`. */
export const onlyChild = (
  element: Element,
  namespace: string,
  name: string,
  code: string,
): Element => childNamed(element, namespace, name, code) ?? refuse(code);

/** Returns the text of an element that has nothing else in it, without spaces around. */
export function textOf(element: Element): string {
  if (childrenOf(element).length > 0) refuse('malformed');
  return (element.textContent ?? '').trim();
}

/** Returns an attribute; null: the element lacks it. */
export const attributeOf = (element: Element, name: string): string | null =>
  element.hasAttribute(name) ? element.getAttribute(name) : null;

/** Returns a moment of XML Schema (`xs:dateTime`) with its zone; null: there is none. */
export function momentOf(element: Element, name: string): Temporal.Instant | null {
  const text = attributeOf(element, name);
  if (text === null) return null;
  try {
    return Temporal.Instant.from(text.trim());
  } catch {
    return refuse('malformed');
  }
}

type Attributes = Readonly<Record<string, string | undefined>>;

/** Returns an element as XML. Attributes without a value are left out; children are XML already. */
export function element(name: string, attributes: Attributes, ...children: string[]): string {
  const written = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [` ${key}="${escaped(value)}"`],
  );
  return `<${name}${written.join('')}>${children.join('')}</${name}>`;
}

/** What no document of XML 1.0 can have, not even escaped: most control characters, and halves of pairs. */
const NO_CHARACTERS = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/** Returns a text as XML, without the characters that XML has not. */
export const escaped = (text: string): string =>
  text
    .replaceAll(NO_CHARACTERS, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll(/[\t\r\n]/g, ' ');
