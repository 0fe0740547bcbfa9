import type { ComponentChildren } from 'preact';
import { type GivenLevel, isEnough } from '../../../domain/identity.ts';
import { asksAgain, canGive } from '../../../features/foundation/identification/rules.ts';
import type {
  OfferedProvider,
  Purpose,
  Transaction,
  Wanted,
} from '../../../features/foundation/identification/types.ts';
import { Checkboxes } from '../../../ui/forms.tsx';
import { BackLink, type ProblemLink, Say } from '../../../ui/parts.tsx';
import { type Form, readForm } from '../../form.ts';
import { Reach } from '../reaching.tsx';
import { formPage, Problems } from '../shared.tsx';
import type { CitizenDeps, Visit } from '../visit.tsx';
import { depart } from './depart.tsx';
import { failed } from './failed.tsx';
import { browserOf } from './session.ts';

/** The field of what must be ticked. */
const TICK = 'mine';

/** What somebody is asked to identify for. */
export interface Reason {
  /** The level that is demanded. */
  level: GivenLevel;
  purpose: Purpose;
  transaction: Transaction | null;
  /** The path where the browser goes on when it is done. */
  next: string;
  /** The path of this page. */
  here: string;
  /** The path back, without being identified. */
  back: string;
  /** The title of the page; absent: that somebody identifies. */
  title?: string;
  /** Why it is asked, in a sentence. */
  why: string;
  /** What the page says besides. */
  more?: ComponentChildren;
  /** What the form has besides the provider. */
  hidden?: { name: string; value: string };
  /** What must be ticked first, and what is said where it is not; absent: nothing must. */
  tick?: { label: string; missing: string };
}

/**
 * Shows the providers, in the order of the town. Those whose level is too low are named too, with the reason, so that nobody looks for
 * them.
 */
export async function showProviders(
  deps: CitizenDeps,
  visit: Visit,
  reason: Reason,
  problems: readonly ProblemLink[] = [],
): Promise<Response> {
  const { t, session } = visit;
  const offered = await deps.identification.offered();
  const enough = offered.filter((each) => canGive(each, reason.level));
  const tooLow = offered.filter((each) => !canGive(each, reason.level));
  const title = reason.title ?? t('identify.title');
  return visit.show(
    formPage(title, problems),
    <>
      <BackLink href={reason.back}>{t('citizen.back')}</BackLink>
      <Problems t={t} problems={problems} />
      <h1>{title}</h1>
      <p class="lead">{reason.why}</p>
      {reason.more}
      {session && !asksAgain(reason.purpose) && !isEnough(session.level, reason.level) ? (
        <p class="note">{t('identify.higher', { level: t(`identify.level.${reason.level}`) })}</p>
      ) : null}
      {enough.length > 0 ? (
        <Choice visit={visit} reason={reason} providers={enough} mistake={problems[0]?.text} />
      ) : (
        <p>{t('identify.none')}</p>
      )}
      {tooLow.length > 0 ? <TooLow visit={visit} providers={tooLow} level={reason.level} /> : null}
      <section class="stack" aria-labelledby="without">
        <h2 id="without">{t('identify.without.title')}</h2>
        <p>{t('identify.without.text')}</p>
      </section>
      <Reach visit={visit} lead={t('identify.without.call')} />
    </>,
  );
}

function Choice(props: {
  visit: Visit;
  reason: Reason;
  providers: readonly OfferedProvider[];
  mistake: string | undefined;
}) {
  const { visit, reason, providers, mistake } = props;
  const { here, hidden, tick } = reason;
  return (
    <form class="form" action={here} method="post">
      {hidden ? <input type="hidden" name={hidden.name} value={hidden.value} /> : null}
      {tick ? (
        <Checkboxes
          name={TICK}
          label={visit.t('identify.tick')}
          error={mistake}
          options={[{ value: 'yes', label: tick.label }]}
        />
      ) : null}
      <ul class="providers">
        {providers.map((each) => (
          <li key={each.code}>
            <Offered visit={visit} provider={each} />
          </li>
        ))}
      </ul>
    </form>
  );
}

function Offered({ visit, provider }: { visit: Visit; provider: OfferedProvider }) {
  const { t } = visit;
  const note = `note-${provider.code}`;
  return (
    <>
      <button
        type="submit"
        class="button wide-s quiet"
        name="provider"
        value={provider.code}
        aria-describedby={provider.note ? note : undefined}
      >
        <Say of={provider.name} t={t} />
      </button>
      {provider.note ? (
        <p class="soft" id={note}>
          <Say of={provider.note} t={t} />
        </p>
      ) : null}
    </>
  );
}

function TooLow(props: { visit: Visit; providers: readonly OfferedProvider[]; level: GivenLevel }) {
  const { visit, providers, level } = props;
  const { t } = visit;
  return (
    <section class="stack" aria-labelledby="too-low">
      <h2 id="too-low">{t('identify.tooLow.title')}</h2>
      <p>{t('identify.tooLow.text', { level: t(`identify.level.${level}`) })}</p>
      <ul>
        {providers.map((each) => (
          <li key={each.code}>
            <Say of={each.name} t={t} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Begins with the provider that was chosen. `sent`: the form, where it was read before. */
export async function startChosen(
  deps: CitizenDeps,
  visit: Visit,
  reason: Reason,
  sent?: Form,
): Promise<Response> {
  const form = sent ?? (await readForm(visit.c));
  const { level, purpose, transaction, next, here, back } = reason;
  const offered = await deps.identification.offered();
  const chosen = offered.find(({ code }) => code === form.line('provider'));
  if (!chosen || !canGive(chosen, level)) return showProviders(deps, visit, reason);
  if (reason.tick && form.text(TICK) !== 'yes')
    return showProviders(deps, visit, reason, [{ href: `#${TICK}`, text: reason.tick.missing }]);
  const wanted: Wanted = {
    provider: chosen.code,
    level,
    purpose,
    transaction,
    next,
    from: here,
    back,
    language: visit.language,
  };
  const started = await deps.identification.start(wanted, browserOf(visit.c));
  if (!started.ok) return failed(deps, visit, started.failed);
  const { departure, answerUrl, cookies } = started;
  return depart(visit, departure, { cookies, name: chosen.name, answerUrl, choice: here });
}
