/**
 * Prints a digest of the answers for many random towns. The tests run it in processes whose own
 * time zones differ: `node digest-towns.ts <seed> <count>`.
 */
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { randomTown } from './random-town.ts';
import { bookableDays } from './rules.ts';
import { slotsWithDesks } from './testing.ts';

/** A digest of what the engine says of `count` random towns made from `seed`, and its length. */
export function digestTowns(seed: number, count: number): string {
  const hash = createHash('sha256');
  let slots = 0;
  for (const { rota, policy, query, busy, now } of fc.sample(randomTown, {
    seed,
    numRuns: count,
  })) {
    const found = slotsWithDesks(rota, policy, query, busy, now);
    slots += found.length;
    hash.update(JSON.stringify([found, bookableDays(policy, rota.timeZone, now)]));
  }
  return `${slots} ${hash.digest('hex')}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.stdout.write(digestTowns(Number(process.argv[2]), Number(process.argv[3])));
}
