import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTrials, type OpenTrials } from './commands.ts';
import { type DemoMailServer, openDemoMailServer } from './mail-server.ts';

let folder: string;
let mail: DemoMailServer;
let trials: OpenTrials | null = null;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trials-'));
  mail = await openDemoMailServer();
});
afterEach(async () => {
  await trials?.stop();
  trials = null;
  await mail.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Opens trials whose command is a program of this test: its arguments follow. */
function open(program: string, mostMs = 20_000): OpenTrials {
  const file = join(folder, 'command.mjs');
  writeFileSync(file, program);
  trials = createTrials({
    dataDir: folder,
    command: [process.execPath, file],
    env: { PATH: process.env.PATH },
    mail,
    mostMs,
  });
  return trials;
}

const WRITES = `
  import { writeFileSync } from 'node:fs';
  const [what, file] = process.argv.slice(2);
  if (what === 'backup') writeFileSync(file, 'all');
  console.log('did', process.argv.slice(2, 4).join(' ').replace(/ \\/.*/, ''), '· €');
  console.error('and said so');
  process.exitCode = what === 'doctor' ? 1 : 0;
`;

async function all(from: OpenTrials): Promise<string> {
  let text = '';
  for await (const each of from.follow()) text += each;
  return text;
}

describe('the operator’s commands beside a demo', () => {
  test('print what they print, as it comes, and again to whoever comes back', async () => {
    const run = open(WRITES);
    expect(run.last()).toBeNull();
    expect(await all(run)).toBe('');
    expect(run.start('doctor')).toBe(true);
    const text = await all(run);
    expect(text).toContain('did doctor · €\n');
    expect(text).toContain('and said so\n');
    expect(run.last()?.ended?.code).toBe(1);
    expect(await all(run)).toBe(text);
  });

  test('run one at a time, and restore only what was backed up', async () => {
    const run = open(WRITES);
    expect(run.start('drill')).toBe(false);
    expect(run.start('backup')).toBe(true);
    expect(run.start('doctor')).toBe(false);
    expect(await all(run)).toContain('did backup');
    expect(run.hasBackup()).toBe(true);
    expect(run.start('drill')).toBe(true);
    expect(await all(run)).toContain('did restore drill');
    await run.stop();
    expect(run.hasBackup()).toBe(false);
    expect(existsSync(join(folder, 'demo-trial'))).toBe(false);
  });

  test('are cut where they print too much, and ended where they take too long', async () => {
    const talks = open(`for (let i = 0; i < 3000; i++) console.log('x'.repeat(99));`);
    talks.start('doctor');
    const text = await all(talks);
    expect(text.length).toBeLessThan(65_000);
    expect(text).toContain('which is not shown');
    const sleeps = open(`setInterval(() => {}, 1000);`, 300);
    sleeps.start('doctor');
    await all(sleeps);
    expect(sleeps.last()?.ended?.code).toBeNull();
  });

  test('leave nothing of a demo that was killed', () => {
    mkdirSync(join(folder, 'demo-trial'));
    writeFileSync(join(folder, 'demo-trial', 'backup.gz'), 'old');
    open(WRITES).tidy();
    expect(existsSync(join(folder, 'demo-trial'))).toBe(false);
  });
});

describe('the mail server of a demo', () => {
  const mailer = () => createTransport({ url: mail.url, ignoreTLS: true, pool: true });

  test('takes mails, refuses all while it fails, and takes them again', async () => {
    const first = mailer();
    const letter = {
      from: 'a@vilaclara.example',
      to: 'b@vilaclara.example',
      subject: 'Cita',
      text: '.\nUn punt sol.\n..\n',
    };
    expect((await first.sendMail(letter)).response).toMatch(/^250 /);
    mail.fail(true);
    expect(mail.isFailing()).toBe(true);
    await expect(first.sendMail(letter)).rejects.toThrow();
    first.close();
    const second = mailer();
    await expect(second.sendMail(letter)).rejects.toMatchObject({
      message: expect.stringContaining('421 4.3.2'),
    });
    mail.fail(false);
    expect((await second.sendMail(letter)).response).toMatch(/^250 /);
    second.close();
  });

  test('goes on after what it doesn’t know', async () => {
    const socket = connect(Number(new URL(mail.url).port), '127.0.0.1');
    let heard = '';
    socket.on('data', (bytes) => {
      heard += bytes.toString('latin1');
    });
    socket.write('VRFY somebody\r\nNO');
    socket.write('OP\r\nQUIT\r\n');
    await once(socket, 'close');
    expect(heard.split('\r\n').map((line) => line.slice(0, 3))).toEqual([
      ...['220', '502', '250', '221'],
      '',
    ]);
  });
});
