import { expect, test } from 'vitest';
import { isEmail, suggestEmail, tidyEmail } from './email.ts';

test.each([
  'maria@example.cat',
  'maria+padro@gmail.com',
  "o'neill@example.ie",
  'maria@müller.de',
  'maria@ñandú.es',
  '用户@例え.jp',
  'a@b.c.d.cat',
  'x_y-z.1@sub.example.museum',
])('%s is an address', (address) => {
  expect(isEmail(address)).toBe(true);
});

test.each([
  'maria',
  'maria@gmail',
  'maria@gmail.c',
  'maria@@gmail.com',
  'maria@a@gmail.com',
  'maria puig@gmail.com',
  'maria..puig@gmail.com',
  '.maria@gmail.com',
  'maria@-gmail.com',
  'maria@g_mail.com',
  'maria@gmail..com',
  'maria@gmail.com/x',
  'maria@gmail.com\\x',
  'maria@gmail.com:25',
  'maria@127.0.0.1',
  'maria@[::1]',
  '<maria@gmail.com>',
  `${'m'.repeat(65)}@gmail.com`,
  `maria@${'g'.repeat(64)}.com`,
])('%s is none', (address) => {
  expect(isEmail(address)).toBe(false);
});

test.each([
  ['  Maria.Puig@Example.CAT ', 'maria.puig@example.cat'],
  ['maria @ gmail . com', 'maria@gmail.com'],
  ['mailto:maria@gmail.com', 'maria@gmail.com'],
  ['maria@gmail.com.', 'maria@gmail.com'],
  ['\u200bmaria@gmail.com', 'maria@gmail.com'],
  ['maria puig@gmail.com', 'maria puig@gmail.com'],
])('“%s” is tidied to “%s”', (typed, tidied) => {
  expect(tidyEmail(typed)).toBe(tidied);
});

test.each([
  ['m@gmial.com', 'm@gmail.com'],
  ['m@gmai.com', 'm@gmail.com'],
  ['m@gmaill.com', 'm@gmail.com'],
  ['m@gnail.com', 'm@gmail.com'],
  ['m@gmail.cmo', 'm@gmail.com'],
  ['m@gmail.con', 'm@gmail.com'],
  ['m@gmail.co', 'm@gmail.com'],
  ['m@gmail.es', 'm@gmail.com'],
  ['m@gmail', 'm@gmail.com'],
  ['m@gmailcom', 'm@gmail.com'],
  ['m@hotmail.con', 'm@hotmail.com'],
  ['m@hotmial.con', 'm@hotmail.com'],
  ['m@homtail.es', 'm@hotmail.es'],
  ['m@hotmail.cat', 'm@hotmail.com'],
  ['m@yaho.es', 'm@yahoo.es'],
  ['m@outlok.com', 'm@outlook.com'],
  ['m@icluod.com', 'm@icloud.com'],
  ['m@telefoncia.net', 'm@telefonica.net'],
  ['m@gencta.cat', 'm@gencat.cat'],
  ['m@ajuntament.con', 'm@ajuntament.com'],
  ['josé@gmail.com', 'jose@gmail.com'],
])('%s was probably to be %s', (typed, meant) => {
  expect(suggestEmail(typed)).toBe(meant);
});

test.each([
  ...['gmail.com', 'hotmail.com', 'hotmail.es', 'hotmail.fr', 'mail.com', 'email.com', 'ymail.com'],
  ...['yahoo.se', 'yahoo.es', 'upc.edu', 'ub.edu', 'uv.es', 'us.es', 'xtec.cat', 'gencat.cat'],
  ...['vilaclara.example', 'example.cat', 'ono.com', 'correo.es', 'girona.cat', '例え.jp'],
])('nothing looks wrong with %s', (domain) => {
  expect(suggestEmail(`maria@${domain}`)).toBeNull();
});

test('what is suggested is never doubted in turn', () => {
  for (const typed of ['m@gmial.con', 'm@yaho.cmo', 'josé@outlok.es', 'm@movistra.es', 'm@x.con']) {
    const meant = suggestEmail(typed);
    expect(meant, typed).not.toBeNull();
    expect(suggestEmail(meant ?? ''), typed).toBeNull();
  }
});
