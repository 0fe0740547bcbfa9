import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { readConfig } from '../../../../config.ts';
import { systemClock } from '../../../../lib/clock.ts';
import { transportsOf } from '../../../../wiring/transports.ts';
import { createTrials } from './trial.ts';

let stop = async () => {};
afterEach(() => stop());

/** A mail server that answers these words to RCPT, and to the message. */
async function mailServer(answers: { rcpt: string; data: string }): Promise<string> {
  const server = createServer((socket) => {
    let isData = false;
    socket.write('220 mail.example ESMTP\r\n');
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      for (const line of bytes.toString().split('\r\n').filter(Boolean)) {
        if (isData && line === '.') {
          isData = false;
          socket.write(`${answers.data}\r\n`);
        } else if (isData) continue;
        else if (line.startsWith('RCPT')) socket.write(`${answers.rcpt}\r\n`);
        else if (line === 'DATA') {
          isData = true;
          socket.write('354 Go on\r\n');
        } else if (line === 'QUIT') socket.end('221 Bye\r\n');
        else socket.write('250 OK\r\n');
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stop = async () => void server.close();
  const address = server.address();
  return `smtp://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
}

const mail = (env: Record<string, string>, to = 'anna@example.cat') => {
  const config = readConfig({ DEMO: '0', ...env });
  const transports = () => transportsOf(config);
  const trials = createTrials({ transports, limits: config.smsLimits, clock: systemClock });
  const words = { language: 'ca', subject: 'Prova', text: 'Una <prova>' } as const;
  return trials.send({ channel: to.startsWith('+') ? 'sms' : 'email', to, ...words });
};

test('a mail that was taken: the server’s own words', async () => {
  const SMTP_URL = await mailServer({ rcpt: '250 OK', data: '250 2.0.0 Ok: queued as 4F1B2' });
  expect(await mail({ SMTP_URL })).toEqual({ ok: true, answer: '250 2.0.0 Ok: queued as 4F1B2' });
});

test('a mail that was refused: the server’s own words', async () => {
  const rcpt = '550 5.1.1 <anna@example.cat>: no such mailbox';
  const SMTP_URL = await mailServer({ rcpt, data: '250 OK' });
  expect(await mail({ SMTP_URL })).toMatchObject({ ok: false, reason: 'refused', code: '550' });
  const answer = (await mail({ SMTP_URL })) as { answer: string };
  expect(answer.answer).toContain(rcpt);
});

test('no server answers, none is configured, it is no address', async () => {
  const away = await mail({ SMTP_URL: 'smtp://127.0.0.1:9' });
  expect(away).toMatchObject({ ok: false, reason: 'away', code: 'ESOCKET' });
  expect(await mail({})).toEqual({ ok: false, reason: 'none' });
  expect(await mail({}, 'anna')).toEqual({ ok: false, reason: 'invalid' });
  expect(await mail({}, '+34 600')).toEqual({ ok: false, reason: 'invalid' });
  expect(await mail({ SMS_PREFIXES: '+376' }, '+34 600 123 456')).toMatchObject({
    reason: 'unreached',
  });
});
