import { checkReference, checkRepeats, type Tellers } from '../reading/references.ts';
import type { Spot } from '../reading/spot.ts';

/** Checks the teams of an office: a procedure is of one at most, and each has people with an account. */
export function checkTeams(office: Spot, root: Spot, tell: Tellers): void {
  const accounts = root
    .get('staff')
    .items()
    .map((each) => each.get('email').text()?.toLowerCase());
  const taken = new Map<string, string>();
  for (const [code, team] of office.get('teams').entries()) {
    const [procedures, people] = [team.get('procedures'), team.get('people')];
    for (const list of [procedures, people]) checkRepeats(list, tell);
    if (people.items().length === 0)
      tell.warning(people.path, 'Nobody is in this team: only whoever coordinates sees its cases.');
    for (const each of people.items()) {
      const address = each.text()?.toLowerCase();
      if (address && accounts.length > 0 && !accounts.includes(address))
        tell.warning(each.path, `No staff account of this file has the address ${address}.`);
    }
    for (const each of procedures.items()) {
      checkReference(each, office.get('procedures'), 'procedure', tell);
      const procedure = each.text() ?? '';
      const other = taken.get(procedure);
      if (other && other !== code)
        tell.mistake(each.path, `The cases of ${procedure} come to the team ${other} already.`);
      taken.set(procedure, code);
    }
  }
}
