import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readTownForms } from './form-files.ts';
import { checkTownFile } from './formats/town-file/reading/check.ts';
import { DEMO_TOWN } from './paths.ts';

test('a form with a fee is told of in a town where nothing can be paid', async () => {
  const checked = checkTownFile(readFileSync(DEMO_TOWN, 'utf8'));
  if (!checked.ok) throw new Error('The demo town has mistakes');
  const { warnings } = await readTownForms(DEMO_TOWN, checked.town);
  const names = warnings.map((each) => each.split(': the form has a fee')[0]);
  expect(names).toEqual(['avis-obres', 'terrassa']);
});
