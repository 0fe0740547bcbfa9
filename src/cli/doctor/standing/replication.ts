import { formatHost } from '../../../lib/db/hosts/address.ts';
import type { Replication, Standing } from '../../../lib/db/hosts/replication.ts';
import { type Finding, right, warning, wrong } from '../report.ts';

/** A standby that has more to replay is late: about half a minute of a city's busiest hour. */
const LATE_BYTES = 64 * 1024 * 1024;
const LATE_SECONDS = 30;

/** A server that nobody follows. */
export const ALONE: Replication = {
  synchronous: '',
  isWaited: true,
  following: 0,
  confirming: 0,
  behindSeconds: null,
};

/** Reports which server is the primary, which follow it, and whether what is confirmed is on two. Pure. */
export function aboutReplication(
  replication: Replication,
  standings: readonly Standing[] | null,
): Finding[] {
  return [
    ...(standings ?? []).map((each) => aboutStanding(each, standings ?? [])),
    ...aboutConfirming(replication, standings !== null),
    ...aboutLag(replication),
  ];
}

function aboutStanding(
  { place, facts, error, behindBytes }: Standing,
  all: readonly Standing[],
): Finding {
  const name = formatHost(place);
  if (!facts) {
    return warning(
      `The database server ${name} does not answer: ${error?.message ?? 'nobody knows why'}`,
      'While it is away, there is one server fewer to go on with: docs/database.md.',
    );
  }
  if (facts.isStandby) {
    const behind = behindBytes === null ? '' : `, ${inWords(behindBytes)} behind`;
    return (behindBytes ?? 0) > LATE_BYTES
      ? warning(
          `The database server ${name} is a standby${behind}.`,
          'Is its disk or the network between them too slow?',
        )
      : right(`The database server ${name} is a standby${behind}.`);
  }
  const newest = Math.max(...all.map((each) => each.facts?.timeline ?? 0));
  if (facts.timeline < newest) {
    return wrong(
      `The database server ${name} was the primary before, and came back as one: what is written there is lost.`,
      'Stop it, and let it follow the primary (pg_rewind, pg_basebackup; Patroni does so by itself).',
    );
  }
  const others = all.filter((each) => each.facts && !each.facts.isStandby);
  if (others.length > 1 && others.every((each) => each.facts?.timeline === newest)) {
    return wrong(
      `${others.map((each) => formatHost(each.place)).join(' and ')} both take what is written, and don't follow each other.`,
      'DATABASE_URL names the servers of one database: a primary, and standbys that follow it.',
    );
  }
  return facts.isReadOnly
    ? wrong(
        `The database server ${name} is the primary, and can only be read (default_transaction_read_only).`,
        'Somebody set it so: ALTER SYSTEM RESET default_transaction_read_only.',
      )
    : right(`The database server ${name} is the primary.`);
}

function aboutConfirming(
  { synchronous, isWaited, following, confirming }: Replication,
  hasSeveral: boolean,
): Finding[] {
  if (synchronous === '') {
    return hasSeveral
      ? [
          warning(
            'No standby has to confirm what is written: what was confirmed last may be lost with the primary.',
            'synchronous_standby_names on the primary (Patroni: synchronous_mode): docs/database.md.',
          ),
        ]
      : [];
  }
  if (!isWaited) {
    return [
      warning(
        'synchronous_commit is off for this login: no standby has to confirm what it writes.',
        'ALTER ROLE … RESET synchronous_commit.',
      ),
    ];
  }
  if (following === 0 || confirming === 0) {
    return [
      wrong(
        'Each commit waits for a standby (synchronous_standby_names), and none follows: nothing can be confirmed.',
        'Start the standby; or take it out of synchronous_standby_names until it is back.',
      ),
    ];
  }
  const known =
    confirming === null ? ' GRANT pg_monitor to this login lets the doctor say more of them.' : '';
  return [
    right(`Each commit is on a standby too before it is confirmed (${synchronous}).${known}`),
  ];
}

const aboutLag = ({ behindSeconds }: Replication): Finding[] =>
  behindSeconds !== null && behindSeconds > LATE_SECONDS
    ? [
        warning(
          `A standby is ${Math.round(behindSeconds)} seconds behind the primary.`,
          'Is its disk or the network between them too slow?',
        ),
      ]
    : [];

const inWords = (bytes: number): string =>
  bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} kB` : `${Math.round(bytes / 1024 / 1024)} MB`;
