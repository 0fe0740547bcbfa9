import { expect, test } from 'vitest';
import { unaccented } from './unaccented.ts';

test.each([
  ['Núria CORTÈS i Agulló', 'nuria cortes i agullo'],
  ['Peña', 'pena'],
  ['Iñaki Çelik', 'inaki celik'],
  ['I\u0307stanbul', 'istanbul'],
  ['u\u0308', 'u'],
  ['Col·legi, 3r', 'col·legi, 3r'],
])('%s is %s', (text, plain) => {
  expect(unaccented(text)).toBe(plain);
});
