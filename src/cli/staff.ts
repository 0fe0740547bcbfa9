import { type Context, openContext } from '../context.ts';
import { isRole, ROLES } from '../domain/roles.ts';
import type { RoleGiven } from '../features/foundation/staff/types.ts';
import type { Call } from './commands.ts';
import { CommandError } from './error.ts';

const MISTAKES = {
  unknown_office: 'There is no office',
  unknown_desk: 'That office has no desk',
  not_email: 'This is no e-mail address:',
};

export async function addStaff({ config, options, words }: Call): Promise<number> {
  const { name, office, role, desk, operator } = options as Record<string, string | undefined> & {
    operator?: boolean;
  };
  const email = words[0];
  if (!email || !name)
    throw new CommandError(
      'Who? finestreta staff add EMAIL --name "Name Surname" --office CODE --role ROLE',
    );
  if (!operator && !(office && role))
    throw new CommandError(
      'Which role, where? --office CODE --role agent|coordinator|administrator',
    );
  if (role && !isRole(role))
    throw new CommandError(`There is no role ${role}: ${ROLES.join(', ')}`);
  const roles: RoleGiven[] =
    office && role && isRole(role) ? [{ office, role, ...(desk && { desk }) }] : [];
  const context = await openContext(config, { join: true });
  try {
    const invited = await context.staff.invite(
      { email, name, roles, ...(operator && { operator }) },
      context.clock.now(),
    );
    if (!invited.ok) throw new CommandError(`${MISTAKES[invited.reason]} ${invited.what}`);
    print(context, { name, email }, invited);
    return 0;
  } finally {
    await context.close();
  }
}

/** Runs `staff invite`: makes another link for an existing person, whose roles stay unchanged. */
export async function inviteStaff({ config, words }: Call): Promise<number> {
  const email = words[0]?.trim().toLowerCase();
  if (!email) throw new CommandError('Who? finestreta staff invite EMAIL');
  const context = await openContext(config, { join: true });
  try {
    const all = await context.people.everybody({ staff: 0, operator: true });
    const person = all?.find((each) => each.email === email && each.state !== 'retired');
    if (!person)
      throw new CommandError(`Nobody who works here has the address ${email}: see staff add.`);
    const [post] = person.posts;
    const facts = post ? { office: post.office, role: post.role } : {};
    const now = context.clock.now();
    const invited = await context.staff.transaction((client) =>
      context.staff.openInvitation(client, { staff: person.staff, by: null, now, facts }),
    );
    print(context, person, invited);
    return 0;
  } finally {
    await context.close();
  }
}

/** Prints the link, which the person also gets by mail if mail is configured. */
function print(
  { config }: Context,
  { name, email }: { name: string; email: string },
  { url, expiresAt }: { url: string; expiresAt: Temporal.Instant },
): void {
  const until = `It works once, until ${expiresAt.round('minute')}; earlier links of theirs no longer do.`;
  const mailed = config.smtpUrl
    ? `The server sends it to ${email}, too.`
    : 'No mail server is set (SMTP_URL), so nobody else sends it to them.';
  process.stdout.write(
    `${url}\n\nGive this link to ${name}, who sets a password and a second factor with it. ${until}\n${mailed}\n`,
  );
}
