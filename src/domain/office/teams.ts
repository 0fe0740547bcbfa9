import { z } from 'zod';
import { code, email, listOf, texts } from './fields.ts';

/** People of an office who handle the cases of some procedures. */
export const team = z.strictObject({
  name: texts(120, 'the name of the team'),
  people: listOf(email, "addresses of people's accounts").describe(
    'the people in it, by the address of their account; whoever coordinates sees its cases too',
  ),
  procedures: listOf(code, 'codes of procedures')
    .describe('the procedures whose cases come to it')
    .default([]),
});

export type Team = z.output<typeof team> & { code: string };

interface WithTeams {
  teams: readonly Team[];
}

/** Returns the code of the team to which the cases of a procedure come; null: they are the whole office's. */
export const teamOf = ({ teams }: WithTeams, procedure: string): string | null =>
  teams.find(({ procedures }) => procedures.includes(procedure))?.code ?? null;

/** Returns the codes of the teams that somebody is not in. */
export const otherTeamsOf = ({ teams }: WithTeams, address: string): string[] =>
  teams
    .filter(({ people }) => !people.some((each) => each.toLowerCase() === address.toLowerCase()))
    .map((each) => each.code);
