import { type ClamdAddress, createClamd, EICAR, nameOf } from '../../lib/clamd.ts';
import { type Finding, right, warning, wrong } from './report.ts';

/** Signatures come every day; so old ones mean that nobody fetches them. */
const OLD_DAYS = 7;

/** Has clamd look at what every antivirus must find, and asks how old its signatures are. */
export async function aboutAntivirus(
  address: ClamdAddress,
  now: Temporal.Instant,
): Promise<Finding> {
  const name = nameOf(address);
  const clamd = createClamd(address);
  const version = (await clamd.isThere()) ? await clamd.version() : null;
  if (!version)
    return wrong(
      `The antivirus at ${name} does not answer: documents wait for it.`,
      'Is CLAMD right, does clamd run (it takes a minute to start), and may this user open its socket?',
    );
  const { engine, signatures } = version;
  const scan = await clamd.scan({
    size: EICAR.length,
    read: async function* () {
      yield Buffer.from(EICAR);
    },
  });
  if (scan.verdict === 'error')
    return wrong(
      `The antivirus at ${name} answers, but does not look at a file (${scan.reason}).`,
      "Its own log says why: most often TemporaryDirectory can't be written, or memory is short.",
    );
  if (scan.verdict === 'clean')
    return wrong(
      `The antivirus at ${name} does not find what every antivirus must (EICAR).`,
      'It has no signatures: run freshclam, and keep it running.',
    );
  if (!signatures)
    return warning(`ClamAV ${engine} at ${name} has signatures of your own, and no official ones.`);
  const days = signatures.day.until(now.toZonedDateTimeISO('UTC').toPlainDate()).days;
  if (days > OLD_DAYS)
    return warning(
      `ClamAV ${engine} at ${name}: its signatures are ${days} days old.`,
      'Keep freshclam running (Debian: clamav-freshclam), and its way to the Internet open.',
    );
  return right(
    `ClamAV ${engine} at ${name} finds what it must; its signatures are of ${signatures.day}.`,
  );
}
