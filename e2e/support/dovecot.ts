import { spawn } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { ended, freePort, isRoot, keep, NOBODY, temporaryFolder, until } from './processes.ts';

const PROGRAM = ['/usr/sbin/dovecot', '/usr/bin/dovecot'].find((path) => existsSync(path));

/** Why the tests that need a mailbox are skipped, where they are. */
export const NO_DOVECOT = PROGRAM
  ? null
  : 'Dovecot is not installed (Debian: dovecot-imapd), so no mailbox can be read';

export interface Mailbox extends AsyncDisposable {
  /** For BOUNCES_URL. */
  url: string;
  deliver(name: string, mail: string): void;
  /** Names of the mails there are, with their flags after a comma: `report,S`. */
  mails(): string[];
}

/** A real IMAP server with one mailbox. */
export async function openMailbox(): Promise<Mailbox> {
  const folder = temporaryFolder();
  const port = await freePort();
  const user = isRoot ? 'nobody' : userInfo().username;
  const mailbox = join(folder.path, 'mail', 'rebots');
  for (const each of ['new', 'cur', 'tmp']) mkdirSync(join(mailbox, each), { recursive: true });
  if (isRoot) {
    for (const each of ['..', '.', 'new', 'cur', 'tmp'])
      chownSync(join(mailbox, each), NOBODY, NOBODY);
  }
  const file = join(folder.path, 'dovecot.conf');
  writeFileSync(file, configuration(folder.path, port, user));
  const child = keep(spawn(PROGRAM ?? '', ['-F', '-c', file], { stdio: 'ignore' }));
  await until('the mailbox is open', () => answers(port)).catch(() => {
    throw new Error(`Dovecot: ${readFileSync(join(folder.path, 'log'), 'utf8')}`);
  });
  return {
    url: `imap://rebots:geheim%21@127.0.0.1:${port}/INBOX`,
    deliver: (name, mail) => {
      const path = join(mailbox, 'new', name);
      writeFileSync(path, mail);
      if (isRoot) chownSync(path, NOBODY, NOBODY);
    },
    mails: () =>
      ['new', 'cur'].flatMap((each) =>
        readdirSync(join(mailbox, each)).map((name) => name.replace(/:2/, '')),
      ),
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM');
      await ended(child);
      folder.remove();
    },
  };
}

/** Dovecot 2.4 in a folder of its own, as an account without rights. */
function configuration(folder: string, port: number, user: string): string {
  const service = (name: string) => `service ${name} {\n  chroot =\n}\n`;
  return `dovecot_config_version = 2.4.1
dovecot_storage_version = 2.4.1
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/log
protocols = imap
ssl = no
auth_allow_cleartext = yes
listen = 127.0.0.1
default_login_user = ${user}
default_internal_user = ${user}
default_internal_group = ${isRoot ? 'nogroup' : user}
mail_driver = maildir
mail_path = ${folder}/mail/%{user}
mail_uid = ${user}
mail_gid = ${isRoot ? 'nogroup' : user}
first_valid_uid = 1
passdb static {
  password = geheim!
}
userdb static {
  fields {
    uid = ${user}
    gid = ${isRoot ? 'nogroup' : user}
    home = ${folder}/mail
  }
}
service imap-login {
  chroot =
  inet_listener imap {
    port = ${port}
  }
  inet_listener imaps {
    port = 0
  }
}
${service('anvil')}${service('stats')}`;
}

/** Whether an IMAP server greets there. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const done = (is: boolean) => {
      socket.destroy();
      resolve(is);
    };
    socket.once('data', (data) => done(data.toString().startsWith('* OK')));
    socket.once('error', () => done(false));
    socket.setTimeout(2_000, () => done(false));
  });
}
