import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** SoftHSM, a token in files that implements PKCS #11 like a hardware module. */
export const TOKEN = {
  module: '/usr/lib/softhsm/libsofthsm2.so',
  token: 'vilaclara',
  pin: '4821',
} as const;

export const HAS_TOKEN = existsSync(TOKEN.module);

let isMade = false;

/** Makes the token. A process has one for all test files that it runs: the module reads its configuration once. */
export function makeToken(): void {
  if (isMade) return;
  isMade = true;
  const place = mkdtempSync(join(tmpdir(), 'finestreta-hsm-'));
  process.on('exit', () => rmSync(place, { recursive: true, force: true }));
  const tokens = join(place, 'tokens');
  mkdirSync(tokens);
  const config = join(place, 'softhsm2.conf');
  writeFileSync(config, `directories.tokendir = ${tokens}\nlog.level = ERROR\n`);
  process.env.SOFTHSM2_CONF = config;
  const label = ['--init-token', '--free', '--label', TOKEN.token];
  execFileSync('softhsm2-util', [...label, '--so-pin', '918273', '--pin', TOKEN.pin]);
}

/** Puts a private key (PEM) into the token, under a label. `id`: hexadecimal, another one for each key. */
export function importKey(file: string, label: string, id: string): void {
  const token = ['--token', TOKEN.token, '--pin', TOKEN.pin];
  execFileSync('softhsm2-util', ['--import', file, ...token, '--label', label, '--id', id]);
}
