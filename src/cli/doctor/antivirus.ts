import { gzipSync } from 'node:zlib';
import {
  type Clamd,
  type ClamdAddress,
  createClamd,
  EICAR,
  MUST_LOOK_AT,
  nameOf,
  type Scan,
} from '../../lib/clamd.ts';
import { type Finding, right, warning, wrong } from './report.ts';

/** The age at which signatures are old. New ones come every day, so old ones mean that they aren't fetched. */
const OLD_DAYS = 7;

/** Lets clamd scan the test file, checks its limits, and the age of its signatures. */
export async function aboutAntivirus(
  address: ClamdAddress,
  now: Temporal.Instant,
): Promise<Finding[]> {
  const name = nameOf(address);
  const clamd = createClamd(address);
  const version = (await clamd.isThere()) ? await clamd.version() : null;
  if (!version)
    return [
      wrong(
        `The antivirus at ${name} does not answer: documents wait for it.`,
        'Is CLAMD right, does clamd run (it takes a minute to start), and may this user open its socket?',
      ),
    ];
  const found = aboutFinding(await look(clamd, [Buffer.from(EICAR)]), name);
  if (found) return [found];
  const { engine, signatures } = version;
  const days = signatures?.day.until(now.toZonedDateTimeISO('UTC').toPlainDate()).days ?? 0;
  const what = `ClamAV ${engine} at ${name}`;
  return [
    !signatures
      ? warning(`${what} has signatures of your own, and no official ones.`)
      : days > OLD_DAYS
        ? warning(
            `${what}: its signatures are ${days} days old.`,
            'Keep freshclam running (Debian: clamav-freshclam), and its way to the Internet open.',
          )
        : right(`${what} finds what it must; its signatures are of ${signatures.day}.`),
    ...(await aboutLimits(clamd)),
  ];
}

const look = (clamd: Clamd, parts: readonly Buffer[]): Promise<Scan> =>
  clamd.scan({
    size: parts.reduce((sum, each) => sum + each.length, 0),
    read: async function* () {
      yield* parts;
    },
  });

function aboutFinding(scan: Scan, name: string): Finding | null {
  if (scan.verdict === 'infected') return null;
  if (scan.verdict === 'error')
    return wrong(
      `The antivirus at ${name} answers, but does not look at a file (${scan.reason}).`,
      "Its own log says why: most often TemporaryDirectory can't be written, or memory is short.",
    );
  return wrong(
    `The antivirus at ${name} does not find what every antivirus must (EICAR).`,
    'It has no signatures: run freshclam, and keep it running.',
  );
}

/** More layers than clamd unpacks (MaxRecursion, at most 100). */
const LAYERS = 101;
const MEGABYTE = Buffer.alloc(1 << 20);

/** Checks that it reports files that it doesn't scan completely, and that its limits are high enough. */
async function aboutLimits(clamd: Clamd): Promise<Finding[]> {
  let deep = Buffer.from('x');
  for (let layer = 0; layer < LAYERS; layer++) deep = gzipSync(deep);
  const beyond = await look(clamd, [deep]);
  const large = await look(clamd, Array(MUST_LOOK_AT / MEGABYTE.length).fill(MEGABYTE));
  return [
    ...(beyond.verdict === 'clean'
      ? [
          wrong(
            'The antivirus calls clean what it looked at in part only.',
            'Set AlertExceedsMax yes in clamd.conf.',
          ),
        ]
      : []),
    ...(large.verdict !== 'clean'
      ? [
          warning(
            `The antivirus does not look at files of ${MUST_LOOK_AT >> 20} MB (${large.verdict === 'error' ? large.reason : large.name}).`,
            'Set StreamMaxLength, MaxFileSize and MaxScanSize in clamd.conf as the manual says.',
          ),
        ]
      : []),
  ];
}
