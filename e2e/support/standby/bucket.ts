import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { createServer, type Server } from 'node:tls';
import { NO_MOTO, openMoto } from '../../../src/lib/blobs/testing/moto.ts';
import { ROOT, until } from '../processes.ts';
import { put } from '../proxies/kinds.ts';
import { deployed, type Machine } from './deployed.ts';
import type { Patroni } from './patroni.ts';

export const NO_ARCHIVE = NO_MOTO !== null || !existsSync('/usr/bin/pgbackrest');

/** The archive of a cluster of Patroni in a bucket, as "With backups all the time" of docs/database.md has it. */
export interface Archive extends AsyncDisposable {
  /** Runs pgBackRest on a machine. @throws with its words when it fails */
  run(machine: Machine, ...words: string[]): Promise<string>;
  /** Makes a machine the primary of what was at this moment, and lets the other one copy it. */
  restore(machine: Machine, other: Machine, moment: string): Promise<void>;
}

/** Lets both servers of a cluster archive into a bucket. */
export async function openArchive(patroni: Patroni): Promise<Archive> {
  const moto = await openMoto();
  const { endpoint, region, bucket, accessKey, secretKey } = moto.settings;
  const door = await openTls(patroni, Number(new URL(endpoint!).port));
  const own = put(documented('ini', 'repo1-type=s3'), {
    'finestreta-database': bucket,
    's3.yourtown.cat': '127.0.0.1',
    'us-east-1': region,
    'repo1-s3-key=CHANGE-ME': `repo1-s3-key=${accessKey}`,
    'secret=CHANGE-ME': `secret=${secretKey}`,
    '=9000': `=${(door.address() as AddressInfo).port}`,
    '/etc/patroni/ca.crt': patroni.authority,
  });
  for (const machine of ['db1', 'db2'] as const) {
    const shipped = put(deployed('pgbackrest.conf'), {
      'repo1-path=/var/lib/pgbackrest\n': `lock-path=${patroni.at(machine, 'lock')}\n${own}`,
      '/var/lib/postgresql/17/main': patroni.at(machine, 'cluster'),
      'pg1-port=5432': `pg1-port=${patroni.port}`,
    });
    const socket = `pg1-socket-path=${patroni.at(machine, 'socket')}\n`;
    patroni.write(machine, 'pgbackrest.conf', shipped + socket);
  }
  const parameters = documented('yaml', 'archive_mode');
  await control(patroni, 'db1', ['edit-config', '--apply', '-', '--force'], parameters);
  await control(patroni, 'db1', ['restart', 'finestreta', '--force']);
  const run: Archive['run'] = (machine, ...words) =>
    patroni.run(machine, 'pgbackrest', ['--stanza=finestreta', ...words]);
  return {
    run,
    restore: async (machine, other, moment) => {
      for (const each of [other, machine]) await patroni.stopPatroni(each);
      emptied(patroni, machine);
      await run(machine, '--type=time', `--target=${moment}`, '--target-action=promote', 'restore');
      await replay(patroni, machine);
      const answers = `finestreta\nYes I am aware\n${machine}\n`;
      await control(patroni, machine, ['remove', 'finestreta'], answers);
      patroni.startPatroni(machine);
      await until('it leads', async () => (await patroni.status(machine, '/primary')) === 200);
      emptied(patroni, other);
      patroni.startPatroni(other);
      await patroni.synchronous();
    },
    [Symbol.asyncDispose]: async () => {
      door.close();
      await moto[Symbol.asyncDispose]();
    },
  };
}

/** Returns what stands in the one block of the page that has these words. */
function documented(kind: string, words: string): string {
  const page = readFileSync(join(ROOT, 'docs', 'database.md'), 'utf8');
  const blocks = [...page.matchAll(new RegExp(`^  \`\`\`${kind}\\n([^\`]*)  \`\`\``, 'gm'))];
  const [block, ...more] = blocks.flatMap(([, text = '']) => (text.includes(words) ? [text] : []));
  if (!block || more.length > 0) throw new Error(`docs/database.md has not one “${words}”`);
  return block.replaceAll(/^ {2}/gm, '');
}

const control = (patroni: Patroni, machine: Machine, words: string[], input?: string) =>
  patroni.run(machine, 'patronictl', ['-c', patroni.at(machine, 'config.yml'), ...words], input);

function emptied(patroni: Patroni, machine: Machine): void {
  rmSync(patroni.at(machine, 'cluster'), { recursive: true });
  mkdirSync(patroni.at(machine, 'cluster'), { mode: 0o700 });
  patroni.own(machine, 'cluster');
}

/** Lets a restored server replay alone. Its settings may be the other machine's, whose folders have other names here. */
async function replay(patroni: Patroni, machine: Machine): Promise<void> {
  const cluster = patroni.at(machine, 'cluster');
  const socket = patroni.at(machine, 'socket');
  const page = readFileSync(join(ROOT, 'docs', 'database.md'), 'utf8');
  const [, alone = ''] = /pg_ctl -D \S+ -o "(.*?)" start/.exec(page) ?? [];
  const places = {
    unix_socket_directories: socket,
    ssl: 'off',
    hba_file: join(cluster, 'pg_hba.conf'),
    ident_file: join(cluster, 'pg_ident.conf'),
  };
  const here = Object.entries(places).map(([name, value]) => `-c ${name}=${value}`);
  const options = [alone, ...here].join(' ');
  await patroni.run(machine, 'pg_ctl', [
    ...['-D', cluster, '-l', patroni.at(machine, 'log'), '-o', options, '-W', 'start'],
  ]);
  const ask = ['-h', socket, '-p', String(patroni.port), '-d', 'postgres', '-At'];
  await until('all is replayed', async () => {
    const said = patroni.run(machine, 'psql', [...ask, '-c', 'select pg_is_in_recovery()']);
    return (await said.catch(() => '')).trim() === 'f';
  });
  await patroni.run(machine, 'pg_ctl', ['-D', cluster, 'stop']);
}

/** The store speaks HTTP, and pgBackRest HTTPS alone. */
async function openTls(patroni: Patroni, port: number): Promise<Server> {
  const [cert, key] = ['crt', 'key'].map((each) => readFileSync(patroni.at('db3', `own.${each}`)));
  const server = createServer({ cert, key }, (asked) => {
    const store = connect(port, '127.0.0.1');
    for (const each of [asked, store]) each.on('error', () => each.destroy());
    asked.pipe(store).pipe(asked);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
