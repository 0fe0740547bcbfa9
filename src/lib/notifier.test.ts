import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { closeGates, openGate } from './db/testing/gate.ts';
import { type TestDatabase, testDatabase } from './db/testing.ts';
import { createNotifier, type Notifier } from './notifier.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
afterAll(closeGates);

/** Makes a process's notifier that records its calls. */
function processWithNotifier(connection = database.connection) {
  const heard: (number | null)[] = [];
  const deaf: string[] = [];
  const notifier: Notifier = createNotifier({
    ...database,
    connection,
    onDeaf: (error) => deaf.push(error.message),
  });
  notifier.listen((office) => heard.push(office));
  return { notifier, heard, deaf, listens: () => expect.poll(() => heard).toContain(null) };
}

describe('the notifier', () => {
  test('notifies this process at once, and the others; notifications at the same time go together', async () => {
    const [one, two] = [processWithNotifier(), processWithNotifier()];
    await Promise.all([one.listens(), two.listens()]);
    one.notifier.notify(1);
    one.notifier.notify(2);
    one.notifier.notify(1);
    expect(one.heard.slice(1)).toEqual([1, 2, 1]);
    await expect.poll(() => two.heard.slice(1)).toEqual([1, 2]);
    two.notifier.notify(3);
    await expect.poll(() => one.heard.slice(1)).toEqual([1, 2, 1, 3]);
    await Promise.all([one.notifier.close(), two.notifier.close()]);
  });

  test('notifies everybody when too many offices changed to name them', async () => {
    const [one, two] = [processWithNotifier(), processWithNotifier()];
    await Promise.all([one.listens(), two.listens()]);
    for (let office = 1; office <= 2_000; office++) one.notifier.notify(office);
    await expect.poll(() => two.heard).toEqual([null, null]);
    await Promise.all([one.notifier.close(), two.notifier.close()]);
  });

  test('notifies of a topic only its listeners', async () => {
    const [one, two] = [processWithNotifier(), processWithNotifier()];
    await Promise.all([one.listens(), two.listens()]);
    const [here, there]: [unknown[], unknown[]] = [[], []];
    one.notifier.listenToTopics((...of) => here.push(of));
    const stop = two.notifier.listenToTopics((...of) => there.push(of));
    one.notifier.notifyTopic(1, 'a');
    one.notifier.notify(2);
    one.notifier.notifyTopic(1, 'a');
    expect(here).toEqual([
      [1, 'a'],
      [1, 'a'],
    ]);
    await expect.poll(() => two.heard).toEqual([null, 2]);
    expect(there).toEqual([[1, 'a']]);
    expect(one.heard).toEqual([null, 2]);
    stop();
    one.notifier.notifyTopic(1, 'b');
    one.notifier.notify(3);
    await expect.poll(() => two.heard).toEqual([null, 2, 3]);
    expect(there).toHaveLength(1);
    await Promise.all([one.notifier.close(), two.notifier.close()]);
  });

  test('a lost connection is reported once; after it, all listeners are notified and it works again', async () => {
    const [one, two] = [processWithNotifier(), processWithNotifier()];
    await Promise.all([one.listens(), two.listens()]);
    await database.pool.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like 'listen%'",
    );
    await expect.poll(() => two.deaf).toHaveLength(1);
    await expect
      .poll(() => [one.heard, two.heard])
      .toEqual([
        [null, null],
        [null, null],
      ]);
    one.notifier.notify(7);
    await expect.poll(() => two.heard).toEqual([null, null, 7]);
    await Promise.all([one.notifier.close(), two.notifier.close()]);
  });

  test('a server that takes the connection and says nothing counts as lost', async () => {
    const gate = await openGate();
    gate.freeze();
    const { connection } = database;
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { notifier, deaf } = processWithNotifier({
      ...connection,
      host: '127.0.0.1',
      port: gate.port,
    });
    vi.advanceTimersByTime(10_000);
    vi.useRealTimers();
    await notifier.ready;
    expect(deaf).toEqual(['timeout expired']);
    await notifier.close();
  });

  test('a removed listener gets nothing', async () => {
    const { notifier, listens } = processWithNotifier();
    const heard: unknown[] = [];
    const stop = notifier.listen((office) => heard.push(office));
    await listens();
    stop();
    notifier.notify(1);
    expect(heard).toEqual([null]);
    await notifier.close();
  });
});
