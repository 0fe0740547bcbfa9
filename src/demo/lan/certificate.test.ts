import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { lanCertificate } from './certificate.ts';

const folder = mkdtempSync(join(tmpdir(), 'lan-'));
const NOW = Temporal.Instant.from('2026-11-30T12:00:00Z');
afterAll(() => rmSync(folder, { recursive: true }));

const openssl = (pem: string, ...args: string[]) =>
  spawnSync('openssl', ['x509', '-noout', ...args], { input: pem, encoding: 'utf8' }).stdout;

describe('the certificate for the own network', () => {
  test.each(['192.168.1.20', 'fd00::2:1'])('is for %s alone, as openssl reads it', (address) => {
    const { cert, fingerprint } = lanCertificate(folder, address, NOW);
    const text = openssl(cert, '-text');
    const written = address === 'fd00::2:1' ? 'FD00:0:0:0:0:0:2:1' : address;
    expect(text).toContain(`IP Address:${written}`);
    expect(text.match(/IP Address:/g)).toHaveLength(1);
    expect(text).toMatch(/Basic Constraints: critical\s+CA:FALSE/);
    expect(text).toContain('TLS Web Server Authentication');
    expect(openssl(cert, '-fingerprint', '-sha256')).toContain(fingerprint);
    expect(openssl(cert, '-enddate')).toContain('Feb 28 12:00:00 2027 GMT');
    expect(new X509Certificate(cert).verify(new X509Certificate(cert).publicKey)).toBe(true);
  });

  test('is kept at any fraction of a second', () => {
    const later = NOW.add({ milliseconds: 833 });
    const { fingerprint } = lanCertificate(folder, '10.1.0.7', later);
    expect(lanCertificate(folder, '10.1.0.7', later).fingerprint).toBe(fingerprint);
  });

  test('stays while it is right, and is made anew for another address or before its end', () => {
    const made = lanCertificate(folder, '10.0.0.7', NOW);
    expect(lanCertificate(folder, '10.0.0.7', NOW.add({ hours: 24 * 80 }))).toEqual(made);
    const later = lanCertificate(folder, '10.0.0.7', NOW.add({ hours: 24 * 84 }));
    expect(later.fingerprint).not.toBe(made.fingerprint);
    expect(lanCertificate(folder, '10.0.0.8', NOW).fingerprint).not.toBe(later.fingerprint);
    expect(statSync(join(folder, 'keys', 'demo-lan.pem')).mode & 0o777).toBe(0o600);
  });
});
