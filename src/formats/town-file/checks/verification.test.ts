import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { LANGUAGES } from '../../../lib/i18n/languages.ts';
import { translateTo } from '../../../lib/i18n/translate.ts';
import { checkTownFile } from '../reading/check.ts';

const VILACLARA = readFileSync('towns/vilaclara.yaml', 'utf8');
const CODES = { codes: 'usual', regulation: 'Decret 12/2026' };

/** Returns the remarks on Vilaclara's first office with these settings. */
function toldOf(office: Record<string, unknown>, evidenceDays: number | null = 1827) {
  const file = parse(VILACLARA);
  Object.assign(file.offices.oac, { dir3: 'L01080193', verification: CODES }, office);
  for (const [key, value] of Object.entries(file.offices.oac))
    if (value === null) delete file.offices.oac[key];
  if (evidenceDays === null) delete file.offices.oac.retention.evidenceDays;
  else file.offices.oac.retention.evidenceDays = evidenceDays;
  const checked = checkTownFile(stringify(file));
  return [...(checked.ok ? [] : checked.mistakes), ...checked.warnings].map(
    (each) => `${each.path}: ${each.message}`,
  );
}

test('an office that gives codes, keeps their documents long enough and can export them gets no remark', () => {
  expect(toldOf({})).toEqual([]);
  expect(toldOf({ verification: { ...CODES, codes: 'asked' } }, 3000)).toEqual([]);
});

test('codes must be valid for five years, leap days included', () => {
  for (const codes of ['asked', 'usual']) {
    const told = toldOf({ verification: { ...CODES, codes } }, 1826);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/^offices\.oac\.retention\.evidenceDays: .*1826 days.*1827 days/);
  }
  expect(toldOf({}, null)).toEqual([]);
  const none = { ...CODES, codes: 'never' };
  expect(toldOf({ verification: none, acts: null, habilitated: null }, 30)).toEqual([]);
  // The copies of its consents carry codes.
  expect(toldOf({ verification: none }, 30)).toHaveLength(1);
});

test('the missing parts of an export are named', () => {
  const told = (office: Record<string, unknown>) => toldOf(office).join('\n');
  expect(told({ dir3: null })).toMatch(/without dir3\.$/);
  expect(told({ verification: { codes: 'usual' } })).toMatch(/without verification: regulation\.$/);
  expect(told({ dir3: null, verification: { codes: 'asked' } })).toMatch(
    /without dir3 and verification: regulation\.$/,
  );
  expect(told({ dir3: null, verification: null })).toBe('');
});

test('a code of the directory has nine characters', () => {
  for (const dir3 of ['L01080193', 'E00003901', 'LA0001234', 'EA0008567'])
    expect(toldOf({ dir3 })).toEqual([]);
  for (const dir3 of ['L0108019', 'l01080193', 'L010801934', '001080193', ''])
    expect(toldOf({ dir3 }).join()).toContain('offices.oac.dir3: ');
});

test.each(LANGUAGES)(
  'the console’s own hint in %s gives the number of days in five years',
  (language) => {
    const hint = translateTo(language)('admin.hint.evidenceDays');
    expect(Number(hint.split(' ')[0]?.replace(/[.,]/, ''))).toBe(5 * 365 + 2);
  },
);
