import { Document, isMap, isPair, isScalar, isSeq, type Node, visit } from 'yaml';
import type { Writing } from './written.ts';

const WIDTH = 110;

/** Returns the text of a town file, with short groups on one line, as people write them. */
export function townYaml(town: Writing): string {
  const doc = new Document(town, { aliasDuplicateObjects: false });
  visit(doc, {
    Collection(_, node, path) {
      const depth = path.filter(isPair).length;
      // A town and its offices are always written in block style, however short they are.
      if ((isMap(node) ? depth > 2 : depth > 1) && widthOf(node) + 2 * depth <= WIDTH)
        node.flow = true;
    },
  });
  return doc.toString({ lineWidth: WIDTH, flowCollectionPadding: true, singleQuote: false });
}

/** Returns the approximate width of a node on one line, in characters; infinite for a text of several lines. */
function widthOf(node: unknown): number {
  if (isPair(node)) return widthOf(node.key) + 2 + widthOf(node.value);
  if (isMap(node) || isSeq(node))
    return (node.items as Node[]).reduce((sum, each) => sum + widthOf(each) + 2, 4);
  const text = isScalar(node) ? String(node.value) : '';
  return text.includes('\n') ? Number.POSITIVE_INFINITY : text.length;
}
