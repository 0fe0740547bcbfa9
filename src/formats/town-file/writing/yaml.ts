import { Document, isMap, isPair, isScalar, isSeq, type Node, visit } from 'yaml';
import type { Writing } from './written.ts';

const WIDTH = 110;

/** A town file's text: short groups on one line, as one would write them by hand. */
export function townYaml(town: Writing): string {
  const doc = new Document(town, { aliasDuplicateObjects: false });
  visit(doc, {
    Collection(_, node, path) {
      const depth = path.filter(isPair).length;
      // A town and its offices are groups to be read from above to below, however short they are.
      if ((isMap(node) ? depth > 2 : depth > 1) && widthOf(node) + 2 * depth <= WIDTH)
        node.flow = true;
    },
  });
  return doc.toString({ lineWidth: WIDTH, flowCollectionPadding: true, singleQuote: false });
}

/** About how many characters it takes on one line; infinite where a text has lines of its own. */
function widthOf(node: unknown): number {
  if (isPair(node)) return widthOf(node.key) + 2 + widthOf(node.value);
  if (isMap(node) || isSeq(node))
    return (node.items as Node[]).reduce((sum, each) => sum + widthOf(each) + 2, 4);
  const text = isScalar(node) ? String(node.value) : '';
  return text.includes('\n') ? Number.POSITIVE_INFINITY : text.length;
}
