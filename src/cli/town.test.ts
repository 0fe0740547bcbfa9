import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { type Config, readConfig } from '../config.ts';
import { openContext } from '../context.ts';
import { INSTALLATION, within } from '../lib/db/database.ts';
import type { Call } from './commands.ts';
import { applyFile, checkFile, exportFile } from './town.ts';

/** A town with two offices that share a procedure, and one that only the first has. */
const TOWN = `town:
  name: Prova
  timeZone: Europe/Madrid
  languages: [ca]
  forms: forms
offices:
  oac:
    name: { ca: OAC }
    procedures:
      gos: { name: { ca: Un gos }, channels: { phone: 10 } }
      gat: { name: { ca: Un gat }, channels: { phone: 10 }, onBehalf: false, identity: electronic, level: low }
    desks: { taula: { name: Taula, skills: all, languages: [ca], channels: [phone] } }
    shifts: [ { desk: taula, weekdays: [mon], from: "09:00", to: "14:00", since: 2026-01-01 } ]
  barri:
    name: { ca: Barri }
    procedures:
      gos: { name: { ca: Un gos }, channels: { phone: 10 } }
    desks: { taula: { name: Taula, skills: all, languages: [ca], channels: [phone] } }
    shifts: [ { desk: taula, weekdays: [mon], from: "09:00", to: "14:00", since: 2026-01-01 } ]
`;

const formText = (procedure: string, more = '') => `procedure: ${procedure}
title: { ca: Una bèstia }
identity: low
${more}steps:
  - id: animal
    title: { ca: L’animal }
    questions:
      - { id: nom, type: text, required: true, max: 40, label: { ca: Com es diu? } }
`;

let place: string;
let town: string;
let config: Config;
/** Stays open, so that the commands join its database instead of starting one each. */
let context: Awaited<ReturnType<typeof openContext>>;
let said = '';

beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), 'finestreta-town-'));
  chmodSync(place, 0o755);
  const env = { DATA_DIR: join(place, 'data'), CLOCK: '2026-11-30T08:00:00+01:00', DEMO: '1' };
  config = readConfig({ ...env, LOG_LEVEL: 'silent' });
  context = await openContext(config);
  town = join(place, 'town.yaml');
  mkdirSync(join(place, 'forms'));
  writeFileSync(town, TOWN);
});
afterAll(async () => {
  await context.close();
  rmSync(place, { recursive: true });
});
beforeEach(() => {
  said = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    // The small town lacks much that a real one has.
    if (!/^Warning .*town\.yaml/.test(String(text))) said += text;
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());

const write = (procedure: string, more = '') =>
  writeFileSync(join(place, 'forms', `${procedure}.yaml`), formText(procedure, more));
const takeAway = (procedure: string) => rmSync(join(place, 'forms', `${procedure}.yaml`));
const call = (words: string[], options: Call['options'] = { yes: true }) =>
  ({ config, words, options }) as unknown as Call;

async function apply(options?: Call['options']): Promise<string> {
  said = '';
  await applyFile(call([town], options));
  return said;
}

/** Returns each version in the database, as its office, procedure and number; those that have ended with a cross. */
const versions = () =>
  within(context.database.kysely, INSTALLATION, async (tx) => {
    const rows = await tx
      .selectFrom('form_version')
      .innerJoin('procedure', 'procedure.id', 'form_version.procedure_id')
      .innerJoin('office', 'office.id', 'form_version.office_id')
      .leftJoin('form_ending', 'form_ending.form_id', 'form_version.id')
      .select(['office.code as office', 'procedure.code', 'number', 'ended_at'])
      .orderBy('form_version.id')
      .execute();
    return rows.map((row) => `${row.office} ${row.code} ${row.number}${row.ended_at ? ' ×' : ''}`);
  });
const current = async (code: string, procedure = 'gos') => {
  const office = await context.offices.find(code);
  return office && (await context.forms.current(office, procedure));
};

test('the plan says what is published, nothing is without --yes, and once applied it is as the file says', async () => {
  write('gos');
  await expect(apply({})).rejects.toThrow('add --yes');
  expect(said).toContain('  oac: new form gos\n');
  expect(said).toContain('  barri: new form gos\n');
  expect(await versions()).toEqual([]);
  expect(await apply()).toContain('Applied.');
  expect(await versions()).toEqual(['oac gos 1', 'barri gos 1']);
  expect(await apply()).toBe('Nothing to change.\n');
  expect(await versions()).toHaveLength(2);
});

test('a change is a new version, with what differs; the office itself is not touched', async () => {
  const before = await context.offices.find('oac');
  write('gos', 'minutes: 7\n');
  const plan = await apply();
  expect(plan).toContain('  oac: new version of form gos\n      ~ minutes: nothing → 7\n');
  expect(await versions()).toEqual(['oac gos 1', 'barri gos 1', 'oac gos 2', 'barri gos 2']);
  expect((await context.offices.find('oac'))?.revision).toBe(before?.revision);
  const office = before?.id ?? 0;
  const first = (
    await within(context.database.kysely, INSTALLATION, (tx) =>
      tx
        .selectFrom('form_version')
        .select('id')
        .where('office_id', '=', office)
        .orderBy('id')
        .execute(),
    )
  )[0];
  // A case that began with the first version stays on it.
  expect((await context.forms.version(office, first?.id ?? 0)).form.minutes).toBeUndefined();
});

test('a form whose file went away is no longer offered, and is another version when it comes back', async () => {
  const old = await current('oac');
  takeAway('gos');
  expect(await apply()).toContain(
    'oac: form gos is no longer offered; cases that have begun stay on version 2',
  );
  expect(await current('oac')).toBeNull();
  expect(await current('barri')).toBeNull();
  const office = (await context.offices.find('oac'))?.id ?? 0;
  expect((await context.forms.version(office, old?.id ?? 0)).number).toBe(2);
  expect(await apply()).toBe('Nothing to change.\n');
  write('gos', 'minutes: 7\n');
  expect(await apply()).toContain('oac: new form gos');
  expect(await current('oac')).toMatchObject({ number: 3, sha256: old?.sha256 });
  expect((await versions()).slice(2)).toEqual([
    ...['oac gos 2 ×', 'barri gos 2 ×', 'oac gos 3', 'barri gos 3'],
  ]);
});

test('neither a version nor its end can be changed or taken away', async () => {
  const db = context.database.kysely;
  const all = <T>(work: Parameters<typeof within<T>>[2]) => within(db, INSTALLATION, work);
  const refused = /never|refuse|permission|change/i;
  for (const table of ['form_version', 'form_ending'] as const)
    await expect(all((tx) => tx.deleteFrom(table).execute())).rejects.toThrow(refused);
  await expect(
    all((tx) => tx.updateTable('form_ending').set({ ended_at: '2027-01-01T00:00:00Z' }).execute()),
  ).rejects.toThrow(refused);
});

test('a form with mistakes refuses the whole file with its lines, whatever else changes', async () => {
  const before = await versions();
  writeFileSync(town, TOWN.replace('name: Prova', 'name: Una altra'));
  write('gos', 'minuts: 7\n');
  await expect(apply()).rejects.toThrow(/gos\.yaml:4:1 {2}minuts: The key "minuts" is not known/);
  expect(await versions()).toEqual(before);
  expect((await context.offices.town()).name).toBe('Prova');
  writeFileSync(town, TOWN);
  write('gos', 'minutes: 7\n');
});

test('a form is compared with the town: its procedure, its level, who may act, and the languages', async () => {
  write('gossos');
  await expect(checkFile([town])).rejects.toThrow(
    /gossos\.yaml:1:12 {2}procedure: No office has a procedure "gossos"\./,
  );
  takeAway('gossos');
  write('gat', 'onBehalf: true\n');
  await expect(checkFile([town])).rejects.toThrow(
    /gat\.yaml:4:11 {2}onBehalf: Nobody may act for somebody else here: oac has onBehalf: false\./,
  );
  writeFileSync(join(place, 'forms', 'gat.yaml'), formText('gat').replace('low', 'none'));
  await expect(checkFile([town])).rejects.toThrow(
    /gat\.yaml:3:11 {2}identity: The procedure needs low in oac, and the form lets people in with none\./,
  );
  write('gat', 'languages: [es]\n');
  said = '';
  expect(await checkFile([town])).toBe(0);
  expect(said).toMatch(/Warning {2}\S+gat\.yaml:4:12 {2}languages: The town also has: ca\./);
  takeAway('gat');
});

test('the export writes the forms beside the file, and applied it changes nothing', async () => {
  const out = mkdtempSync(join(tmpdir(), 'finestreta-export-'));
  const file = join(out, 'town.yaml');
  await exportFile(call([file], {}));
  expect(readdirSync(join(out, 'forms'))).toEqual(['gos.yaml']);
  expect(readFileSync(join(out, 'forms', 'gos.yaml'), 'utf8')).toMatch(/^procedure: gos\n/);
  await applyFile(call([file]));
  expect(said).toBe('Nothing to change.\n');
  // A form that is there already is not written over.
  rmSync(file);
  await expect(exportFile(call([file], {}))).rejects.toThrow('gos.yaml is there already');
  expect(readdirSync(out)).toEqual(['forms']);
  writeFileSync(join(out, 'forms', 'vell.yaml'), formText('vell'));
  said = '';
  await exportFile(call([file]));
  expect(said).toContain('vell.yaml is not offered.');
  rmSync(out, { recursive: true });
});

test('a town file without the folder offers no forms', async () => {
  writeFileSync(town, TOWN.replace('  forms: forms\n', ''));
  expect(await apply()).toContain('oac: form gos is no longer offered');
  expect(await current('oac')).toBeNull();
});

const AREAS = (east: number, code = 'centre') =>
  JSON.stringify({
    type: 'FeatureCollection',
    features: [
      {
        type: 'Feature',
        properties: { code, name: 'Centre' },
        geometry: {
          type: 'Polygon',
          coordinates: [
            [
              ...[
                [2, 41],
                [east, 41],
                [east, 42],
                [2, 42],
                [2, 41],
              ],
            ],
          ],
        },
      },
    ],
  });
const requestsBy = (area: string) =>
  TOWN.replace('forms: forms', 'areas: zones/areas.geojson').replace(
    '    name: { ca: OAC }\n',
    `    name: { ca: OAC }\n    teams: { brigada: { name: { ca: Brigada }, people: [] } }\n    requests: { types: { fanal: { kind: incident, name: { ca: Fanal }, byArea: { ${area}: brigada } } } }\n`,
  );
const kept = async () =>
  (await context.offices.areas()).map(({ code, polygons }) => [code, polygons[0]?.[0]?.[1]]);

test('areas are applied with the file, kept, and told apart when they change', async () => {
  mkdirSync(join(place, 'zones'), { recursive: true });
  const areas = join(place, 'zones', 'areas.geojson');
  writeFileSync(town, requestsBy('centre'));
  await expect(apply()).rejects.toThrow('There is no file zones/areas.geojson beside');
  writeFileSync(areas, AREAS(2.5));
  expect(await kept()).toEqual([]);
  expect(await apply()).toContain('  town: new area centre\n');
  expect(await kept()).toEqual([['centre', [2.5, 41]]]);
  expect(await apply()).toBe('Nothing to change.\n');
  // They are the same object until somebody changes them.
  expect(await context.offices.areas()).toBe(await context.offices.areas());
  writeFileSync(areas, AREAS(2.6));
  expect(await apply()).toContain('  town: area centre changes\n');
  expect(await kept()).toEqual([['centre', [2.6, 41]]]);
  // A second process, or this one after a restart, has them from the database.
  const second = await openContext(config, { join: true });
  expect((await second.offices.areas()).map(({ code }) => code)).toEqual(['centre']);
  await second.close();
});

test('mistakes in areas and in references to them refuse the file, with their lines', async () => {
  const areas = join(place, 'zones', 'areas.geojson');
  writeFileSync(town, requestsBy('eres'));
  await expect(apply()).rejects.toThrow(
    /town\.yaml:10:\d+ .*There is no area "eres"\. There are: centre\./,
  );
  writeFileSync(town, requestsBy('centre'));
  writeFileSync(areas, AREAS(999));
  await expect(apply()).rejects.toThrow(/areas\.geojson:1:\d+ .*no longitude and latitude/);
  expect(await kept()).toEqual([['centre', [2.6, 41]]]);
  writeFileSync(areas, AREAS(2.6));
});

test('the export writes areas beside the file, and without a file there are none', async () => {
  const out = mkdtempSync(join(tmpdir(), 'finestreta-export-'));
  const file = join(out, 'town.yaml');
  await exportFile(call([file], {}));
  expect(readdirSync(join(out, 'zones'))).toEqual(['areas.geojson']);
  said = '';
  await applyFile(call([file]));
  expect(said).toBe('Nothing to change.\n');
  rmSync(out, { recursive: true });
  writeFileSync(town, TOWN.replace('  forms: forms\n', ''));
  expect(await apply()).toContain('  town: area centre is gone\n');
  expect(await kept()).toEqual([]);
});
