import { describe, expect, test } from 'vitest';
import long from './long.json' with { type: 'json' };
import { passwordRefusal } from './rules.ts';

const context = {
  email: 'marta.puigdomenech@vilaclara.cat',
  name: 'Marta Puigdomènech Roca',
  places: ['Sant Feliu de Llobregat', 'oac', 'Oficina d’Atenció Ciutadana', 'Hisenda'],
};

describe('passwords', () => {
  test.each([
    ['curta', 'too_short'],
    ['onzecaracte', 'too_short'],
    ['a'.repeat(129), 'too_long'],
    ['aaaaaaaaaaaaaaaa', 'common'],
    ['abcabcabcabcabc', 'common'],
    ['123456789012', 'common'],
    ['qwertyuiop123', 'common'],
    ['Contrasenya2026!', 'common'],
    ['P4ssw0rd1234', 'common'],
    ['P@$$w0rd1234!', 'common'],
    ['Contraseña-2026', 'common'],
    ['pasahitza12345', 'common'],
    ['Vilaclara2026!!', 'common'],
    ['ajuntament1234', 'common'],
    ['Sant-Feliu-2026', 'local'],
    ['Hisenda.2026!!', 'local'],
    ['Oficina-Atencio-1', 'local'],
    ['Marta-Puigdomenech', 'personal'],
    ['puigdomenech.2026', 'personal'],
  ])('%s is refused as %s', (password, why) => {
    expect(passwordRefusal(password, context)).toBe(why);
  });

  test.each([
    ['1qaz2wsx3edc'],
    ['1qaz2wsx3edc4rfv'],
    ['qazwsxedcrfvtgb'],
    ['zxcasdqwe123'],
    ['leavemealone'],
    ['LeaveMeAlone'],
    ['gfhjkmgfhjkm'],
    ['justinbieber'],
    ['unbelievable'],
    ['needforspeed'],
    ['finalfantasy'],
    ['counterstrike'],
    ['Sojdlg123aljg'],
    ['PolniyPizdec0211'],
    ['chocolate2026!'],
    ['Liverpool.1892'],
    ['2026michelle!!!'],
    ['manchester-123'],
    ['$t4rw4r$$t4rw4r$'],
    ['computercomputer'],
    ['alexander-michelle'],
    ['butterfly99jessica'],
    ['deepsrofdeen'],
    ['basketball2011!'],
    ['L1verp00l-1892'],
    ['elefanteelefante'],
  ])('%s is on the lists of attackers', (password) => {
    expect(passwordRefusal(password, context)).toMatch(/^(breached|common)$/);
  });

  test('none of the 3,000 most frequent passwords that are long enough can be chosen', () => {
    const first = long.slice(0, 3_000);
    expect(first).toHaveLength(3_000);
    const chosen = first.filter(
      (each) =>
        passwordRefusal(each, context) === null ||
        passwordRefusal(`${each.toUpperCase()}1!`, context) === null,
    );
    expect(chosen).toEqual([]);
  });

  test.each([
    'tres gats al terrat',
    'cavall bateria grapa correcte',
    'gT7#kq9!vLz2',
    'ñandú-øre-żółw-12',
    'paraigua groc i sabata',
    'llum de gas a Roca',
    'Xk3vQ-9pLmz-Tr4Wd',
    'эта моя кошка спит',
  ])('%s may be chosen', (password) => {
    expect(passwordRefusal(password, context)).toBeNull();
  });

  test('length counts characters, not bytes', () => {
    const cats = '🐈🐕🐎🐖🐏🐓🦆🦉🐢🐍🦎🐙';
    expect(passwordRefusal(cats.slice(0, -2), context)).toBe('too_short');
    expect(passwordRefusal(cats, context)).not.toBe('too_short');
  });
});
