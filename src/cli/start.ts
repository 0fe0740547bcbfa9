import type { Config } from '../config.ts';
import { demandOwnHost } from '../features/foundation/offices/service.ts';
import { isRoot } from '../lib/accounts.ts';
import { serverLogins } from '../lib/db/connect.ts';
import { PlainError } from '../lib/plain-error.ts';
import { MIGRATIONS } from '../paths.ts';
import { aboutServer, readServer } from './doctor/database.ts';
import { aboutVersion } from './doctor/embedded.ts';
import {
  aboutAccount,
  aboutDataFolder,
  aboutEnvironment,
  aboutKey,
  aboutNode,
} from './doctor/machine.ts';
import { type Finding, right, wrong } from './doctor/report.ts';

/**
 * Returns what keeps a server from starting: this Node.js, the environment, the account, the data folder, the root key, and a database server
 * that is away, too old or of a newer Finestreta. An embedded database is not opened: the server does that. Where there are several towns, the
 * failure of one must not keep the others closed, so only what all share is looked at.
 */
export async function examineStart(read: () => readonly Config[]): Promise<Finding[]> {
  let towns: readonly Config[] = [];
  const { config, findings } = aboutEnvironment(() => {
    towns = read();
    return towns[0]!;
  });
  const node = aboutNode(process.versions.node);
  if (!config) return [node, ...findings];
  const shared = [node, ...findings, aboutAccount(config, isRoot())];
  if (towns.length > 1) return shared;
  return [
    ...shared,
    ...aboutDataFolder(config),
    ...aboutVersion(config),
    aboutKey(config, false),
    ...(config.databaseUrl ? await aboutDatabaseServer(config.databaseUrl, config) : []),
  ];
}

async function aboutDatabaseServer(url: string, config: Config): Promise<Finding[]> {
  try {
    const { owner, runtime } = await serverLogins(url, config.databaseOwnerUrl);
    const connection = owner ?? runtime;
    const findings = aboutServer(await readServer(connection), MIGRATIONS, 'DATABASE_URL');
    const kept = await demandOwnHost(connection, config.baseUrl);
    return [...findings, ...(kept === null ? [] : [right(`The database is that of ${kept}.`)])];
  } catch (error) {
    const words = (error as Error).message;
    return error instanceof PlainError
      ? [wrong(words)]
      : [
          wrong(
            `The database does not answer: ${words}`,
            'Is it running, and reachable from here?',
          ),
        ];
  }
}
