import { betweenCommas, type Statement, statementsOf } from './statements.ts';

/** What is wrong with a statement, for the version before. */
export interface Trouble {
  line: number;
  message: string;
}

/**
 * Returns the statements of a migration that the release before may not work with, or that hold everybody up. What isn't known to be harmless
 * counts as trouble (docs/adr/0134). A comment `-- safe for 0.1.0: why` before a statement answers for it; not for what takes something away.
 * Pure.
 */
export function troublesOf(sql: string, release: string): Trouble[] {
  const statements = statementsOf(sql);
  const made = new Set(statements.map(({ text }) => MAKES.exec(text)?.[1]).filter(Boolean));
  return statements.flatMap((statement) => {
    const { text, line } = statement;
    const taken = TAKES.find(([form]) => form.test(text));
    const table = tableOf(text);
    if (table && made.has(table)) return [];
    if (taken) return [{ line, message: `${taken[1]}: ${TO_CONTRACT}` }];
    const why = isAnswered(statement, release) ? null : doubtOf(text);
    return why === null ? [] : [{ line, message: `${why}: ${toSafe(release)}` }];
  });
}

const TO_CONTRACT =
  'the release before may use it. Leave it for a migration that begins with "-- contract of …"';
const toSafe = (release: string): string =>
  `if release ${release} works with it all the same, say why in a comment before it: "-- safe for ${release}: …"`;

const MAKES = /^create (?:unlogged )?table (?:if not exists )?([\w.]+)/;

/** What takes something away from a table. */
const TAKES: readonly (readonly [RegExp, string])[] = [
  [/^drop\b/, 'drops something'],
  [/^alter table .*\bdrop column\b/, 'drops a column'],
  [/^alter .*\brename\b/, 'renames something'],
  [/^alter table .*\bset not null\b/, 'lets a column be empty no more'],
  [/^alter table .*\balter (?:column )?\w+ (?:set data )?type\b/, 'changes the type of a column'],
  [/^truncate\b/, 'empties a table'],
];

/** Returns the table that a statement is about; null: none. */
function tableOf(text: string): string | null {
  const forms = [
    /^alter table (?:only |if exists )*([\w.]+)/,
    /^create (?:unique )?index (?:if not exists )?\w* ?on (?:only )?([\w.]+)/,
    /^create (?:constraint )?trigger [\s\S]*? on ([\w.]+)/,
    /^create policy \w+ on ([\w.]+)/,
    /^insert into ([\w.]+)/,
    /^update ([\w.]+)/,
    /^call \w+\('([\w.]+)'/,
  ];
  for (const form of forms) {
    const name = form.exec(text)?.[1];
    if (name) return name;
  }
  return null;
}

const isAnswered = ({ comments }: Statement, release: string): boolean =>
  comments.includes(`-- safe for ${release}: `);

/** Returns why a statement on what was there before may be trouble; null: it is harmless. */
function doubtOf(text: string): string | null {
  if (MAKES.test(text) || /^(comment on|create schema|create extension)\b/.test(text)) return null;
  if (/^create unique index\b/.test(text)) return 'refuses rows that the release before writes';
  if (/^create index\b/.test(text)) return null;
  const actions = /^alter table (?:only |if exists )*[\w.]+ (.*)$/s.exec(text)?.[1];
  if (actions === undefined) return 'is no statement that is known to be harmless';
  return betweenCommas(actions).map(doubtOfAction).find(Boolean) ?? null;
}

/** Returns why an action on a table that was there before may be trouble. */
function doubtOfAction(action: string): string | null {
  if (!action.startsWith('add column ')) return 'changes a table that was there before';
  if (/\b(primary key|unique|exclude)\b/.test(action))
    return 'refuses rows that the release before writes';
  // A default doesn't help: functions write rows from JSON (jsonb_populate_record), where what is missing is null.
  if (/\bnot null\b/.test(action))
    return 'adds a column that must be filled, which the release before doesn’t do';
  if (/\bgenerated\b|\b(small|big)?serial\b/.test(action)) return 'writes the whole table anew';
  const value = /\bdefault (.*)$/.exec(action)?.[1];
  if (value && /\w\(/.test(value) && !value.startsWith('now('))
    return 'may write the whole table anew, as its default is computed for each row';
  return null;
}
