import type { Office } from '../domain/office/types.ts';
import { SCOPES } from '../domain/scopes.ts';
import { stateOf } from '../features/foundation/tokens/rules.ts';
import type {
  TokenField,
  TokenInfo,
  TokenMistake,
  TokenRequest,
} from '../features/foundation/tokens/types.ts';
import type { Call } from './commands.ts';
import { CommandError } from './error.ts';
import { onOffice } from './office/on-office.ts';

const print = (line: string) => process.stdout.write(`${line}\n`);

const SCOPE_LIST = `Give one or more of ${SCOPES.join(', ')}, separated by commas.`;

/** The option of each field of a request, and the message when it is missing. */
const OPTIONS: Record<TokenField, { name: string; missing: string }> = {
  name: { name: '--name', missing: 'What is it called? --name "The town\'s web"' },
  scopes: { name: '--scopes', missing: `What may it do? --scopes: ${SCOPE_LIST}` },
  lastDay: { name: '--expires', missing: 'Until which day is it valid? --expires 2027-06-30' },
  networks: { name: '--from', missing: 'From which addresses? --from 203.0.113.0/24' },
};

export function createToken(call: Call): Promise<number> {
  return onOffice(call, async ({ tokens }, office) => {
    const made = await tokens.create(office, requestOf(call.options));
    if (!made.ok) {
      const lines = Object.entries(made.mistakes).map(([field, mistake]) =>
        formatMistake(field as TokenField, mistake),
      );
      throw new CommandError(lines.join('\n'));
    }
    print(made.token);
    return 0;
  });
}

function requestOf(options: Call['options']): TokenRequest {
  const text = (name: string) => {
    const given = options[name];
    return typeof given === 'string' ? given : '';
  };
  return {
    name: text('name'),
    scopes: text('scopes')
      .split(/[\s,]+/)
      .filter((each) => each !== ''),
    lastDay: options.expires === undefined ? null : text('expires'),
    networks: text('from'),
  };
}

/** Returns the mistake in an option, with valid values. */
function formatMistake(field: TokenField, { reason, text }: TokenMistake): string {
  const { name, missing } = OPTIONS[field];
  switch (reason) {
    case 'missing':
      return missing;
    case 'too_long':
      return `${name}: a name has at most ${text} characters.`;
    case 'unknown_scope':
      return `${name}: there is no scope ${text}. ${SCOPE_LIST}`;
    case 'not_a_day':
      return `${name}: write a day as 2027-06-30.`;
    case 'past':
      return `${name}: this day is over.`;
    case 'too_far':
      return `${name}: a token is valid for at most ${text} days.`;
    case 'not_a_network':
      return `${name}: ${text} is neither an IP address nor a network such as 203.0.113.0/24 or 2001:db8::/32.`;
    case 'too_many':
      return `${name}: a token has at most ${text} addresses and networks.`;
  }
}

export function listTokens(call: Call): Promise<number> {
  return onOffice(call, async ({ tokens, clock }, office) => {
    for (const each of await tokens.list(office)) print(lineOf(each, office, clock.now()));
    return 0;
  });
}

const STATES = { in_force: '', ending: 'ends soon', expired: 'expired', revoked: 'revoked' };

/** Returns a token on two lines: its name and last use, then its scopes. */
function lineOf(token: TokenInfo, { timeZone }: Office, now: Temporal.Instant): string {
  const never = token.watchedSince ? 'use not known' : 'never used';
  const used = token.lastUsedOn ? `used ${token.lastUsedOn}` : never;
  const last = token.expiresAt.subtract({ nanoseconds: 1 });
  const lastDay = last.toZonedDateTimeISO(timeZone).toPlainDate();
  const state = STATES[stateOf(token, now)];
  const made = token.createdAt.toString().slice(0, 10);
  const from = token.networks.length > 0 ? `, from ${token.networks.join(' ')}` : '';
  return (
    `${String(token.id).padStart(5)}  ${made}  ${used.padEnd(15)}  ${token.name}${state && `  (${state})`}\n` +
    `       until ${lastDay}: ${token.scopes.join(' ')}${from}`
  );
}

export function revokeToken(call: Call): Promise<number> {
  return onOffice(call, async ({ tokens }, office) => {
    const id = Number(call.words[0]);
    if (!Number.isInteger(id) || !(await tokens.revoke(office, id))) {
      throw new CommandError(
        `${office.code} has no token ${call.words[0] ?? ''} that is in force: see finestreta token list --office ${office.code}`,
      );
    }
    print('It is ended.');
    return 0;
  });
}
