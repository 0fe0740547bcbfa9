import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Bell, createBell } from './bell.ts';
import { type TestDatabase, testDatabase } from './db/testing.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

/** A process's bell with what was heard of it. */
function processWithBell() {
  const heard: (number | null)[] = [];
  const deaf: string[] = [];
  const bell: Bell = createBell({ ...database, onDeaf: (error) => deaf.push(error.message) });
  bell.hear((office) => heard.push(office));
  return { bell, heard, deaf, listens: () => vi.waitFor(() => expect(heard).toContain(null)) };
}

describe('the bell', () => {
  test('is heard at once here, and by the others; what rings together is told together', async () => {
    const [one, two] = [processWithBell(), processWithBell()];
    await Promise.all([one.listens(), two.listens()]);
    one.bell.ring(1);
    one.bell.ring(2);
    one.bell.ring(1);
    expect(one.heard.slice(1)).toEqual([1, 2, 1]);
    await vi.waitFor(() => expect(two.heard.slice(1)).toEqual([1, 2]));
    two.bell.ring(3);
    await vi.waitFor(() => expect(one.heard.slice(1)).toEqual([1, 2, 1, 3]));
    await Promise.all([one.bell.close(), two.bell.close()]);
  });

  test('rings for everybody where too many offices changed to name them', async () => {
    const [one, two] = [processWithBell(), processWithBell()];
    await Promise.all([one.listens(), two.listens()]);
    for (let office = 1; office <= 2_000; office++) one.bell.ring(office);
    await vi.waitFor(() => expect(two.heard).toEqual([null, null]));
    await Promise.all([one.bell.close(), two.bell.close()]);
  });

  test('rings softly for those alone who look at one appointment', async () => {
    const [one, two] = [processWithBell(), processWithBell()];
    await Promise.all([one.listens(), two.listens()]);
    const [here, there]: [unknown[], unknown[]] = [[], []];
    one.bell.hearSoftly((...of) => here.push(of));
    const stop = two.bell.hearSoftly((...of) => there.push(of));
    one.bell.ringSoftly(1, 'a');
    one.bell.ring(2);
    one.bell.ringSoftly(1, 'a');
    expect(here).toEqual([
      [1, 'a'],
      [1, 'a'],
    ]);
    await vi.waitFor(() => expect(two.heard).toEqual([null, 2]));
    expect(there).toEqual([[1, 'a']]);
    expect(one.heard).toEqual([null, 2]);
    stop();
    one.bell.ringSoftly(1, 'b');
    one.bell.ring(3);
    await vi.waitFor(() => expect(two.heard).toEqual([null, 2, 3]));
    expect(there).toHaveLength(1);
    await Promise.all([one.bell.close(), two.bell.close()]);
  });

  test('who was deaf for a while says so once, looks at everything and hears again', async () => {
    const [one, two] = [processWithBell(), processWithBell()];
    await Promise.all([one.listens(), two.listens()]);
    await database.pool.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like 'listen%'",
    );
    await vi.waitFor(() => expect(two.deaf).toHaveLength(1));
    await vi.waitFor(
      () =>
        expect([one.heard, two.heard]).toEqual([
          [null, null],
          [null, null],
        ]),
      5_000,
    );
    one.bell.ring(7);
    await vi.waitFor(() => expect(two.heard).toEqual([null, null, 7]));
    await Promise.all([one.bell.close(), two.bell.close()]);
  });

  test('who no longer listens hears nothing', async () => {
    const { bell, listens } = processWithBell();
    const heard: unknown[] = [];
    const stop = bell.hear((office) => heard.push(office));
    await listens();
    stop();
    bell.ring(1);
    expect(heard).toEqual([null]);
    await bell.close();
  });
});
