import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readConfig } from '../config.ts';
import { keyFile } from '../lib/secrets.ts';
import { exitCodeOf, type Finding } from './doctor/report.ts';
import { examineStart } from './start.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'finestreta-start-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const wrongs = (findings: readonly Finding[]) =>
  findings.filter(({ state }) => state === 'wrong').map(({ words }) => words);
const look = (env: Record<string, string> = {}, towns = 1) =>
  examineStart(() => Array.from({ length: towns }, () => readConfig({ DATA_DIR: folder, ...env })));

test('a new folder can begin', async () => {
  expect(wrongs(await look({ RUN_AS: 'root' }))).toEqual([]);
});

test('what only matters later stops no start', async () => {
  const findings = await look({
    RUN_AS: 'root',
    SMTP_URL: 'smtp://127.0.0.1:1',
    CLAMD: 'tcp:127.0.0.1:1',
  });
  expect(exitCodeOf(findings)).toBe(0);
});

test('mistakes in the environment stop it', async () => {
  const findings = await look({ PORT: 'many' });
  expect(exitCodeOf(findings)).toBe(1);
  expect(wrongs(findings).join()).toContain('PORT');
});

test('a root key that is broken stops it', async () => {
  mkdirSync(dirname(keyFile(folder)), { recursive: true });
  writeFileSync(keyFile(folder), 'short', { mode: 0o600 });
  expect(exitCodeOf(await look({ RUN_AS: 'root' }))).toBe(1);
});

const AWAY = 'postgres://u:p@127.0.0.1:1/none';

test('a database server that is away stops it', async () => {
  const findings = await look({ RUN_AS: 'root', DATABASE_URL: AWAY });
  expect(wrongs(findings).join()).toContain('no PostgreSQL can be reached');
});

test('one of several towns whose database is away stops none', async () => {
  expect(exitCodeOf(await look({ RUN_AS: 'root', DATABASE_URL: AWAY }, 2))).toBe(0);
});
