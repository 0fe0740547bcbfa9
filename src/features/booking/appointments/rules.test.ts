import { expect, test } from 'vitest';
import type { Channel } from '../../../domain/channel.ts';
import { checkDetails, excess, type RawDetails } from './rules.ts';

const MARIA = { name: 'Maria Puig', phone: '612345678', email: 'maria@example.cat' };

const check = (raw: RawDetails, channel: Channel = 'phone') =>
  checkDetails(channel, { ...MARIA, ...raw }, { country: 'ES', interpreters: ['ar', 'zgh'] });

const mistakeIn = (raw: RawDetails, channel?: Channel) => {
  const checked = check(raw, channel);
  return checked.ok ? null : checked.mistakes;
};

test.each([
  'Maria Puig i Soler',
  'Pelé',
  'O’Neill',
  "Sinéad O'Connor",
  'Núria Ñáñez',
  'Goretti Paral·lel',
  'Jean-Luc d’Ors',
  'Mª José',
  'Ma.José',
  'Mª.de la O',
  'Dr.de Souza',
  'J.M. Serrat',
  'Construccions Puig, S.L.',
  'Joan Carles I',
  'محمد علي',
  '李小龙',
  'क्‍ष',
  'Đặng Thị Hồng',
  'm',
])('%s is a name, and stays as it is', (name) => {
  expect(check({ name })).toMatchObject({ ok: true, details: { citizen: { name } } });
});

test.each([
  ['www.guanya.example', 'has_link'],
  ['Guanya a loteria.com', 'has_link'],
  ['loteria.es', 'has_link'],
  ['bit.ly/abc', 'has_link'],
  ['https://x', 'has_link'],
  ['maria@example.cat', 'has_link'],
  ['Maria 10.0.0.1', 'has_link'],
  ['Maria 😀', 'not_name'],
  ['123', 'not_name'],
  ['—', 'not_name'],
  ['Maria\u0007', 'not_text'],
  ['M'.repeat(121), 'too_long'],
  ['  ', 'missing'],
])('“%s” is none: %s', (name, mistake) => {
  expect(mistakeIn({ name })).toEqual({ name: mistake });
  if (mistake !== 'missing')
    expect(mistakeIn({ onBehalfOf: name })).toEqual({ onBehalfOf: mistake });
});

test('spaces and what nobody sees are tidied away', () => {
  const tidied = check({ name: ' \u202aMaria \n\u200b Puig\u202c ', comment: ' a\r\nb ' });
  expect(tidied).toMatchObject({
    details: { citizen: { name: 'Maria Puig' }, comment: 'a\nb' },
  });
});

test('a call needs a telephone, a video call an address', () => {
  expect(mistakeIn({ phone: '', email: '' })).toEqual({ phone: 'missing' });
  expect(mistakeIn({ phone: '', email: '' }, 'video')).toEqual({ email: 'missing' });
  expect(mistakeIn({ phone: '', email: '' }, 'in_person')).toEqual({ phone: 'missing_either' });
  // A zero-width space is no address.
  expect(mistakeIn({ phone: '', email: '\u200b' }, 'in_person')).toEqual({
    phone: 'missing_either',
  });
  expect(check({ phone: '' }, 'video')).toMatchObject({ details: { citizen: { phone: null } } });
  expect(check({ email: '' })).toMatchObject({ details: { citizen: { email: null } } });
});

test('how much too long something is, in characters as people count them', () => {
  expect(excess('name', 'M'.repeat(120))).toBe(0);
  expect(excess('name', ` ${'𝄞'.repeat(123)} `)).toBe(3);
  expect(check({ name: '𠮷'.repeat(120) }).ok).toBe(true);
});

test('long answers of any kind are refused without long thought', () => {
  for (const part of ['.', 'a', '1 ', '@', 'x ', 'a.', '1/'])
    for (const field of ['name', 'email', 'phone', 'onBehalfOf'] as const)
      expect(check({ [field]: `b${part.repeat(30_000)}b` }).ok, `${field} ${part}`).toBe(false);
});

test('a need that the channel cannot meet is refused, and taken with a relay service', () => {
  const needs = ['real_time_text'];
  expect(mistakeIn({ needs })).toEqual({ needs: 'not_on_channel' });
  expect(mistakeIn({ needs: [...needs, 'relay_service'] })).toBeNull();
  expect(mistakeIn({ needs }, 'video')).toBeNull();
});

test('an interpreter that the office has is taken, and is a need too', () => {
  expect(check({ needs: ['companion'], interpreter: 'zgh' })).toMatchObject({
    details: { needs: ['companion', 'interpreter'], interpreter: 'zgh' },
  });
  expect(check({ needs: ['interpreter'] })).toMatchObject({
    details: { needs: ['interpreter'], interpreter: null },
  });
  for (const interpreter of ['ro', 'tlh'])
    expect(mistakeIn({ interpreter })).toEqual({ interpreter: 'not_known' });
});
