import { type Context, openContext } from '../context.ts';
import type { Body } from '../features/bodies/types.ts';
import type { Call } from './commands.ts';
import { CommandError } from './error.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);

export function createToken(call: Call): Promise<number> {
  return onBody(call, async ({ tokens }, body) => {
    const { name } = call.options;
    if (typeof name !== 'string' || name.trim() === '')
      throw new CommandError('What is it called? --name "The town\'s web"');
    say((await tokens.create(body, name.trim())).token);
    return 0;
  });
}

export function listTokens(call: Call): Promise<number> {
  return onBody(call, async ({ tokens }, body) => {
    for (const each of await tokens.list(body)) {
      const never = each.watchedSince ? 'use not known' : 'never used';
      const used = each.lastUsedOn ? `used ${each.lastUsedOn}` : never;
      say(
        `${String(each.id).padStart(5)}  ${each.createdAt.toString().slice(0, 10)}  ${used.padEnd(15)}  ${each.name}${each.revokedAt ? '  (revoked)' : ''}`,
      );
    }
    return 0;
  });
}

export function revokeToken(call: Call): Promise<number> {
  return onBody(call, async ({ tokens }, body) => {
    const id = Number(call.words[0]);
    if (!Number.isInteger(id) || !(await tokens.revoke(body, id))) {
      throw new CommandError(
        `${body.code} has no token ${call.words[0] ?? ''} that is in force: see finestreta token list --body ${body.code}`,
      );
    }
    say('It is ended.');
    return 0;
  });
}

/** Opens the installation and finds the body that --body names. */
async function onBody(
  { config, options }: Call,
  work: (context: Context, body: Body) => Promise<number>,
): Promise<number> {
  const context = await openContext(config, { join: true });
  try {
    const body = typeof options.body === 'string' ? await context.bodies.find(options.body) : null;
    if (body) return await work(context, body);
    const codes =
      (await context.bodies.list()).map((each) => each.code).join(', ') ||
      'none yet: apply a town file';
    throw new CommandError(
      `${options.body ? `There is no body ${options.body}.` : 'Which body? --body CODE.'} There are: ${codes}`,
    );
  } finally {
    await context.close();
  }
}
