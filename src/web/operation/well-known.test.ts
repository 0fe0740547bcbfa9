import { expect, test } from 'vitest';
import { readConfig } from '../../config.ts';
import { handClock } from '../../lib/clock.ts';
import { wellKnownFiles } from './well-known.ts';

const FILE = '/.well-known/security.txt';
const clock = handClock('2026-11-30T23:30:00Z');
const appOf = (securityContact: string | null) =>
  wellKnownFiles({ clock, baseUrl: 'https://cita.vilaclara.cat', securityContact });

test('names the contact for a vulnerability, for half a year from today', async () => {
  const answer = await appOf('mailto:seguretat@vilaclara.cat').request(FILE);
  expect(answer.headers.get('Content-Type')).toMatch(/^text\/plain; charset=utf-8/i);
  expect(await answer.text()).toBe(
    [
      'Contact: mailto:seguretat@vilaclara.cat',
      'Expires: 2027-05-29T00:00:00Z',
      'Preferred-Languages: ca, es, en, eu',
      'Canonical: https://cita.vilaclara.cat/.well-known/security.txt',
      '',
    ].join('\n'),
  );
});

test('is not found where the town has no contact', async () => {
  expect((await appOf(null).request(FILE)).status).toBe(404);
});

test.each([
  ['seguretat@vilaclara.cat', 'mailto:seguretat@vilaclara.cat'],
  ['mailto:seguretat@vilaclara.cat', 'mailto:seguretat@vilaclara.cat'],
  ['https://vilaclara.cat/seguretat', 'https://vilaclara.cat/seguretat'],
  ['tel:+34930100010', 'tel:+34930100010'],
])('SECURITY_CONTACT may be %s', (given, contact) => {
  expect(readConfig({ SECURITY_CONTACT: given }).securityContact).toBe(contact);
});

test.each(['http://vilaclara.cat', 'Anna Puig', 'mailto:Anna <a@b.cat>', 'a@b.cat\nContact: x'])(
  'SECURITY_CONTACT may not be %s',
  (given) => {
    expect(() => readConfig({ SECURITY_CONTACT: given })).toThrow('SECURITY_CONTACT');
  },
);
