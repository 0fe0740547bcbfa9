import { addressesIn, drawnOf, MOST_DRAWN, type SvgElement } from './drawn.ts';
import { isMoving } from './moving.ts';
import { pixelFault } from './pixels.ts';

/** A fault of an SVG as a logo. `heavy`: so many elements that browsers hang; `wide`: a picture in it has too many pixels. */
export type SvgFault = 'broken' | 'active' | 'heavy' | 'wide';

/** Elements that run code, move, sound or hold another document. */
const ACTIVE =
  /^(script|handler|listener|foreignobject|iframe|embed|object|audio|video|canvas|discard|set|mpath|animate\w*)$/i;
/** A fragment, without characters that browsers would decode. */
const FRAGMENT = /^\s*#[^\s%&"'()]*\s*$/;
const EMBEDDED = /^\s*data:image\/(?:png|jpeg);base64,([a-z0-9+/=\s]*)$/i;
const REFERENCE = /^(href|src)$/i;
const XMLNS = 'http://www.w3.org/2000/svg';

/**
 * The document types that drawing programs write. Others are refused: browsers resolve entity names of XHTML and MathML (HTML, 14.2) that
 * this reader doesn't.
 */
const PROLOG =
  /^\uFEFF?(<\?xml\s[^<>]*\?>)?(\s|<!--[\s\S]*?-->)*(<!DOCTYPE\s+svg(\s+PUBLIC\s+"-\/\/W3C\/\/DTD SVG [\w. ]+\/\/EN"\s+"https?:\/\/www\.w3\.org\/[\w./-]+")?\s*>)?(\s|<!--[\s\S]*?-->)*/;
/** An entity that XML doesn't define. */
const UNKNOWN_SIGN = /&(?!(?:#x[\da-fA-F]+|#\d+|quot|apos|lt|gt|amp);)/;
const TAG = /<(\/?)([\w:.-]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y;
const TEXT = /<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|([^<]+)/y;
const ATTRIBUTE = /([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/** An element that isn't closed yet, with its text. */
interface Open extends SvgElement {
  tag: string;
  words: string;
}

/**
 * Returns the fault of a drawing that isn't static: code, movement, contents fetched from elsewhere, or endless references. Reading is
 * strict, and anything that isn't plain XML is `broken`. So this reader and a browser never read a file differently.
 */
export function svgFault(text: string): SvgFault | null {
  const elements: SvgElement[] = [];
  const styles: string[] = [];
  const open: Open[] = [];
  let at = PROLOG.exec(text)?.[0].length ?? 0;
  while (at < text.length) {
    TAG.lastIndex = at;
    TEXT.lastIndex = at;
    const tag = TAG.exec(text);
    const holder = open.at(-1);
    if (!tag) {
      const found = TEXT.exec(text);
      const words = found?.[1] ?? meant(found?.[2] ?? '');
      if (!found || (!holder && words.trim() !== '')) return 'broken';
      if (UNKNOWN_SIGN.test(found[2] ?? '')) return 'broken';
      if (holder) holder.words += words;
      at = TEXT.lastIndex;
      continue;
    }
    at = TAG.lastIndex;
    const [, closing, name = '', attributes = '', empty] = tag;
    if (UNKNOWN_SIGN.test(attributes)) return 'broken';
    if (closing) {
      if (empty || attributes || holder?.tag !== name) return 'broken';
      open.pop();
      if (holder.name.toLowerCase() !== 'style') continue;
      const fault = styleFault(holder.words);
      if (fault) return fault;
      styles.push(holder.words);
      continue;
    }
    const said = attributesIn(attributes);
    const isRoot =
      elements.length === 0 && localOf(name) === 'svg' && said.some(([, each]) => each === XMLNS);
    if (!holder && !isRoot) return 'broken';
    if (ACTIVE.test(localOf(name))) return 'active';
    const fault = firstOf(said, ([key, value]) => attributeFault(key, value));
    if (fault) return fault;
    const element = {
      tag: name,
      name: localOf(name),
      parent: holder ?? null,
      words: '',
      attributes: said.map(([key, value]) => [localOf(key), value] as const),
    };
    elements.push(element);
    if (!empty) open.push(element);
  }
  if (elements.length === 0 || open.length > 0) return 'broken';
  return drawnOf(elements, styles.join('\n')) > MOST_DRAWN ? 'heavy' : null;
}

/**
 * Returns the fault of an address: it must refer to the same file, or be a static picture as a data URL. The picture's content decides its
 * type.
 */
function addressFault(address: string): SvgFault | null {
  if (FRAGMENT.test(address)) return null;
  const base64 = EMBEDDED.exec(address)?.[1];
  if (base64 === undefined) return 'active';
  const bytes = Buffer.from(base64, 'base64');
  const isKnown = /^(\x89PNG|\xff\xd8\xff)/.test(bytes.toString('latin1', 0, 4));
  return isKnown && !isMoving(bytes) ? pixelFault(bytes) : 'active';
}

function firstOf<T>(all: readonly T[], faultOf: (each: T) => SvgFault | null): SvgFault | null {
  for (const each of all) {
    const fault = faultOf(each);
    if (fault) return fault;
  }
  return null;
}

const localOf = (name: string): string => name.split(':').at(-1) ?? name;

const attributesIn = (text: string): [key: string, value: string][] =>
  [...text.matchAll(ATTRIBUTE)].map(([, key = '', double, single]) => [
    key,
    meant(double ?? single ?? ''),
  ]);

const SIGNS: Record<string, string> = { quot: '"', apos: "'", lt: '<', gt: '>', amp: '&' };
/** Returns a text of XML with its entities resolved; a number that is too long stays unchanged. */
const meant = (text: string): string =>
  text.replaceAll(/&(?:#x([\da-fA-F]{1,5})|#(\d{1,6})|([a-z]+));/g, (all, hex, decimal, name) =>
    name
      ? (SIGNS[name] ?? all)
      : String.fromCodePoint(hex ? Number.parseInt(hex, 16) : Number(decimal)),
  );

function attributeFault(key: string, value: string): SvgFault | null {
  const name = localOf(key);
  if (/^on/i.test(name)) return 'active';
  if (REFERENCE.test(name)) return addressFault(value);
  return /^xmlns(:|$)/.test(key) ? null : styleFault(`${name}:${value}`);
}

/** Returns the fault of a style that fetches something, moves, or passes on references so that they can't be counted. */
function styleFault(style: string): SvgFault | null {
  // Escapes may hide any word, so a style with escapes is refused.
  const isHidden = /\\|&#/.test(style) && /url|import|anim|\\|&#/i.test(style);
  const isActive =
    /@import|@keyframes|image-set|\banimation\b|javascript:/i.test(style) ||
    (/(^|[\s;{/])--/.test(style) && /url/i.test(style)) ||
    (/inherit/i.test(style) && /mask|clip-path|filter|\ball\b/i.test(style));
  return isHidden || isActive ? 'active' : firstOf(addressesIn(style), addressFault);
}
