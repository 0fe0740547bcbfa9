import { type Finding, reportOf } from '../report.ts';

/** What was found of one of several towns. */
export interface TownFindings {
  name: string;
  findings: readonly Finding[];
}

/** Returns what a look finds; the same look at the same settings is taken once. */
export type Once = (
  what: string,
  settings: unknown,
  look: () => Promise<Finding[]>,
) => Promise<Finding[]>;

/** Returns a function that takes each look once, for towns that share a mail server, an antivirus or a relay. */
export function rememberingFindings(): Once {
  const looks = new Map<string, Promise<Finding[]>>();
  return (what, settings, look) => {
    const key = `${what} ${JSON.stringify(settings)}`;
    const known = looks.get(key) ?? look();
    looks.set(key, known);
    return known;
  };
}

/** So many names stand in a line; of more, how many they are. */
const NAMES = 8;

/**
 * Returns one report over several towns: what concerns the process, then each thing that deserves attention once, with the towns of which it is
 * true. What is right is only counted. Pure.
 */
export function reportOfTowns(shared: readonly Finding[], towns: readonly TownFindings[]): string {
  const pairs = towns.flatMap(({ name, findings }) =>
    findings.filter(({ state }) => state !== 'right').map((finding) => ({ name, finding })),
  );
  const groups = Map.groupBy(pairs, ({ finding }) => JSON.stringify(finding));
  const problems = [...groups.values()].map((group): Finding => {
    const { finding } = group[0]!;
    const names = [...new Set(group.map(({ name }) => name))];
    return { ...finding, words: `${inWords(names, towns.length)}: ${finding.words}` };
  });
  const troubled = new Set(pairs.map(({ name }) => name)).size;
  const count = `${towns.length} towns were looked at; in ${towns.length - troubled} of them everything is right.`;
  const order = ({ state }: Finding) => (state === 'wrong' ? 0 : 1);
  const sorted = problems.sort((a, b) => order(a) - order(b));
  return reportOf([...shared, { state: 'right', words: count }, ...sorted]);
}

function inWords(names: readonly string[], all: number): string {
  if (names.length === all) return 'All towns';
  const shown = names.slice(0, NAMES).join(', ');
  return names.length > NAMES ? `${shown} and ${names.length - NAMES} more` : shown;
}
