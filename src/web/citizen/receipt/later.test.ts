import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Office } from '../../../domain/office/types.ts';
import { seenOf } from '../../../features/service/cases/rules.ts';
import { staffOf, stepTo } from '../../../features/service/cases/testing.ts';
import { within } from '../../../lib/db/database.ts';
import { LANGUAGES } from '../../../lib/i18n/languages.ts';
import { pdfText } from '../../../lib/testing/pdf.ts';
import { type IdentifiedBrowser, identified } from '../../testing/identified.ts';
import { APPLY, formOf, linkTo, publish } from '../cases/testing.ts';
import { faultsOf, type TestTown, testTown } from '../testing.ts';

const label = (ca: string) => ({ ca, es: `${ca} (es)`, en: `${ca} (en)`, eu: `${ca} (eu)` });
let town: TestTown;
let office: Office;
let rosa: IdentifiedBrowser;
/** The address of a case that was handed in, amended and withdrawn, and the id of it. */
let at: string;
let id: string;

const nuria = () => staffOf(office, 'coordinator');
const secretIn = (path: string) => path.split('/')[3] ?? '';

async function check(path: string) {
  const [, seen = ''] = /name="seen" value="(\d+)"/.exec((await rosa.get(path)).html) ?? [];
  await rosa.post(path, { seen });
}

beforeAll(async () => {
  town = await testTown();
  office = (await town.deps.offices.find('oac'))!;
  await publish(
    town,
    formOf({
      identity: 'low',
      title: label('Terrassa petita'),
      steps: [
        {
          id: 'local',
          title: label('El local'),
          questions: [
            { id: 'rotul', type: 'text', required: true, label: label('Com es diu?') },
            { id: 'taules', type: 'integer', required: true, label: label('Quantes taules?') },
          ],
        },
      ],
    }),
  );
  rosa = await identified(town, '12345678Z');
  at = (await rosa.post(APPLY)).path;
  await rosa.post(`${at}/local/rotul`, { 'q-rotul_': 'Bar Vell' });
  await rosa.post(`${at}/local/taules`, { 'q-taules_': '4' });
  await check(`${at}/check`);
  const { cases } = town.deps;
  id = (await cases.bySecret(secretIn(at)))!.id;
  await stepTo({ db: town.database.kysely, clock: town.clock }, nuria(), office, id, 'in-review');
  const { case: of } = (await cases.open(nuria(), office, id))!;
  const points = [
    { question: 'local.rotul', text: 'Com a la llicència.' },
    { question: null, text: 'On aniran?' },
  ];
  await cases.askToAmend(nuria(), office, id, { points, seen: seenOf(of) });
  town.clock.advance({ minutes: 5 });
  await rosa.post(`${at}/local/rotul`, { 'q-rotul_': 'Bar Nou' });
  await rosa.post(`${at}/reply`, { reply: 'A la vorera del davant.' });
  await check(`${at}/check`);
  town.clock.advance({ minutes: 5 });
  await rosa.post(`${at}/withdraw`);
});
afterAll(() => town.close());

const fetched = (path: string) =>
  town.fetch(new Request(`http://localhost${path}`, { headers: { cookie: rosa.cookie() } }));
const textAt = async (path: string) =>
  (await pdfText(Buffer.from(await (await fetched(path)).arrayBuffer()))).text.replaceAll(
    /\s+/g,
    ' ',
  );

/** The addresses of the three receipts, as the history of the case links them: the newest first. */
async function receiptsIn(): Promise<string[]> {
  const { html } = await rosa.get(`${at}/done`);
  const history = html.slice(html.indexOf('id="history"'));
  return [...history.matchAll(/href="([^"]+\/receipt[^"]*)"/g)].map(([, href = '']) => href);
}

describe('what was handed in after the application', () => {
  test('has a receipt each, in the history and where the correction is told', async () => {
    const [withdrawal = '', amendment = '', application, ...others] = await receiptsIn();
    expect(others).toEqual([]);
    expect(application).toBe(`${at}/receipt`);
    const numbers = [withdrawal, amendment].map((each) => each.split('/').at(-1));
    expect(numbers.every((each) => /^E2026\d{6}$/.test(each ?? ''))).toBe(true);
    const { html } = await rosa.get(`${at}/done`);
    expect(linkTo(html, new RegExp(`Rebut de l’entrada ${numbers[1]}`))).toBe(amendment);
    // The withdrawal's is at the top too, where it is told.
    expect(html.indexOf(withdrawal)).toBeLessThan(html.indexOf('id="receipt"'));
    expect(await faultsOf(html)).toEqual([]);
  });

  test('reads in four languages: what it is of, with its own hash, and the answers as they are now', async () => {
    const [withdrawal = '', amendment = ''] = await receiptsIn();
    for (const language of LANGUAGES) {
      const of = (path: string) => rosa.get(path.replace('/ca/', `/${language}/`));
      const [amended, withdrawn] = [await of(amendment), await of(withdrawal)];
      for (const { html, status } of [amended, withdrawn]) {
        expect(status).toBe(200);
        expect(await faultsOf(html)).toEqual([]);
      }
      expect(amended.html).toContain('Bar Nou');
      expect(amended.html).not.toContain('Bar Vell');
      expect(amended.html).toContain('A la vorera del davant.');
      expect(withdrawn.html).not.toContain('Bar Nou');
    }
    const hashes = await Promise.all(
      (await receiptsIn()).map(async (each) => {
        const { html } = await rosa.get(each);
        return /<code class="hash">([0-9a-f]{64})<\/code>/.exec(html)?.[1];
      }),
    );
    expect(new Set(hashes).size).toBe(3);
  });

  test('has a document that says the same, and whose it is', async () => {
    const [withdrawal = '', amendment = ''] = await receiptsIn();
    const file = await fetched(`${amendment}/file`);
    const number = amendment.split('/').at(-1);
    expect(file.headers.get('Content-Disposition')).toContain(`filename="${number}.pdf"`);
    const corrected = await textAt(`${amendment}/file`);
    for (const each of ['Bar Nou', 'Corregit: Com es diu?', 'A la vorera del davant.', 'Soler'])
      expect(corrected).toContain(each);
    expect(corrected).not.toContain('Corregit: Quantes taules?');
    const withdrawn = await textAt(`${withdrawal}/file`);
    expect(withdrawn).toMatch(/La retirada del que es va presentar amb l’entrada E2026\d{6}/);
    expect(withdrawn).toContain('Soler');
    expect(withdrawn).not.toContain('Bar Nou');
  });

  test('is proved by its code, which says what it is and of whom nothing', async () => {
    const [withdrawal = ''] = await receiptsIn();
    const code = /code=([0-9A-Z]{28})/.exec((await rosa.get(withdrawal)).html)?.[1] ?? '';
    const found = await town.post('/ca/verify', { code });
    expect(found.html).toContain(withdrawal.split('/').at(-1));
    expect(found.html).toContain('La retirada del que es va presentar');
    expect(found.html).not.toContain('Soler');
    expect(await faultsOf(found.html)).toEqual([]);
  });

  test('is issued once each, also when two ask at once and when one was stopped before it was kept', async () => {
    const numbers = (await receiptsIn()).map((each) => each.split('/').at(-1)!);
    const { receipts } = town.deps;
    const of = () => receipts.of(nuria(), office, id, numbers[0]);
    const [one, two] = await Promise.all([of(), of()]);
    expect(one!.issued!.document.equals(two!.issued!.document)).toBe(true);
    const rows = await within(town.database.kysely, office.id, (tx) =>
      tx.selectFrom('case_receipt').select('about').where('case_id', '=', id).execute(),
    );
    expect(new Set(rows.map(({ about }) => about)).size).toBe(rows.length);
    expect(rows.length).toBe(3);
  });

  test('is of no other case, no other person, and not of a number that isn’t there', async () => {
    const [withdrawal = '', amendment = ''] = await receiptsIn();
    const other = await identified(town, 'X0000000T');
    for (const path of [withdrawal, amendment, `${amendment}/file`]) {
      expect((await town.get(path)).html).not.toContain('Bar Nou');
      expect((await other.get(path)).html).not.toContain('Bar Nou');
    }
    const draft = (await rosa.post(APPLY)).path;
    const number = amendment.split('/').at(-1);
    expect((await rosa.get(`${draft}/receipt/${number}`)).path).toBe(draft);
    expect((await rosa.get(`${at}/receipt/E2026999999`)).status).toBe(404);
  });
});
