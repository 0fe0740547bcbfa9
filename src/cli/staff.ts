import { openContext } from '../context.ts';
import type { RoleGiven } from '../features/staff/types.ts';
import type { StaffRole } from '../lib/viewer.ts';
import type { Call } from './commands.ts';
import { CommandError } from './error.ts';

const ROLES: readonly StaffRole[] = ['agent', 'coordinator', 'administrator'];

const MISTAKES = {
  unknown_body: 'There is no body',
  unknown_agent: 'That body has no desk',
  not_email: 'This is no e-mail address:',
};

export async function addStaff({ config, options, words }: Call): Promise<number> {
  const { name, body, role, agent, operator } = options as Record<string, string | undefined> & {
    operator?: boolean;
  };
  const email = words[0];
  if (!email || !name)
    throw new CommandError(
      'Who? finestreta staff add EMAIL --name "Name Surname" --body CODE --role ROLE',
    );
  if (!operator && !(body && role))
    throw new CommandError('Which role, where? --body CODE --role agent|coordinator|administrator');
  if (role && !ROLES.includes(role as StaffRole))
    throw new CommandError(`There is no role ${role}: ${ROLES.join(', ')}`);
  const roles: RoleGiven[] =
    body && role ? [{ body, role: role as StaffRole, ...(agent && { agent }) }] : [];
  const context = await openContext(config, { join: true });
  try {
    const invited = await context.staff.invite(
      { email, name, roles, ...(operator && { operator }) },
      context.clock.now(),
    );
    if (!invited.ok) throw new CommandError(`${MISTAKES[invited.reason]} ${invited.what}`);
    process.stdout.write(
      `${invited.url}\n\nGive this link to ${name}, who sets a password and a second factor with it. It works once, until ${invited.expiresAt.round('minute')}.\n`,
    );
    return 0;
  } finally {
    await context.close();
  }
}
