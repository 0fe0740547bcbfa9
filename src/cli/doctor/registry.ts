import { X509Certificate } from 'node:crypto';
import { registryAdapter } from '../../connectors/registry/registries.ts';
import type { RegistrySettings } from '../../domain/office/connectors/registry.ts';
import type { OutsideCount } from '../../features/foundation/registry/views.ts';
import type { Clock } from '../../lib/clock.ts';
import type { SigningKey } from '../../lib/keys/registry.ts';
import { type Finding, right, warning, wrong } from './report.ts';

/** Days before the end of our certificate from which on it is reported. */
const WARNED_DAYS = 30;
/** Hours that an entry may wait for its number. */
const PATIENCE_HOURS = 2;

/** Asks the registry that the town file names for the auxiliary entries of the last hour, and looks at what is owed to it. */
export async function aboutRegistry(
  { name, registry: settings }: { name: string; registry?: RegistrySettings | undefined },
  key: SigningKey | null,
  { count, clock }: { count: OutsideCount; clock: Clock },
): Promise<Finding[]> {
  const registry = registryAdapter(settings, name, { key, clock });
  const now = clock.now();
  if (!registry) return aboutLeft(count);
  if (!key)
    return [
      wrong(
        'Nothing can be registered with MUX: REGISTRY_KEY and REGISTRY_CERTIFICATE are not set.',
        'Name the files of the key and of the certificate that the AOC authorised: docs/operating.md, Registry of the town.',
      ),
      ...aboutOwed(count, now),
    ];
  const answer = await registry.auxiliary({ from: now.subtract({ hours: 1 }), until: now });
  const found = answer.ok
    ? right('MUX answers, and takes our signature.')
    : wrong(
        `MUX can't be used: ${answer.words ?? answer.code}.`,
        answer.reason === 'away'
          ? 'Does it run, and does the firewall let this machine through?'
          : 'Compare registry in the town file, and REGISTRY_CERTIFICATE, with what the AOC authorised.',
      );
  return [found, ...aboutCertificate(key, now), ...aboutOwed(count, now)];
}

/** Warns of our certificate when it ends soon. */
function aboutCertificate({ certificate }: SigningKey, now: Temporal.Instant): Finding[] {
  const { validToDate } = new X509Certificate(certificate);
  const ends = Temporal.Instant.fromEpochMilliseconds(validToDate.getTime());
  const days = Math.floor(now.until(ends).total('hours') / 24);
  if (days >= WARNED_DAYS) return [];
  const todo = 'Have the AOC authorise another one, and set it here.';
  return [
    days < 0
      ? wrong('Our certificate for MUX has ended.', todo)
      : warning(`Our certificate for MUX ends in ${days} days.`, todo),
  ];
}

function aboutOwed(
  { owed, oldest, refused, twice }: OutsideCount,
  now: Temporal.Instant,
): Finding[] {
  const found: Finding[] = [];
  const hours = oldest ? oldest.until(now).total('hours') : 0;
  const entries = `${owed} ${owed === 1 ? 'entry waits' : 'entries wait'} for a number of MUX`;
  if (owed > 0 && hours < PATIENCE_HOURS) found.push(warning(`${entries}.`));
  else if (owed > 0)
    found.push(
      wrong(
        `${entries}, the oldest for ${Math.floor(hours)} hours; ${refused} of them were refused.`,
        'Is a worker running (ROLES)? The table registry_outside has the words with which each was refused.',
      ),
    );
  if (twice > 0)
    found.push(
      warning(
        `MUX has ${twice} ${twice === 1 ? 'entry' : 'entries'} twice.`,
        'Ask the AOC to annul the others: the table registry_outside has their numbers (also).',
      ),
    );
  return found;
}

/** Warns of entries that are owed to a registry which the town file names no more. */
const aboutLeft = ({ owed }: OutsideCount): Finding[] =>
  owed === 0
    ? []
    : [
        warning(
          `${owed} ${owed === 1 ? 'entry is' : 'entries are'} owed to a registry that the town file names no more.`,
          'Put registry back into the town file until they have their numbers.',
        ),
      ];
