import { notificationAdapter } from '../../../connectors/notification/ports.ts';
import type { NotificationSettings } from '../../../domain/office/connectors/notification.ts';
import type { HandoverCount } from '../../../features/service/notifications/views.ts';
import type { Clock } from '../../../lib/clock.ts';
import type { SigningKey } from '../../../lib/keys/registry.ts';
import { type Finding, right, warning, wrong } from '../report.ts';

/** Hours that a notification may wait to be handed over. */
const PATIENCE_HOURS = 2;
/** Hours that it may not be known what became of those that wait there. */
const SILENT_HOURS = 24;

/** What nobody handed over: it is looked for, and nothing is notified. */
const NOBODYS = '00000000-0000-4000-8000-000000000000';

/** Asks e-NOTUM for a notification that doesn't exist, and looks at what is owed to it. */
export async function aboutNotifications(
  { name, notifications }: { name: string; notifications?: NotificationSettings | undefined },
  key: SigningKey | null,
  { count, clock }: { count: HandoverCount; clock: Clock },
): Promise<Finding[]> {
  const port = notificationAdapter(notifications, name, { key, clock });
  if (!port) return aboutLeft(count);
  const owed = aboutOwed(count, clock.now());
  if (!key)
    return [
      wrong(
        'Nothing can be notified at e-NOTUM: REGISTRY_KEY and REGISTRY_CERTIFICATE are not set.',
        'Name the files of the key and of the certificate that the AOC authorised: docs/operating.md, e-NOTUM.',
      ),
      ...owed,
    ];
  const answer = await port.find(NOBODYS);
  const found = answer.ok
    ? right('e-NOTUM answers, and takes our signature.')
    : wrong(
        `e-NOTUM can't be used: ${answer.words ?? answer.code}.`,
        answer.reason === 'away'
          ? 'Does it run, and does the firewall let this machine through?'
          : 'Compare notifications in the town file, and REGISTRY_CERTIFICATE, with what the AOC authorised.',
      );
  return [found, ...owed];
}

function aboutOwed(
  { owed, oldest, refused, stopped, askedAt }: HandoverCount,
  now: Temporal.Instant,
): Finding[] {
  const found: Finding[] = [];
  const hours = oldest ? oldest.until(now).total('hours') : 0;
  const notifications = `${owed} ${owed === 1 ? 'notification waits' : 'notifications wait'} to be handed over to e-NOTUM`;
  if (owed > 0 && hours < PATIENCE_HOURS) found.push(warning(`${notifications}.`));
  else if (owed > 0)
    found.push(
      wrong(
        `${notifications}, the oldest for ${Math.floor(hours)} hours; ${refused} of them were refused.`,
        'Is a worker running (ROLES)? The page of each case has the words with which it was refused.',
      ),
    );
  if (stopped > 0)
    found.push(
      wrong(
        `${stopped} ${stopped === 1 ? 'notification was' : 'notifications were'} stopped at e-NOTUM before counting, by an error or since somebody cancelled them.`,
        'Whoever handles each case chooses on its page how it is notified now: Cases, To notify.',
      ),
    );
  const silent = askedAt ? askedAt.until(now).total('hours') : 0;
  if (silent > SILENT_HOURS)
    found.push(
      wrong(
        `e-NOTUM has not told for ${Math.floor(silent)} hours what became of notifications.`,
        'Is a worker running (ROLES)? Does the authorisation of the AOC include RecuperarReport?',
      ),
    );
  return found;
}

/** Warns of notifications at e-NOTUM, where the town file names it no more. */
const aboutLeft = ({ owed, askedAt }: HandoverCount): Finding[] =>
  owed === 0 && askedAt === null
    ? []
    : [
        warning(
          'Notifications are owed to e-NOTUM or wait there, and the town file names it no more.',
          'Put notifications back into the town file until all of them count.',
        ),
      ];
