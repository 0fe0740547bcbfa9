import { expect, test } from 'vitest';
import { LANGUAGES } from '../../lib/i18n/languages.ts';
import { translateTo } from '../../lib/i18n/translate.ts';
import { needsIn } from './needs.ts';

const t = translateTo('ca');

test('what else is needed is a need and no comment, in whatever language it was written', () => {
  for (const language of LANGUAGES) {
    const said = translateTo(language)('details.need.other.said', { what: 'bucle magnètic' });
    expect(needsIn(t, { needs: ['companion', 'other'], comment: `${said}\nVinc de fora` })).toEqual(
      {
        needs: [t('citizen.need.companion'), 'bucle magnètic'],
        comment: 'Vinc de fora',
      },
    );
  }
});

test('a comment alone stays, also where it looks alike or another system wrote the need', () => {
  const comment = 'Em cal: un bolígraf';
  expect(needsIn(t, { needs: [], comment })).toEqual({ needs: [], comment });
  expect(needsIn(t, { needs: ['other'], comment: 'Vinc de fora' })).toEqual({
    needs: [t('citizen.need.other')],
    comment: 'Vinc de fora',
  });
});

test('the language of an interpreter is named with the need, and staff read their own words', () => {
  const needing = { needs: ['interpreter', 'companion'], interpreter: 'ar' } as const;
  const language = t('interpreter.language.ar');
  expect(needsIn(t, needing, 'staff')).toEqual({
    needs: [t('interpreter.need', { language }), t('staff.need.companion')],
    comment: '',
  });
});
