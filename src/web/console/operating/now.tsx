import type { ComponentChildren } from 'preact';
import { lastCounted, standingOf } from '../../../features/foundation/backups/service.ts';
import { NOTING } from '../../../features/insight/operating/rules.ts';
import type { Certificate, StoredFacts } from '../../../features/insight/operating/types.ts';
import { Notice, SummaryList, type SummaryRow, Tag } from '../../../ui/parts.tsx';
import { numbersIn } from '../../numbers.ts';
import type { ShownFacts } from './page.tsx';

const GIGABYTE = 1024 ** 3;
/** The worker notes each minute what it did; after this time none works. */
const SILENT_MINUTES = 5;
/** Another certificate of the seal takes weeks to get. */
const SOON_DAYS = 30;

/** Words, with a sign where they deserve a look. */
function Standing({ isRight, children }: { isRight: boolean; children: ComponentChildren }) {
  return isRight ? children : <Tag kind="warn">{children}</Tag>;
}

/** How it runs at this moment: the address, versions, the worker, backups, the disk, certificates. */
export function Now(shown: ShownFacts & { baseUrl: string }) {
  const { visit, facts, baseUrl } = shown;
  const { t } = visit;
  const { stored, disk } = facts;
  const size = sizesIn(t.language);
  const rows: SummaryRow[] = [
    { label: t('operating.town'), value: baseUrl },
    {
      label: t('operating.version'),
      value: t('operating.version.value', {
        version: facts.version,
        since: momentIn(shown, facts.startedAt),
      }),
    },
    {
      label: t('operating.database'),
      value: stored ? (
        t('operating.database.value', {
          version: stored.databaseVersion,
          size: size(stored.databaseBytes),
        })
      ) : (
        <Standing isRight={false}>{t('operating.database.away')}</Standing>
      ),
    },
    ...(stored ? storedRows(shown, stored) : []),
    {
      label: t('operating.disk'),
      value: disk ? (
        <Standing isRight={disk.free >= GIGABYTE}>
          {t('operating.disk.value', { free: size(disk.free), size: size(disk.size) })}
        </Standing>
      ) : (
        t('operating.disk.unknown')
      ),
    },
    ...facts.certificates.map((each) => certificateRow(shown, each)),
  ];
  return (
    <section>
      <h2>{t('operating.now')}</h2>
      {stored ? null : <Notice kind="warn">{t('operating.database.missing')}</Notice>}
      <SummaryList rows={rows} />
    </section>
  );
}

function storedRows(shown: ShownFacts, stored: StoredFacts): SummaryRow[] {
  const { visit, facts } = shown;
  const { t } = visit;
  const pass = stored.jobs.find(({ what }) => what === NOTING)?.ranAt ?? null;
  const isAtWork = pass !== null && facts.now.since(pass).total('minutes') < SILENT_MINUTES;
  return [
    {
      label: t('operating.worker'),
      value: (
        <Standing isRight={isAtWork}>
          {pass
            ? t('operating.worker.at', { at: momentIn(shown, pass) })
            : t('operating.worker.never')}
        </Standing>
      ),
    },
    { label: t('operating.backup'), value: <LastBackup {...shown} stored={stored} /> },
    ...(lastCounted(stored.backups, facts.isBackupScheduled)
      ? [{ label: t('operating.drill'), value: <LastDrill {...shown} stored={stored} /> }]
      : []),
    {
      label: t('operating.open'),
      value: t('operating.open.value', { streams: facts.streams, rooms: stored.rooms }),
    },
  ];
}

type WithStored = ShownFacts & { stored: StoredFacts };

function LastBackup({ stored, ...shown }: WithStored) {
  const { visit, facts } = shown;
  const { t } = visit;
  const { failed } = stored.backups;
  const backup = lastCounted(stored.backups, facts.isBackupScheduled);
  const standing = standingOf(stored.backups, facts.isBackupScheduled, facts.now);
  const isBroken = failed !== null && standing !== 'right';
  const at = backup && momentIn(shown, backup.startedAt);
  const last = !at
    ? t(facts.isBackupScheduled ? 'operating.backup.none' : 'operating.backup.none.unscheduled')
    : facts.isBackupScheduled
      ? t('operating.backup.at', { at, size: sizesIn(t.language)(backup?.bytes ?? 0) })
      : t('operating.backup.by_hand', { at });
  return (
    <>
      <Standing isRight={standing === 'right'}>{last}</Standing>
      {isBroken ? (
        <p class="soft">
          {t('operating.backup.failed', {
            at: momentIn(shown, failed.startedAt),
            trouble: failed.trouble ?? '',
          })}
        </p>
      ) : null}
    </>
  );
}

function LastDrill({ stored, ...shown }: WithStored) {
  const { t } = shown.visit;
  const { drill, failedDrill } = stored.backups;
  const isBroken =
    failedDrill !== null &&
    (!drill || Temporal.Instant.compare(failedDrill.startedAt, drill.startedAt) > 0);
  if (isBroken)
    return (
      <Standing isRight={false}>
        {t('operating.drill.failed', { at: momentIn(shown, failedDrill.startedAt) })}
      </Standing>
    );
  return <>{drill ? momentIn(shown, drill.startedAt) : t('operating.drill.none')}</>;
}

function certificateRow(
  { visit, facts, dates }: ShownFacts,
  { of, until }: Certificate,
): SummaryRow {
  const { t } = visit;
  const label = t(`operating.certificate.${of}`);
  if (!until) return { label, value: t('operating.certificate.unknown') };
  const isSoon = facts.now.until(until).total('hours') < SOON_DAYS * 24;
  const day = dates.shortDay(until);
  return {
    label,
    value: <Standing isRight={!isSoon}>{t('operating.certificate.until', { day })}</Standing>,
  };
}

/** Returns a day and an hour, in the town's time zone. */
export const momentIn = ({ dates }: Pick<ShownFacts, 'dates'>, at: Temporal.Instant): string =>
  `${dates.shortDay(at)} ${dates.time(at)}`;

/** Returns a function that words a number of bytes. */
function sizesIn(language: string): (bytes: number) => string {
  const { number } = numbersIn(language);
  return (bytes) => {
    if (bytes >= GIGABYTE) return `${number(Math.round((bytes / GIGABYTE) * 10) / 10)} GB`;
    return `${number(Math.max(1, Math.round(bytes / 1024 ** 2)))} MB`;
  };
}
