import { z } from 'zod';
import { code, listOf, texts, whole } from '../office/fields.ts';

/**
 * Who may take a case from one state to the next; `system`: it happens by itself when the deadline has passed; `cosigners`: when everybody who
 * must sign has done so.
 */
export const ACTORS = ['citizen', 'office', 'habilitated', 'system', 'cosigners'] as const;
export type Actor = (typeof ACTORS)[number];

/** The states that every form knows. Their names are in src/locales (`form.state.…`). */
export const KNOWN_STATES = [
  'registered',
  'in-review',
  'to-amend',
  'granted',
  'refused',
  'withdrawn',
  'lapsed',
] as const;
export type KnownState = (typeof KNOWN_STATES)[number];

const transition = z.strictObject({
  from: code.describe('the state before'),
  to: code.describe('the state after'),
  who: z
    .enum(ACTORS)
    .describe(
      'who may do it; system: it happens when the deadline has passed; cosigners: when everybody who must has signed',
    ),
  deadline: whole(
    1,
    1000,
    'the working days from the state before within which it is due',
  ).exactOptional(),
});

const table = z.strictObject({
  start: code.describe('the state of a case that was handed in').default('registered'),
  names: z
    .record(code, texts(80, 'the name of the state'), {
      error: 'must be the name of each state, such as { visita: { ca: Visita } }',
    })
    .describe('the names of states of its own')
    .default({}),
  transitions: listOf(transition, 'transitions', 1).max(100, {
    error: 'must list at most 100 transitions',
  }),
});

/** The states of a form as the file has them. */
export const states = z
  .union([z.literal('default'), table], {
    error: 'must be the word default, or a table with transitions',
  })
  .describe('what can happen to a case: default, or a table of its own')
  .default('default');

export type StateTable = z.output<typeof table>;
export type Transition = z.output<typeof transition>;

/** Ten working days to amend: Ley 39/2015, art. 68.1. */
const AMEND_DAYS = 10;

/** The states of a form that declares none. */
export const DEFAULT_STATES: StateTable = {
  start: 'registered',
  names: {},
  transitions: [
    { from: 'registered', to: 'in-review', who: 'office' },
    { from: 'registered', to: 'withdrawn', who: 'citizen' },
    { from: 'in-review', to: 'to-amend', who: 'office' },
    { from: 'in-review', to: 'granted', who: 'office' },
    { from: 'in-review', to: 'refused', who: 'office' },
    { from: 'in-review', to: 'withdrawn', who: 'citizen' },
    { from: 'to-amend', to: 'in-review', who: 'citizen', deadline: AMEND_DAYS },
    { from: 'to-amend', to: 'lapsed', who: 'system', deadline: AMEND_DAYS },
    { from: 'to-amend', to: 'withdrawn', who: 'citizen' },
  ],
};

/** Returns the table of a form. */
export const statesOf = ({ states }: { states: 'default' | StateTable }): StateTable =>
  states === 'default' ? DEFAULT_STATES : states;

/** Returns the states of a table, the first one first. */
export const namesOfStates = ({ start, transitions }: StateTable): string[] => [
  ...new Set([start, ...transitions.flatMap(({ from, to }) => [from, to])]),
];
