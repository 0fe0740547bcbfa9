import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { TownFile } from '../../../domain/office/schema.ts';
import { checkTownFile } from '../../../formats/town-file/reading/check.ts';
import { wantedState } from '../../../formats/town-file/reading/state.ts';
import { randomTownFile } from '../../../formats/town-file/testing.ts';
import { writtenTown } from '../../../formats/town-file/writing/written.ts';
import { townYaml } from '../../../formats/town-file/writing/yaml.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import { townChanges } from './rules.ts';
import { applyTown, exportTown, planTown } from './service.ts';
import { readState } from './views.ts';

const VILACLARA = readFileSync('towns/vilaclara.yaml', 'utf8');
const NOW = Temporal.Instant.from('2026-11-24T16:00:00+01:00');

function checked(text: string): TownFile {
  const found = checkTownFile(text);
  if (!found.ok) throw new Error(JSON.stringify({ mistakes: found.mistakes, text }));
  return found.town;
}

describe('a town that is written out again', () => {
  it('is the same town, whatever it says', () => {
    fc.assert(
      fc.property(randomTownFile, (file) => {
        const state = wantedState(checked(JSON.stringify(file)));
        const text = townYaml(writtenTown(state));
        const again = wantedState(checked(text));
        expect(townChanges(state, again)).toEqual([]);
        expect(again).toEqual(state);
        // Once written it stays as it is.
        expect(townYaml(writtenTown(again))).toBe(text);
      }),
      { numRuns: 60 },
    );
  }, 120_000);

  it('says what somebody would have written, in that order, and no more', () => {
    const written = parse(townYaml(writtenTown(wantedState(checked(VILACLARA)))));
    const original = parse(VILACLARA, (_, each) => (typeof each === 'string' ? each.trim() : each));
    const { oac } = written.offices;
    delete original.town.accessibility.status;
    expect(written.town).toEqual(original.town);
    expect(Object.keys(written.offices)).toEqual(Object.keys(original.offices));
    expect(Object.keys(oac.procedures)).toEqual(Object.keys(original.offices.oac.procedures));
    expect(oac.procedures['volant-padro']).toEqual(original.offices.oac.procedures['volant-padro']);
    // Defaults are left out.
    expect(oac).not.toHaveProperty('slots');
    expect(oac).not.toHaveProperty('languages');
    expect(oac).not.toHaveProperty('outcomes');
    expect(written.staff).toEqual(original.staff);
  });

  it('reads as a file that was written by hand', () => {
    const text = townYaml(writtenTown(wantedState(checked(VILACLARA))));
    expect(text).toMatch(/^town:\n {2}name: Vilaclara\n/);
    expect(text).toContain('        channels: { phone: 15, video: 20 }\n');
    expect(text).toContain('  languages: [ ca, es, en, eu ]\n');
    expect(text).not.toMatch(/[&*]\w+$/m);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThan(140);
  });
});

describe('the export of an installation', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database.close());

  const words = async (text: string) =>
    (await planTown(database.kysely, checked(text), NOW)).changes.map((each) => each.words);
  const change = (work: Parameters<typeof within<void>>[2]) =>
    within(database.kysely, INSTALLATION, work);

  it('is nothing before a town file was applied', async () => {
    expect(await exportTown(database.kysely)).toBeNull();
  });

  it('changes nothing when it is applied', async () => {
    await applyTown(database.kysely, checked(VILACLARA), NOW);
    expect(await words((await exportTown(database.kysely)) ?? '')).toEqual([]);
  });

  it('leaves out what is retired', async () => {
    const town = parse(VILACLARA);
    const { oac } = town.offices;
    delete oac.procedures['cens-electoral'];
    for (const desk of Object.values(oac.desks) as { skills: string | string[] }[])
      if (Array.isArray(desk.skills))
        desk.skills = desk.skills.filter((each) => each !== 'cens-electoral');
    const { padro } = oac.chat.topics;
    padro.procedures = padro.procedures.filter((each: string) => each !== 'cens-electoral');
    town.staff = town.staff.filter((each: { email: string }) => !each.email.startsWith('nuria'));
    const without = JSON.stringify(town);
    await applyTown(database.kysely, checked(without), NOW);
    const state = await within(database.kysely, INSTALLATION, readState);
    expect(state.offices.get('oac')?.procedures.get('cens-electoral')?.retired).toBe(true);
    const text = (await exportTown(database.kysely)) ?? '';
    expect(text).not.toContain('cens-electoral');
    expect(await words(text)).toEqual([]);
  });

  it('says the posts that the console gave, and takes nobody’s', async () => {
    await change(async (tx) => {
      const oac = await tx
        .selectFrom('office')
        .select('id')
        .where('code', '=', 'oac')
        .executeTakeFirstOrThrow();
      const add = (email: string) =>
        tx
          .insertInto('staff')
          .values({ email, name: 'Anna' })
          .returning('id')
          .executeTakeFirstOrThrow();
      const [here, left] = [
        await add('anna@vilaclara.example'),
        await add('left@vilaclara.example'),
      ];
      await tx
        .insertInto('staff_role')
        .values({ office_id: oac.id, staff_id: here.id, role: 'coordinator', desk_id: null })
        .execute();
      for (const { id } of [here, left])
        await tx.insertInto('staff_managed').values({ office_id: oac.id, staff_id: id }).execute();
    });
    const text = (await exportTown(database.kysely)) ?? '';
    expect(parse(text).staff).toContainEqual({
      ...{ email: 'anna@vilaclara.example', name: 'Anna' },
      offices: { oac: { roles: ['coordinator'] } },
    });
    expect(text).not.toContain('left@');
    expect(await words(text)).toEqual([]);
  });
});
