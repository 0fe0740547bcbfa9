import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkTownFile } from './check.ts';

const guide = readFileSync('docs/town-file.md', 'utf8');
const example = /```yaml\n(.*?)```/s.exec(guide)?.[1] ?? '';

test('the example in the guide passes the check, without a warning', () => {
  expect(checkTownFile(example)).toMatchObject({ ok: true, warnings: [] });
});

test('the mistake that the guide shows is reported in these words', () => {
  const mistaken = example.replace('- { desk: taula-1, weekdays', '- { desk: taula-11, weekdays');
  const checked = checkTownFile(mistaken);
  if (checked.ok) throw new Error('it passed');
  const shown = checked.mistakes.map(
    ({ line, column, path, message }) => `yourtown.yaml:${line}:${column}  ${path}: ${message}`,
  );
  expect(guide).toContain(shown[0]);
});

test('the guide describes everything that the file may contain', () => {
  const { properties } = JSON.parse(readFileSync('towns/town.schema.json', 'utf8'));
  const office = properties.offices.additionalProperties.properties;
  const words = [
    ...Object.keys(properties.town.properties),
    ...Object.keys(office),
    ...Object.keys(office.procedures.additionalProperties.properties),
    ...Object.keys(office.slots.properties),
    ...Object.keys(office.attempts.properties),
    ...Object.keys(office.retention.properties),
  ];
  const text = guide.replace(example, '');
  expect(words.filter((each) => !new RegExp(`\\b${each}\\b`).test(text))).toEqual([]);
});
