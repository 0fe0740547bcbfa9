import { describe, expect, it } from 'vitest';
import type { CannedAnswer } from '../../../../domain/office/chat/topics.ts';
import type { Language } from '../../../../lib/i18n/languages.ts';
import { withAnswer } from '../../../../ui/put-words.ts';
import { answerIn, answersFor } from './rules.ts';

const answer = (code: string, of: Partial<CannedAnswer> = {}): CannedAnswer => ({
  ...{ code, name: { ca: code }, text: { ca: `${code} en català` }, topics: [] },
  ...of,
});
const answers = [
  answer('salutacio', { text: { ca: 'Hola! Ara m’ho miro.', es: '¡Hola! Ahora lo miro.' } }),
  answer('obres', { topics: ['obres'], text: { ca: 'Cal un avís d’obres.' } }),
  answer('volant', {
    ...{ topics: ['padro'], procedure: 'volant-padro' },
    text: { es: 'El volante dice dónde vives.', en: 'The certificate says where you live.' },
  }),
  answer('horari', { source: 'https://vilaclara.example/horari' }),
];
const office = { answers };
const ask = { topic: 'padro', language: 'es' as Language, reader: 'ca' as Language };
const codes = (sought?: string, of = ask) => answersFor(office, of, sought).map(({ code }) => code);

describe('which answers are offered', () => {
  it('are those of the topic, then those of every topic; none of another', () => {
    expect(codes()).toEqual(['volant', 'salutacio', 'horari']);
    expect(codes('', { ...ask, topic: 'obres' })).toEqual(['obres', 'salutacio', 'horari']);
    expect(codes('  ', { ...ask, topic: 'cap' })).toEqual(['salutacio', 'horari']);
  });

  it('are found by words of any language, whatever their topic', () => {
    expect(codes('avís obres')).toEqual(['obres']);
    expect(codes('live')).toEqual(['volant']);
    expect(codes('xyzzy')).toEqual([]);
  });
});

describe('an answer', () => {
  it('is in the person’s language, or says in which other one it is', () => {
    const [volant, salutacio, horari] = answersFor(office, ask);
    expect(volant).toMatchObject({ language: 'es', text: 'El volante dice dónde vives.' });
    expect(salutacio).toMatchObject({ language: 'es' });
    expect(horari).toMatchObject({ language: 'ca', text: 'horari en català' });
    expect(answerIn(office, 'volant', { ...ask, language: 'eu' })).toMatchObject({
      language: 'es',
    });
  });

  it('says where it comes from', () => {
    expect(answerIn(office, 'volant', ask)?.source).toEqual({ procedure: 'volant-padro' });
    expect(answerIn(office, 'horari', ask)?.source).toEqual({
      url: 'https://vilaclara.example/horari',
    });
    expect(answerIn(office, 'salutacio', ask)?.source).toBeNull();
    expect(answerIn(office, 'nope', ask)).toBeNull();
  });

  it('is put after what was written, with its source', () => {
    expect(withAnswer('', 'Sí.', null)).toBe('Sí.');
    expect(withAnswer('Bon dia,\n', 'Sí.', 'https://a.example')).toBe(
      'Bon dia,\n\nSí.\nhttps://a.example',
    );
    expect(withAnswer('', 'Mira https://a.example', 'https://a.example')).toBe(
      'Mira https://a.example',
    );
  });
});
