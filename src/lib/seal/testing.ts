import { spawnSync } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { issueCertificate } from '../../../e2e/support/identity/certificates.ts';
import type { Clock } from '../clock.ts';
import { certificatesIn } from './certificate.ts';
import { createSeal } from './seal.ts';
import type { Seal } from './types.ts';

/** The reason why the tests with other people's programs are skipped, if they are. */
export const NO_TOOLS = ['pdfsig', 'openssl', 'pdftotext'].every((name) =>
  existsSync(`/usr/bin/${name}`),
)
  ? null
  : 'pdfsig or openssl is not installed (Debian: poppler-utils, openssl), so no seal can be checked by them';

/** Runs a program, and returns all that it wrote; also when it fails. */
export function run(program: string, ...args: string[]): string {
  const { stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  return stdout + stderr;
}

/** A folder of the test, removed at its end. */
export function testFolder(): Disposable & { at(name: string, content?: string | Buffer): string } {
  const folder = mkdtempSync(join(tmpdir(), 'finestreta-seal-'));
  return {
    at(name, content) {
      const path = join(folder, name);
      if (content !== undefined) writeFileSync(path, content);
      return path;
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** An authority, and the certificate of a town's seal under it. */
export async function testAuthority(
  { from = '2026-01-01T00:00:00Z', until = '2029-01-01T00:00:00Z' } = {},
  subject = 'CN=Segell electronic,O=Ajuntament de Vila,C=ES',
) {
  const times = { from: Temporal.Instant.from(from), until: Temporal.Instant.from(until) };
  const root = await issueCertificate({ subject: 'CN=Test CA,C=ES', authority: {}, ...times });
  const own = await issueCertificate({ subject, by: root, ...times });
  return { root, own, chain: `${own.pem}\n${root.pem}` };
}

/** Returns the seal of a town, by an authority of the tests. */
export async function testSeal(clock: Clock): Promise<Seal> {
  const { own, chain } = await testAuthority();
  const settings = { key: createPrivateKey(own.keyPem), certificates: certificatesIn(chain) };
  return createSeal(
    { ...settings, stampUrl: null, stampAuthorities: null },
    { clock, onUnstamped: () => {} },
  );
}

/**
 * A time-stamping authority: RFC 3161 over HTTP, whose stamps openssl makes. `failing`: it answers with an error; `lying`: it stamps something
 * else.
 */
export async function testStamps(mode: 'right' | 'failing' | 'lying' = 'right') {
  const folder = testFolder();
  const key = folder.at('tsa.key');
  const certificate = folder.at('tsa.pem');
  const extensions = [
    'extendedKeyUsage=critical,timeStamping',
    'keyUsage=critical,digitalSignature',
  ];
  run(
    ...(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key] as const),
    ...['-out', certificate, '-days', '3650', '-subj', '/CN=Test TSA'],
    ...extensions.flatMap((each) => ['-addext', each]),
  );
  const config = folder.at(
    'tsa.cnf',
    [
      '[tsa]',
      ...['default_tsa = own', '[own]', `serial = ${folder.at('serial', '01')}`],
      ...[`signer_cert = ${certificate}`, `signer_key = ${key}`, 'signer_digest = sha256'],
      ...['default_policy = 1.2.3.4.1', 'digests = sha256', 'accuracy = secs:1'],
    ].join('\n'),
  );
  const other = folder.at('other', 'something else');
  const server = createServer(async (request, response) => {
    const query = folder.at('query', Buffer.concat(await Array.fromAsync(request)));
    const lie = ['ts', '-query', '-data', other, '-sha256', '-cert', '-out', query];
    if (mode === 'lying') run('openssl', ...lie);
    const answer = folder.at('answer');
    run('openssl', 'ts', '-reply', '-config', config, '-queryfile', query, '-out', answer);
    response.writeHead(mode === 'failing' ? 503 : 200, {
      'Content-Type': 'application/timestamp-reply',
    });
    response.end(readFileSync(answer));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/tsr`,
    certificate,
    async [Symbol.asyncDispose]() {
      server.close();
      folder[Symbol.dispose]();
    },
  };
}
