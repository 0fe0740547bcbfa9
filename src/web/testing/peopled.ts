import type { Instance } from './instance.ts';
import { type Asker, askers, HERE, passkeyOf, requestOf, THERE } from './matrix.ts';
import { reportOf } from './reported.ts';
import { identifiedFor, type World, worldOf } from './worlds.ts';

/** Two offices in which there is one thing of each kind, and everybody who may ask for it. */
export interface Peopled {
  here: World;
  there: World;
  people: Asker[];
}

/** Fills the demo town. */
export async function peopled(house: Instance): Promise<Peopled> {
  const here = await worldOf(house, HERE, 'volant-padro');
  const there = await worldOf(house, THERE, 'tributs-i-multes');
  const people = await askers(house, [here, there]);
  here.passkey = there.passkey = await passkeyOf(house);
  for (const each of [here, there]) each.request = await requestOf(house, each);
  for (const [ours, theirs] of [
    [here, there],
    [there, here],
  ] as const) {
    const report = { code: ours.office, from: theirs.office, procedure: theirs.procedure };
    Object.assign(ours, await reportOf(house, report));
  }
  for (const each of [here, there]) each.identified = await identifiedFor(house, each);
  return { here, there, people };
}
