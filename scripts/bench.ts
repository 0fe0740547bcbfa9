/**
 * `npm run bench [name…]`: the measures of docs/performance.md, in one table.
 * `npm run bench -- --compare REF [name…]`: the same of an earlier commit and of this one, taking turns, and what slipped.
 */
import { parseArgs } from 'node:util';
import { formatTable, type Row } from '../bench/lib/table.ts';
import { compareRounds, formatChanges } from './bench/compare.ts';
import { checkOut, runBench } from './bench/earlier.ts';
import { BENCHES } from './bench/list.ts';
import { main, ROOT, SetupError } from './lib/basics.mjs';

/** By chance, every round of one is better than every round of the other once in 35 comparisons. */
const ROUNDS = 4;

await main(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      help: { type: 'boolean', short: 'h' },
      compare: { type: 'string' },
      rounds: { type: 'string' },
      // For a comparison, which runs this in both trees.
      json: { type: 'boolean' },
    },
  });
  if (values.help) {
    console.log(await help());
    return 0;
  }
  const isCount = (word: string) => /^\d+$/.test(word);
  const count = positionals.find(isCount);
  const asked = positionals.filter((word) => !isCount(word));
  const unknown = asked.filter((name) => !(name in BENCHES));
  if (unknown.length > 0)
    throw new SetupError(`There is no benchmark ${unknown.join(', ')}.\n${await help()}`);
  const names = Object.keys(BENCHES).filter((name) => asked.length === 0 || asked.includes(name));
  const rounds = Number(values.rounds ?? ROUNDS);
  if (!(Number.isInteger(rounds) && rounds > 0)) throw new SetupError('--rounds takes a number.');
  if (values.compare !== undefined) return compare(values.compare, names, rounds);
  const { rows, isWhole } = await measure(names, count === undefined ? undefined : Number(count));
  console.log(values.json ? JSON.stringify(rows) : `\n${formatTable(rows)}`);
  return isWhole ? 0 : 1;
});

async function help(): Promise<string> {
  const all = await Promise.all(Object.values(BENCHES).map((load) => load()));
  const list = all.map(({ name, about }) => `  ${name.padEnd(16)}${about}`).join('\n');
  return `npm run bench -- [--compare REF [--rounds ${ROUNDS}]] [name…]\n${list}`;
}

async function measure(
  names: readonly string[],
  count?: number,
): Promise<{ rows: Row[]; isWhole: boolean }> {
  const rows: Row[] = [];
  let isWhole = true;
  for (const name of names) {
    const began = performance.now();
    const print = (line: string) => console.error(`${name}: ${line}`);
    try {
      const bench = await BENCHES[name]?.();
      rows.push(...((await bench?.run(print, count)) ?? []));
    } catch (error) {
      // The figures of the other benchmarks are still wanted.
      console.error(error);
      rows.push({ measure: name, value: 'FAILED, see above' });
      isWhole = false;
    }
    print(`done in ${((performance.now() - began) / 1000).toFixed(0)} s`);
  }
  return { rows, isWhole };
}

/** Measures an earlier commit and this one, benchmark by benchmark, each being first in turn. */
async function compare(ref: string, names: readonly string[], rounds: number): Promise<number> {
  const earlier = checkOut(ref);
  const onSignal = () => process.exit(130);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, onSignal);
  process.once('exit', earlier.remove);
  let exit = 0;
  const all: { before: Row[][]; now: Row[][] } = { before: [], now: [] };
  const trees = { before: earlier.folder, now: ROOT };
  for (const name of names) {
    const found: typeof all = { before: [], now: [] };
    try {
      for (let round = 0; round < rounds; round++)
        for (const which of round % 2 === 0
          ? (['before', 'now'] as const)
          : (['now', 'before'] as const)) {
          console.error(
            `${name}: round ${round + 1} of ${rounds}, ${which === 'before' ? ref : 'this'}`,
          );
          found[which].push(await runBench(trees[which], name));
        }
      all.before.push(...found.before);
      all.now.push(...found.now);
    } catch (error) {
      console.error(`${name} can't be compared: ${error instanceof Error ? error.message : error}`);
      exit = 1;
    }
  }
  console.log(`\n${formatChanges(ref, compareRounds(all.before, all.now))}`);
  return exit;
}
