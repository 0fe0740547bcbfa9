import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readBounce, returnAddress } from './report.ts';

const NOTICE = '0b9dbb2e-54fc-4d2c-8a11-000000000001';
/** Reports that Postfix wrote when a server refused the recipient. */
const postfix = (name: string) =>
  readFileSync(join(import.meta.dirname, '../testing', `${name}.eml`), 'utf8');

const letter = (headers: Record<string, string>, text: string) =>
  `${Object.entries({ From: 'someone@example.org', Subject: 'x', ...headers })
    .map(([name, value]) => `${name}: ${value}`)
    .join('\r\n')}\r\n\r\n${text}\r\n`;

test('the address that a report comes back to says which message it is about', () => {
  expect(returnAddress('rebots@cita.example', NOTICE)).toBe(`rebots+${NOTICE}@cita.example`);
});

describe('a delivery report', () => {
  test.each(['postfix-to-return-address', 'postfix'])('of %s is read', async (name) => {
    expect(await readBounce(postfix(name))).toEqual({
      notice: NOTICE,
      status: '5.1.1',
      reason: `550 5.1.1 <${name === 'postfix' ? 'nobody2' : 'nobody'}@example.org> mailbox unknown`,
    });
  });

  test('is known by its address alone, though the message is not in it', async () => {
    const whole = postfix('postfix-to-return-address');
    const without = whole.replaceAll(/^Message-ID: <0b9d.*$/gim, 'X: y');
    expect(await readBounce(without)).toMatchObject({ notice: NOTICE, status: '5.1.1' });
  });

  test.each([
    ['delayed', '4.4.1'],
    ['failed', '4.4.7'],
    ['delivered', '2.0.0'],
    ['relayed', '2.0.0'],
  ])('that says %s, %s is no bounce', async (action, status) => {
    const report = postfix('postfix')
      .replace('Action: failed', `Action: ${action}`)
      .replace('Status: 5.1.1', `Status: ${status}`);
    expect(await readBounce(report)).toBeNull();
  });

  test('of a message that we did not send is none of ours', async () => {
    const foreign = postfix('postfix').replaceAll(NOTICE, 'CAF-x1@mail');
    expect(await readBounce(foreign)).toBeNull();
  });
});

describe('a report in words', () => {
  const from = 'Mail Delivery System <Mailer-Daemon@mx.example.org>';
  const copy = `\r\n\r\n------ This is a copy of your message.\r\n\r\nMessage-ID: <${NOTICE}@cita.example>`;

  test('that quotes the message is read', async () => {
    const text = `  nobody@example.org\r\n    host mx [192.0.2.1]: 550 5.1.1 No such user here${copy}`;
    expect(await readBounce(letter({ From: from }, text))).toEqual({
      notice: NOTICE,
      status: '5.1.1',
      reason: 'host mx [192.0.2.1]: 550 5.1.1 No such user here',
    });
  });

  test('that goes on for ever is read as far as reports go', async () => {
    const text = `550 5.1.1 No such user here${copy}`;
    const endless = '\r\n'.repeat(5000);
    expect(await readBounce(letter({ From: from }, text + endless))).toMatchObject({
      notice: NOTICE,
    });
    expect(await readBounce(letter({ From: from }, endless + text))).toBeNull();
  });

  test('that only warns of a delay is no bounce', async () => {
    const text = `Your message has not been delivered yet. 421 try later.${copy}`;
    expect(await readBounce(letter({ From: from }, text))).toBeNull();
  });
});

describe('whatever else comes to that address', () => {
  const To = returnAddress('rebots@cita.example', NOTICE);

  test.each([
    ['an out-of-office answer', letter({ To, 'Auto-Submitted': 'auto-replied' }, 'Back on 550.')],
    ['somebody’s letter', letter({ To }, 'My code is 5.1.1')],
    ['a server’s letter about nothing', letter({ From: 'postmaster@example.org', To }, 'Hello')],
    ['nothing', ''],
    ['noise', '\u0000\u0001\u0002'.repeat(100)],
  ])('%s is left alone', async (_, mail) => {
    expect(await readBounce(mail)).toBeNull();
  });
});
