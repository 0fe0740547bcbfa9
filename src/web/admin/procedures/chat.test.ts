import { expect, it } from 'vitest';
import { chatWithout } from './chat.ts';

const chat = {
  atOnce: 2,
  topics: {
    padro: { name: { ca: 'Padró' }, procedures: ['volant', 'cens'] },
    cens: { name: { ca: 'Cens' }, procedures: ['cens'] },
  },
  answers: {
    hores: { name: { ca: 'Hores' }, source: 'https://a.example' },
    volant: { name: { ca: 'Volant' }, procedure: 'volant', topics: ['padro', 'cens'] },
    cens: { name: { ca: 'Cens' }, procedure: 'cens' },
    urnes: { name: { ca: 'Urnes' }, topics: ['cens'] },
  },
};

it('a topic, and the answers for it alone, go with the only procedure that it was about', () => {
  expect(chatWithout(chat, 'cens')).toEqual({
    atOnce: 2,
    topics: { padro: { name: { ca: 'Padró' }, procedures: ['volant'] } },
    answers: {
      hores: { name: { ca: 'Hores' }, source: 'https://a.example' },
      volant: { name: { ca: 'Volant' }, procedure: 'volant', topics: ['padro'] },
      cens: { name: { ca: 'Cens' } },
    },
  });
});

it('any other procedure changes nothing', () => {
  expect(chatWithout(chat, 'obres')).toEqual(chat);
  expect(chatWithout({}, 'cens')).toEqual({});
});
