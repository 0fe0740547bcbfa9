import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { disclosed } from './disclosures.ts';

const write = (...list: unknown[]) => Buffer.from(JSON.stringify(list)).toString('base64url');
const digest = (text: string) => createHash('sha256').update(text).digest('base64url');

test('the example of RFC 9901, section 4.2.1 has the digest that the standard says', () => {
  const text = 'WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0';
  const payload = { _sd: ['X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0'] };
  expect(disclosed(payload, [text])).toEqual({ family_name: 'Möbius' });
});

test('what is disclosed comes in its place, at every depth', () => {
  const street = write('s1', 'street', 'Carrer Major');
  const address = write('s2', 'address', { _sd: [digest(street)], city: 'Vilaclara' });
  const french = write('s3', 'FR');
  const payload = {
    vct: 'x',
    _sd_alg: 'sha-256',
    _sd: [digest(address), digest('a decoy')],
    nationalities: ['ES', { '...': digest(french) }, { '...': digest('hidden') }],
  };
  expect(disclosed(payload, [street, address, french])).toEqual({
    vct: 'x',
    address: { city: 'Vilaclara', street: 'Carrer Major' },
    nationalities: ['ES', 'FR'],
  });
});

const name = write('s', 'given_name', 'Rosa');
const element = write('s', 'ES');

test.each<[string, Record<string, unknown>, string[], string]>([
  ['a disclosure that nobody signed', { _sd: [] }, [name], 'disclosure_not_signed'],
  ['a disclosure twice', { _sd: [digest(name)] }, [name, name], 'disclosure_twice'],
  ['a digest twice', { _sd: [digest(name), digest(name)] }, [name], 'digest_twice'],
  [
    'a digest in two places',
    { _sd: [digest(name)], other: { _sd: [digest(name)] } },
    [name],
    'digest_twice',
  ],
  [
    'a name that is there already',
    { given_name: 'Anna', _sd: [digest(name)] },
    [name],
    'disclosure_of_known_name',
  ],
  ['an element in place of a name', { _sd: [digest(element)] }, [element], 'disclosure'],
  ['a name in place of an element', { all: [{ '...': digest(name) }] }, [name], 'disclosure'],
  ['a digest that is no text', { _sd: [7] }, [], 'digests'],
  ['digests that are no list', { _sd: 'x' }, [], 'digests'],
  ['more beside the digest of an element', { all: [{ '...': 'x', y: 1 }] }, [], 'digests'],
  ['a hash that is not known', { _sd_alg: 'md5', _sd: [] }, [name], 'hash_unknown'],
  ['four parts', {}, [write('s', 'a', 'b', 'c')], 'disclosure'],
  ['a name of the format', {}, [write('s', '_sd', ['x'])], 'disclosure'],
  [
    'too many',
    {},
    Array.from({ length: 201 }, (_, index) => write('s', index)),
    'disclosures_too_many',
  ],
])('%s is refused', (_, payload, disclosures, code) => {
  expect(() => disclosed(payload, disclosures)).toThrow(code);
});

test('what is nested without end is refused', () => {
  const deep = JSON.parse(`${'{"a":'.repeat(50)}1${'}'.repeat(50)}`);
  expect(() => disclosed(deep, [])).toThrow('disclosures_too_deep');
});
