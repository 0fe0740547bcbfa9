import { looksOf } from '../../../features/insight/operating/rules.ts';
import { QUEUES, type StoredFacts } from '../../../features/insight/operating/types.ts';
import type { Trouble } from '../../../lib/log/recent-troubles.ts';
import { Table } from '../../../ui/parts.tsx';
import { momentIn, Standing } from './now.tsx';
import type { ShownFacts } from './page.tsx';

type WithStored = ShownFacts & { stored: StoredFacts };

/** What waits to be sent, and what could not be delivered. */
export function Queues({ stored, ...shown }: WithStored) {
  const { t } = shown.visit;
  const looks = looksOf(shown.facts);
  const rows = QUEUES.map((name) => ({ name, ...stored.queues[name] }));
  return (
    <section>
      <Table
        caption={t('operating.queues')}
        wide="queues"
        columns={[
          { head: t('operating.queue'), cell: ({ name }) => t(`operating.queue.${name}`) },
          {
            head: t('operating.queue.waiting'),
            cell: ({ name, waiting }) => (
              <Standing isRight={!looks.includes(name)}>{waiting}</Standing>
            ),
            number: true,
          },
          {
            head: t('operating.queue.oldest'),
            cell: ({ oldest }) => (oldest ? momentIn(shown, oldest) : '–'),
          },
          { head: t('operating.queue.failed'), cell: ({ failed }) => failed, number: true },
        ]}
        rows={rows}
        keyOf={({ name }) => name}
      />
    </section>
  );
}

/** The background jobs that fail. */
export function Jobs({ stored, ...shown }: WithStored) {
  const { t } = shown.visit;
  const failing = stored.jobs.filter(({ failures }) => failures > 0);
  // What ran before nobody was at work says nothing about now.
  if (failing.length === 0 && looksOf(shown.facts).includes('worker')) return null;
  if (failing.length === 0) return <p>{t('operating.jobs.none', { count: stored.jobs.length })}</p>;
  return (
    <section>
      <Table
        caption={t('operating.jobs')}
        wide="jobs"
        columns={[
          { head: t('operating.job'), cell: ({ what }) => <span lang="en">{what}</span> },
          { head: t('operating.job.failures'), cell: ({ failures }) => failures, number: true },
          { head: t('operating.trouble.code'), cell: ({ trouble }) => trouble ?? '–' },
          {
            head: t('operating.job.last'),
            cell: ({ ranAt }) => (ranAt ? momentIn(shown, ranAt) : t('operating.job.never')),
          },
        ]}
        rows={failing}
        keyOf={({ what }) => what}
      />
    </section>
  );
}

/** The last warnings and errors of the log. It has neither names nor addresses of people. */
export function Troubles({ troubles, ...shown }: ShownFacts & { troubles: readonly Trouble[] }) {
  const { t } = shown.visit;
  return (
    <section>
      <h2>{t('operating.troubles')}</h2>
      {troubles.length === 0 ? (
        <p>{t('operating.troubles.none')}</p>
      ) : (
        <Table
          caption={t('operating.troubles.words')}
          wide="troubles"
          columns={[
            {
              head: t('operating.trouble'),
              cell: ({ message }) => <span lang="en">{message}</span>,
            },
            { head: t('operating.trouble.code'), cell: ({ code }) => code ?? '–' },
            { head: t('operating.trouble.at'), cell: ({ at }) => momentIn(shown, at) },
            { head: t('operating.trouble.times'), cell: ({ times }) => times, number: true },
          ]}
          rows={troubles}
          keyOf={({ message, code }) => `${message} ${code}`}
        />
      )}
    </section>
  );
}
