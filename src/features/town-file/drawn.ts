/** An element of a drawing: what it is in, and its attributes without their prefixes, as they are meant. */
export interface SvgElement {
  name: string;
  parent: SvgElement | null;
  attributes: readonly (readonly [key: string, value: string])[];
}

/** What telephones draw at once. */
export const MOST_DRAWN = 100_000;
/** Deeper than this no program nests, and browsers give up somewhere. */
const MOST_DEPTH = 200;
/** Its steps are drawn by nobody. */
const GRADIENT = /^(linear|radial)gradient$/i;

/** Addresses in a style or an attribute, without their quotes. */
export const addressesIn = (style: string): string[] =>
  [...style.matchAll(/url\s*\(\s*([^)]*)/gi)].map(([, address = '']) =>
    address.trim().replace(/^(["'])([\s\S]*)\1$/, '$2'),
  );

/** The id that an address within the same file is of. */
function idOf(address: string): string[] {
  const id = /^\s*#(\S+)\s*$/.exec(address)?.[1];
  return id === undefined ? [] : [id];
}

interface Node {
  element: SvgElement;
  parent: Node | null;
  children: Node[];
  /** What it draws as its own content, with what it inherits; and what is drawn for it. */
  content: string[];
  beside: string[];
  /** What every shape in it is painted with, too. */
  paints: Set<string>;
}

/**
 * How many elements a drawing comes to once every reference is drawn, rather too many than too few; infinitely many where it
 * goes in a circle. `style`: what its styles say together.
 */
export function drawnOf(elements: readonly SvgElement[], style: string): number {
  const nodes = new Map<SvgElement, Node>();
  const named = new Map<string, Node[]>();
  for (const element of elements) {
    const parent = element.parent && (nodes.get(element.parent) ?? null);
    const paints = new Set<string>();
    const node: Node = { element, parent, children: [], content: [], beside: [], paints };
    nodes.set(element, node);
    parent?.children.push(node);
    for (const [key, id] of element.attributes)
      if (key === 'id') named.set(id, [...(named.get(id) ?? []), node]);
  }
  const isNamed = (id: string, name: RegExp) =>
    (named.get(id) ?? []).some((each) => name.test(each.element.name));
  const styled = styledBy(style);
  for (const node of nodes.values()) {
    const { name, attributes } = node.element;
    if (node.parent) node.paints = new Set(node.parent.paints);
    if (GRADIENT.test(name)) continue;
    const mine = new Set([
      ...styled(node.element),
      ...attributes.flatMap(([, value]) => addressesIn(value).flatMap(idOf)),
    ]);
    for (const id of mine)
      if (isNamed(id, /^(pattern|marker)$/)) node.paints.add(id);
      else node.beside.push(id);
    if (name !== 'a')
      node.content = attributes.flatMap(([key, value]) => (key === 'href' ? idOf(value) : []));
  }

  // A marker is drawn at each point of a line.
  const points = elements.map(pointsOf).reduce((a, b) => Math.max(a, b), 1);
  const known = new Map<Node, number>();
  const ofId = (id: string, depth: number): number =>
    sum(
      (named.get(id) ?? [])
        .filter(({ element }) => !GRADIENT.test(element.name))
        .map((node) => drawn(node, depth) * (node.element.name === 'marker' ? points : 1)),
    );
  const drawn = (node: Node, depth: number): number => {
    const before = known.get(node);
    if (before !== undefined) return before;
    if (depth > MOST_DEPTH) return Number.POSITIVE_INFINITY;
    known.set(node, Number.POSITIVE_INFINITY); // until it is known: who comes by again goes in a circle
    const next = depth + 1;
    const own = 1 + sum(node.content.map((id) => ofId(id, next)));
    const painted = [...node.paints].reduce((all, id) => all * (1 + ofId(id, next)), own);
    const all =
      painted +
      sum(node.beside.map((id) => ofId(id, next))) +
      sum(node.children.map((child) => drawn(child, next)));
    known.set(node, all);
    return all;
  };
  const [root] = nodes.values();
  return root ? drawn(root, 0) : 0;
}

const sum = (all: readonly number[]): number => all.reduce((total, each) => total + each, 0);

/** At least as many as a line has points. */
const pointsOf = ({ attributes }: SvgElement): number =>
  attributes.reduce(
    (most, [key, value]) => (/^(d|points)$/.test(key) ? Math.max(most, value.length) : most),
    0,
  );

/**
 * The references that a style's rules give an element: those of each rule that speaks of one of its classes, its id or its name.
 * What isn't as plain as that is taken to speak of all.
 */
function styledBy(style: string): (element: SvgElement) => string[] {
  const byWord = new Map<string, Set<string>>();
  const ofAll = new Set<string>();
  const isPlain = !/\/\*|["']/.test(style.replaceAll(/(["'])[\w\s#.,:-]*\1/g, ''));
  for (const rule of style.split('}')) {
    const ids = addressesIn(rule).flatMap(idOf);
    if (ids.length === 0) continue;
    const selector = rule.slice(0, Math.max(0, rule.lastIndexOf('{')));
    const isRead = isPlain && /^[\w\s.#,>+~\u0080-\uffff-]+$/.test(selector);
    const words = isRead ? (selector.match(/[\w\u0080-\uffff-]+/g) ?? []) : [];
    if (words.length === 0) for (const id of ids) ofAll.add(id);
    for (const word of words) {
      const known = byWord.get(word) ?? new Set();
      for (const id of ids) known.add(id);
      byWord.set(word, known);
    }
  }
  return ({ name, attributes }) => {
    const words = attributes.flatMap(([key, value]) =>
      key === 'class' || key === 'id' ? value.split(/\s+/) : [],
    );
    return [...ofAll, ...[name, ...words].flatMap((word) => [...(byWord.get(word) ?? [])])];
  };
}
