import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { applyTown } from '../../../features/booking/administration/service.ts';
import { checkTownFile } from '../../../formats/town-file/reading/check.ts';
import { LANGUAGES } from '../../../lib/i18n/languages.ts';
import { DEMO_TOWN } from '../../../paths.ts';
import { readSoftware } from '../../software.ts';
import { faultsOf, type TestTown, testTown } from '../testing.ts';
import { ABOUT_PAGES } from '../urls.ts';

let town: TestTown;
beforeAll(async () => {
  town = await testTown();
});
afterAll(() => town.close());

/** Applies Vilaclara with its town group changed. */
async function applyWith(
  change: (file: { town: Record<string, unknown>; offices: Offices }) => void,
) {
  const file = parse(readFileSync(DEMO_TOWN, 'utf8'));
  change(file);
  const checked = checkTownFile(stringify(file));
  if (!checked.ok) throw new Error(checked.mistakes.map((each) => each.message).join('\n'));
  await applyTown(town.database.kysely, checked.town, town.clock.now());
}
type Offices = Record<string, { retention: Record<string, number> }>;

/** Returns the text of a page, without tags and entities. */
const textOf = (html: string): string =>
  html
    .replace(/^.*<main[^>]*>/s, '')
    .replace(/<\/main>.*$/s, '')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ');

test.each([...ABOUT_PAGES, 'offline'])('%s is whole in every language, and valid', async (name) => {
  const titles = new Set<string>();
  for (const language of LANGUAGES) {
    const page = await town.get(`/${language}/${name}`);
    expect(page.status).toBe(200);
    expect(await faultsOf(page.html)).toEqual([]);
    titles.add(textOf(/<h1>.*?<\/h1>/s.exec(page.html)?.[0] ?? ''));
  }
  expect(titles.size).toBeGreaterThanOrEqual(name === 'cookies' ? 3 : 4);
});

test('help and privacy link to their guides, where the build has them', async () => {
  const { assets } = town.deps;
  const { documentation } = assets;
  const guide = (html: string) => /<a href="(\/docs\/[^"]+)">([^<]+)/.exec(html)?.slice(1) ?? null;
  expect(guide((await town.get('/eu/help')).html)).toBeNull();
  Object.assign(assets, {
    documentation: (language: string, name: string) => `/docs/${language}/${name}.html`,
  });
  try {
    expect(guide((await town.get('/eu/help')).html)).toEqual([
      '/docs/eu/book-for-somebody.html',
      'Gida: norbaitentzat hitzordua hartu',
    ]);
    expect(guide((await town.get('/en/privacy')).html)).toEqual([
      '/docs/en/what-the-town-keeps.html',
      'Guide: what the town keeps',
    ]);
  } finally {
    Object.assign(assets, { documentation });
  }
});

test('every page of a citizen ends with the same links, help first', async () => {
  for (const path of ['/ca', '/ca/oac', '/ca/oac/volant-padro', '/ca/help', '/ca/nowhere']) {
    const { html } = await town.get(path);
    const foot = /<footer.*<\/footer>/s.exec(html)?.[0] ?? '';
    const links = [...foot.matchAll(/href="([^"]+)"/g)].map((each) => each[1]);
    expect(links, path).toEqual(ABOUT_PAGES.map((each) => `/ca/${each}`));
  }
});

test('privacy says for how long backups still have what was destroyed', async () => {
  expect(textOf((await town.get('/en/privacy')).html)).toContain(
    'in our backups until they expire',
  );
  town.deps.backups = { keptDays: 21 };
  expect(textOf((await town.get('/en/privacy')).html)).toContain('for up to 21 days more');
  expect(textOf((await town.get('/eu/privacy')).html)).toContain('beste 21 egun geratzen da');
  town.deps.backups = { keptDays: null };
});

test('privacy names the controller, the officer and the authority from the town file', async () => {
  const { html } = await town.get('/es/privacy');
  expect(html).toContain('Ayuntamiento de Vilaclara');
  expect(html).toContain('href="mailto:dpd@vilaclara.example"');
  expect(html).toContain('href="https://apdcat.gencat.cat"');
});

test('each office’s period is shown, once where all agree', async () => {
  await applyWith(({ offices }) => {
    for (const [code, days] of [
      ['oac', { contactDays: 31, notesDays: 365, evidenceDays: 1825 }],
      ['hisenda', { contactDays: 45, notesDays: 730, evidenceDays: 1825 }],
    ] as const)
      Object.assign(offices[code]?.retention ?? {}, days);
  });
  const text = textOf((await town.get('/en/privacy')).html);
  expect(text).toMatch(/Citizen Service Office: 31 days after the appointment/);
  expect(text).toMatch(/45 days after the appointment/);
  expect(text).toMatch(/: 1 year after the appointment/);
  expect(text).toMatch(/: 2 years after the appointment/);
  expect(text.match(/5 years after the appointment/g)).toHaveLength(1);
});

test('a town without details of its own has pages without claims in its name', async () => {
  await applyWith((file) => {
    file.town.privacy = undefined;
    file.town.accessibility = undefined;
  });
  const privacy = textOf((await town.get('/ca/privacy')).html);
  expect(privacy).toContain('Ajuntament (Vilaclara)');
  expect(privacy).toContain('Agència Espanyola de Protecció de Dades');
  expect(privacy).not.toContain('Delegat');
  const statement = textOf((await town.get('/ca/accessibility')).html);
  expect(statement).toContain('parcialment conforme');
  expect(statement).toContain('Encara no ho han provat persones amb discapacitat');
});

test("the statement has the law's parts, the town's own exceptions each under its cause", async () => {
  await applyWith((file) => {
    file.town.accessibility = {
      status: 'not',
      prepared: '2026-10-01',
      reviewed: '2026-11-02',
      exceptions: [
        { text: { ca: 'El mapa.', es: 'El mapa.', en: 'The map.', eu: 'Mapa.' }, why: 'burden' },
      ],
      unit: { ca: 'Unitat X', es: 'Unidad X', en: 'Unit X', eu: 'X unitatea' },
      contact: { email: 'a11y@vilaclara.example' },
      complaints: 'https://seu.vilaclara.example/queixes',
    };
  });
  const { html } = await town.get('/en/accessibility');
  const text = textOf(html);
  expect(text).toContain('not yet compliant with Royal Decree 1112/2018');
  expect(text).toMatch(/disproportionate burden The map\. Because the law does not cover it/);
  expect(text).toMatch(/Prepared Thursday.? 1 October 2026 Last reviewed Monday.? 2 November 2026/);
  expect(text).toContain('Unit X');
  expect(html).toContain('mailto:a11y@vilaclara.example');
  expect(html).toContain('href="https://seu.vilaclara.example/queixes"');
  expect(text).toContain('20 working days');
});

test('the software page names version, licence and source; a town that changed it names its own', async () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  const before = textOf((await town.get('/en/software')).html);
  expect(before).toContain(`Version ${version}`);
  expect(before).toContain('EUPL-1.2');
  expect((await town.get('/en/software')).html).toContain(`href="${readSoftware().source}"`);
  await applyWith((file) => {
    file.town.source = 'https://git.vilaclara.example/finestreta';
  });
  const { html } = await town.get('/en/software');
  expect(html).toContain('href="https://git.vilaclara.example/finestreta"');
  expect(html).not.toContain(readSoftware().source);
});

test('the licences that it names are those of the lockfile', () => {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
  const ours = readSoftware().parts.filter((each) => each.package);
  expect(ours.length).toBeGreaterThan(5);
  for (const { package: name, license } of ours)
    expect(packages[`node_modules/${name}`]?.license, name).toBe(license);
});

test('no page of a citizen sets a cookie', async () => {
  for (const path of ['/ca', '/ca/oac', '/ca/oac/volant-padro', '/ca/cookies', '/ca/nowhere'])
    expect((await town.get(path)).headers.getSetCookie(), path).toEqual([]);
});
