import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { certificatesIn } from './certificate.ts';
import { run, testFolder } from './testing.ts';
import { isOfAuthority, signedStamp } from './token.ts';

const NO_OPENSSL = !existsSync('/usr/bin/openssl');
const folder = testFolder();
afterAll(() => folder[Symbol.dispose]());

interface Made {
  key: string;
  certificate: string;
}

const FOR_STAMPS = 'extendedKeyUsage=critical,timeStamping';
const SIGNS = 'keyUsage=critical,digitalSignature';

/** A certificate, self-signed or by an authority. */
function issue(
  extensions: readonly string[],
  { by, kind = 'rsa:2048', days = '30' }: { by?: Made; kind?: string; days?: string } = {},
): Made {
  const name = randomUUID();
  const made = { key: folder.at(`${name}.key`), certificate: folder.at(`${name}.pem`) };
  const [algorithm, curve] = kind.split(' ');
  run(
    ...(['openssl', 'req', '-x509', '-newkey', algorithm ?? '', '-nodes'] as const),
    ...(curve ? ['-pkeyopt', `ec_paramgen_curve:${curve}`] : []),
    ...['-keyout', made.key, '-out', made.certificate, '-days', days, '-subj', `/CN=${name}`],
    ...(by ? ['-CA', by.certificate, '-CAkey', by.key] : []),
    ...extensions.flatMap((each) => ['-addext', each]),
  );
  return made;
}

const AUTHORITY = ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign'];
const STAMPS = ['basicConstraints=critical,CA:FALSE', FOR_STAMPS, SIGNS];

const DATA = Buffer.from('what is stamped');

/** A token over `DATA` by openssl, with the certificates of these. */
function tokenBy(of: Made, { digest = 'sha256', above }: { digest?: string; above?: Made } = {}) {
  const name = randomUUID();
  const config = folder.at(
    `${name}.cnf`,
    [
      ...['[tsa]', 'default_tsa = own', '[own]', `serial = ${folder.at(`${name}.serial`, '01')}`],
      ...[`signer_cert = ${of.certificate}`, `signer_key = ${of.key}`, `signer_digest = ${digest}`],
      ...(above ? [`certs = ${above.certificate}`] : []),
      ...['default_policy = 1.2.3.4.1', 'digests = sha256', 'ess_cert_id_chain = no'],
    ].join('\n'),
  );
  const [query, token] = [folder.at(`${name}.tsq`), folder.at(`${name}.tst`)];
  const data = folder.at(`${name}.data`, DATA);
  run('openssl', 'ts', '-query', '-data', data, '-sha256', '-cert', '-out', query);
  const reply = ['-config', config, '-queryfile', query, '-token_out', '-out', token];
  run('openssl', 'ts', '-reply', ...reply);
  return readFileSync(token);
}

/** What openssl says of a token, with these authorities. */
const openssl = (token: Buffer, of: Made): boolean =>
  run(
    ...(['openssl', 'ts', '-verify', '-token_in', '-in', folder.at('token', token)] as const),
    ...['-data', folder.at('data', DATA), '-CAfile', of.certificate],
  ).includes('Verification: OK');

const ours = (token: Buffer, of: Made): boolean => {
  const stamp = signedStamp(token);
  const authorities = certificatesIn(readFileSync(of.certificate, 'utf8'));
  return stamp !== null && isOfAuthority(stamp, authorities);
};

describe.skipIf(NO_OPENSSL)('the signature of a time stamp', () => {
  let root: Made;
  let between: Made;
  let tsa: Made;
  let other: Made;

  beforeAll(() => {
    root = issue(AUTHORITY);
    between = issue(AUTHORITY, { by: root });
    tsa = issue(STAMPS, { by: between });
    other = issue(AUTHORITY);
  });

  test('is right by the authorities above it, and by no others, as openssl finds', () => {
    const token = tokenBy(tsa, { above: between });
    for (const [of, isRight] of [
      [root, true],
      [other, false],
    ] as const) {
      expect(openssl(token, of)).toBe(isRight);
      expect(ours(token, of)).toBe(isRight);
    }
    expect(ours(token, tsa)).toBe(true);
  });

  test('is right with other digests and keys', () => {
    const elliptic = issue(STAMPS, { by: root, kind: 'ec P-256' });
    for (const token of [
      tokenBy(elliptic),
      tokenBy(elliptic, { digest: 'sha384' }),
      tokenBy(issue(STAMPS, { by: root }), { digest: 'sha512' }),
    ]) {
      expect(openssl(token, root)).toBe(true);
      expect(ours(token, root)).toBe(true);
    }
  });

  test('says the same wherever a byte of the token is another, or is not right', () => {
    const token = tokenBy(tsa, { above: between });
    const saidBy = (of: Buffer) => {
      const stamp = signedStamp(of);
      return (
        stamp && [stamp.at.toString(), stamp.imprint, stamp.nonce, stamp.certificate.fingerprint256]
      );
    };
    const said = saidBy(token);
    let refused = 0;
    for (let at = 0; at < token.length; at++) {
      const forged = Buffer.from(token);
      forged.writeUInt8(forged.readUInt8(at) ^ 1, at);
      const now = saidBy(forged);
      if (now) expect(now, `byte ${at}`).toEqual(said);
      else refused++;
    }
    // What is not signed is how long the outer parts are, and certificates that come along.
    expect(refused).toBeGreaterThan(token.length / 3);
    const hour = token.indexOf(String(signedStamp(token)!.at.toZonedDateTimeISO('UTC').year)) + 9;
    const moved = Buffer.from(token);
    moved.writeUInt8(moved.readUInt8(hour) ^ 1, hour);
    expect(openssl(moved, root)).toBe(false);
    expect(ours(moved, root)).toBe(false);
  });

  test('counts by a certificate that is for time stamps alone, and says so to everybody', () => {
    const leaf = 'basicConstraints=critical,CA:FALSE';
    // They are valid from before the stamp was made.
    const issued = (
      [
        [[leaf, SIGNS, FOR_STAMPS], true],
        [[leaf, SIGNS], false],
        [[leaf, SIGNS, 'extendedKeyUsage=timeStamping'], false],
        [[leaf, SIGNS, 'extendedKeyUsage=critical,timeStamping,emailProtection'], false],
        [[leaf, 'keyUsage=critical,keyEncipherment', FOR_STAMPS], false],
      ] as const
    ).map(([extensions, isRight]) => ({ of: issue(extensions, { by: root }), isRight }));
    const [content, token] = [folder.at('info.der'), folder.at('right', tokenBy(tsa))];
    const read = ['-verify', '-noverify', '-inform', 'DER', '-in', token, '-out', content];
    run('openssl', 'cms', ...read);
    /** The same time, signed by openssl without a look at what the certificate is for. */
    const signedBy = (of: Made): Buffer => {
      const path = folder.at(randomUUID());
      run(
        ...(['openssl', 'cms', '-sign', '-binary', '-nodetach', '-cades', '-in', content] as const),
        ...['-econtent_type', '1.2.840.113549.1.9.16.1.4', '-signer', of.certificate],
        ...['-inkey', of.key, '-outform', 'DER', '-out', path, '-md', 'sha256'],
      );
      return readFileSync(path);
    };
    for (const { of, isRight } of issued) {
      const made = signedBy(of);
      expect(made.length).toBeGreaterThan(500);
      expect(openssl(made, root)).toBe(isRight);
      expect(ours(made, root)).toBe(isRight);
    }
  });

  test('does not count without its certificate, nor by one that another authority issued under its name', () => {
    const token = tokenBy(tsa, { above: between });
    const copy = issue(STAMPS, { by: other });
    const forged = tokenBy({ key: copy.key, certificate: copy.certificate });
    expect(ours(forged, root)).toBe(false);
    expect(ours(forged, other)).toBe(true);
    expect(signedStamp(token.subarray(0, 200))).toBeNull();
    expect(signedStamp(Buffer.from('no token'))).toBeNull();
    expect(signedStamp(Buffer.alloc(0))).toBeNull();
  });
});
