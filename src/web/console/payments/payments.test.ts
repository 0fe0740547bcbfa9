import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { ALBERT, type ConsoleWorld, consoleWorld, NURIA } from '../testing.ts';

let world: ConsoleWorld;
let cookie: string;

const PAID = '00000000-0000-4000-8000-0000000000a1';
const TWICE = '00000000-0000-4000-8000-0000000000a2';

beforeAll(async () => {
  world = await consoleWorld();
  cookie = await world.signIn(ALBERT);
  const office = (await world.offices.find('oac'))!;
  const procedure = office.procedure('volant-padro')!.id;
  const at = '2026-11-30T08:15:00+01:00';
  const row = (id: string, order: string, cents: number) => ({
    id,
    office_id: office.id,
    case_id: PAID,
    reference: 'K7M-2QX',
    procedure_id: procedure,
    order_number: order,
    cents,
    version: 1,
    state: 'paid',
    code: '0000',
    authorization_code: '082150',
    begun_at: at,
    begun_by: 'citizen',
    decided_at: at,
    settled_at: at,
  });
  await within(world.database.kysely, INSTALLATION, (tx) =>
    tx
      .insertInto('payment')
      .values([
        row(PAID, '2611AAAAAAAA', 2505),
        { ...row(TWICE, '2611BBBBBBBB', 100_000), refund: 'double' },
      ])
      .execute(),
  );
  world.clock.set('2026-11-30T09:00:00+01:00');
});
afterAll(() => world.close());

const ask = (path: string, as = cookie) =>
  world.app.request(`/console/oac/payments${path}`, { headers: { Cookie: as } });

const give = (fields: Record<string, string>) =>
  world.app.request('/console/oac/payments/refund', {
    method: 'POST',
    headers: { Cookie: cookie, 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields).toString(),
  });

describe('payments', () => {
  test('are listed by day, with what is to be given back', async () => {
    const html = await (await ask('')).text();
    expect(html).toMatch(/2611AAAAAAAA[\s\S]*25,05/);
    expect(html).toContain(`/console/oac/payments/refund?payment=${TWICE}`);
    expect(html).toContain('Pagat dues vegades');
    const none = await (await ask('?from=2026-01-01&to=2026-01-31')).text();
    expect(none).toContain('En aquests dies no s’ha pagat res');
    // Days that are none, or the wrong way round, are no mistake.
    for (const query of ['?from=x&to=2026-02-31', '?from=2026-11-30&to=2026-11-01'])
      expect((await ask(query)).status).toBe(200);
  });

  test('are a file for the treasury, a line each', async () => {
    const file = await ask('.csv?from=2026-11-30&to=2026-11-30');
    expect(file.headers.get('Content-Disposition')).toContain(
      'payments-oac-2026-11-30-2026-11-30.csv',
    );
    const [heads, ...lines] = (await file.text()).trim().split('\r\n');
    expect(heads).toContain('Dia,Hora,Operació,Expedient,Tràmit,Import');
    expect(lines).toEqual([
      '2026-11-30,08:15:00,2611AAAAAAAA,K7M-2QX,volant-padro,25.05,Pagat,082150,,',
      '2026-11-30,08:15:00,2611BBBBBBBB,K7M-2QX,volant-padro,1000.00,Pagat,082150,Pagat dues vegades,',
    ]);
  });

  test('are not there for a coordinator', async () => {
    const other = await world.signIn(NURIA);
    for (const path of ['', '.csv', `/refund?payment=${PAID}`])
      expect((await ask(path, other)).status).toBe(404);
  });

  test('are given back with a reason, and stay to be given back while the bank is away', async () => {
    const missing = await give({ payment: PAID, reason: ' ' });
    expect(missing.status).toBe(422);
    expect(await missing.text()).toContain('Escriu per què es torna');
    const away = await give({ payment: PAID, reason: 'Va pagar de més' });
    expect(await away.text()).toContain('El banc no ha respost');
    expect(await (await ask('')).text()).toContain(`refund?payment=${PAID}`);
    expect((await give({ payment: 'x', reason: 'y' })).status).toBe(303);
    expect((await ask('/refund')).status).toBe(303);
  });
});
