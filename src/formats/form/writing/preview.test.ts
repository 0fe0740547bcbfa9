import { readdirSync, readFileSync } from 'node:fs';
import { HtmlValidate } from 'html-validate';
import { expect, test } from 'vitest';
import { LANGUAGES } from '../../../lib/i18n/languages.ts';
import { checkFormFile } from '../check.ts';
import { formPreview } from './preview.tsx';

const FOLDER = 'towns/vilaclara/forms';
const formOf = (name: string, change = (text: string) => text) => {
  const checked = checkFormFile(change(readFileSync(`${FOLDER}/${name}`, 'utf8')));
  if (!checked.ok) throw new Error(JSON.stringify(checked.mistakes));
  return checked.form;
};

test.each(readdirSync(FOLDER))(
  'the preview of %s is right HTML in every language, without code',
  async (name) => {
    const html = new HtmlValidate({
      extends: ['html-validate:standard'],
      rules: {
        'no-inline-style': 'off',
        'void-style': 'off',
        'doctype-style': 'off',
        'long-title': 'off',
      },
    });
    for (const language of LANGUAGES) {
      const page = formPreview(formOf(name), language);
      const report = await html.validateString(page);
      expect(
        report.results.flatMap(({ messages }) => messages.map((each) => each.message)),
      ).toEqual([]);
      expect(page).not.toMatch(/<script|undefined|\[object|&quot;var&quot;/);
      expect(page).toContain(`lang="${language}"`);
    }
  },
);

test('the preview tells the conditions and the fee in words', () => {
  const page = formPreview(formOf('terrassa.yaml'), 'ca');
  expect(page).toContain('Només si «L’any passat ja hi tenies terrassa?»: sí.');
  expect(page).toContain('48,5 + («Superfície total, en metres quadrats» × «Tarifa');
  expect(page).toContain('Pendent de l’informe de la Policia Local');
  expect(page).toContain('En 2 mesos; el silenci vol dir que no');
  expect(page).toContain('de 10 dies després d’avui a un any després d’avui');
});

test('the preview marks what is not translated, and shows no HTML of a form as HTML', () => {
  const form = formOf('volant-padro.yaml', (text) =>
    text
      .replace('      ca: On te l’enviem\n', '      ca: "On <b>l’enviem</b>"\n')
      .replace('      eu: Nora bidaliko dizugun\n', ''),
  );
  expect(formPreview(form, 'eu')).toContain('On &lt;b>l’enviem&lt;/b> [testua falta da]');
});
