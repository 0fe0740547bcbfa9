import { expect, test } from 'vitest';
import { CHANNELS } from './channel.ts';
import { canTelephone, meets, needsMetWith, unmetNeeds } from './needs.ts';
import { NEEDS } from './person.ts';

test.each([
  ['phone', ['real_time_text'], ['real_time_text']],
  ['phone', ['sign_language', 'companion'], ['sign_language']],
  ['phone', ['real_time_text', 'relay_service'], []],
  ['phone', ['relay_service', 'interpreter', 'companion', 'other'], []],
  ['video', ['real_time_text', 'sign_language'], []],
  ['in_person', ['real_time_text', 'sign_language'], []],
] as const)('by %s, of %j it is not possible to meet %j', (channel, needs, unmet) => {
  expect(unmetNeeds(channel, needs)).toEqual(unmet);
  expect(meets(channel, needs)).toBe(unmet.length === 0);
});

test('every need is met on some channel, and on each one with what meets it there', () => {
  for (const need of NEEDS) {
    expect(CHANNELS.some((channel) => meets(channel, [need]))).toBe(true);
    for (const channel of CHANNELS)
      expect(meets(channel, needsMetWith(channel, [need]))).toBe(true);
  }
  expect(needsMetWith('phone', ['companion', 'real_time_text', 'sign_language'])).toEqual([
    'companion',
    'relay_service',
  ]);
  expect(needsMetWith('video', ['real_time_text'])).toEqual(['real_time_text']);
});

test.each([
  ['ca', [], true],
  ['ca', ['interpreter', 'companion'], true],
  ['ca', ['real_time_text'], false],
  ['es', ['sign_language'], false],
  ['es', ['sign_language', 'relay_service'], true],
  ['csc', [], false],
  ['csc', ['relay_service'], true],
] as const)('in %s, with the needs %j, a telephone serves: %s', (language, needs, can) => {
  expect(canTelephone({ language, needs })).toBe(can);
});
