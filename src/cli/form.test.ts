import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { TownFile } from '../domain/office/schema.ts';
import { checkTownFile } from '../formats/town-file/reading/check.ts';
import type { Call } from './commands.ts';
import { checkForms, compareForms, previewForm, townForms } from './form.ts';

const TERRACE = 'towns/vilaclara/forms/terrassa.yaml';
const text = readFileSync(TERRACE, 'utf8');
let folder: string;
let said = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'finestreta-form-'));
  said = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((words) => {
    said += words;
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

const call = (words: string[], options: Call['options'] = {}) =>
  ({ words, options }) as unknown as Call;
const write = (name: string, content: string) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

test('form check says that a form is right, with its version', async () => {
  expect(await checkForms(call([TERRACE]))).toBe(0);
  expect(said).toMatch(
    /^The form is right: terrassa, 7 steps, 30 questions, version [0-9a-f]{12}\.\n$/,
  );
});

test('form check tells every mistake of every file with its line, and what is not translated', async () => {
  const one = write('terrassa.yaml', text.replace('max: 80', 'mx: 80'));
  const other = write(
    'other.yaml',
    text.replace('        eu: Lokala\n', '').replace('      eu: Lokala\n', ''),
  );
  const third = write('third.yaml', 'procedure: third\nsteps: []\n');
  await expect(checkForms(call([one, other, third]))).rejects.toThrow(
    new RegExp(
      `^${one}:\\d+:9 {2}steps\\[0\\]\\.questions\\[0\\]\\.mx: The key "mx" is not known here[^]*${third}:2:8[^]*2 mistakes\\.$`,
    ),
  );
  expect(said).toMatch(
    /Warning {2}\S+other\.yaml:\d+:\d+ {2}steps\[0\]\.title: "title" is not translated into: eu/,
  );
  expect(said).toContain('must be called terrassa.yaml, as its procedure');
  await expect(checkForms(call([join(folder, 'none.yaml')]))).rejects.toThrow('ENOENT');
  await expect(checkForms(call([]))).rejects.toThrow('Which file?');
});

test('form check asks for the languages that are given', async () => {
  const file = write(
    'p.yaml',
    'procedure: p\ntitle: { ca: P }\nsteps: [ { id: a, title: { ca: A }, questions: [ { id: b, type: yesno, label: { ca: B } } ] } ]\n',
  );
  expect(await checkForms(call([file]))).toBe(0);
  expect(said).not.toContain('Warning');
  await checkForms(call([file], { languages: 'ca,eu' }));
  expect(said).toContain('"title" is not translated into: eu');
  await expect(checkForms(call([file], { languages: 'ca,fr' }))).rejects.toThrow(
    'no language "fr"',
  );
});

test('form preview writes a page, and writes over one only when it is told to', async () => {
  const page = join(folder, 'page.html');
  expect(await previewForm(call([TERRACE, page], { language: 'es' }))).toBe(0);
  expect(readFileSync(page, 'utf8')).toContain('<h1>Licencia de terraza</h1>');
  await expect(previewForm(call([TERRACE, page]))).rejects.toThrow('add --yes to write over it');
  expect(await previewForm(call([TERRACE, page], { yes: true }))).toBe(0);
  expect(readFileSync(page, 'utf8')).toContain('<h1>Llicència de terrassa</h1>');
  expect(said).toBe('');
  await previewForm(call([TERRACE]));
  expect(said).toMatch(/^<!doctype html>/);
});

test('form diff says what changed, rules in words', async () => {
  const changed = text
    .replace(
      'max: 40\n        required: true\n        label: { ca: Quantes taules',
      'max: 60\n        required: true\n        label: { ca: Quantes taules',
    )
    .replace('min: today+10d', 'min: today+15d')
    .replace('- 48.5', '- 51')
    .replace('ca: On poses les taules?', 'ca: On posaràs les taules?')
    .replace('id: anterior', 'id: abans');
  expect(await compareForms(call([TERRACE, write('terrassa.yaml', changed)]))).toBe(0);
  const lines = said.trim().split('\n');
  expect(lines[0]).toMatch(/^~ fee: 48,5 \+ .* → 51 \+ /);
  expect(lines.slice(1)).toEqual([
    '- question local.anterior',
    '+ question local.abans',
    '~ espai.on label (ca): "On poses les taules?" → "On posaràs les taules?"',
    '~ mobiliari.taules max: 40 → 60',
    '~ calendari.des-de min: "today+10d" → "today+15d"',
  ]);
  said = '';
  await compareForms(call([TERRACE, TERRACE]));
  expect(said).toBe('They are the same form.\n');
});

const townOf = (forms: string): TownFile => {
  const checked = checkTownFile(
    readFileSync('towns/vilaclara.yaml', 'utf8').replace('vilaclara/forms', forms),
  );
  if (!checked.ok) throw new Error('the demo town has a mistake');
  return checked.town;
};
const VOLANT = readFileSync('towns/vilaclara/forms/volant-padro.yaml', 'utf8');

test('the folder of a town is looked for beside its file, then from here', async () => {
  write('volant-padro.yaml', VOLANT);
  write('notes.txt', 'no form');
  const town = join(folder, 'town.yaml');
  const beside = await townForms(town, townOf('.'));
  expect(beside.map(({ procedure }) => procedure)).toEqual(['volant-padro']);
  const here = await townForms(town, townOf('towns/vilaclara/forms'));
  expect(here.length).toBe(readdirSync('towns/vilaclara/forms').length);
  await expect(townForms(town, townOf('nowhere'))).rejects.toThrow('There is no folder nowhere');
  write('broken.yaml', 'procedure: [');
  await expect(townForms(town, townOf('.'))).rejects.toThrow('broken.yaml');
});

test('a file in the folder of a town is called after its procedure', async () => {
  write('volant.yaml', VOLANT);
  await expect(townForms(join(folder, 'town.yaml'), townOf('.'))).rejects.toThrow(
    'must be called volant-padro.yaml',
  );
});
