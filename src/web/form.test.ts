import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { askedText } from './form.ts';

test.each([
  ['q=Rosa+Soler', 'Rosa Soler'],
  ['', ''],
  [`q=${'+'.repeat(12)}OAC-7K3M-9P%0A`, 'OAC-7K3M-9P'],
  ['q=a%00b++c', 'ab c'],
  [`q=${'x'.repeat(30)}`, 'x'.repeat(20)],
  ['q=nineteen+letters+++end', 'nineteen letters end'],
])('what was typed into the address’s %j is %j', async (query, expected) => {
  const app = new Hono().get('/', (c) => c.text(askedText(c, 'q', 20)));
  expect(await (await app.request(`/?${query}`)).text()).toBe(expected);
});
