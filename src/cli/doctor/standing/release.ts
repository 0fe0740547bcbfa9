import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type Finding, right, warning } from '../report.ts';

/** Months after its day for which a release gets fixes at most (docs/upgrading.md). */
const SUPPORTED_MONTHS = 12;

/** The facts about the program that say whether it is supported. */
export interface ReleaseFacts {
  version: string;
  /** When its version was released. */
  releaseDate: Temporal.PlainDate;
  /** What `git describe` said at the build: `v0.1.0` of a release; null: nothing. */
  revision: string | null;
}

/** Returns the day of the release in `publiccode.yml`. */
export function readReleaseDate(root: string): Temporal.PlainDate {
  const { releaseDate } = parse(readFileSync(join(root, 'publiccode.yml'), 'utf8'));
  return Temporal.PlainDate.from(String(releaseDate));
}

/** Reports a release that no fixes are made for any more, and a version that is no release. Nobody outside is asked. Pure. */
export function aboutRelease(
  { version, releaseDate, revision }: ReleaseFacts,
  now: Temporal.Instant,
): Finding {
  if (revision !== `v${version}`)
    return right(
      `This is a version between releases (${revision ?? version}), for trying what comes.`,
    );
  const until = releaseDate.add({ months: SUPPORTED_MONTHS });
  const today = now.toZonedDateTimeISO('UTC').toPlainDate();
  return Temporal.PlainDate.compare(today, until) < 0
    ? right(`This is release ${version} of ${releaseDate}, supported until ${until} at most.`)
    : warning(
        `This is release ${version} of ${releaseDate}, which has had no fixes since ${until}, nor for vulnerabilities.`,
        'Upgrade to the newest release: docs/upgrading.md.',
      );
}
