import { expect, test } from 'vitest';
import { csvOf } from './csv.ts';

test('a file that spreadsheets read, and run nothing of', () => {
  const rows = [
    ['a', 'b, c', 'say "hi"', 'two\nlines'],
    ['=1+1', '-2', '+3', '@x'],
    ['', 'ñ', '\t=1', 'a=b'],
  ];
  expect(csvOf(rows)).toBe(
    '\uFEFFa,"b, c","say ""hi""","two\nlines"\r\n' + "'=1+1,'-2,'+3,'@x\r\n" + ",ñ,'\t=1,a=b\r\n",
  );
});
