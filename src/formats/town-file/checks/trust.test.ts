import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { checkTownFile } from '../reading/check.ts';

const VILACLARA = readFileSync('towns/vilaclara.yaml', 'utf8');

/** Returns the remarks on Vilaclara with another town group. */
function toldOf(change: (town: Record<string, unknown>) => void) {
  const file = parse(VILACLARA);
  change(file.town);
  const checked = checkTownFile(stringify(file));
  return {
    mistakes: checked.ok ? [] : checked.mistakes.map((each) => `${each.path}: ${each.message}`),
    warnings: checked.warnings.map((each) => `${each.path}: ${each.message}`),
  };
}

test('a town without privacy data gets each missing item of its page reported once', () => {
  const { warnings, mistakes } = toldOf((town) => {
    delete town.privacy;
  });
  expect(mistakes).toEqual([]);
  expect(warnings).toHaveLength(2);
  expect(warnings[0]).toMatch(/^town: .*controller/);
  expect(warnings[1]).toMatch(/^town: .*data-protection officer .*dpo/);
});

test('a data protection officer needs a mail address or a web address', () => {
  const { warnings } = toldOf((town) => {
    town.privacy = { controller: { ca: 'A', es: 'A', en: 'A', eu: 'A' }, dpo: {} };
  });
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toMatch(/^town\.privacy: .*dpo/);
});

test('a statement reviewed before it was prepared, or on an invalid day, is a mistake', () => {
  const told = (accessibility: object) =>
    toldOf((town) => {
      town.accessibility = accessibility;
    });
  expect(told({ prepared: '2026-11-24', reviewed: '2026-11-23' }).mistakes).toEqual([
    'town.accessibility.reviewed: The statement was reviewed (2026-11-23) before it was prepared (2026-11-24).',
  ]);
  expect(told({ prepared: '2026-11-31' }).mistakes[0]).toContain('2026-11-31');
  expect(told({ prepared: '2026-11-24', reviewed: '2026-11-24' }).mistakes).toEqual([]);
  expect(told({ status: 'fully' }).warnings[0]).toContain('can hardly say fully');
});

test.each(['help', 'software', 'offline', 'privacy', 'lost-link'])(
  'no office can have the code %s, since a page has that address',
  (code) => {
    const file = parse(VILACLARA);
    file.offices[code] = file.offices.hisenda;
    const checked = checkTownFile(stringify(file));
    expect(checked.ok ? [] : checked.mistakes.map((each) => each.message)).toContain(
      `An office can't be called ${code}: a page of every town has that address.`,
    );
  },
);
