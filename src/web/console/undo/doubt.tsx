import type { Dossier, Doubt } from '../../../features/service/encounter/types.ts';
import { Notice } from '../../../ui/parts.tsx';
import type { DeskVisit } from '../visit.tsx';
import { whenIn } from '../words.ts';

export interface DoubtPanelProps {
  visit: DeskVisit;
  dossier: Dossier;
  doubt: Doubt;
  /** What was sent, to be sent again on a second press. `to`: the last part of its address. */
  sent: { to: 'attempt' | 'start'; fields: Readonly<Record<string, string>> };
}

/** The right region: the question before a step that is probably a mistake. Nothing was written yet. */
export function DoubtPanel({ visit, dossier, doubt, sent }: DoubtPanelProps) {
  const { base } = visit;
  const at = `${base}/appointment/${dossier.appointment.id}`;
  const { title, text, anyway, back } = wordsOf(visit, doubt);
  return (
    <section class="region work stack" aria-labelledby="doubt">
      <h2 id="doubt" tabIndex={-1} autofocus>
        {title}
      </h2>
      <Notice kind="warn">{text}</Notice>
      <form method="post" action={`${at}/${sent.to}`}>
        {Object.entries({ ...sent.fields, anyway: '1' }).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <div class="action row">
          <button type="submit" class="button quiet">
            {anyway}
          </button>
          <a
            class="button"
            id="action"
            href={doubt.reason === 'busy' ? `${base}/appointment/${doubt.other.id}` : at}
          >
            {back}
          </a>
        </div>
      </form>
    </section>
  );
}

function wordsOf(visit: DeskVisit, doubt: Doubt) {
  const { t, dates, now, office } = visit;
  const { reason } = doubt;
  const name = reason === 'busy' ? doubt.other.name : '';
  const values =
    reason === 'early'
      ? { now: dates.time(now), time: whenIn(visit, doubt.at), max: office.settings.attempts.max }
      : { name };
  return {
    title: t(`doubt.${reason}.title`),
    text: t(`doubt.${reason}.text`, values),
    anyway: t(`doubt.${reason}.anyway`),
    back: t(`doubt.${reason}.back`, { name }),
  };
}
