import { describe, expect, it } from 'vitest';
import { checkNotifying, checkTransactions } from './units.ts';

const file = (path: string, text: string) => ({ path, text });
const UNIT = 'src/features/foundation/audit/unit.ts';
const SERVICE = 'src/features/service/a/service.ts';
const STORE = 'src/features/booking/b/store.ts';

describe('the notifier', () => {
  it.each([
    'export interface Deps { notify(office: number): void }',
    'const f = (deps: { notify?: (office: number) => void }) => deps;',
    'notifier.notifyTopic(office, id);',
    "type Told = Pick<Notifier, 'listen' | 'notify'>;",
    'export interface Deps { notifier: Notifier }',
  ])('is not for a feature: %s', (text) => {
    const found = checkNotifying([file(SERVICE, `\n${text}`), file(UNIT, text)], {});
    expect(found.map(({ path, line }) => `${path}:${line}`)).toEqual([`${SERVICE}:2`]);
  });

  it('may be listened to, and a job may be told to look', () => {
    const text = "type D = { notifier: Pick<Notifier, 'listen'> }; type J = { notify(): void };";
    expect(checkNotifying([file(SERVICE, text)], {})).toEqual([]);
  });

  it('has exceptions that nothing may need', () => {
    const found = checkNotifying([file(SERVICE, '')], { [SERVICE]: 'once' });
    expect(found.map(({ message }) => message)).toEqual([
      `TOLD_BY_HAND names ${SERVICE}, which no longer needs it: take it out`,
    ]);
  });
});

describe('a bare transaction', () => {
  const caller = (name: string, from: string) =>
    file(SERVICE, `import { ${name} } from '${from}';`);
  const found = (...sources: { path: string; text: string }[]) =>
    checkTransactions(sources, {}).map(({ path, line }) => `${path}:${line}`);

  it.each([
    'export async function put(tx: Tx, id: string): Promise<void> {}',
    'export const put = (tx: Tx): Promise<void> => other(tx);',
    'export function put(on: { tx: Tx; id: string }) {}',
  ])('is not taken from another feature: %s', (text) => {
    expect(found(file(STORE, text), caller('put', '../../booking/b/store.ts'))).toEqual([
      `${SERVICE}:1`,
    ]);
  });

  it('is found behind a service’s re-export, under any name', () => {
    const store = file(STORE, 'export function put(tx: Tx) {}');
    const service = file(
      'src/features/booking/b/service.ts',
      "import { put } from './store.ts';\nexport { put };\nexport { put as keep } from './store.ts';",
    );
    for (const name of ['put', 'keep', 'keep as it'])
      expect(found(store, service, caller(name, '../../booking/b/service.ts'))).toEqual([
        `${SERVICE}:1`,
      ]);
  });

  it('is allowed in the feature itself, in reads of views.ts, and where the function takes a unit', () => {
    const put = 'export function put(tx: Tx) {}';
    const within = file(
      'src/features/booking/b/service.ts',
      "import { put } from './store.ts';\nput(tx);",
    );
    expect(found(file(STORE, put), within)).toEqual([]);
    const views = file('src/features/booking/b/views.ts', put);
    expect(found(views, caller('put', '../../booking/b/views.ts'))).toEqual([]);
    const unit = file(STORE, 'export function put({ tx }: Unit) {}');
    expect(found(unit, caller('put', '../../booking/b/store.ts'))).toEqual([]);
  });

  it('has exceptions that nothing may need', () => {
    const [finding] = checkTransactions([], { 'src/a.ts put': 'once' });
    expect(finding?.message).toBe(
      'BARE_TRANSACTIONS names src/a.ts put, which no longer needs it: take it out',
    );
  });
});
