import type { ComponentChildren } from 'preact';
import { lastCounted, standingOf } from '../../../features/foundation/backups/service.ts';
import { looksOf, NOTING } from '../../../features/insight/operating/rules.ts';
import type {
  Certificate,
  Look,
  OperatingFacts,
  StoredFacts,
} from '../../../features/insight/operating/types.ts';
import type { StandbyState } from '../../../lib/db/reading/reading.ts';
import type { MessageKey, Translate } from '../../../lib/i18n/translate.ts';
import { Notice, SummaryList, type SummaryRow, Tag } from '../../../ui/parts.tsx';
import { numbersIn } from '../../numbers.ts';
import type { ShownFacts } from './page.tsx';

const GIGABYTE = 1024 ** 3;

/** Words, with a sign where they deserve a look. */
export function Standing({ isRight, children }: { isRight: boolean; children: ComponentChildren }) {
  return isRight ? children : <Tag kind="warn">{children}</Tag>;
}

/** How it runs at this moment: the address, versions, the worker, backups, the disk, certificates. */
export function Now(shown: ShownFacts & { baseUrl: string }) {
  const { visit, facts, baseUrl } = shown;
  const { t } = visit;
  const { stored, disk } = facts;
  const looks = looksOf(facts);
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
        <Standing isRight={false}>
          {t(facts.database === 'busy' ? 'operating.database.busy' : 'operating.database.away')}
        </Standing>
      ),
    },
    ...(facts.standby ? [standbyRow(t, facts.standby)] : []),
    ...(stored ? storedRows(shown, stored) : []),
    {
      label: t('operating.disk'),
      value: disk ? (
        <Standing isRight={!looks.includes('disk')}>
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
      {stored ? null : <p>{t('operating.database.missing')}</p>}
      <SummaryList rows={rows} />
    </section>
  );
}

function standbyRow(t: Translate, { isUsed, trouble, behindSeconds }: StandbyState): SummaryRow {
  const seconds = Math.round(behindSeconds ?? 0);
  return {
    label: t('operating.standby'),
    value: (
      <Standing isRight={isUsed}>
        {trouble ? t(`operating.standby.${trouble}`) : t('operating.standby.used', { seconds })}
      </Standing>
    ),
  };
}

/** Says first whether anything needs a look, and what. */
export function Looks({ t, facts }: { t: Translate; facts: OperatingFacts }) {
  const looks = looksOf(facts);
  if (looks.length === 0) return <Notice kind="good">{t('operating.calm')}</Notice>;
  const what = listIn(
    t.language,
    looks.map((each) => t(NAMES[each])),
  );
  return <Notice kind="warn">{t('operating.look', { what })}</Notice>;
}

/** What the page calls each. */
const NAMES: Record<Look, MessageKey> = {
  database: 'operating.database',
  worker: 'operating.worker',
  backup: 'operating.backup',
  drill: 'operating.drill',
  disk: 'operating.disk',
  jobs: 'operating.jobs',
  mail: 'operating.queue.mail',
  sms: 'operating.queue.sms',
  staff_mail: 'operating.queue.staff_mail',
  webhooks: 'operating.queue.webhooks',
  'certificate.address': 'operating.certificate.address',
  'certificate.seal': 'operating.certificate.seal',
};

const listIn = (language: string, names: readonly string[]): string =>
  new Intl.ListFormat(language).format(names);

function storedRows(shown: ShownFacts, stored: StoredFacts): SummaryRow[] {
  const { visit, facts } = shown;
  const { t } = visit;
  const pass = stored.jobs.find(({ what }) => what === NOTING)?.ranAt ?? null;
  const isAtWork = !looksOf(facts).includes('worker');
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
  if (failedDrill && looksOf(shown.facts).includes('drill'))
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
  const isSoon = looksOf(facts).includes(`certificate.${of}`);
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
