import { expect, test } from 'vitest';
import { isTelephoneOnly, waysToReach } from './reaching.ts';
import type { Office, Town } from './types.ts';

const PLACE = { address: 'Plaça Major, 1', hours: { ca: 'de 9 a 14' } };
const office = (contact: Town['contact'], walkIn = [PLACE]) =>
  ({ settings: { contact, walkIn } }) as unknown as Office;
const kinds = (ways: ReturnType<typeof waysToReach>) => ways.map(({ kind }) => kind);

test('an office has its own ways, and those of the town that it lacks', () => {
  const town = {
    contact: { phone: '010', email: 'town@example.cat', relay: 'https://relay.example' },
  };
  expect(waysToReach(town, office({ phone: '930 000 010' }))).toEqual([
    { kind: 'phone', value: '930 000 010' },
    { kind: 'email', value: 'town@example.cat' },
    { kind: 'relay', value: 'https://relay.example' },
    { kind: 'place', value: 'Plaça Major, 1' },
  ]);
  expect(kinds(waysToReach(town, null))).toEqual(['phone', 'email', 'relay']);
  expect(waysToReach({}, null)).toEqual([]);
});

test('a relay service without a telephone is no way', () => {
  const contact = { relay: 'https://relay.example', form: 'https://town.example/write' };
  expect(kinds(waysToReach({ contact }, office(undefined, [])))).toEqual(['form']);
});

test('only a telephone is told from a telephone among others', () => {
  expect(isTelephoneOnly(waysToReach({}, office({ phone: '010' }, [])))).toBe(true);
  expect(isTelephoneOnly(waysToReach({}, office({ phone: '010' })))).toBe(false);
  expect(isTelephoneOnly([])).toBe(false);
});
