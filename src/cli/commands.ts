import type { ParseArgsOptionsConfig } from 'node:util';
import type { Config } from '../config.ts';
import { openContext } from '../context.ts';
import { serve } from '../serve.ts';
import { addStaff } from './staff.ts';
import { createToken, listTokens, revokeToken } from './token.ts';
import { applyFile, checkFile } from './town.ts';

export interface Call {
  config: Config;
  options: Record<string, string | boolean | undefined>;
  words: string[];
}

export interface Command {
  usage: string;
  /** What it does; the first line stands in the list of commands. */
  help: string;
  options?: ParseArgsOptionsConfig;
  /** Answers the exit code. @throws CommandError with what the operator is told */
  run(call: Call): Promise<number>;
}

/** By the words that name them. */
export const COMMANDS: Record<string, Command> = {
  serve: {
    usage: 'serve',
    help: 'Serves the pages, the console and the API, and sends notices (see ROLES).',
    run: ({ config }) => serve(config),
  },
  worker: {
    usage: 'worker',
    help: 'Sends notices and tidies up, without serving anything: serve with ROLES=worker.',
    run: ({ config }) => serve({ ...config, roles: new Set(['worker']) }),
  },
  migrate: {
    usage: 'migrate',
    help: 'Brings the database up to date. The server does it too when it starts.',
    run: async ({ config }) => {
      await (await openContext(config, { join: true })).close();
      process.stdout.write('The database is up to date.\n');
      return 0;
    },
  },
  'town check': {
    usage: 'town check FILE',
    help: 'Says every mistake in a town file, with its line. Changes nothing.',
    run: ({ words }) => checkFile(words),
  },
  'town apply': {
    usage: 'town apply FILE [--yes]',
    help:
      'Makes the installation what the file says.\n' +
      'Shows what will change and asks first (--yes: does not ask). Applied again it changes nothing. A change that\n' +
      'would leave appointments without anybody to attend them is refused, with their list.',
    options: { yes: { type: 'boolean' } },
    run: applyFile,
  },
  'staff add': {
    usage: 'staff add EMAIL --name NAME --body CODE --role ROLE',
    help:
      'Invites somebody who will work here, and prints the link with which they set themselves up.\n' +
      'Roles: agent (with --agent CODE, the desk that they attend from), coordinator, administrator.\n' +
      'For somebody who has roles already, this one is added.',
    options: {
      name: { type: 'string' },
      body: { type: 'string' },
      role: { type: 'string' },
      agent: { type: 'string' },
      operator: { type: 'boolean' },
    },
    run: addStaff,
  },
  'token create': {
    usage: 'token create --body CODE --name NAME',
    help:
      'Makes an API token for one body and prints it.\n' +
      'It is shown this once: only its hash is kept. The name is for you, to know it by.',
    options: { body: { type: 'string' }, name: { type: 'string' } },
    run: createToken,
  },
  'token list': {
    usage: 'token list --body CODE',
    help: 'Lists the API tokens of a body by their names.',
    options: { body: { type: 'string' } },
    run: listTokens,
  },
  'token revoke': {
    usage: 'token revoke ID --body CODE',
    help: 'Ends an API token.',
    options: { body: { type: 'string' } },
    run: revokeToken,
  },
};
