import { DESK_ROLE, isRole, roleCan } from '../../../domain/roles.ts';
import { checkReference, checkRepeats, type Tellers } from '../reading/references.ts';
import type { Spot } from '../reading/spot.ts';
import { didYouMean } from '../reading/words.ts';

/** Checks staff accounts: their persons, and that their offices and desks exist. */
export function checkStaff(root: Spot, tell: Tellers): void {
  const emails = new Set<string>();
  for (const person of root.get('staff').items()) {
    const email = person.get('email');
    const address = email.text()?.toLowerCase();
    if (address !== undefined && emails.has(address)) {
      tell.mistake(email.path, `Two people have the address ${address}.`);
    }
    if (address !== undefined) emails.add(address);
    const roles = person.get('offices').entries();
    if (person.isGroup() && roles.length === 0 && person.get('operator').value !== true) {
      tell.mistake(
        person.path,
        `${address ?? 'This person'} has no role in any office and is not the operator.`,
      );
    }
    for (const [code, role] of roles) checkRole(role, code, root, tell);
  }
}

function checkRole(role: Spot, code: string, root: Spot, tell: Tellers): void {
  const offices = root.get('offices');
  if (!offices.has(code)) {
    const known = offices.entries().map(([each]) => each);
    const hint = didYouMean(code, known) || ` There are: ${known.join(', ')}.`;
    tell.mistake(role.path, `There is no office "${code}".${hint}`, 'key');
    return;
  }
  checkRepeats(role.get('roles'), tell);
  checkGoverning(role.get('roles'), tell);
  const desk = role.get('desk');
  checkReference(desk, offices.get(code).get('desks'), 'desk', tell);
  const attends = role.get('roles').strings().includes(DESK_ROLE);
  if (attends && !desk.exists()) {
    tell.mistake(
      role.path,
      `Who has the role agent in "${code}" needs a desk, such as desk: taula-1.`,
      'key',
    );
  } else if (!attends && desk.exists() && role.get('roles').exists()) {
    tell.mistake(desk.path, `A desk needs the role agent in "${code}".`);
  }
}

/** Whoever governs sees sums alone: with another role beside it, the person would see more, or the sums no longer. */
function checkGoverning(roles: Spot, tell: Tellers): void {
  const known = roles.strings().filter(isRole);
  const governing = known.find((each) => !roleCan(each, 'open_console'));
  if (governing && known.length > 1)
    tell.mistake(roles.path, `Who has the role ${governing} has no other role in the same office.`);
}
