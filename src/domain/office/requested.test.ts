import { expect, test } from 'vitest';
import { documentsFor } from './requested.ts';

const document = (code: string, onlyOnBehalf: boolean) => ({
  ...{ code, name: { ca: code }, required: true, onlyOnBehalf },
});
const procedure = { documents: [document('dni', false), document('autoritzacio', true)] };
const asked = (onBehalfOf: string | null) =>
  documentsFor(procedure, { onBehalfOf }).map((each) => each.code);

test('who books for themselves is not asked for the papers of somebody who acts for another person', () => {
  expect(asked(null)).toEqual(['dni']);
  expect(asked('Núria Soler')).toEqual(['dni', 'autoritzacio']);
});
