import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { createTransport } from 'nodemailer';
import { SMTPServer } from 'smtp-server';
import { afterEach, describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from '../config.ts';
import { formatPlain, isDatabaseSafe, mailSecurity } from './encryption.ts';

const mistakesOf = (env: Record<string, string>): readonly string[] => {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes;
    throw error;
  }
};

const S3 = { S3_BUCKET: 'documents', S3_ACCESS_KEY_ID: 'a', S3_SECRET_ACCESS_KEY: 'b' };

/** Each variable with an address that would be used without encryption, and two that would not. */
const CASES: [string, string, string, string, Record<string, string>?][] = [
  ['SMS_URL', 'http://10.0.0.7/sms', 'https://10.0.0.7/sms', 'http://127.0.0.1/sms'],
  ['S3_ENDPOINT', 'http://s3.intra', 'https://s3.intra', 'http://localhost:9000', S3],
  ['CLAMD', 'tcp:10.0.0.9:3310', 'unix:/run/clamd.ctl', 'tcp:127.0.0.1:3310'],
  [
    'DATABASE_URL',
    'postgres://a:hunter2@db/x',
    'postgres://a:hunter2@db/x?sslmode=verify-full',
    'postgres://a@[::1]/x',
  ],
  [
    'DATABASE_OWNER_URL',
    'postgres://o:hunter2@db/x',
    'postgres://o:hunter2@db/x?sslmode=verify-full',
    'postgres://o@[::1]/x',
    { DATABASE_URL: 'postgres://a@[::1]/x' },
  ],
  [
    'DATABASE_READ_URL',
    'postgres://a:hunter2@standby/x',
    'postgres://a:hunter2@standby/x?sslmode=verify-full',
    'postgres://a@[::1]:5433/x',
    { DATABASE_URL: 'postgres://a@[::1]/x' },
  ],
];

describe('connections that leave this machine without TLS', () => {
  it.each(CASES)(
    '%s=%s is refused, and the mistake gives the remedy',
    (name, plain, tls, local, more) => {
      const [mistake = '', ...others] = mistakesOf({ ...more, [name]: plain });
      expect(others).toEqual([]);
      expect(mistake).toMatch(new RegExp(`^${name} .*WITHOUT_TLS=${name} allows it`));
      expect(mistake).not.toContain('hunter2');
      expect(mistakesOf({ ...more, [name]: tls })).toEqual([]);
      expect(mistakesOf({ ...more, [name]: local })).toEqual([]);
    },
  );

  it.each(CASES)(
    '%s=%s is allowed by WITHOUT_TLS, and is reported',
    (name, plain, tls, _local, more) => {
      const all =
        'SMTP_URL, SMS_URL, S3_ENDPOINT, CLAMD, DATABASE_URL, DATABASE_OWNER_URL, DATABASE_READ_URL';
      const { withoutTls } = readConfig({ ...more, [name]: plain, WITHOUT_TLS: all });
      expect([...withoutTls]).toEqual([name]);
      expect([...withoutTls].map(formatPlain).join()).toContain(`WITHOUT_TLS: ${name}: `);
      // An exemption for one variable doesn't apply to another, nor where it isn't needed.
      const another = name === 'CLAMD' ? 'SMS_URL' : 'CLAMD';
      expect(mistakesOf({ ...more, [name]: plain, WITHOUT_TLS: another })).toHaveLength(1);
      expect(readConfig({ ...more, [name]: tls, WITHOUT_TLS: all }).withoutTls.size).toBe(0);
    },
  );

  it.each(['http://cita.vilaclara.cat', 'http://10.0.0.4:3000', 'http://localhost.example'])(
    'BASE_URL=%s is refused, with any WITHOUT_TLS',
    (address) => {
      expect(mistakesOf({ BASE_URL: address })[0]).toMatch(/^BASE_URL must begin with https/);
      expect(mistakesOf({ BASE_URL: address, WITHOUT_TLS: 'BASE_URL' })).toHaveLength(2);
    },
  );

  it('are affected by no setting of Node’s, nor by one in an address', () => {
    const [mistake] = mistakesOf({ NODE_TLS_REJECT_UNAUTHORIZED: '0' });
    expect(mistake).toMatch(/^NODE_TLS_REJECT_UNAUTHORIZED=0 .*NODE_EXTRA_CA_CERTS/);
    for (const option of ['requireTLS=false', 'tls.rejectUnauthorized=false', 'host=elsewhere'])
      expect(mistakesOf({ SMTP_URL: `smtp://mail.example?${option}` })[0]).toMatch(/^SMTP_URL /);
  });

  it('never print a password', () => {
    const env = { SMTP_URL: 'smtp://u:hunter2@10.0.0.25', WITHOUT_TLS: 'SMTP_URL' };
    const [mistake = ''] = mistakesOf(env);
    expect(mistake).toMatch(/^WITHOUT_TLS names SMTP_URL, which has a password/);
    expect(mistakesOf({ SMTP_URL: env.SMTP_URL })).toEqual([]);
  });
});

describe('a database server', () => {
  it.each([
    ['postgres:///x?host=/run/postgresql', true],
    ['postgres://127.0.0.1/x', true],
    ['postgres://db/x?ssl=true', true],
    ['postgres://db/x?sslmode=verify-full', true],
    ['postgres://db/x', false],
    ['postgres://db/x?sslmode=disable', false],
    ['postgres://db/x?sslmode=no-verify', false],
    ['postgres://db/x?ssl=no-verify', false],
    ['postgres://db/x?sslmode=require&uselibpqcompat=true', false],
    // The driver connects to the last of these.
    ['postgres://127.0.0.1/x?host=db', false],
    ['postgres://db/x?host=127.0.0.1&host=db', false],
    ['postgres://127.0.0.1,localhost:5433/x', true],
    ['postgres://127.0.0.1,db/x', false],
    ['postgres://db,127.0.0.1/x', false],
    ['postgres:///x?host=/run/postgresql,db', false],
    ['postgres://one,two/x?sslmode=verify-full&target_session_attrs=read-write', true],
  ])('%s: safe: %s', (url, isSafe) => expect(isDatabaseSafe(url)).toBe(isSafe));

  it('with an unreadable certificate is a mistake that names it', () => {
    const url = 'postgres://a:hunter2@db/x?sslmode=verify-full&sslrootcert=/nowhere/ca.pem';
    const [mistake = ''] = mistakesOf({ DATABASE_URL: url });
    expect(mistake).toMatch(/^DATABASE_URL .*\/nowhere\/ca\.pem.*ENOENT/);
    expect(mistake).not.toContain('hunter2');
  });
});

describe('a mail server', () => {
  const closing: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  /** Opens a server that accepts every mail; resolves to its port. */
  async function open(options: { starttls: boolean }): Promise<number> {
    const smtp = new SMTPServer({
      authOptional: true,
      disabledCommands: options.starttls ? ['AUTH'] : ['AUTH', 'STARTTLS'],
      onData: (stream, _session, done) => stream.on('end', () => done()).resume(),
    });
    smtp.on('error', () => {});
    const listening = smtp.listen(0, '127.0.0.1');
    await once(listening, 'listening');
    closing.push(() => new Promise<void>((resolve) => smtp.close(() => resolve())));
    return (listening.address() as AddressInfo).port;
  }

  /** `host`: the name in the address; the connection always goes to this machine. */
  async function send(port: number, host: string, mayBePlain = false): Promise<string> {
    const mailer = createTransport({
      ...{ host: '127.0.0.1', port, secure: false },
      ...mailSecurity(`smtp://${host}:${port}`, mayBePlain),
    });
    try {
      await mailer.sendMail({ from: 'a@b.example', to: 'c@d.example', text: 'https://secret' });
      return 'sent';
    } catch (error) {
      return String((error as { code?: string }).code);
    } finally {
      mailer.close();
    }
  }

  it('without STARTTLS gets nothing, with or without a password', async () => {
    const port = await open({ starttls: false });
    expect(await send(port, 'mail.example')).toBe('ETLS');
    expect(await send(port, '127.0.0.1')).toBe('sent');
    expect(await send(port, 'mail.example', true)).toBe('sent');
  });

  it('with an untrusted certificate gets nothing', async () => {
    const port = await open({ starttls: true });
    expect(await send(port, 'mail.example')).toMatch(/^(ETLS|ESOCKET)$/);
    expect(await send(port, '127.0.0.1')).toBe('sent');
  });

  it('speaks TLS 1.2 or newer', async () => {
    expect(mailSecurity('smtps://mail.example', false).tls.minVersion).toBe('TLSv1.2');
    expect(mailSecurity('smtps://mail.example', true)).toEqual(
      mailSecurity('smtps://mail.example', false),
    );
  });

  it('that hangs up before TLS gets nothing', async () => {
    const heard: string[] = [];
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.write('220 x\r\n');
      socket.on('data', (bytes) => {
        heard.push(String(bytes));
        socket.end('250 x\r\n');
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    closing.push(() => new Promise((resolve) => server.close(resolve)));
    const { port } = server.address() as AddressInfo;
    expect(await send(port, 'mail.example')).not.toBe('sent');
    expect(heard.join()).not.toMatch(/MAIL FROM|secret/);
  });
});
