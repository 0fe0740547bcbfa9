import { expect, test } from 'vitest';
import { otherTeamsOf, teamOf } from './teams.ts';

const team = (code: string, procedures: string[], people: string[]) => ({
  ...{ code, procedures, people },
  name: { ca: code },
});
const teams = [
  team('urbanisme', ['terrassa', 'avis-obres'], ['Marta@vila.example', 'pere@vila.example']),
  team('brigada', [], ['pere@vila.example']),
];

test('the cases of a procedure come to the team that names it, and else to the whole office', () => {
  expect(teamOf({ teams }, 'avis-obres')).toBe('urbanisme');
  expect(teamOf({ teams }, 'volant-padro')).toBeNull();
  expect(teamOf({ teams: [] }, 'terrassa')).toBeNull();
});

test('somebody is in the teams that have their address, however it is written', () => {
  expect(otherTeamsOf({ teams }, 'marta@vila.example')).toEqual(['brigada']);
  expect(otherTeamsOf({ teams }, 'PERE@vila.example')).toEqual([]);
  expect(otherTeamsOf({ teams }, 'rosa@vila.example')).toEqual(['urbanisme', 'brigada']);
});
