import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { apiClient, type Booked } from './support/api.ts';
import { NO_DOVECOT, openMailbox } from './support/dovecot.ts';
import { openMailServer } from './support/mail.ts';
import { ROOT, temporaryFolder, until } from './support/processes.ts';
import { writeTown } from './support/proving-town.ts';
import { startServer } from './support/server.ts';
import { connectionOf, query } from './support/truth.ts';

/** A report that Postfix wrote, about another notice of ours. */
const REPORT = readFileSync(
  join(ROOT, 'src', 'features', 'foundation', 'notices', 'testing', 'postfix.eml'),
  'utf8',
);
const WRITTEN_ABOUT = '0b9dbb2e-54fc-4d2c-8a11-000000000001';
const reportAbout = (notice: string) => REPORT.replaceAll(WRITTEN_ABOUT, notice);

describe.skipIf(NO_DOVECOT)('mails that come back', () => {
  it('are recognised in the mailbox of reports and on the standard input; letters are left', async () => {
    const folder = temporaryFolder();
    const dataDir = join(folder.path, 'data');
    await using smtp = await openMailServer();
    await using mailbox = await openMailbox();
    const env = {
      TOWN_FILE: writeTown(folder.path, 1),
      SMTP_URL: smtp.url,
      MAIL_BOUNCES: 'rebots@vilaclara.example',
      BOUNCES_URL: mailbox.url,
    };
    const bounced = (server: { dataDir: string }) =>
      query<{ id: string; last_error: string }>(
        connectionOf(server),
        'select id, last_error from notice where bounced_at is not null',
      );

    const notices: string[] = [];
    {
      await using server = await startServer({ dataDir, env });
      const client = await apiClient(server);
      // The earliest may be too soon by the time it is booked.
      const [one, two] = (await client.slots(20)).slice(50);
      for (const [nth, slot] of [one, two].entries()) {
        const booked = await client.book(slot?.start ?? '', { externalId: `nth-${nth}` });
        expect(booked.status).toBe(201);
        expect((booked.body as unknown as Booked).reference).not.toBe('');
      }
      client.close();
      await until('both confirmations have come', () => smtp.received.length === 2);
      for (const { returnPath } of smtp.received) {
        const [, notice] = /^rebots\+([\w-]{36})@vilaclara\.example$/.exec(returnPath) ?? [];
        expect(notice, returnPath).toBeDefined();
        notices.push(notice ?? '');
      }

      const cli = join(ROOT, 'dist', 'server', 'cli.js');
      const { PATH } = process.env;
      const pipe = (input: string) =>
        spawnSync(process.execPath, [cli, 'bounce'], {
          input,
          encoding: 'utf8',
          env: { PATH, DATA_DIR: dataDir },
        });
      expect(pipe(reportAbout(notices[0] ?? '')).stdout).toContain('Noted.');
      expect(pipe('Subject: hello\n\nNo report.').stdout).toContain('No report');
      expect(await bounced(server)).toEqual([
        { id: notices[0], last_error: '5.1.1 550 5.1.1 <nobody2@example.org> mailbox unknown' },
      ]);
    }

    mailbox.deliver('letter', 'From: veina@example.org\r\nSubject: hola\r\n\r\nBon dia\r\n');
    mailbox.deliver('report', reportAbout(notices[1] ?? ''));
    mailbox.deliver('foreign', reportAbout('0b9dbb2e-0000-4000-8000-00000000ffff'));
    await using server = await startServer({ dataDir, env });
    await until('the report is gone', () => !mailbox.mails().some((each) => /^report/.test(each)));
    await until('the rest is read', () => mailbox.mails().every((each) => /,\w*S/.test(each)));
    expect(
      mailbox
        .mails()
        .map((each) => each.split(',')[0])
        .sort(),
    ).toEqual(['foreign', 'letter']);
    const all = await bounced(server);
    expect(all.map((each) => each.id).sort()).toEqual([...notices].sort());
    await server.stop();
    folder.remove();
  });
});
