import { afterAll, beforeAll, expect, test } from 'vitest';
import { LANGUAGES } from '../../../lib/i18n/languages.ts';
import { pdfText } from '../../../lib/testing/pdf.ts';
import { APPLY, formOf, linkTo, publish } from '../cases/testing.ts';
import { faultsOf, type TestTown, testTown } from '../testing.ts';

const label = (ca: string) => ({ ca, es: `${ca} (es)`, en: `${ca} (en)`, eu: `${ca} (eu)` });
let town: TestTown;
let at: string;

beforeAll(async () => {
  town = await testTown();
  await publish(
    town,
    formOf({
      title: label('Terrassa petita'),
      steps: [
        {
          id: 'local',
          title: label('El local'),
          questions: [{ id: 'rotul', type: 'text', required: true, label: label('Rètol') }],
        },
      ],
      declarations: [{ id: 'veritat', text: label('Declaro que és cert.') }],
      decision: { months: 3, silence: 'granted' },
    }),
  );
  at = (await town.post(APPLY, {})).path;
  await town.post(`${at}/local/rotul`, { 'q-rotul_': 'Bar de la Rosa' });
  await town.post(`${at}/declarations`, { 'q-veritat_': 'yes' });
  const check = await town.get(`${at}/check`);
  const seen = /name="seen" value="(\d+)"/.exec(check.html)?.[1] ?? '';
  await town.post(`${at}/check`, { seen });
});
afterAll(() => town.close());

const codeIn = (html: string) => /code=([0-9A-Z]{28})/.exec(html)?.[1] ?? '';

test('a receipt is found from what was handed in, and reads in four languages', async () => {
  const done = await town.get(`${at}/done`);
  expect(linkTo(done.html, /rebut sencer/)).toBe(`${at}/receipt`);
  // The hash has its place on the receipt.
  expect(done.html).not.toContain('class="hash"');
  for (const language of LANGUAGES) {
    const { html, status } = await town.get(`${at.replace('/ca/', `/${language}/`)}/receipt`);
    expect(status).toBe(200);
    for (const each of [label('Terrassa petita')[language], 'Bar de la Rosa', 'UTC+01:00'])
      expect(html).toContain(each);
    expect(html).toMatch(/E2026\d{6}/);
    expect(html).toMatch(/<code class="hash">[0-9a-f]{64}<\/code>/);
    expect(await faultsOf(html)).toEqual([]);
  }
});

test('its document is a download that says the same, and its code is on both', async () => {
  const { html } = await town.get(`${at}/receipt`);
  const file = await town.fetch(new Request(`http://localhost${at}/receipt/file`));
  expect(file.headers.get('Content-Disposition')).toMatch(
    /^attachment; filename="E2026\d{6}\.pdf"/,
  );
  expect(file.headers.get('Cache-Control')).toBe('no-store');
  const { text, title } = await pdfText(Buffer.from(await file.arrayBuffer()));
  expect(title).toMatch(/^Rebut del registre E2026/);
  expect(text).toContain('Bar de la Rosa');
  expect(text.replaceAll('-', '')).toContain(codeIn(html));
});

test('its code shows what it proves, and nothing of what was handed in', async () => {
  const code = codeIn((await town.get(`${at}/receipt`)).html);
  for (const language of LANGUAGES) {
    const found = await town.post(`/${language}/verify`, { code });
    expect(found.status).toBe(200);
    expect(found.html).toMatch(/E2026\d{6}/);
    expect(found.html).not.toContain('Bar de la Rosa');
    expect(await faultsOf(found.html)).toEqual([]);
  }
  const wrong = `${code.slice(0, -1)}${code.endsWith('A') ? 'B' : 'A'}`;
  expect((await town.post('/ca/verify', { code: wrong })).html).not.toContain('E2026');
});

test('is of nothing that was not handed in, and of no other link', async () => {
  const draft = (await town.post(APPLY, {})).path;
  for (const page of ['receipt', 'receipt/file'])
    expect((await town.get(`${draft}/${page}`)).path).toBe(draft);
  const secret = at.split('/')[3] ?? '';
  const other = at.replace(secret, `${secret.slice(0, -4)}0000`);
  expect((await town.get(`${other}/receipt`)).status).toBe(404);
});
