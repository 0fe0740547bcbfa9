/** An element of a drawing: its parent, and its attributes without prefixes, with entities resolved. */
export interface SvgElement {
  name: string;
  parent: SvgElement | null;
  attributes: readonly (readonly [key: string, value: string])[];
}

/** The number of elements that telephones draw without delay. */
export const MOST_DRAWN = 100_000;
/** The maximum depth, nested references included. Drawing programs don't nest deeper, and browsers stop at some depth. */
const MOST_DEPTH = 200;
/** Gradients: their stops are not drawn, and a gradient may refer to another. */
const GRADIENT = /^(linear|radial)gradient$/i;
/** Elements with which every shape inside an element is also painted. */
const PAINT = /^(pattern|marker)$/;

/** Returns the addresses in a style or an attribute, without their quotes. */
export const addressesIn = (style: string): string[] =>
  [...style.matchAll(/url\s*\(\s*([^)]*)/gi)].map(([, address = '']) =>
    address.trim().replace(/^(["'])([\s\S]*)\1$/, '$2'),
  );

/** Returns the id in an address within the same file, as a list of one; an empty list for other addresses. */
function idOf(address: string): string[] {
  const id = /^\s*#(\S+)\s*$/.exec(address)?.[1];
  return id === undefined ? [] : [id];
}

/** The ids that one place refers to: an element's attributes, a rule of a style, or all rules that mention a word. */
interface References extends ReadonlyArray<string | References> {}

/**
 * Returns the number of elements that a drawing has once every reference is drawn, at least as many as browsers draw; infinite when
 * references form a cycle. Each element, id and list of references is counted once. `style`: the text of all its styles.
 */
export function drawnOf(elements: readonly SvgElement[], style: string): number {
  const named = listed(
    elements.flatMap((each) =>
      each.attributes.flatMap(([key, id]) => (key === 'id' ? [[id, each] as const] : [])),
    ),
  );
  const children = listed(elements.map((each) => [each.parent, each]));
  const { ofAll, ofWords } = styled(style);
  const painting = new Set(
    [...named].flatMap(([id, all]) => (all.some(({ name }) => PAINT.test(name)) ? [id] : [])),
  );
  const references = new Map(elements.map((each) => [each, [...ofWords(each), ...ownOf(each)]]));
  // A marker is drawn at each point of a line.
  const points = elements.map(pointsOf).reduce((a, b) => Math.max(a, b), 1);

  const ofId: Reckoned<string> = once((id, depth) =>
    sum(named.get(id), (each) =>
      GRADIENT.test(each.name) ? 0 : drawn(each, depth) * (each.name === 'marker' ? points : 1),
    ),
  );
  const ofThose = (isWanted: (id: string) => boolean) => {
    const all: Reckoned<References> = once((ids, depth) =>
      sum(ids, (each) =>
        typeof each !== 'string' ? all(each, depth) : isWanted(each) ? ofId(each, depth) : 0,
      ),
    );
    return all;
  };
  const paints = ofThose((id) => painting.has(id));
  const beside = ofThose((id) => !painting.has(id));
  /** Counts one shape in an element, with everything that it is painted with. */
  const shape: Reckoned<SvgElement> = once(
    (each, depth) =>
      (each.parent ? shape(each.parent, depth) : 1 + paints(ofAll, depth)) +
      paints(references.get(each) ?? [], depth),
  );
  const drawn: Reckoned<SvgElement> = once(
    (each, depth) =>
      (1 + sum(contentOf(each), (id) => ofId(id, depth))) * shape(each, depth) +
      beside(ofAll, depth) +
      beside(references.get(each) ?? [], depth) +
      sum(children.get(each), (child) => drawn(child, depth)),
  );
  return sum(children.get(null), (root) => drawn(root, 0));
}

type Reckoned<K> = (key: K, depth: number) => number;

/** Returns a function that counts each key once. A key that is requested again before its count is complete is part of a cycle. */
function once<K>(reckon: Reckoned<K>): Reckoned<K> {
  const known = new Map<K, number>();
  return (key, depth) => {
    const before = known.get(key);
    if (before !== undefined) return before;
    known.set(key, Number.POSITIVE_INFINITY);
    if (depth <= MOST_DEPTH) known.set(key, reckon(key, depth + 1));
    return known.get(key) ?? 0;
  };
}

const sum = <T>(all: readonly T[] | undefined, of: (each: T) => number): number =>
  (all ?? []).reduce((total, each) => total + of(each), 0);

function listed<K, V>(pairs: readonly (readonly [K, V])[]): Map<K, V[]> {
  const lists = new Map<K, V[]>();
  for (const [key, value] of pairs) {
    const list = lists.get(key);
    if (list) list.push(value);
    else lists.set(key, [value]);
  }
  return lists;
}

const ownOf = ({ name, attributes }: SvgElement): readonly string[] =>
  GRADIENT.test(name) ? [] : attributes.flatMap(([, value]) => addressesIn(value).flatMap(idOf));

/** Returns the references that an element draws as its own content, inherited ones included. */
const contentOf = ({ name, attributes }: SvgElement): readonly string[] =>
  name === 'a' || GRADIENT.test(name)
    ? []
    : attributes.flatMap(([key, value]) => (key === 'href' ? idOf(value) : []));

/** Returns an upper bound of the number of points of a line. */
const pointsOf = ({ attributes }: SvgElement): number =>
  attributes.reduce(
    (most, [key, value]) => (/^(d|points)$/.test(key) ? Math.max(most, value.length) : most),
    0,
  );

/**
 * Returns the references that a style's rules give an element: those of each rule that mentions one of its classes, its id or its name. A
 * rule with another selector counts for all elements.
 */
function styled(style: string): {
  ofAll: References;
  ofWords: (element: SvgElement) => References[];
} {
  const ofAll: string[] = [];
  const byWord: [word: string, ids: References][] = [];
  const isPlain = !/\/\*|["']/.test(style.replaceAll(/(["'])[\w\s#.,:-]*\1/g, ''));
  for (const rule of style.split('}')) {
    const ids = addressesIn(rule).flatMap(idOf);
    if (ids.length === 0) continue;
    const selector = rule.slice(0, Math.max(0, rule.lastIndexOf('{')));
    const isRead = isPlain && /^[\w\s.#,>+~\u0080-\uffff-]+$/.test(selector);
    const words = isRead ? (selector.match(/[\w\u0080-\uffff-]+/g) ?? []) : [];
    if (words.length === 0) ofAll.push(...ids);
    for (const word of words) byWord.push([word, ids]);
  }
  const lists = listed(byWord);
  return {
    ofAll,
    ofWords: ({ name, attributes }) => {
      const words = attributes.flatMap(([key, value]) =>
        key === 'class' || key === 'id' ? value.split(/\s+/) : [],
      );
      return GRADIENT.test(name) ? [] : [name, ...words].flatMap((word) => [lists.get(word) ?? []]);
    },
  };
}
