import { X509Certificate } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { type Issued, issueCertificate } from '../../../e2e/support/identity/certificates.ts';
import { pathTo } from './path.ts';

const from = Temporal.Instant.from('2026-01-01T00:00:00Z');
const until = Temporal.Instant.from('2030-01-01T00:00:00Z');
const TIMES = { from, until };
const named = (name: string) => ({ subject: `CN=${name},C=ES` });
const of = ({ der }: Issued) => new X509Certificate(der);

let root: Issued;
let below: Issued;
let own: Issued;

beforeAll(async () => {
  root = await issueCertificate({ ...named('Arrel'), authority: {}, ...TIMES });
  below = await issueCertificate({ ...named('AC'), by: root, authority: {}, ...TIMES });
  own = await issueCertificate({ ...named('Anna'), by: below, ...TIMES });
});

/** The names and ends of a path. */
const told = (others: readonly Issued[], anchors: readonly Issued[]) =>
  pathTo(of(own), others.map(of), anchors.map(of))?.map(
    ({ subject, validTo }) =>
      `${/CN=(.*)/.exec(subject)?.[1]} ${new Date(validTo).getUTCFullYear()}`,
  ) ?? null;

test('a path leads through the authorities between to the one that is trusted', () => {
  expect(told([below], [root])).toEqual(['Anna 2030', 'AC 2030', 'Arrel 2030']);
  expect(told([root, below], [root])).toEqual(['Anna 2030', 'AC 2030', 'Arrel 2030']);
  expect(told([], [root])).toBeNull();
  expect(told([root, below], [])).toBeNull();
});

test('of several certificates of an authority, that which leads on is found', async () => {
  const other = await issueCertificate({ ...named('Altra arrel'), authority: {}, ...TIMES });
  const crossed = await issueCertificate({
    ...{ ...named('AC'), by: other, authority: {}, keyOf: below },
    ...{ from, until: until.add({ hours: 24 * 800 }) },
  });
  for (const others of [
    [crossed, below],
    [below, crossed],
  ]) {
    expect(told(others, [root])).toEqual(['Anna 2030', 'AC 2030', 'Arrel 2030']);
    expect(told(others, [other])).toEqual(['Anna 2030', 'AC 2032', 'Altra arrel 2030']);
  }
});
