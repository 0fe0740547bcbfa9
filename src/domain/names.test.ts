import { describe, expect, test } from 'vitest';
import { nameMistake, unlinked } from './names.ts';

const NAMES = [
  'Maria Puig i Soler',
  'J. M. Serrat',
  'J.M. Serrat',
  'J.M.Serrat',
  'St. John',
  'St.John',
  'M.ª Àngels Feliu',
  'Mª.Carmen López',
  'Ma.José',
  'Ma.Jesús',
  'Fco.Javier Ruiz',
  'Dra.Núria Solé',
  'd’Alòs-Moner',
  "Sinéad O'Connor",
  'Jean-Luc d’Ors',
  'Goretti Paral·lel',
  'Fusteria Puig, S.L.',
  'Construccions Roca S.A.',
  'Fills de J. Prat, S.C.P.',
  'A.M.P.A. Escola Nova',
  'Gestoria 2000, S.L.',
  'Joan Carles I',
  'Sr. Joan',
  'Martin Luther King Jr.',
  'محمد علي',
  'محمد. علي',
  '李小龙',
  'Đặng Thị Hồng',
  'Григорий П. Сковорода',
  'क्‍ष',
  'Björk Guðmundsdóttir',
  'm',
];

const LINKS = [
  'Pague en multas-ayto.cloud',
  'multas-ayto.cloud',
  'loteria.es',
  'Guanya a loteria.com',
  'Maria Puig (paga a multes.cat)',
  'x.io',
  'visita goo.gl',
  'pagos.ayto.gob.es',
  'multas.abogado',
  'премия.рф',
  '抽奖.中国',
  'loteria。com',
  'ｌｏｔｅｒｉａ．ｃｏｍ',
  'loteria\u200d.com',
  'loteria\u00ad.c\u00adom',
  'LOTERIA.COM',
  'loteria.com.',
  'bit.ly/abc',
  'ayto.pagar/ya',
  'https://x',
  'www.guanya.example',
  'maria@example',
  'Maria 10.0.0.1',
  'Truqui al 806 123 456',
  'Maria 612345678',
  'Ring (+34) 93-456-78-90',
];

describe('names of people', () => {
  test.each(NAMES)('%s is a name, and is printed unchanged', (name) => {
    expect(nameMistake(name)).toBeNull();
    expect(unlinked(name)).toBe(name);
  });

  test.each(LINKS)('%s is not a name', (name) => {
    expect(nameMistake(name)).toBe('has_link');
  });

  test.each(LINKS.filter((each) => !/\d{3}|78-90/.test(each)))(
    '%s, stored before the rule, is printed so that nothing becomes a link',
    (name) => {
      const printed = unlinked(name);
      expect(printed).not.toBe(name);
      expect(printed.normalize('NFKC')).not.toMatch(/[@:/.。｡](?=[^\s@:/.。｡])/u);
    },
  );

  test('an abbreviation before a particle is a name, and is printed with a space', () => {
    expect(nameMistake('Dr.de Souza')).toBeNull();
    expect(nameMistake('Mª.de la O')).toBeNull();
    expect(unlinked('Dr.de Souza')).toBe('Dr. de Souza');
    expect(nameMistake('banco.de Souza')).toBe('has_link');
  });

  test('a refused name is accepted with a space after the full stop', () => {
    expect(nameMistake('J.Kim')).toBe('has_link');
    expect(nameMistake('J. Kim')).toBeNull();
  });

  test.each(['Maria 😀', '123', '—'])(
    '%s is not a name, because it has no letters or contains a picture',
    (name) => {
      expect(nameMistake(name)).toBe('not_name');
    },
  );
});
