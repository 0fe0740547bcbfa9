import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { secondsToWait } from '../../outbox/rules.ts';
import type { Outgoing } from '../types.ts';
import { SMTP_TIMEOUTS, smtpTransport } from './smtp.ts';

const message: Outgoing = {
  ...{ id: 'a', to: 'rosa@vilaclara.example', sender: 'OAC', replyTo: null, stopUrl: '' },
  ...{ language: 'ca', at: Temporal.Instant.from('2026-11-30T09:00:00Z') },
  message: { subject: 'Cita', text: 'Cita', html: '', attachments: [] },
} as Outgoing;

/** A mail server that says so much, and nothing more. */
async function quietServer(...says: string[]) {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    const left = [...says];
    const next = () => {
      const line = left.shift();
      if (line) socket.write(`${line}\r\n`);
    };
    next();
    socket.on('data', next);
    socket.on('error', () => {});
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`, server, open };
}

test.each([
  ['nothing', []],
  ['its name', ['220 mail']],
  ['that it takes the sender', ['220 mail', '250 mail', '250 ok']],
  ['that it takes the message', ['220 mail', '250 mail', '250 ok', '250 ok', '354 go']],
])(
  'of a server that says %s and then falls silent, each message is given up for now',
  async (_, says) => {
    const { url, server, open } = await quietServer(...says);
    const timeouts = { connectionTimeout: 100, greetingTimeout: 100, socketTimeout: 100 };
    const smtp = smtpTransport({
      ...{ url, timeouts, mailFrom: 'cita@vilaclara.example', baseUrl: 'https://cita.example' },
    });
    const sent = await Promise.all(Array.from({ length: 12 }, () => smtp.send(message)));
    expect(sent).toHaveLength(12);
    for (const each of sent) expect(each).toMatchObject({ ok: false, permanent: false });
    smtp.close();
    await expect.poll(() => open.size).toBe(0);
    server.close();
  },
);

test('five minutes after its return all is out, what was handed to it in silence too', () => {
  const silence = Math.max(...Object.values(SMTP_TIMEOUTS)) / 1_000;
  const waits = [1, 5, 50].map((attempts) =>
    secondsToWait(attempts, { hours: 1, answered: false }, 0),
  );
  expect(silence + Math.max(...waits)).toBeLessThan(300);
});
