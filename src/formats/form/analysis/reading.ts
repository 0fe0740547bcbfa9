import type { Tell } from '../../town-file/reading/references.ts';
import type { Path } from '../../town-file/reading/source.ts';
import type { Name, NameType, PlacedRule } from './names.ts';

/** What a rule gives: its type, and why it may have no value. A `word` is a text that is written in the rule. */
export interface Given {
  type: NameType | { kind: 'word'; text: string };
  /** The name that may be without a value, or `/`; null when there is always a value. */
  missing: string | null;
}

/** A rule while it is read: what it may use, and where its mistakes go. */
export interface Reading {
  rule: PlacedRule;
  names: readonly Name[];
  /** The questions of the group that an operator goes through, or in which the rule stands; null when there is none. */
  items: readonly Name[] | null;
  isInItems: boolean;
  mistake: Tell;
}

export const UNKNOWN: Given = { type: { kind: 'unknown' }, missing: null };
export const given = (
  kind: 'number' | 'text' | 'date' | 'yesno',
  missing: string | null = null,
): Given => ({
  type: { kind },
  missing,
});

export const KINDS: Record<Given['type']['kind'], string> = {
  number: 'a number',
  text: 'a text',
  word: 'a text',
  date: 'a day',
  yesno: 'yes or no',
  choice: 'one of some options',
  choices: 'several options',
  group: 'a group',
  present: 'an address or a place',
  files: 'files',
  unknown: 'something',
};

/** An argument of an operator, with its place in the file. */
export interface Part {
  rule: unknown;
  path: Path;
}
export type GivenPart = Given & { part: Part };

/** Reports a mistake, and returns what stands for it: something unknown. */
export const wrong = (
  { mistake }: Reading,
  path: Path,
  words: string,
  part: 'key' | 'value' = 'value',
): Given => {
  mistake(path, words, part);
  return UNKNOWN;
};
