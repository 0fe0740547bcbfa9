import { expect, test } from 'vitest';
import { withEachPart, withLongestWords } from './cover.ts';

const page = (name: string, html: string) => ({ name, html: `<main class="page">${html}</main>` });
const names = (pages: readonly { name: string }[]) => pages.map(({ name }) => name).sort();

test('pages that differ in words and addresses are one, and each other element is seen', () => {
  const first = page('first', '<h1>Hola</h1><p id="a1">U</p><input name="a" type="text">');
  const words = page('words', '<h1>Adéu</h1><p id="b2">Dos</p><input name="b" type="text">');
  const kind = page('kind', '<h1>Hola</h1><p id="a1">U</p><input name="a" type="email">');
  const order = page('order', '<p id="a1">U</p><h1>Hola</h1>');
  expect(names(withEachPart([first, words]))).toHaveLength(1);
  expect(names(withEachPart([first, words, kind, order]))).toEqual(['first', 'kind', 'order']);
});

test('an empty name and a colour of its own are other parts', () => {
  const right = page('right', '<img alt="Un mapa"><b style="color:red">x</b>');
  const empty = page('empty', '<img alt=""><b style="color:red">x</b>');
  const pale = page('pale', '<img alt="Un mapa"><b style="color:#eee">x</b>');
  expect(names(withEachPart([right, empty, pale]))).toEqual(
    expect.arrayContaining(['empty', 'pale']),
  );
});

test('an element is another one elsewhere', () => {
  const inside = page('inside', '<div class="note"><a href="/">x</a></div>');
  const outside = page('outside', '<div class="note"></div><a href="/">x</a>');
  expect(names(withEachPart([inside, outside]))).toEqual(['inside', 'outside']);
});

test('in each place the longest word and the longest text are seen', () => {
  const short = page('short', '<h1>Cita</h1><p>Un</p>');
  const word = page('word', '<h1>Hitzordua</h1><p>Un</p>');
  const text = page('text', '<h1>La cita de dilluns</h1><p>Un</p>');
  const row = page('row', '<h1>Cita</h1><p>Un</p><p>Un</p>');
  expect(names(withLongestWords([short, row]))).toEqual(['row']);
  const below = page('below', '<h1>Cita</h1><p>Empadronament</p>');
  expect(names(withLongestWords([short, word, text, below]))).toEqual(['below', 'text', 'word']);
  expect(
    names(withLongestWords([short, page('more', '<h1>Cita</h1><p>Un</p><img alt="">')])),
  ).toEqual(['more']);
});

test('what is seen anyway is not looked for again', () => {
  const first = page('first', '<h1>Hola</h1>');
  const more = page('more', '<h1>Hola</h1><p>Un</p>');
  expect(names(withEachPart([first, more], [first]))).toEqual(['more']);
  expect(names(withEachPart([first, more], [more]))).toEqual([]);
});

test('nearly the longest stands for the longest', () => {
  const long = page('long', '<p>Empadronament</p><h1>Cita</h1>');
  const nearly = page('nearly', '<p>Empadronamen</p><h1>Hitzordua</h1>');
  expect(names(withLongestWords([long, nearly]))).toEqual(['long', 'nearly']);
  expect(names(withLongestWords([long, nearly], 0.9))).toEqual(['nearly']);
  expect(names(withLongestWords([long, nearly], 0.95))).toEqual(['long', 'nearly']);
});
