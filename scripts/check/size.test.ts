import { describe, expect, it } from 'vitest';
import { checkFolders, checkForm, checkFunctionLength, functionsOf } from './size.ts';

const file = (path: string, text: string) => ({ path, text });
const messages = (findings: { path: string; line: number; message: string }[]) =>
  findings.map(({ path, line, message }) => `${path}:${line}: ${message}`);

/** A function whose first and last lines are `head` and `tail`. */
const long = (lines: number, head = 'function far() {', tail = '}') =>
  [head, ...Array.from({ length: lines - 2 }, () => '  step();'), tail].join('\n');

describe('functions', () => {
  it('are found in every form, with their names and lines', () => {
    const text = [
      'export function one<T>(a: T): T {',
      '  return [a].map((b) => {',
      '    return b;',
      '  })[0]!;',
      '}',
      'const two = async () => 1;',
      'export default function () {}',
      'class Three {',
      '  four() {',
      '    return <p onClick={() => {}}>five</p>;',
      '  }',
      '}',
      "const six = { 'seven-eight': function* () {} };",
      'declare function nine(): void;',
    ].join('\n');
    expect(functionsOf(file('src/a.tsx', text))).toEqual([
      { name: 'one', line: 1, lines: 5 },
      { name: 'one', line: 2, lines: 3 },
      { name: 'two', line: 6, lines: 1 },
      { name: 'default', line: 7, lines: 1 },
      { name: 'four', line: 9, lines: 3 },
      { name: 'four', line: 10, lines: 1 },
      { name: 'seven-eight', line: 13, lines: 1 },
    ]);
  });

  it('may have 60 lines', () => {
    expect(checkFunctionLength([file('src/a.ts', long(60))], {})).toEqual([]);
    expect(messages(checkFunctionLength([file('src/a.ts', `\n${long(61)}`)], {}))).toEqual([
      'src/a.ts:2: far has 61 lines; more than 60 do not fit a screen',
    ]);
    const component = long(61, 'const Far = () => (<p>', '</p>)');
    expect(checkFunctionLength([file('src/a.tsx', component)], {})).toHaveLength(1);
  });

  it('may be longer in a test, and not in the world that tests share', () => {
    for (const path of ['src/a.test.ts', 'e2e/a.e2e.ts', 'e2e/a.fixture.tsx'])
      expect(checkFunctionLength([file(path, long(61))], {})).toEqual([]);
    for (const path of ['src/testing.ts', 'e2e/support/a.ts', 'scripts/a.mjs'])
      expect(checkFunctionLength([file(path, long(61))], {})).toHaveLength(1);
  });

  it('of the list may not grow, and leave it when they fit', () => {
    const allowed = { 'src/a.ts far': 70 };
    expect(checkFunctionLength([file('src/a.ts', long(70))], allowed)).toEqual([]);
    expect(messages(checkFunctionLength([file('src/a.ts', long(71))], allowed))).toEqual([
      'src/a.ts:1: far has 71 lines; more than 70 do not fit a screen',
    ]);
    expect(messages(checkFunctionLength([file('src/a.ts', long(60))], allowed)).join()).toContain(
      'LONG_FUNCTIONS names src/a.ts far, which no longer needs it: take it out',
    );
  });

  it('of a file that the compiler refuses are none', () => {
    expect(functionsOf(file('src/a.ts', `${long(61)} (`))).toEqual([]);
  });
});

describe('the form of code', () => {
  it.each([
    'const a = { ...{ b, c }, d };',
    'const [a, b] = [c(), d()];',
    'const [a] = [d];',
    'const a = <p {...{ b }} />;',
  ])('%s only saves a line', (text) => {
    const found = checkForm([file('src/a.tsx', `\n${text}`)], []);
    expect(found.map(({ line }) => line)).toEqual([2]);
    expect(checkForm([file('src/a.test.tsx', text)], [])).toEqual([]);
    expect(checkForm([file('src/lib/a.tsx', text)], ['src/lib/'])).toEqual([]);
  });

  it.each([
    'const a = { ...b, ...(c && { d }), ...e() };',
    'const [a] = b;',
    'const [a, b] = [...c];',
    '[a, b] = [b, a];',
    'for (const [a, b] of [[1, 2]]) c(a, b);',
    "run([...['--flag', value]]);",
  ])('%s says something', (text) => {
    expect(checkForm([file('src/a.tsx', text)], [])).toEqual([]);
  });
});

describe('folders', () => {
  const files = (count: number, ending = '.ts', folder = 'src/a') =>
    Array.from({ length: count }, (_, index) => `${folder}/${index}${ending}`);

  it('may have 20 files, without tests and files of subfolders', () => {
    const apart = [...files(5, '.test.ts'), ...files(5, '.e2e.ts'), ...files(20, '.ts', 'src/a/b')];
    expect(checkFolders([...files(20), ...apart], {})).toEqual([]);
    expect(messages(checkFolders([...files(20), 'src/a/a.css'], {}))).toEqual([
      'src/a:1: 21 files; more than 20 are too many to look through',
    ]);
  });

  it('of texts have a file a feature', () => {
    expect(checkFolders(files(40, '.json', 'src/locales/ca'), {})).toEqual([]);
  });

  it('of the list may not grow, and leave it when they are small', () => {
    expect(checkFolders(files(22), { 'src/a': 22 })).toEqual([]);
    expect(checkFolders(files(23), { 'src/a': 22 })).toHaveLength(1);
    expect(messages(checkFolders(files(20), { 'src/a': 22 })).join()).toContain('take it out');
  });
});
