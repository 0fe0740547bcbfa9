import { KNOWN_STATES } from '../../../domain/form/states.ts';
import type { Tellers } from '../../town-file/reading/references.ts';
import type { Spot } from '../../town-file/reading/spot.ts';

/** Checks a table of states: each has a name, can be reached, and leads to an end. `waiting`: where a case begins that others must sign. */
export function checkStates(states: Spot, waiting: string | undefined, { mistake }: Tellers): void {
  if (!states.isGroup()) return;
  const rows = states
    .get('transitions')
    .items()
    .map((spot) => ({ spot, from: spot.get('from').text(), to: spot.get('to').text() }));
  const start = states.get('start').text() ?? 'registered';
  const named = new Set([
    ...KNOWN_STATES,
    ...states
      .get('names')
      .entries()
      .map(([key]) => key),
  ]);
  const seen = new Set<string>();
  for (const { spot, from, to } of rows) {
    for (const key of ['from', 'to']) {
      const state = spot.get(key);
      const code = state.text();
      if (code !== undefined && !named.has(code))
        mistake(state.path, `The state "${code}" has no name: give it one in "names".`);
    }
    const way = `${from} ${to} ${spot.get('who').text()}`;
    if (seen.has(way)) mistake(spot.path, 'This transition stands twice.');
    seen.add(way);
    if (from !== undefined && from === to)
      mistake(spot.path, `The state "${from}" can't lead to itself.`);
    if (spot.get('who').text() === 'system' && !spot.get('deadline').exists())
      mistake(spot.path, 'What the system does needs a deadline after which it does it.');
  }
  if (rows.some(({ from, to }) => from === undefined || to === undefined)) return;
  checkWays([start, ...(waiting ? [waiting] : [])], rows as Row[], states, mistake);
}

type Row = { spot: Spot; from: string; to: string };

function checkWays(
  [start = '', ...others]: readonly string[],
  rows: readonly Row[],
  states: Spot,
  mistake: Tellers['mistake'],
) {
  if (!rows.some(({ from }) => from === start)) {
    mistake(states.get('start').path, `No transition begins in "${start}", the first state.`);
    return;
  }
  const reached = closure(
    [start, ...others],
    rows.map(({ from, to }) => [from, to]),
  );
  for (const { spot, from } of rows)
    if (!reached.has(from))
      mistake(spot.get('from').path, `The state "${from}" is never reached from "${start}".`);
  const all = new Set([start, ...others, ...rows.flatMap(({ from, to }) => [from, to])]);
  const ends = [...all].filter((each) => !rows.some(({ from }) => from === each));
  const ending = closure(
    ends,
    rows.map(({ from, to }) => [to, from]),
  );
  for (const each of all) {
    const row = rows.find(({ from }) => from === each);
    if (row && reached.has(each) && !ending.has(each))
      mistake(row.spot.get('from').path, `The state "${each}" leads to no end.`);
  }
}

/** Returns what can be reached from some states. */
function closure(from: readonly string[], ways: readonly (readonly [string, string])[]) {
  const reached = new Set(from);
  const open = [...from];
  for (let next = open.pop(); next !== undefined; next = open.pop())
    for (const [a, b] of ways)
      if (a === next && !reached.has(b)) {
        reached.add(b);
        open.push(b);
      }
  return reached;
}
