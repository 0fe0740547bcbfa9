import type { Context } from '../context.ts';
import { hasSameRole } from '../domain/roles.ts';
import { formatError } from '../lib/format-error.ts';
import { isLoopbackHost } from '../lib/http/loopback.ts';

/**
 * Says at the terminal where the demo is and who can sign in. Never rejects: if the database can't say who, the demo is served all the
 * same, and its page /demo has them.
 */
export async function announceDemo(
  context: Pick<Context, 'config' | 'log' | 'offices' | 'staff'>,
  say: (line: string) => void,
): Promise<void> {
  const { baseUrl, host, lan, roles } = context.config;
  if (!roles.has('web')) return say('Finestreta is working: sending notices.');
  if (!isLoopbackHost(host))
    say(`\n  Beware: HOST=${host} shows the demo, its passwords and mails to the whole network.`);
  const logins = await loginsOf(context).catch((error: unknown) => {
    context.log.warn(formatError(error), 'The log-ins of the demo can’t be read');
    return [];
  });
  for (const line of logins) say(line);
  say(
    `  ${logins.length > 0 ? 'The others, the' : 'Log-ins,'} codes of the second step, API tokens: ${baseUrl}/demo`,
  );
  say(`  Mails: ${baseUrl}/demo`);
  if (lan) say(`  For your own telephone, at ${lan.url}: the code on ${baseUrl}/demo`);
  say(`\n  Finestreta is ready: ${baseUrl}   (Ctrl-C stops it)\n`);
}

async function loginsOf({
  config,
  offices,
  staff,
}: Pick<Context, 'config' | 'offices' | 'staff'>): Promise<string[]> {
  const people = await staff.demoAccess();
  const password = people[0]?.password ?? '';
  const lines = [
    `\n  Staff log-ins (${config.baseUrl}/staff/sign-in), password of all: ${password}`,
  ];
  for (const { code } of await offices.list())
    for (const role of ['agent', 'coordinator']) {
      const one = people.find((each) => each.office === code && hasSameRole(each, { role }));
      if (one) lines.push(`    ${code.padEnd(10)} ${role.padEnd(12)} ${one.email}`);
    }
  return lines;
}
