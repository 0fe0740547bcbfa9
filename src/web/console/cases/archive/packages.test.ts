import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { faultsOf } from '../../../citizen/testing.ts';
import { type ConsoleWorld, consoleWorld, MARTA, NURIA } from '../../testing.ts';

let world: ConsoleWorld;
let marta: string;
let nuria: string;
const ARCHIVE = '/console/oac/cases/archive';

beforeAll(async () => {
  world = await consoleWorld();
  const en = (cookie: string) => `${cookie}; staff_language=en`;
  [marta, nuria] = [en(await world.signIn(MARTA)), en(await world.signIn(NURIA))];
});
afterAll(() => world.close());
beforeEach(() => vi.restoreAllMocks());

const pack = (cookie = nuria) =>
  world.app.request(`${ARCHIVE}/packages`, { method: 'POST', headers: { cookie } });
const LEFT_OUT = [{ reference: 'K7M-2QX', reason: 'broken' }] as const;

test('the file is sent while it is read, and a text in it says what was left out and why', async () => {
  let read = 0;
  vi.spyOn(world.packages, 'makeDue').mockImplementation(async (_viewer, _office, tell) => ({
    ok: true,
    name: 'oac-2027-02-01.zip',
    async *read() {
      const { name, text } = tell(LEFT_OUT);
      for (const part of [name, text, 'the end']) {
        read++;
        yield Buffer.from(`${part}\n`);
      }
    },
  }));
  const sent = await pack();
  expect(read).toBe(1);
  expect(sent.headers.get('Content-Type')).toBe('application/zip');
  expect(sent.headers.get('Content-Disposition')).toContain('oac-2027-02-01.zip');
  const text = await sent.text();
  expect(text).toContain('not-packed.txt\nThese cases could not be packed.');
  expect(text).toContain('\nK7M-2QX: Something of the case can’t be read');
});

test('whoever gets no file is told why, with each case, and that somebody else is packing', async () => {
  const makeDue = vi.spyOn(world.packages, 'makeDue');
  makeDue.mockResolvedValueOnce({ ok: false, reason: 'broken', leftOut: LEFT_OUT });
  const told = await pack();
  expect(told.status).toBe(409);
  const page = await told.text();
  expect(page).toContain('<li>K7M-2QX: Something of the case can’t be read');
  expect(await faultsOf(page)).toEqual([]);
  makeDue.mockResolvedValueOnce({ ok: false, reason: 'busy', leftOut: [] });
  expect(await (await pack()).text()).toContain('Somebody is packing cases right now');
  expect((await pack(marta)).status).toBe(404);
});

test('the list says of a case why it could not be packed', async () => {
  const closedAt = world.clock.now();
  const one = { id: '6b1f2a34-0000-4000-8000-000000000091', reference: 'K7M-2QX', procedure: 1 };
  const refused = { ...one, closedAt, packedAt: null, refused: 'unready' } as const;
  vi.spyOn(world.packages, 'due').mockResolvedValue({ cases: [refused], more: 0 });
  const page = await (await world.app.request(ARCHIVE, { headers: { cookie: nuria } })).text();
  expect(page).toContain('Not yet. One of the documents can’t be made right now');
  expect(await faultsOf(page)).toEqual([]);
});
