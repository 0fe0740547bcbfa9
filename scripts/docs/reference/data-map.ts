import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { PERSON_FIELDS } from '../../../src/domain/person.ts';
import type { Ending, Feature, Growth } from '../../../src/features/feature.ts';
import { mergeTables, readColumns, type TableText } from './columns.ts';
import { cell, MADE } from './tables.ts';

/** A feature's declaration, with the folder that has it. */
export interface Declaring {
  feature: Pick<Feature, 'name' | 'tables' | 'growth'>;
  /** `service/chat` */
  folder: string;
}

const LAYERS = {
  foundation: 'Foundation: offices, staff, keys, notices, identification, the register',
  booking: 'Booking: appointments, waiting list, webhooks',
  service: 'Service: encounters, calls, chats, documents, cases, requests',
  insight: 'Insight: figures and the quality of calls',
};

/** Tables about people: a column that refers to one of them leads to a person. */
const PEOPLE: ReadonlySet<string> = new Set([
  ...['appointment', 'wait_list', 'person', 'staff', 'auth.user', 'case_file', 'request'],
  ...['encounter', 'chat', 'journey'],
]);
const OF_CITIZEN: ReadonlySet<string> = new Set(
  Object.values(PERSON_FIELDS).map(({ column }) => column),
);

/** Reads all tables of migrations/, in the order in which they are made. */
export function readTables(root: string): TableText[] {
  const files = globSync('migrations/*.sql', { cwd: root }).sort();
  return mergeTables(files.flatMap((each) => readColumns(readFileSync(join(root, each), 'utf8'))));
}

/** Returns the folders of the features in `src/features`, by the features' names. */
export function foldersOf(root: string): Map<string, string> {
  const files = globSync('src/features/*/*/feature.ts', { cwd: root });
  return new Map(
    files.map((each) => {
      const folder = dirname(each).replaceAll('\\', '/').replace('src/features/', '');
      return [basename(folder), folder];
    }),
  );
}

/**
 * Writes the page that says of each table what it holds and how that ends.
 * @throws when no feature declares a table
 */
export function dataMap(tables: readonly TableText[], declared: readonly Declaring[]): string {
  const parts = Object.entries(LAYERS).map(([layer, title]) => {
    const own = declared.filter(({ folder }) => folder.startsWith(`${layer}/`));
    const written = own.flatMap(({ feature, folder }) =>
      tables
        .filter(({ name }) => name in feature.tables)
        .map((table) =>
          partOf(table, folder, {
            ending: (feature.tables as Record<string, Ending>)[table.name] ?? 'nobody',
            growth: (feature.growth as Record<string, Growth> | undefined)?.[table.name],
          }),
        ),
    );
    return `## ${title}\n\n${written.join('\n')}`;
  });
  const known = new Set(declared.flatMap(({ feature }) => Object.keys(feature.tables)));
  const missing = tables.filter(({ name }) => !known.has(name)).map(({ name }) => name);
  if (missing.length > 0) throw new Error(`No feature declares ${missing.join(', ')}.`);
  return `${head(tables, declared)}\n${parts.join('\n')}`;
}

const head = (tables: readonly TableText[], declared: readonly Declaring[]): string => {
  const endings = declared.flatMap(({ feature }) =>
    Object.values(feature.tables as Record<string, Ending>),
  );
  const count = (is: (ending: Ending) => boolean) => endings.filter((each) => is(each)).length;
  return `# Data map

${MADE}

Every table of the database, what is in it, and how what it says of people ends. It is read from \`migrations/\` (columns and comments) and
from the declarations in \`src/features\` (\`feature.ts\` of each feature). A test compares it with a migrated database, so that no table and no
column is missing. Documents and photos are files outside the database; the table \`document\` has their keys.

- ${tables.length} tables; ${count((each) => each === 'nobody')} say nothing of people.
- **Retention**: ${count((each) => each === 'forgotten')} tables are emptied of personal data when the office's period is over. The periods are in the
  [town file](../reference/town-file.md), under \`retention\`, of each office.
- **Otherwise**: ${count((each) => typeof each === 'object')} tables end in another way, or stay; the sentence says how and why.

In the lists, *citizen* marks what citizens say of themselves, *person* a reference that leads to a person, and *secret* what is encrypted or kept
as a hash. A column without a mark can still be about a person, as all of its row is: the end is that of the table.
`;
};

function partOf(
  table: TableText,
  folder: string,
  { ending, growth }: { ending: Ending; growth: Growth | undefined },
): string {
  const rows = table.columns.map((column) => {
    const { name, type, about } = column;
    return `| \`${name}\` | ${type} | ${markOf(table.name, column)} | ${cell(about)} |`;
  });
  return `### ${table.name}

${table.about ? `${cell(table.about)}\n\n` : ''}- **Declared** in \`src/features/${folder}/feature.ts\`.
- **Personal data**: ${endOf(ending)}${growth ? `\n- **Rows**: ${boundOf(growth)}` : ''}

| column | type | mark | what it is |
|---|---|---|---|
${rows.join('\n')}
`;
}

function endOf(ending: Ending): string {
  if (ending === 'nobody') return 'none.';
  return ending === 'forgotten'
    ? "destroyed when the office's retention period ends."
    : cell(ending.ends);
}

function boundOf(growth: Growth): string {
  if (growth === 'town') return 'as many as the town is large.';
  if (growth === 'days') return 'deleted within days.';
  return growth === 'forever' ? 'never deleted.' : `deleted ${cell(growth.until)}.`;
}

function markOf(table: string, { name, type, refersTo }: TableText['columns'][number]): string {
  if ((table === 'appointment' || table === 'wait_list') && OF_CITIZEN.has(name)) return 'citizen';
  if (refersTo && PEOPLE.has(refersTo)) return 'person';
  return type === 'bytea' ? 'secret' : '';
}
