/**
 * Which pages a scanner has to see: most states of a page differ in a sentence, and most pages share their parts. What is chosen together has
 * each part at least once.
 */

interface Element {
  /** Where it stands: each element around it with its classes, from the outermost. */
  place: string;
  tag: string;
  /** As they are written. */
  attributes: string;
  /** The tag of the element before it in the same place; empty for the first. */
  after: string;
  /** How many elements are before it in the same place. */
  index: number;
  /** What is written before it, in the same place. */
  text: string;
}

const FIRST = { after: '', index: 0 };
const VOID = /^(area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)$/;
const TOKEN = /([^<]*)(?:<(\/?)([a-zA-Z][\w-]*)([^>]*)>|<!--.*?-->|<![^>]*>)/gs;
const classOf = (attributes: string): string => / class="([^"]*)"/.exec(attributes)?.[1] ?? '';

/** Yields the elements of a page that html-validate accepts. A closing tag is one without a tag's name: only its text counts. */
function* elementsOf(html: string): Generator<Element> {
  const around: string[] = [];
  const before = [FIRST];
  for (const [, text = '', closing, tag, attributes = ''] of html.matchAll(TOKEN)) {
    const place = around.join('>');
    if (!tag || closing) {
      yield { place, tag: '', attributes: '', after: '', index: 0, text };
      if (!tag) continue;
      around.length = Math.max(
        0,
        around.findLastIndex((each) => each.startsWith(`${tag}.`)),
      );
      before.length = around.length + 1;
      continue;
    }
    const { after, index } = before.at(-1) ?? FIRST;
    yield { place, tag, attributes, after, index, text };
    before[before.length - 1] = { after: tag, index: index + 1 };
    if (VOID.test(tag) || attributes.endsWith('/')) continue;
    around.push(`${tag}.${classOf(attributes)}`);
    before.push(FIRST);
  }
}

/** Attributes whose value says what an element is; of others it counts that they are there, and whether they are empty. */
const TELLING =
  /^(class|role|style|type|autocomplete|scope|rel|lang|tabindex|aria-(?!label|describedby|controls).*)$/;

/** Returns what a page is built of: each element with its attributes, where it stands and what it follows. Words and identifiers don't count. */
function builtOf(html: string): Set<string> {
  return new Set(
    [...elementsOf(html)].map(({ place, tag, attributes, after }) => {
      const kept = [...attributes.matchAll(/ ([\w-]+)(?:="([^"]*)")?/g)]
        .map(([, name = '', value]) =>
          TELLING.test(name) || value === '' ? `${name}=${value}` : name,
        )
        .sort();
      return `${place}>${after}+${tag} ${kept.join(' ')}`;
    }),
  );
}

/** Returns, for each place of a page, how long its longest word and its longest text are, in characters, and how many elements there are at most. */
function lengthsOf(html: string): Map<string, number> {
  const lengths = new Map<string, number>();
  const put = (what: string, length: number) =>
    lengths.set(what, Math.max(length, lengths.get(what) ?? 0));
  for (const { place, tag, attributes, text, index } of elementsOf(html)) {
    if (tag !== '') put(`${place}>${tag}.${classOf(attributes)}`, index);
    const written = text.trim();
    if (written === '') continue;
    put(`word ${place}`, Math.max(...written.split(/[\s\u00ad-]+/).map((each) => each.length)));
    put(`text ${place}`, written.length);
  }
  return lengths;
}

/** Returns pages that together have all parts but `had`: each time the one that has most of those that are left, the first of equals. */
function covering<P>(pages: ReadonlyMap<P, ReadonlySet<string>>, had = new Set<string>()): P[] {
  const left = new Set([...pages.values()].flatMap((parts) => [...parts])).difference(had);
  // What a page has of them only gets less: it is counted again where it could be the most.
  const open = [...pages].map(([page, parts]) => ({ page, parts, own: parts.size }));
  const chosen: P[] = [];
  while (left.size > 0) {
    let best = { own: 0 } as (typeof open)[number];
    for (const each of open) {
      if (each.own <= best.own) continue;
      each.own = each.parts.intersection(left).size;
      if (each.own > best.own) best = each;
    }
    for (const part of best.parts) left.delete(part);
    chosen.push(best.page);
  }
  return chosen;
}

/**
 * Returns pages that together have every element in every place: what checks the structure of pages sees all of it in them. `seen`: pages that
 * are looked at anyway.
 */
export const withEachPart = <P extends { html: string }>(
  pages: readonly P[],
  seen: readonly P[] = [],
): P[] =>
  covering(
    new Map(pages.map((page) => [page, builtOf(page.html)])),
    new Set(seen.flatMap((page) => [...builtOf(page.html)])),
  );

/**
 * Returns pages that together have, in every place, the longest word and the longest text that any page has there, or nearly. If these fit a narrow
 * screen, the others do. `share`: how long it is at least, of the longest.
 */
export function withLongestWords<P extends { html: string }>(pages: readonly P[], share = 1): P[] {
  const lengths = new Map(pages.map((page) => [page, lengthsOf(page.html)]));
  const longest = new Map<string, number>();
  for (const each of lengths.values())
    for (const [what, length] of each) longest.set(what, Math.max(length, longest.get(what) ?? 0));
  const reached = (each: Map<string, number>) =>
    new Set(
      [...each].flatMap(([what, length]) =>
        length >= (longest.get(what) ?? 0) * share ? [what] : [],
      ),
    );
  return covering(new Map([...lengths].map(([page, each]) => [page, reached(each)])));
}
