import { digest } from '../../../lib/digest.ts';
import { type Finding, reportOf, wrong } from '../report.ts';

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

/** So many towns are looked at at once. */
const AT_ONCE = 4;

/** Looks at each town. One that can't be looked at has that as its finding, and the others have theirs. */
export async function lookAtEach<T extends { name: string }>(
  towns: readonly T[],
  look: (town: T) => Promise<Finding[]>,
): Promise<TownFindings[]> {
  const queue = [...towns.entries()];
  const found: TownFindings[] = [];
  const work = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [nth, town] = next;
      const findings = await Promise.try(look, town).catch(notLookedAt);
      found[nth] = { name: town.name, findings };
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return found;
}

const notLookedAt = (error: Error): Finding[] => [
  wrong(
    `The town could not be looked at: ${error.message}`,
    'Look at it alone, with doctor --town.',
  ),
];

/**
 * Returns a function that takes each look once, for towns that share a mail server, an antivirus or a relay. `looks`: what it remembers, by a digest, since the settings
 * have secrets in them.
 */
export function rememberingFindings(looks = new Map<string, Promise<Finding[]>>()): Once {
  return (what, settings, look) => {
    const key = digest(`${what} ${JSON.stringify(settings)}`);
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
