import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { formSchema } from '../../domain/form/schema.ts';
import { INDICATORS } from '../../features/insight/statistics/rules.ts';
import { makeHistory } from '../../features/insight/statistics/testing.ts';
import { within } from '../../lib/db/database.ts';
import { LANGUAGES } from '../../lib/i18n/languages.ts';
import { faultsOf, type TestTown, testTown } from '../citizen/testing.ts';
import { openDataFiles } from './routes.ts';

let town: TestTown;
let id: number;

beforeAll(async () => {
  town = await testTown();
  id = (await town.deps.offices.find('oac'))!.id;
}, 60_000);
afterAll(() => town.close());

const rowsIn = (csv: string) =>
  csv
    .trim()
    .split('\r\n')
    .slice(1)
    .map((line) => line.split(','));

describe('before anything is published', () => {
  test('the page announces the first publication, and the files exist and are empty', async () => {
    const { html, status } = await town.get('/ca/oac/data');
    expect(status).toBe(200);
    expect(html).toContain('Encara no hi ha cap mes publicat.');
    expect(rowsIn((await town.get('/open-data/oac/figures.csv')).html)).toEqual([]);
    expect((await town.get('/open-data/nowhere/figures.csv')).status).toBe(404);
    expect((await town.get('/ca/oac')).html).toContain('href="/ca/oac/data"');
  });
});

describe('once months are settled', () => {
  beforeAll(async () => {
    await makeHistory(town.database.owner, {
      office: id,
      count: 900,
      from: '2026-06-01',
      days: 178,
    });
    await town.deps.statistics.pass();
  }, 60_000);

  test('they are published once: later changes don’t alter them', async () => {
    const csv = (await town.get('/open-data/oac/figures.csv')).html;
    const months = [...new Set(rowsIn(csv).map(([year, month]) => `${year}-${month}`))];
    // October is over, but its last surveys may still be answered.
    expect(months).toEqual(['2026-6', '2026-7', '2026-8', '2026-9']);
    await within(town.database.kysely, id, async (tx) => {
      await tx
        .updateTable('appointment')
        .set({ status: 'noshow' })
        .where('office_id', '=', id)
        .execute();
      await tx.updateTable('figure_mark').set({ day: null }).execute();
    });
    await town.deps.statistics.pass();
    expect((await town.get('/open-data/oac/figures.csv')).html).toBe(csv);
    await expect(town.database.asOwner('delete from open_figure')).rejects.toThrow('append-only');
  });

  test('no figure is under five, and the JSON equals the CSV, with its dictionary', async () => {
    const rows = rowsIn((await town.get('/open-data/oac/figures.csv')).html);
    const json = JSON.parse((await town.get('/open-data/oac/figures.json')).html);
    const averages = new Set(['wait', 'delay', 'length']);
    for (const [, , , , , indicator = '', value] of rows)
      if (value !== '..' && !averages.has(indicator))
        expect(Number(value)).toBeGreaterThanOrEqual(5);
    expect(rows.filter((row) => row[6] === '..').length).toBeGreaterThan(20);
    expect(
      json.figures.map((each: Record<string, unknown>) =>
        Object.entries(each).map(([name, value]) =>
          String(value ?? (name === 'Valor' ? '..' : '')),
        ),
      ),
    ).toEqual(rows);
    expect(json.indicators.map((each: { code: string }) => each.code)).toEqual([...INDICATORS]);
    for (const { name } of json.indicators) expect(Object.keys(name)).toEqual(['ca', 'es', 'en']);
    expect(new Set(rows.map((row) => row[5]))).toEqual(new Set(INDICATORS));
  });

  test('each breakdown adds up, or has at least two suppressed parts that are together five or more', async () => {
    const office = (await town.deps.offices.find('oac'))!;
    const { rows } = await town.deps.statistics.open(office);
    const attended = rows.filter((row) => row.indicator === 'attended');
    let isAny = false;
    for (const whole of attended.filter((row) => !row.procedure && !row.language)) {
      const parts = attended.filter(
        (row) =>
          row.month === whole.month &&
          (whole.channel
            ? row.channel === whole.channel && row.procedure
            : row.channel && !row.procedure),
      );
      if (whole.value === null || parts.length === 0) continue;
      const shown = parts.reduce((sum, part) => sum + (part.value ?? 0), 0);
      const hidden = parts.filter((part) => part.value === null);
      if (hidden.length > 0) isAny = true;
      expect(hidden.length === 0 ? whole.value - shown : 0).toBe(0);
      if (hidden.length > 0 && whole.value - shown > 0) {
        expect(hidden.length).toBeGreaterThan(1);
        expect(whole.value - shown).toBeGreaterThanOrEqual(5);
      }
    }
    expect(isAny).toBe(true);
  });

  test('each topic of a figure is named in the JSON, including a procedure that was retired later', async () => {
    const topics = async () => {
      const json = JSON.parse((await town.get('/open-data/oac/figures.json')).html);
      const named = json.topics.map((each: { code: string }) => each.code);
      const said = json.figures.map((each: { Tema: string | null }) => each.Tema);
      return { named, said: [...new Set(said.filter(Boolean))].sort() };
    };
    const retire = (at: string | null) =>
      within(town.database.kysely, id, async (tx) => {
        await tx
          .updateTable('procedure')
          .set({ retired_at: at })
          .where('code', '=', retired)
          .execute();
        await tx
          .updateTable('office')
          .set((eb) => ({ revision: eb('revision', '+', 1) }))
          .execute();
      });
    const before = await topics();
    expect(before.named).toEqual(before.said);
    const [retired = ''] = before.said as string[];
    await retire(town.deps.clock.now().toString());
    expect(await topics()).toEqual(before);
    await retire(null);
  });

  test('a written file is stored while it is valid, and made once for all simultaneous requests', async () => {
    const { statistics } = town.deps;
    const open = vi.spyOn(statistics, 'open');
    const change = () =>
      within(town.database.kysely, id, (tx) =>
        tx
          .updateTable('office')
          .set((eb) => ({ revision: eb('revision', '+', 1) }))
          .execute(),
      );
    await change();
    const ask = () => town.get('/open-data/oac/figures.csv').then((answer) => answer.html);
    const [one, ...others] = await Promise.all([ask(), ask(), ask()]);
    expect(new Set([one, ...others, await ask()]).size).toBe(1);
    expect(open).toHaveBeenCalledTimes(1);
    await change();
    expect(await ask()).toBe(one);
    expect(open).toHaveBeenCalledTimes(2);
    await town.get('/ca/oac/data');
    expect(open).toHaveBeenCalledTimes(2);
    open.mockRestore();
  });

  test('a file’s tag is that of its text, when more is published between reading the two', async () => {
    const { statistics } = town.deps;
    const whole = await town.get('/open-data/oac/figures.csv');
    const before = {
      last: '2026-08-01',
      months: 3,
      at: Temporal.Instant.from('2026-10-01T00:00Z'),
    };
    const edition = await statistics.edition((await town.deps.offices.find('oac'))!);
    vi.spyOn(statistics, 'edition').mockResolvedValueOnce({ ...edition!, ...before });
    const answer = await town.get('/open-data/oac/figures.csv');
    expect(answer.html).toBe(whole.html);
    expect(answer.headers.get('ETag')).toBe(whole.headers.get('ETag'));
  });

  test('a file says when its figures were published, and how old the copy is that they were read from', async () => {
    const { statistics, clock } = town.deps;
    const edition = await statistics.edition((await town.deps.offices.find('oac'))!);
    const said = async (file: string, moment: Temporal.Instant | null) => {
      const app = openDataFiles({ ...town.deps, reading: { momentToSay: () => moment } });
      const { headers } = await app.request(`/open-data/oac/${file}`);
      return [headers.get('Last-Modified'), headers.get('Age')];
    };
    const published = new Date(edition!.at.epochMilliseconds).toUTCString();
    expect(await said('figures.csv', null)).toEqual([published, null]);
    expect(await said('figures.json', clock.now().subtract({ seconds: 90 }))).toEqual([
      ...[published, '90'],
    ]);
    // The clock was set back.
    expect(await said('figures.csv', clock.now().add({ seconds: 90 }))).toEqual([published, '0']);
  });

  test('the page has them in every language, without a script', async () => {
    for (const language of LANGUAGES) {
      const { html } = await town.get(`/${language}/oac/data`);
      expect(await faultsOf(html)).toEqual([]);
      expect(html).not.toContain('<script type="module"');
    }
    expect((await town.get('/ca/oac/data')).html).toContain('setembre del 2026');
  });

  test('an unchanged file isn’t sent again', async () => {
    for (const file of ['figures.csv', 'figures.json', 'dcat.jsonld', 'procedures.jsonld']) {
      const first = await town.get(`/open-data/oac/${file}`);
      const etag = first.headers.get('ETag') ?? '';
      expect(first.headers.get('Cache-Control')).toBe('public, max-age=3600');
      const again = await town.get(`/open-data/oac/${file}`, { 'If-None-Match': `W/${etag}` });
      expect([file, again.status, again.html]).toEqual([file, 304, '']);
      const other = await town.get(`/open-data/oac/${file}`, { 'If-None-Match': '"other"' });
      expect(other.status).toBe(200);
    }
  });
});

/*
 * The obligations of the profiles, as JSON schemas of our own: from DCAT-AP-ES 1.0.0
 * (datosgobes/DCAT-AP-ES, shacl/1.0.0: every
 * sh:minCount 1 with sh:severity sh:Violation, sh:hasValue, sh:in and maxCount of catalogue, dataset and
 * distribution) and CPSV-AP 3.2.0 (SEMICeu/CPSV-AP,
 * releases/3.2.0/shacl: every minCount and maxCount of the used classes).
 */
const iri = {
  type: 'object',
  required: ['@id'],
  properties: { '@id': { type: 'string', format: 'uri' } },
};
const only = (pattern: string) => ({
  type: 'object',
  required: ['@id'],
  properties: { '@id': { type: 'string', pattern } },
});
/** One text for each language, in Spanish too, none empty. */
const texts = {
  type: 'array',
  minItems: 1,
  contains: { properties: { '@language': { const: 'es' } } },
  items: {
    type: 'object',
    required: ['@language', '@value'],
    properties: {
      '@language': { enum: [...LANGUAGES] },
      '@value': { type: 'string', minLength: 1 },
    },
  },
};
const day = {
  type: 'object',
  properties: {
    '@type': { const: 'xsd:date' },
    '@value': { pattern: '^[1-9]\\d{3}-\\d\\d-\\d\\d$' },
  },
  required: ['@type', '@value'],
};
const languages = {
  type: 'array',
  minItems: 1,
  contains: only('/language/SPA$'),
  items: only('^http://publications.europa.eu/resource/authority/language/[A-Z]{3}$'),
};
const dir3 = only(
  '^http://datos.gob.es/recurso/sector-publico/org/Organismo/[A-Z]{1,2}[0-9]{7,8}$',
);
const licence = only('^http://publications.europa.eu/resource/authority/licence/CC_BY_4_0$');
const typed = (type: string, required: string[], properties: object) => ({
  type: 'object',
  required: ['@id', '@type', ...required],
  properties: { '@id': { format: 'uri' }, '@type': { const: type }, ...properties },
});
const CATALOG = typed(
  'dcat:Catalog',
  [
    'dct:title',
    'dct:description',
    'dct:publisher',
    'foaf:homepage',
    'dcat:themeTaxonomy',
    'dct:issued',
    'dct:modified',
    'dct:language',
    'dct:license',
    'dcat:dataset',
  ],
  {
    ...{
      'dct:title': texts,
      'dct:description': texts,
      'dct:publisher': dir3,
      'foaf:homepage': iri,
    },
    'dcat:themeTaxonomy': {
      ...{ type: 'array', minItems: 1, maxItems: 3 },
      contains: only('^http://datos.gob.es/kos/sector-publico/sector$'),
      items: only(
        '^(http://datos.gob.es/kos/sector-publico/sector|http://publications.europa.eu/resource/authority/data-theme|http://inspire.ec.europa.eu/theme)$',
      ),
    },
    ...{
      'dct:issued': day,
      'dct:modified': day,
      'dct:language': languages,
      'dct:license': licence,
    },
    'dcat:dataset': { type: 'array', minItems: 1, items: iri },
  },
);
const DISTRIBUTION = typed(
  'dcat:Distribution',
  [
    'dcat:accessURL',
    'dct:title',
    'dct:description',
    'dct:format',
    'dct:license',
    'dcatap:availability',
    'dcatap:applicableLegislation',
  ],
  {
    ...{
      'dcat:accessURL': iri,
      'dcat:downloadURL': iri,
      'dct:title': texts,
      'dct:description': texts,
    },
    'dct:format': only('^http://publications.europa.eu/resource/authority/file-type/[A-Z_]+$'),
    'dcat:mediaType': only('^http://www.iana.org/assignments/media-types/'),
    'dct:license': licence,
  },
);
const DATASET = typed(
  'dcat:Dataset',
  [
    'dct:title',
    'dct:description',
    'dct:publisher',
    'dcat:theme',
    'dcat:distribution',
    'dcat:keyword',
    'dcat:contactPoint',
    'dct:spatial',
    'dct:modified',
  ],
  {
    ...{ 'dct:title': texts, 'dct:description': texts, 'dct:publisher': dir3, 'dct:modified': day },
    'dcat:theme': {
      ...{ type: 'array', items: iri },
      contains: only('^http://datos.gob.es/kos/sector-publico/sector/sector-publico$'),
    },
    'dcat:keyword': texts,
    'dcat:distribution': { type: 'array', minItems: 1, items: DISTRIBUTION },
    'dcat:contactPoint': {
      required: ['vcard:fn', 'vcard:organization-name', 'vcard:hasUID', 'vcard:hasTelephone'],
      properties: {
        'vcard:fn': texts,
        'vcard:organization-name': texts,
        'vcard:hasUID': dir3,
        'vcard:hasTelephone': iri,
      },
      anyOf: [{ required: ['vcard:hasEmail'] }, { required: ['vcard:hasURL'] }],
    },
    'dct:temporal': { properties: { 'dcat:startDate': day, 'dcat:endDate': day } },
  },
);
const identified = { 'dct:identifier': { type: 'string', minLength: 1 } };
const ORGANISATION = {
  type: 'object',
  required: ['@id', 'dct:identifier', 'dct:title', 'skos:prefLabel', 'dct:spatial'],
  properties: { ...identified, 'dct:title': texts, 'skos:prefLabel': texts },
};
const SERVICE = typed(
  'cpsv:PublicService',
  ['dct:identifier', 'dct:title', 'dct:description', 'cv:hasCompetentAuthority'],
  {
    ...{
      ...identified,
      'dct:title': texts,
      'dct:description': texts,
      'cv:hasCompetentAuthority': iri,
    },
    'dct:language': { type: 'array', minItems: 1, items: typed('dct:LinguisticSystem', [], {}) },
    'cv:hasChannel': {
      ...{ type: 'array', minItems: 1 },
      items: typed('cv:Channel', ['dct:identifier'], {
        ...identified,
        'cv:processingTime': {
          properties: { '@type': { const: 'xsd:duration' }, '@value': { pattern: '^PT\\d+M$' } },
        },
      }),
    },
    'cv:hasInputType': {
      items: typed('cv:EvidenceType', ['dct:identifier', 'dct:title'], identified),
    },
  },
);

interface Graph {
  '@context': Record<string, string>;
  '@graph': ({ '@id': string; '@type': string | string[] } & Record<string, unknown>)[];
}
const ajv = new Ajv2020({ strict: false, validateFormats: false });
const mistakesIn = (schema: object, value: unknown): string =>
  ajv.validate(schema, value) ? '' : ajv.errorsText();

const graphOf = async (file: string): Promise<Graph> =>
  JSON.parse((await town.get(`/open-data/oac/${file}`)).html);

/** Returns the used prefixes, each of which needs a definition. */
function prefixesOf(graph: Graph): string[] {
  const keys: string[] = [];
  JSON.stringify(graph['@graph'], (key, value) => {
    if (key.includes(':')) keys.push(key.split(':')[0]!);
    return value;
  });
  return [...new Set(keys)].filter((each) => !graph['@context'][each]);
}

describe('the descriptions have all obligatory parts of their profiles:', () => {
  test('the data, by DCAT-AP-ES', async () => {
    const graph = await graphOf('dcat.jsonld');
    const [catalog, ...datasets] = graph['@graph'];
    expect(mistakesIn(CATALOG, catalog)).toBe('');
    expect(datasets.length).toBe(3);
    for (const each of datasets) expect(mistakesIn(DATASET, each)).toBe('');
    expect(prefixesOf(graph)).toEqual([]);
    expect(catalog?.['dcat:dataset']).toEqual(datasets.map((each) => ({ '@id': each['@id'] })));
    // The targets of its links exist.
    for (const each of datasets)
      for (const { 'dcat:downloadURL': url } of each['dcat:distribution'] as {
        'dcat:downloadURL': { '@id': string };
      }[])
        expect((await town.get(new URL(url['@id']).pathname)).status).toBe(200);
    const of = (file: string) => datasets.find((each) => each['@id'].endsWith(file));
    const day = (each: unknown, name: string) =>
      ((each as Record<string, { '@value': string }>)[name] ?? { '@value': '' })['@value'];
    await within(town.database.kysely, id, async (tx) => {
      // In the town's time zone it is already the 2nd.
      await tx
        .updateTable('office')
        .set((eb) => ({ declared_at: '2025-03-01T23:30:00Z', revision: eb('revision', '+', 1) }))
        .execute();
      const early = { month: '2020-01-01', published_at: '2020-03-02T23:30:00Z' };
      await tx
        .insertInto('open_month')
        .values({ office_id: id, ...early })
        .execute();
    });
    const [later, ...sets] = (await graphOf('dcat.jsonld'))['@graph'];
    expect(day(later, 'dct:issued')).toBe('2020-03-03');
    expect(day(later, 'dct:modified')).toBe(day(catalog, 'dct:modified'));
    expect(
      day(
        sets.find((each) => each['@id'].endsWith('procedures')),
        'dct:modified',
      ),
    ).toBe('2025-03-02');
    expect(day(of('figures'), 'dct:modified')).toBe(day(catalog, 'dct:modified'));
    // A schema that accepts everything proves nothing.
    expect(mistakesIn(CATALOG, { ...catalog, 'dct:issued': undefined })).not.toBe('');
    expect(mistakesIn(DATASET, { ...datasets[0], 'dcat:theme': [] })).not.toBe('');
  });

  test('the procedures, by CPSV-AP', async () => {
    const graph = await graphOf('procedures.jsonld');
    const [organisation, ...services] = graph['@graph'];
    const office = (await town.deps.offices.find('oac'))!;
    expect(mistakesIn(ORGANISATION, organisation)).toBe('');
    expect(services.length).toBe(office.procedures.length);
    for (const each of services) {
      expect(mistakesIn(SERVICE, each)).toBe('');
      expect(each['cv:hasCompetentAuthority']).toEqual({ '@id': organisation?.['@id'] });
    }
    expect(prefixesOf(graph)).toEqual([]);
    expect(mistakesIn(SERVICE, { ...services[0], 'dct:description': [] })).not.toBe('');
  });

  test('a procedure says on-line where its form can be finished, and what that costs', async () => {
    const { forms, offices } = town.deps;
    const office = (await offices.find('oac'))!;
    const steps = [{ id: 'qui', questions: [{ id: 'nom', type: 'text', label: { ca: 'Nom' } }] }];
    const publish = (more: object) =>
      forms.publish(
        { kind: 'system', why: 'operator' },
        office,
        formSchema.parse({ procedure: 'volant-padro', minutes: 7, steps, ...more }),
      );
    const service = async () =>
      (await graphOf('procedures.jsonld'))['@graph'].find(({ '@id': each }) =>
        each.endsWith('/procedures/volant-padro'),
      )!;
    const channels = async () =>
      ((await service())['cv:hasChannel'] as { '@id': string }[]).map((each) => each['@id']);
    await publish({ sign: 'autofirma' });
    expect((await channels()).join()).not.toContain('#online');
    expect(await service()).not.toHaveProperty('cv:hasCost');
    await publish({});
    expect(mistakesIn(SERVICE, await service())).toBe('');
    expect((await channels())[0]).toMatch(/volant-padro#online$/);
    expect(await service()).toMatchObject({
      'cv:hasChannel': expect.arrayContaining([
        expect.objectContaining({
          'foaf:page': { '@id': expect.stringMatching(/\/oac\/volant-padro\/apply$/) },
          'cv:processingTime': { '@type': 'xsd:duration', '@value': 'PT7M' },
        }),
      ]),
      'cv:hasCost': { 'cv:value': { '@value': '0.00' } },
    });
    await publish({ fee: 12.5 });
    expect(await service()).toMatchObject({ 'cv:hasCost': { 'cv:value': { '@value': '12.50' } } });
    const page = (await town.get('/en/oac/volant-padro')).html;
    for (const each of ['It costs', 'It takes about 7 minutes', 'You need not identify yourself'])
      expect(page).toContain(each);
    expect(page).toContain('"price":"12.50"');
  });
});
