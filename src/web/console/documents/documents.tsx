import { bookedBundle } from '../../../domain/office/bundle.ts';
import { documentsFor } from '../../../domain/office/requested.ts';
import { limitsOf, stoppedIn } from '../../../features/service/documents/rules.ts';
import type { DocumentEntry } from '../../../features/service/documents/types.ts';
import type { Dossier } from '../../../features/service/encounter/types.ts';
import { Notice, Say } from '../../../ui/parts.tsx';
import { formatWhy, StandingTag } from '../../words/documents.tsx';
import { formatPeriod } from '../../words/periods.ts';
import type { DeskVisit } from '../visit.tsx';

interface Props {
  visit: DeskVisit;
  dossier: Dossier;
  /** Null: this viewer may not see them. */
  papers: readonly DocumentEntry[] | null;
  /** The number of the citizen's rejected documents; null: this viewer may not see it. */
  refusals: number | null;
}

/** The documents of an appointment: the requested and arrived ones, the results, and the evidence. */
export function DocumentsSection({ visit, dossier, papers, refusals }: Props) {
  const { t, office } = visit;
  const { appointment } = dossier;
  const booked = bookedBundle(office, appointment);
  const asked = booked ? documentsFor(booked, appointment) : [];
  const there = (papers ?? []).filter((each) => !each.destroyedAt);
  const inbox = there.filter((each) => each.kind === 'inbox');
  if (asked.length === 0 && papers === null) return null;
  const others = inbox.filter(({ requested }) => !asked.some(({ code }) => code === requested));
  const group = (title: string, entries: readonly DocumentEntry[]) =>
    entries.length > 0 ? (
      <>
        <h3>{title}</h3>
        <Files visit={visit} dossier={dossier} entries={entries} />
      </>
    ) : null;
  return (
    <section class="stack" id="papers" aria-labelledby="papers-title">
      <h2 id="papers-title">{t('documents.desk.title')}</h2>
      {stoppedIn(there).length > 0 ? (
        <Notice kind="warn">
          {t('documents.desk.stopped', { count: stoppedIn(there).length })}
        </Notice>
      ) : null}
      {papers && inbox.length === 0 ? <p class="soft">{t('documents.desk.none')}</p> : null}
      {refusals ? <p class="soft">{t('documents.desk.refusals', { count: refusals })}</p> : null}
      <ul class="asked">
        {asked.map((each) => (
          <li key={each.code}>
            <Say of={each.name} t={t} />
            {each.required ? '' : ` (${t('staff.documents.optional')})`}
            {each.note ? (
              <span class="soft">
                {' '}
                <Say of={each.note} t={t} />
              </span>
            ) : null}
            <Files
              visit={visit}
              dossier={dossier}
              entries={inbox.filter(({ requested }) => requested === each.code)}
            />
          </li>
        ))}
      </ul>
      {group(t('documents.desk.others'), others)}
      {group(
        t('documents.desk.results'),
        there.filter((each) => each.kind === 'outbox'),
      )}
      {group(
        t('documents.desk.evidence'),
        there.filter((each) => each.kind === 'evidence'),
      )}
      {papers ? <AddResult visit={visit} dossier={dossier} /> : null}
    </section>
  );
}

function Files(props: Pick<Props, 'visit' | 'dossier'> & { entries: readonly DocumentEntry[] }) {
  const { visit, dossier, entries } = props;
  const { t, base } = visit;
  if (entries.length === 0) return null;
  return (
    <ul class="unmarked">
      {entries.map((each) => (
        <li key={each.id}>
          <a href={`${base}/appointment/${dossier.appointment.id}/documents/${each.id}`}>
            {each.name}
          </a>{' '}
          <StandingTag t={t} entry={each} />
          {formatWhy(t, each) ? <span class="soft small"> {formatWhy(t, each)}</span> : null}
        </li>
      ))}
    </ul>
  );
}

/** A form that adds a result; the citizen gets a notice after the check. */
function AddResult({ visit, dossier }: Pick<Props, 'visit' | 'dossier'>) {
  const { t, base, office } = visit;
  const megabytes = Math.floor(limitsOf(office.settings).file / 1_000_000);
  const { codes } = office.settings.verification;
  return (
    <form
      method="post"
      action={`${base}/appointment/${dossier.appointment.id}/documents`}
      enctype="multipart/form-data"
      class="stack"
    >
      <div class="field">
        <label for="result">{t('documents.desk.add')}</label>
        <p class="hint" id="result-hint">
          {t('documents.desk.addHint', { megabytes })}
        </p>
        <input id="result" name="file" type="file" aria-describedby="result-hint" />
      </div>
      {codes === 'never' ? null : (
        <div class="choice">
          <input
            id="result-code"
            name="code"
            type="checkbox"
            value="1"
            checked={codes === 'usual'}
            aria-describedby="result-code-hint"
          />
          <label for="result-code">{t('verification.desk.give')}</label>
        </div>
      )}
      {codes === 'never' ? null : (
        <p class="choice-hint" id="result-code-hint">
          {t('verification.desk.giveHint', {
            period: formatPeriod(t, office.settings.retention.evidenceDays),
          })}
        </p>
      )}
      <button type="submit" class="button quiet">
        {t('documents.desk.addButton')}
      </button>
    </form>
  );
}
