import { parseSync } from 'vite';
import type { Source } from './imports.ts';

/** A node of a syntax tree, in the form of ESTree. */
export interface Node {
  type: string;
  start: number;
  end: number;
  [key: string]: unknown;
}

export const parsed = ({ path, text }: Source): Node =>
  parseSync(path, text).program as unknown as Node;

export const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && 'start' in value;

/** Returns all nodes directly below a node. */
export const childrenOf = (node: Node): Node[] => Object.values(node).flat().filter(isNode);

/** Returns the nodes of a list; none when `value` isn't a list. */
export const nodesIn = (value: unknown): Node[] =>
  Array.isArray(value) ? value.filter(isNode) : [];

/** Returns the text of a name or of a literal; empty for anything else. */
export const textOf = (value: unknown): string =>
  isNode(value) ? String(value['name'] ?? value['value'] ?? '') : '';
