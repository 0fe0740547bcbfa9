import { expect, test } from 'vitest';
import { csvLines, csvOf } from './csv.ts';

test('a file that spreadsheets read without running anything', () => {
  const rows = [
    ['a', 'b, c', 'say "hi"', 'two\nlines'],
    ['=1+1', '-2', '+3', '@x'],
    ['', 'ñ', '\t=1', 'a=b'],
  ];
  expect(csvOf(rows)).toBe(
    '\uFEFFa,"b, c","say ""hi""","two\nlines"\r\n' + "'=1+1,'-2,'+3,'@x\r\n" + ",ñ,\t'=1,a=b\r\n",
  );
});

test('separators like semicolons, tabs and line breaks in cells run nothing either', () => {
  const formulas = ['a;=1+1', 'a;"=1', 'a; @x', 'a\t-1', 'a\n+1', '{"b":";=2"}'];
  expect(csvLines(formulas.map((each) => [each]))).toBe(
    ["a;'=1+1", '"a;\'""=1"', "a;' @x", "a\t'-1", '"a\n\'+1"', '"{""b"":"";\'=2""}"', ''].join(
      '\r\n',
    ),
  );
  expect(csvLines([['from 9-10; a=b', 'x;y', 'z - 1']])).toBe('from 9-10; a=b,x;y,z - 1\r\n');
});
