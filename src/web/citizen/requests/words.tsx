import type { RequestQuestion } from '../../../domain/requests/schema.ts';
import {
  type RequestAnswers,
  type RequestEvent,
  WITHDRAWN,
} from '../../../features/service/requests/types.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import { requestReasonText } from '../../words/request-states.tsx';
import type { OfficeVisit } from '../visit.tsx';

/** What the office answered to everybody who told the same; nothing where it did not. */
export const AnswerForAll = ({ t, text }: { t: Translate; text: string }) =>
  text === '' ? null : (
    <section class="stack" aria-labelledby="shared">
      <h2 id="shared">{t('requests.own.shared')}</h2>
      <p class="said" dir="auto">
        {text}
      </p>
    </section>
  );

/** Returns the answer to a question of a type, in words. */
export function answerText(
  t: Translate,
  { id, type, options = [] }: RequestQuestion,
  answers: RequestAnswers,
  dates: OfficeVisit['dates'],
): string {
  const given = [answers[id] ?? []].flat();
  if (type === 'date' && given[0])
    return dates.longDay(Temporal.Instant.from(`${given[0]}T12:00:00Z`));
  if (type !== 'choice' && type !== 'choices') return given.join(', ');
  return given
    .map((each) => textIn(options.find((option) => option.id === each)?.label, t.language) || each)
    .join(', ');
}

/** Returns what happened, in plain words; null: it says nothing to people. `isOwn`: who sent it reads it, and not others who follow it. */
export function eventText(
  { t, office }: Pick<OfficeVisit, 't' | 'office'>,
  { kind, to, from, data }: RequestEvent,
  { isOwn }: { isOwn: boolean },
): string | null {
  if (isOwn && (kind === 'link_given' || kind === 'last_call' || kind === 'called'))
    return t(`requests.event.${kind}`);
  if (kind === 'sent' || kind === 'anonymised' || kind === 'merged_here' || kind === 'left')
    return t(`requests.event.${kind}`);
  if (kind !== 'moved' || to === null) return null;
  if (data.reason === WITHDRAWN)
    return t(isOwn ? 'requests.event.withdrawn' : 'requests.event.withdrawn.other');
  if (data.step === 'reopen') return t('requests.event.reopened');
  if (data.step === 'separate') return t('requests.event.separated');
  if (from === 'asked' && (data.step === 'reply' || data.step === 'resume'))
    return t('requests.event.goes_on');
  if (to !== 'refused' || !data.reason) return t(`requests.event.to.${to}`);
  return t('requests.event.refused', { reason: requestReasonText(t, office, data.reason) });
}
