import type { ActEntry } from '../../../features/service/consent/types.ts';
import type { Dossier } from '../../../features/service/encounter/types.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import { ActTag } from '../../words/acts.tsx';
import type { DeskVisit } from '../visit.tsx';

export interface ActsProps {
  visit: DeskVisit;
  dossier: Dossier;
  /** Null: this viewer may not see them. */
  acts: readonly ActEntry[] | null;
}

/**
 * The acts of an appointment, and the link to prepare one during the encounter. The `console` island
 * keeps it unchanged.
 */
export function ActsSection({ visit, dossier, acts }: ActsProps) {
  const { t, base, office, dates } = visit;
  const { id, status } = dossier.appointment;
  const isAttended = status === 'in_progress' && office.settings.acts.length > 0;
  if (!acts || (acts.length === 0 && !isAttended)) return null;
  const here = `${base}/appointment/${id}`;
  return (
    <section class="stack" id="acts" data-from={here} aria-labelledby="acts-title">
      <h2 id="acts-title">{t('acts.desk.title')}</h2>
      {acts.length > 0 ? (
        <ul class="unmarked">
          {acts.map((each) => (
            <li key={each.id}>
              <a href={`${here}/acts/${each.id}#acts`}>{actName(visit, each)}</a>{' '}
              <ActTag t={t} state={each.state} />{' '}
              <span class="soft small">{dates.time(each.settledAt ?? each.preparedAt)}</span>
            </li>
          ))}
        </ul>
      ) : null}
      {isAttended ? (
        <p>
          <a href={`${here}/act#prepare`}>{t('acts.desk.new')}</a>
        </p>
      ) : null}
    </section>
  );
}

/** The link back to the encounter, as the next action when nothing can be done here. */
export function BackAction({ t, href }: { t: Translate; href: string }) {
  return (
    <p class="action">
      <a class="button" id="action" href={href}>
        {t('acts.desk.back')}
      </a>
    </p>
  );
}

/** Returns the office's present name for an act. */
export function actName(
  { t, office }: DeskVisit,
  { template }: Pick<ActEntry, 'template'>,
): string {
  const act = office.settings.acts.find((each) => each.code === template);
  return act ? textIn(act.name, t.language) : template;
}
