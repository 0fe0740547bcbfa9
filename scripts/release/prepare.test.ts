import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { datedChangelog, datedPubliccode, notesOf, withNext, withVersion } from './prepare.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const read = (name: string) => readFileSync(join(ROOT, name), 'utf8');
const CHANGES =
  '# Changelog\n\nWhat changed.\n\n## Unreleased (0.2.0)\n\n- New.\n\n## 0.1.0 (2026-12-01)\n\n- Old.\n';

describe('the changelog', () => {
  test('names version and day once it is released, and again on another day', () => {
    const dated = datedChangelog(CHANGES, '0.2.0', '2027-03-01');
    expect(dated).toBe(CHANGES.replace('## Unreleased (0.2.0)', '## 0.2.0 (2027-03-01)'));
    expect(datedChangelog(dated, '0.2.0', '2027-03-02')).toContain('## 0.2.0 (2027-03-02)\n');
    expect(() => datedChangelog('# Changelog\n', '0.2.0', '2027-03-02')).toThrow('no section');
  });

  test('has the notes of each release', () => {
    const dated = datedChangelog(CHANGES, '0.2.0', '2027-03-01');
    expect(notesOf(dated, '0.2.0')).toBe('- New.\n');
    expect(notesOf(dated, '0.1.0')).toBe('- Old.\n');
    expect(() => notesOf(CHANGES, '0.2.0')).toThrow('no section of 0.2.0');
  });

  test('gets a section for what comes next', () => {
    const dated = datedChangelog(CHANGES, '0.2.0', '2027-03-01');
    expect(withNext(dated, '0.3.0')).toContain(
      '\n\n## Unreleased (0.3.0)\n\n## 0.2.0 (2027-03-01)\n',
    );
    expect(() => withNext(CHANGES, '0.3.0')).toThrow('already');
  });

  test('of this project can be released', () => {
    const dated = /^## Unreleased/m.test(read('CHANGELOG.md'))
      ? datedChangelog(read('CHANGELOG.md'), '99.0.0', '2027-03-01')
      : read('CHANGELOG.md');
    expect(dated).toMatch(/^## \d+\.\d+\.\d+ \(\d{4}-\d\d-\d\d\)$/m);
  });
});

test('publiccode.yml names version and day', () => {
  const dated = datedPubliccode(read('publiccode.yml'), '99.0.0', '2027-03-01');
  expect(dated).toContain('\nsoftwareVersion: 99.0.0\nreleaseDate: 2027-03-01\n');
  expect(() => datedPubliccode('name: x\n', '1.0.0', '2027-03-01')).toThrow('no softwareVersion');
});

test('npm’s files change in their version only', () => {
  for (const name of ['package.json', 'package-lock.json']) {
    const changed = withVersion(read(name), '99.0.0').split('\n');
    const different = read(name)
      .split('\n')
      .filter((line, index) => line !== changed[index]);
    expect(different.every((line) => /^ *"version": /.test(line))).toBe(true);
    expect(JSON.parse(changed.join('\n')).version).toBe('99.0.0');
  }
});
