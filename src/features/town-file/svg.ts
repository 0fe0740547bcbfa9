import { isMoving } from './moving.ts';

/** What an SVG brings that a logo has no need of. */
export type SvgFault = 'broken' | 'active';

/** What runs, moves, sounds or holds another document. */
const ACTIVE =
  /^(script|handler|listener|foreignobject|iframe|embed|object|audio|video|canvas|discard|set|mpath|animate\w*)$/i;
const FRAGMENT = /^\s*#\S*\s*$/;
const EMBEDDED = /^\s*data:image\/(?:png|jpeg);base64,([a-z0-9+/=\s]*)$/i;
const REFERENCE = /^(href|src)$/i;
const XMLNS = 'http://www.w3.org/2000/svg';

const PROLOG =
  /^\uFEFF?(<\?xml\s[^<>]*\?>)?(\s|<!--[\s\S]*?-->)*(<!DOCTYPE\s[^<>[\]]*>)?(\s|<!--[\s\S]*?-->)*/i;
const TAG = /<(\/?)([\w:.-]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y;
const TEXT = /<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|([^<]+)/y;
const ATTRIBUTE = /([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/**
 * Whether a drawing only stands there: nothing in it runs, moves or is fetched from elsewhere. It is read strictly, and
 * whatever isn't plain XML is broken; so nothing hides in what this reader and a browser would read differently.
 */
export function svgFault(text: string): SvgFault | null {
  const open: string[] = [];
  let isBegun = false;
  let at = PROLOG.exec(text)?.[0].length ?? 0;
  while (at < text.length) {
    TAG.lastIndex = at;
    TEXT.lastIndex = at;
    const tag = TAG.exec(text);
    if (!tag) {
      const found = TEXT.exec(text);
      const words = found?.[1] ?? found?.[2] ?? '';
      const holder = open.at(-1);
      if (!found || (holder === undefined && words.trim() !== '')) return 'broken';
      if (holder !== undefined && localOf(holder) === 'style' && reaches(words)) return 'active';
      at = TEXT.lastIndex;
      continue;
    }
    at = TAG.lastIndex;
    const [, closing, name = '', attributes = '', empty] = tag;
    if (closing) {
      if (empty || attributes || open.pop() !== name) return 'broken';
      continue;
    }
    const said = attributesIn(attributes);
    const isRoot = !isBegun && localOf(name) === 'svg' && said.some(([, each]) => each === XMLNS);
    if (open.length === 0 && !isRoot) return 'broken';
    isBegun = true;
    if (ACTIVE.test(localOf(name)) || said.some(([key, value]) => isActive(key, value)))
      return 'active';
    if (!empty) open.push(name);
  }
  return isBegun && open.length === 0 ? null : 'broken';
}

/** A reference to a place in the same file, or to a picture that is in it and stands still. What it is, is told by what is in it. */
function isOwn(address: string): boolean {
  if (FRAGMENT.test(address)) return true;
  const base64 = EMBEDDED.exec(address)?.[1];
  if (base64 === undefined) return false;
  const bytes = Buffer.from(base64, 'base64');
  const isKnown = /^(\x89PNG|\xff\xd8\xff)/.test(bytes.toString('latin1', 0, 4));
  return isKnown && !isMoving(bytes);
}

const localOf = (name: string): string => name.split(':').at(-1) ?? name;

const attributesIn = (text: string): [key: string, value: string][] =>
  [...text.matchAll(ATTRIBUTE)].map(([, key = '', double, single]) => [
    key,
    double ?? single ?? '',
  ]);

function isActive(key: string, value: string): boolean {
  const name = localOf(key);
  if (/^on/i.test(name)) return true;
  if (REFERENCE.test(name)) return !isOwn(value);
  return !/^xmlns(:|$)/.test(key) && reaches(value);
}

/** Whether a style fetches something or moves. What is written in escapes isn't trusted to be anything else. */
function reaches(style: string): boolean {
  const isHidden = /\\|&#/.test(style) && /url|import|anim|\\|&#/i.test(style);
  const fetched = [...style.matchAll(/url\s*\(\s*(?:"|'|&quot;|&apos;)?\s*([^\s"')&]*)/gi)];
  return (
    isHidden ||
    /@import|@keyframes|image-set|\banimation\b|javascript:/i.test(style) ||
    fetched.some(([, address = '']) => !isOwn(address))
  );
}
