import { spawnSync } from 'node:child_process';
import {
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findAccount, giveDataFolder, isRoot, ownerOf } from './accounts.ts';

const SOMEBODY = { uid: 54_321, gid: 54_322, name: null };

describe('an account', () => {
  it('is found by its name or its numbers', () => {
    expect(findAccount('root')).toEqual({ uid: 0, gid: 0, name: 'root' });
    expect(findAccount('0:0')).toEqual({ uid: 0, gid: 0, name: 'root' });
    expect(findAccount('54321:54322')).toEqual(SOMEBODY);
    expect(findAccount('nobody-of-this-name')).toBeNull();
    expect(findAccount('-u')).toBeNull();
    expect(ownerOf('/')?.uid).toBe(0);
    expect(ownerOf('/nowhere')).toBeNull();
  });
});

describe.skipIf(!isRoot())('a data folder that root gives to an account', () => {
  let place: string;
  let dataDir: string;
  const uidOf = (...path: string[]) => lstatSync(join(place, ...path)).uid;
  const file = (...path: string[]) => writeFileSync(join(place, ...path), '');

  beforeEach(() => {
    place = mkdtempSync(join(tmpdir(), 'finestreta-accounts-'));
    dataDir = join(place, 'data');
    mkdirSync(join(dataDir, 'postgres', 'cluster'), { recursive: true });
    mkdirSync(join(dataDir, 'keys'));
    file('data', 'keys', 'installation.key');
    file('data', 'postgres', 'cluster', 'PG_VERSION');
  });
  afterEach(() => rmSync(place, { recursive: true, force: true }));

  it('belongs to it with all of Finestreta’s files, and without any others', () => {
    file('data', 'backup.gz');
    giveDataFolder(dataDir, SOMEBODY);
    for (const path of ['.', 'keys', 'keys/installation.key', 'postgres/cluster/PG_VERSION'])
      expect(lstatSync(join(dataDir, path))).toMatchObject({
        uid: SOMEBODY.uid,
        gid: SOMEBODY.gid,
      });
    expect(uidOf('data', 'backup.gz')).toBe(0);
  });

  it('is created when it doesn’t exist', () => {
    giveDataFolder(join(place, 'new', 'data'), SOMEBODY);
    expect(uidOf('new', 'data')).toBe(SOMEBODY.uid);
    expect(uidOf('new')).toBe(0);
  });

  it('changes nothing elsewhere: neither links nor second names are followed', () => {
    mkdirSync(join(place, 'elsewhere'));
    file('elsewhere', 'shadow');
    symlinkSync(join(place, 'elsewhere'), join(dataDir, 'postgres', 'folder'));
    symlinkSync(join(place, 'elsewhere', 'shadow'), join(dataDir, 'keys', 'file'));
    linkSync(join(place, 'elsewhere', 'shadow'), join(dataDir, 'keys', 'twin'));
    giveDataFolder(dataDir, SOMEBODY);
    expect(uidOf('elsewhere')).toBe(0);
    expect(uidOf('elsewhere', 'shadow')).toBe(0);
    expect(uidOf('data', 'keys', 'file')).toBe(SOMEBODY.uid);
  });

  it('may not be a link itself', () => {
    rmSync(join(dataDir, 'keys'), { recursive: true });
    mkdirSync(join(place, 'elsewhere'));
    symlinkSync(join(place, 'elsewhere'), join(dataDir, 'keys'));
    giveDataFolder(dataDir, SOMEBODY);
    expect(uidOf('elsewhere')).toBe(0);
    symlinkSync(dataDir, join(place, 'link'));
    expect(() => giveDataFolder(join(place, 'link'), { ...SOMEBODY, uid: 1 })).toThrow(
      /ELOOP|ENOTDIR/,
    );
  });

  it('that has only other files is refused', () => {
    const var_ = join(place, 'var');
    mkdirSync(join(var_, 'log'), { recursive: true });
    expect(() => giveDataFolder(var_, SOMEBODY)).toThrow(/DATA_DIR is .*log.*folder of its own/);
    expect(uidOf('var')).toBe(0);
  });

  it('stays unchanged after root became the account, which can’t become root again', () => {
    const script = `
      const { become } = await import(${JSON.stringify(join(import.meta.dirname, 'accounts.ts'))});
      const { readFileSync } = await import('node:fs');
      const tried = (work) => { try { return work(), 'done' } catch (error) { return error.code } };
      become({ uid: 54321, gid: 54322, name: null });
      console.log(JSON.stringify([
        process.getuid(), process.getgid(), process.getgroups(),
        tried(() => process.setuid(0)), tried(() => readFileSync('/etc/shadow')),
      ]));`;
    const run = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
      cwd: '/',
      encoding: 'utf8',
    });
    expect(run.stderr).toBe('');
    expect(JSON.parse(run.stdout)).toEqual([54_321, 54_322, [54_322], 'EPERM', 'EACCES']);
  });
});
