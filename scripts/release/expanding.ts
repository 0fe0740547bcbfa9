import { betweenCommas, statementsOf, withoutStrings } from './statements.ts';

/** What is wrong with a statement, for the version before. */
export interface Trouble {
  line: number;
  message: string;
}

/**
 * Returns the statements of a migration that the release before may not work with, or that hold everybody up. What isn't known to be harmless
 * counts as trouble (docs/adr/0134). A comment `-- safe for 0.1.0: why` before a statement answers for it; for what takes something away only
 * in the contract of an older release. Pure.
 */
export function troublesOf(
  sql: string,
  release: string,
  kind: 'expand' | 'contract' = 'expand',
): Trouble[] {
  const made = new Set<string>();
  return statementsOf(sql).flatMap((statement) => {
    const text = withoutStrings(statement.text);
    const isOfNew = made.has(tableOf(statement.text) ?? '');
    // A table that may have been there before isn't new.
    const making = /^create (?:unlogged )?table (?!if not exists )([\w.]+)/.exec(text)?.[1];
    if (making) made.add(making);
    const taken = takenBy(text);
    if (isOfNew || (kind === 'contract' && taken === null)) return [];
    const isAnswered = statement.comments.includes(`-- safe for ${release}: `);
    const trouble = (why: string, what: string) => [
      { line: statement.line, message: `${why}: ${what}` },
    ];
    if (taken && kind === 'expand') return trouble(taken, TO_CONTRACT);
    const why = isAnswered ? null : (taken ?? doubtOf(text));
    return why === null ? [] : trouble(why, toSafe(release));
  });
}

const TO_CONTRACT =
  'the release before may use it. Leave it for a migration that begins with "-- contract of …"';
const toSafe = (release: string): string =>
  `if release ${release} works with it all the same, say why in a comment before it: "-- safe for ${release}: …"`;

/** What takes something away. */
const TAKES: readonly (readonly [RegExp, string])[] = [
  [/^drop\b/, 'drops something'],
  [/^alter .*\bdrop column\b/, 'drops a column'],
  [/^alter .*\brename\b/, 'renames something'],
  [/^alter .*\bset schema\b/, 'moves something'],
  [/^truncate\b/, 'empties a table'],
];

/** What of the actions on a table takes something away. */
const ACTIONS_TAKE: readonly (readonly [RegExp, string])[] = [
  [/^drop (?!constraint\b)/, 'drops a column'],
  [/^alter .*\bset not null\b/, 'lets a column be empty no more'],
  [/^alter (?:column )?\S+ (?:set data )?type\b/, 'changes the type of a column'],
];

/** Returns how a statement takes something away; null: it doesn't. */
function takenBy(text: string): string | null {
  const [, how] =
    TAKES.find(([form]) => form.test(text)) ??
    ACTIONS_TAKE.find(([form]) => actionsOf(text)?.some((each) => form.test(each))) ??
    [];
  return how ?? null;
}

/** Returns the actions of a statement that alters a table; null: it is another one. */
function actionsOf(text: string): string[] | null {
  const actions = /^alter table (?:only |if exists )*(?:[\w.]|"[^"]*")+ \*? ?(.*)$/.exec(text)?.[1];
  return actions === undefined ? null : betweenCommas(actions);
}

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

/** Returns why a statement on what was there before may be trouble; null: it is harmless. */
function doubtOf(text: string): string | null {
  if (/^(create (unlogged )?table|comment on|create schema|create extension)\b/.test(text))
    return null;
  if (/^create unique index\b/.test(text)) return 'refuses rows that the release before writes';
  if (/^create index\b/.test(text)) return null;
  const actions = actionsOf(text);
  if (actions === null) return 'is no statement that is known to be harmless';
  return actions.map(doubtOfAction).find(Boolean) ?? null;
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
  const value = /\bdefault (.*?)(?: (?:check|constraint|references|not null|collate)\b|$)/.exec(
    action,
  )?.[1];
  if (value && /\w ?\(/.test(value.replace(/^now ?\( ?\)/, '')))
    return 'may write the whole table anew, as its default is computed for each row';
  return null;
}
