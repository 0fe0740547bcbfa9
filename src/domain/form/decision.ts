/** What the texts of a decision can have in braces, besides the names of questions. */
export const DECISION_BLANKS = [
  'name',
  'identifier',
  'reference',
  'number',
  'handedIn',
  'today',
  'procedure',
  'office',
] as const;
export type DecisionBlank = (typeof DECISION_BLANKS)[number];

const BLANK = /\{([A-Za-z][\w-]*(?:\.[\w-]+)?)\}/g;

/** Returns the names in braces in a template: `name`, `local.rotul`. */
export const blanksIn = (template: string): string[] =>
  [...template.matchAll(BLANK)].map((match) => match[1] ?? '');

/** Fills a template. What has no value is left empty; what has no such name stays as it is, so that whoever reviews it sees it. */
export const fillTemplate = (
  template: string,
  lookUp: (name: string) => string | undefined,
): string => template.replaceAll(BLANK, (all, name: string) => lookUp(name) ?? all);
