import { plainName } from '../../check/declared.ts';

/** A table of the database, as the migrations make it and describe it. */
export interface TableText {
  /** As features declare it: `appointment`, `auth.session`. */
  name: string;
  /** What the comment above it says. */
  about: string;
  columns: ColumnText[];
  /** The table whose columns it has too; null: none. */
  like: string | null;
}

export interface ColumnText {
  name: string;
  type: string;
  /** The table that it refers to; null: none. */
  refersTo: string | null;
  /** What the comments beside and above it say. */
  about: string;
}

const START =
  /^(?:create table (?:if not exists )?((?:"?\w+"?\.)?"?\w+"?) \(|alter table ((?:"?\w+"?\.)?"?\w+"?))$/;
const COLUMN = /^ {2}("?\w+"?) ((?:double precision|[a-z][a-z0-9_]*(?:\(\d+\))?)(?:\[\])?)(.*)$/;
const NO_COLUMN = /^ {2}(?:primary key|unique|check|foreign|exclude|constraint)\b/;
const ADDED = /^alter table (\S+) add column ("?\w+"?) (\w+)(.*);$/;
const LIKE = /^ {2}like (\w+)/;

/** Reads the tables of a migration, with their columns and comments; also what it adds to tables of other migrations. */
export function readColumns(sql: string): TableText[] {
  const tables: TableText[] = [];
  let comment: string[] = [];
  let table: TableText | null = null;
  const begin = (name: string): TableText => {
    const begun = { name: plainName(name), about: sentence(comment), columns: [], like: null };
    tables.push(begun);
    return begun;
  };
  for (const line of sql.split('\n')) {
    const said = /^\s*-- ?(.*)$/.exec(line);
    if (said) {
      comment.push(said[1] ?? '');
      continue;
    }
    const start = START.exec(line);
    const added = ADDED.exec(line);
    if (start) table = begin(start[1] ?? start[2] ?? '');
    else if (added) addColumn(begin(added[1] ?? ''), `  ${added[2]} ${added[3]}${added[4]}`, []);
    else if (table) addColumn(table, line, comment);
    if (/^\)|^ {2}add .*;(?: --.*)?$/.test(line)) table = null;
    comment = [];
  }
  return tables;
}

/** Merges the parts of each table that several migrations make. */
export function mergeTables(parts: readonly TableText[]): TableText[] {
  const merged = new Map<string, TableText>();
  for (const part of parts) {
    const known = merged.get(part.name);
    if (known) known.columns.push(...part.columns);
    else merged.set(part.name, { ...part, columns: [...part.columns] });
  }
  for (const table of merged.values()) {
    const other = table.like === null ? undefined : merged.get(table.like);
    if (other) table.columns.unshift(...other.columns);
  }
  return [...merged.values()];
}

function addColumn(table: TableText, line: string, above: readonly string[]): void {
  const like = LIKE.exec(line)?.[1];
  if (like) table.like = like;
  const plain = line.replace(/^ {2}add (?:column )?/, '  ');
  const column = like || NO_COLUMN.test(plain) ? null : COLUMN.exec(plain);
  if (!column) return;
  const [, name = '', type = '', rest = ''] = column;
  const beside = / -- (.*)$/.exec(rest)?.[1] ?? '';
  const refersTo = /\breferences ((?:"?\w+"?\.)?"?\w+"?)/.exec(rest)?.[1];
  table.columns.push({
    name: name.replaceAll('"', ''),
    type,
    refersTo: refersTo ? plainName(refersTo) : null,
    about: sentence([...above, beside]),
  });
}

/** Joins the lines of a comment, without references to decisions, whose addresses differ on a page. */
const sentence = (lines: readonly string[]): string =>
  lines
    .join(' ')
    .replaceAll(/ ?\((?:see )?docs\/[^)]*\)/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
