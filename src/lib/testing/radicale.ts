import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../../../e2e/support/processes.ts';
import { testProgram } from './program.ts';

const PROGRAM = ['/usr/bin/radicale', '/usr/local/bin/radicale', '/opt/homebrew/bin/radicale'].find(
  (path) => existsSync(path),
);

/** The reason why the tests that need Radicale are skipped, if they are. */
export const NO_RADICALE = PROGRAM
  ? null
  : 'Radicale is not installed (Debian: radicale), so no real CalDAV server can be tried';

/** A real CalDAV server with some users, each with the password `sol i lluna`. */
export interface Radicale extends AsyncDisposable {
  /** `http://127.0.0.1:…` */
  url: string;
  /** Makes a calendar; returns its address. */
  calendar(user: string, name: string): Promise<string>;
  /** Puts an event into a calendar: lines of its VEVENT, with its UID. */
  put(calendar: string, uid: string, ...lines: string[]): Promise<void>;
  remove(calendar: string, uid: string): Promise<void>;
  /** Returns the lines of a calendar's events. */
  events(calendar: string): Promise<string[]>;
  stop(): Promise<void>;
  start(): Promise<void>;
}

export const PASSWORD = 'sol i lluna';

/** Starts Radicale on a free port of this machine, with a folder of its own. */
export async function openRadicale(users: readonly string[]): Promise<Radicale> {
  const folder = mkdtempSync(join(tmpdir(), 'finestreta-radicale-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  writeSettings(folder, port, users);
  const program = testProgram();
  const start = async () => {
    const started = program.start(PROGRAM ?? '', ['--config', join(folder, 'config')]);
    for (const stream of [started.stdout, started.stderr]) stream?.resume();
    while (!(await answers(url))) {
      if (started.exitCode !== null) throw new Error('Radicale does not start');
      await pause(20);
    }
  };
  await start();
  return {
    url,
    start,
    stop: program.kill,
    calendar: async (user, name) => {
      const calendar = `${url}/${user}/${name}/`;
      await ask('MKCALENDAR', calendar, madeCalendar(name));
      return calendar;
    },
    put: (calendar, uid, ...lines) => putEvent(calendar, uid, lines),
    remove: async (calendar, uid) => {
      await ask('DELETE', `${calendar}${encodeURIComponent(uid)}.ics`);
    },
    events: async (calendar) => {
      const parts = (await ask('GET', calendar)).split('BEGIN:VEVENT');
      return parts.slice(1).map((each) => each.split('END:VEVENT')[0] ?? '');
    },
    [Symbol.asyncDispose]: async () => {
      await program.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function writeSettings(folder: string, port: number, users: readonly string[]): void {
  const settings = [
    '[server]',
    `hosts = 127.0.0.1:${port}`,
    '[auth]',
    'type = htpasswd',
    `htpasswd_filename = ${join(folder, 'users')}`,
    'htpasswd_encryption = plain',
    'delay = 0',
    '[storage]',
    `filesystem_folder = ${join(folder, 'collections')}`,
    '[logging]',
    'level = error',
  ];
  writeFileSync(join(folder, 'users'), users.map((each) => `${each}:${PASSWORD}\n`).join(''));
  writeFileSync(join(folder, 'config'), `${settings.join('\n')}\n`);
}

const answers = (url: string): Promise<boolean> =>
  fetch(url, { redirect: 'manual' }).then(
    () => true,
    () => false,
  );

/** Sends a request as the user whose calendar an address is. */
async function ask(method: string, to: string, body = '', type = 'text/xml'): Promise<string> {
  const user = new URL(to).pathname.split('/')[1] ?? '';
  const answer = await fetch(to, {
    method,
    headers: {
      Authorization: `Basic ${Buffer.from(`${user}:${PASSWORD}`).toString('base64')}`,
      'Content-Type': `${type}; charset=utf-8`,
    },
    ...(body && { body }),
  });
  if (!answer.ok) throw new Error(`${method} ${to}: ${answer.status}`);
  return answer.text();
}

const madeCalendar = (name: string): string =>
  `<c:mkcalendar xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><set><prop><displayname>${name}</displayname>
    <c:supported-calendar-component-set><c:comp name="VEVENT"/></c:supported-calendar-component-set></prop></set></c:mkcalendar>`;

async function putEvent(calendar: string, uid: string, lines: readonly string[]): Promise<void> {
  const text = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//test//',
    'BEGIN:VEVENT',
    `UID:${uid}`,
    'DTSTAMP:20261101T000000Z',
    ...lines,
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ];
  const place = `${calendar}${encodeURIComponent(uid)}.ics`;
  await ask('PUT', place, text.join('\r\n'), 'text/calendar');
}
