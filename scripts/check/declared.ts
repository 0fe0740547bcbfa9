import { basename } from 'node:path';
import { featureOf, lineAt, type Source } from './imports.ts';

/** The parts of a feature's `feature.ts` that the check reads. */
export interface Manifest {
  path: string;
  feature: string;
  tables: { name: string; ending: string; line: number }[];
  functions: string[];
  events: string[];
  auditActions: string[];
  forgets: boolean;
}

/** A table of migrations/. */
export interface Table {
  name: string;
  path: string;
  line: number;
  /** The tables that its foreign keys name. */
  references: string[];
}

const TABLE = /'?([\w.]+)'?:\s*(?:'(nobody|forgotten)'|\{\s*ends:)/g;

/** Reads a feature's `feature.ts`; an empty list for any other file. */
export function readManifest({ path, text }: Source): Manifest[] {
  const feature = featureOf(path);
  if (feature === null || basename(path) !== 'feature.ts') return [];
  const start = text.indexOf('tables: {');
  const block = start < 0 ? '' : blockFrom(text, start + 'tables: '.length);
  return [
    {
      path,
      feature,
      tables: [...block.matchAll(TABLE)].map((match) => ({
        name: match[1] ?? '',
        ending: match[2] ?? 'ends',
        line: lineAt(text, start + 'tables: '.length + match.index),
      })),
      functions: listIn(text, 'functions'),
      events: listIn(text, 'events'),
      auditActions: listIn(text, 'auditActions'),
      forgets: /^ {2}forget: /m.test(text),
    },
  ];
}

/** The words of a list that a declaration has. */
function listIn(text: string, key: string): string[] {
  const list = new RegExp(String.raw`^ {2}${key}: \[([^\]]*)\]`, 'm').exec(text)?.[1] ?? '';
  return [...list.matchAll(/'(\w+)'/g)].map((match) => match[1] ?? '');
}

/** The text from an opening brace to the one that closes it. */
function blockFrom(text: string, start: number): string {
  let depth = 0;
  for (let index = start; index < text.length; index++) {
    if (text[index] === '{') depth++;
    if (text[index] === '}') depth--;
    if (depth === 0) return text.slice(start, index + 1);
  }
  return text.slice(start);
}

/** A name of a table as SQL writes it, with its schema or without, in quotes or not. */
export const NAME = String.raw`((?:"?\w+"?\.)?"?\w+"?)`;
export const plainName = (written: string): string =>
  written.replaceAll('"', '').replace(/^public\./, '');

/** Reads the tables that a migration makes. */
export function readTables({ path, text }: Source): Table[] {
  const sql = withoutComments(text, '--');
  const made = new RegExp(
    String.raw`\bcreate table (?:if not exists )?${NAME} \(([\s\S]*?)\n\)[^;\n]*;`,
    'gi',
  );
  return [...sql.matchAll(made)].map((match) => ({
    name: plainName(match[1] ?? ''),
    path,
    line: lineAt(sql, match.index),
    references: [
      ...(match[2] ?? '').matchAll(new RegExp(String.raw`\breferences ${NAME}`, 'gi')),
    ].map((each) => plainName(each[1] ?? '')),
  }));
}

/** Takes comments out, and leaves every line where it is. */
export const withoutComments = (text: string, mark: '--' | '//'): string => {
  const lines = text.replace(new RegExp(String.raw`(^|\s)${mark}[^\n]*`, 'g'), '$1');
  return mark === '--'
    ? lines
    : lines.replace(/\/\*[\s\S]*?\*\//g, (each) => each.replace(/[^\n]/g, ' '));
};
