import { expect, test } from 'vitest';
import type { Office } from '../../../domain/office/types.ts';
import { LANGUAGES } from '../../../lib/i18n/languages.ts';
import { render } from './render.ts';
import { sampleLinks, sampleNotice, sampleOffice } from './testing.ts';

const office = sampleOffice();
const [volant] = office.procedures;
if (!volant) throw new Error('No procedure');
const roll = {
  ...volant,
  code: 'cens',
  name: { ca: 'Cens', es: 'Censo', en: 'Roll', eu: 'Errolda' },
  documents: [{ code: 'carta', name: { ca: 'La carta' }, required: true, onlyOnBehalf: false }],
};
const withRoll: Office = {
  ...office,
  procedure: (key) => (key === 'cens' ? roll : office.procedure(key)),
};

test('a notice names all procedures of the appointment, how many people it is for, and the papers of each', () => {
  for (const language of LANGUAGES) {
    const facts = { further: ['cens'], people: 3 };
    const { text, attachments } = render(
      sampleNotice('confirmation', language, facts),
      withRoll,
      sampleLinks,
    );
    const people = { ca: '3 persones', es: '3 personas', en: '3 people', eu: '3 pertsona' }[
      language
    ];
    const names = `Volant de padró ${language} + ${roll.name[language]} (${people})`;
    expect(text).toContain(names);
    expect(text).toContain(`Volant de padró ${language}: `);
    expect(text).toMatch(new RegExp(`${roll.name[language]}: .*La carta`));
    expect(attachments[0]?.text.replaceAll(/\r\n /g, '')).toContain(names);
  }
});

test('what was booked once and is in no catalogue any more is named by its code', () => {
  const { text } = render(
    sampleNotice('reminder', 'ca', { further: ['gone'] }),
    office,
    sampleLinks,
  );
  expect(text).toContain('Volant de padró ca + gone');
});
