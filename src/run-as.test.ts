import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isRoot } from './lib/accounts.ts';
import { ROOT } from './paths.ts';
import { chooseAccount, type Runner } from './run-as.ts';

/** Whether the project is built, and readable for others than root. */
const isOpen =
  isRoot() &&
  spawnSync('cat', [join(ROOT, 'dist', 'server', 'main.js')], { uid: 65_534, gid: 65_534 })
    .status === 0;

describe.skipIf(!isOpen)('the account of a server that root starts', () => {
  let place: string;
  const town = (name = 'data', rest: Partial<Runner> = {}): Runner => ({
    ...{ dataDir: join(place, name), runAs: null, demo: false, databaseUrl: null },
    ...rest,
  });
  const owned = (name: string, uid: number) => {
    mkdirSync(join(place, name));
    chownSync(join(place, name), uid, uid);
  };

  beforeEach(() => {
    place = mkdtempSync(join(tmpdir(), 'finestreta-run-as-'));
    chmodSync(place, 0o755);
  });
  afterEach(() => rmSync(place, { recursive: true, force: true }));

  it('is the one in RUN_AS', () => {
    const { account } = chooseAccount([town('data', { runAs: '54321:54322' })]);
    expect(account).toMatchObject({ uid: 54_321, gid: 54_322 });
    expect(() => chooseAccount([town('data', { runAs: 'no-such-user' })])).toThrow(
      'RUN_AS is no-such-user, which is no user of this machine',
    );
  });

  it('is the owner of the data folder, the same for all towns', () => {
    owned('data', 54_321);
    owned('more', 54_322);
    expect(chooseAccount([town(), town('new')]).account).toMatchObject({ uid: 54_321 });
    expect(() => chooseAccount([town(), town('more')])).toThrow(/belong to .*54321.*54322.*RUN_AS/);
    const asked = chooseAccount([town('data', { runAs: '7:7' }), town('more')]);
    expect(asked.account?.uid).toBe(7);
  });

  it('is otherwise an account without rights, and never root', () => {
    const { account } = chooseAccount([town()]);
    expect(account?.uid).toBeGreaterThan(0);
  });

  it('is root only if RUN_AS says so, or if a demo is where no other user can enter', () => {
    expect(chooseAccount([town('data', { runAs: 'root' })]).account).toBeNull();
    chmodSync(place, 0o700);
    expect(chooseAccount([town('data', { demo: true })])).toMatchObject({
      account: null,
      why: expect.stringContaining("can't enter"),
    });
    expect(() => chooseAccount([town()])).toThrow(/can't enter .*RUN_AS=root keeps it root/);
    const named = town('data', { runAs: '54321:54321', demo: true });
    expect(() => chooseAccount([named])).toThrow(/^RUN_AS is 54321:54321, who can't enter/);
    expect(dirname(named.dataDir)).toBe(place);
  });
});
