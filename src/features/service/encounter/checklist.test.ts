import { expect, test } from 'vitest';
import { bookedPoints, checklistOf, isPointOf, listedProcedures, untickedOf } from './rules.ts';
import type { EncounterDraft, EncounterItem } from './types.ts';

const named = (name: string) => ({ ca: name });
const PADRO = {
  code: 'padro',
  documents: [
    { code: 'dni', name: named('DNI'), required: true, onlyOnBehalf: false },
    { code: 'permis', name: named('Permís'), required: false, onlyOnBehalf: true },
  ],
  checklist: [
    { code: 'adreca', name: named('Adreça'), required: true },
    { code: 'enviat', name: named('Enviat'), required: false },
  ],
};
// Of a whole procedure only these count here.
const office = {
  procedure: (key: string | number) => (key === 'padro' ? PADRO : undefined),
} as never;

const row = (kind: EncounterItem['kind'], procedure: string | null): EncounterItem => ({
  ...{ kind, procedure, query: null, label: '', outcome: 'done' },
});
const draft = (items: EncounterItem[], points: string[] = []): EncounterDraft => ({
  ...{ items, points, identity: null, identityNote: '', notes: '', wrapUp: null },
});

test('documents come first, then the steps, each under its procedure', () => {
  expect(checklistOf(PADRO).map(({ point, isOptional }) => [point, isOptional])).toEqual([
    ['padro/document/dni', false],
    ['padro/document/permis', true],
    ['padro/step/adreca', false],
    ['padro/step/enviat', true],
  ]);
});

test('a required step is missed only where it was carried out, and no document ever is', () => {
  const missing = (one: EncounterDraft) => untickedOf(office, one).map((each) => each.point);
  expect(missing(draft([row('procedure', 'padro'), row('procedure', 'padro')]))).toEqual([
    'padro/step/adreca',
  ]);
  expect(missing(draft([row('procedure', 'padro')], ['padro/step/adreca']))).toEqual([]);
  expect(missing(draft([row('query', 'padro'), row('procedure', 'gone')]))).toEqual([]);
});

test('a point is one that the town file has', () => {
  expect(isPointOf(office, 'padro/step/adreca')).toBe(true);
  expect(isPointOf(office, 'padro/step/dni')).toBe(false);
  expect(isPointOf(office, 'gone/step/adreca')).toBe(false);
  expect(isPointOf(office, '')).toBe(false);
});

test('the list of what was booked shows, and that of what was added', () => {
  expect(listedProcedures(['padro'], [row('procedure', 'padro'), row('query', 'ibi')])).toEqual([
    'padro',
    'ibi',
  ]);
});

test('the papers of who acts for somebody else show for such an appointment, or when they are ticked', () => {
  const shown = (isOnBehalf: boolean, ticked: string[] = []) =>
    bookedPoints(checklistOf(PADRO), { isOnBehalf, ticked }).map((each) => each.point);
  const own = ['padro/document/dni', 'padro/step/adreca', 'padro/step/enviat'];
  expect(shown(false)).toEqual(own);
  expect(shown(true)).toContain('padro/document/permis');
  expect(shown(false, ['padro/document/permis'])).toContain('padro/document/permis');
});
