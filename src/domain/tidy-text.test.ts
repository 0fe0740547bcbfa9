import { expect, test } from 'vitest';
import { tidyText } from './tidy-text.ts';

test('text is kept composed, with plain line ends, and without signs that nobody sees', () => {
  expect(tidyText(' El fanal\r\ndel mig\rno va\u2028gens ')).toBe('El fanal\ndel mig\nno va\ngens');
  expect(tidyText('cafe\u0301\u0000\u202egpj.exe\u2066\u200e\u00ad')).toBe('caf\u00e9gpj.exe');
  expect(tidyText('a\ud800b')).toBe('a\ufffdb');
  expect(tidyText('1.\tdos')).toBe('1.\tdos');
});

test('signs that join letters and emoji stay', () => {
  expect(tidyText('\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 👩‍🔧')).toBe(
    '\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 👩‍🔧',
  );
});

test('what nobody can see is no text', () => {
  for (const each of ['\u200b', '\u2060\ufeff\u00ad', '\u200d\u200c', ' \n\t ', '\u0301'])
    expect(tidyText(each)).toBe('');
  for (const each of ['?', '👍', '7', 'ы']) expect(tidyText(each)).toBe(each);
});
