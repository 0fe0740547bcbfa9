import type { Translate } from '../../../lib/i18n/translate.ts';
import { Button } from '../../../ui/buttons.tsx';
import { BackLink, Notice } from '../../../ui/parts.tsx';
import { TRIALS, type Trial, type Trials } from '../types.ts';

export interface ItProps {
  t: Translate;
  trials: Trials;
  /** What keeps this page's forms from being sent by another site. */
  token: string;
  /** What was asked for and could not be begun; null: nothing. */
  refused: Trial | null;
}

/** `/demo/it`: what somebody of IT wants to see run: the operator's commands, and a mail server that fails. */
export function ItPage({ t, trials, token, refused }: ItProps) {
  const last = trials.last();
  const isFailing = trials.mail.isFailing();
  return (
    <>
      <BackLink href="/demo">{t('notices.demo.back')}</BackLink>
      <h1>{t('demo.it')}</h1>
      <p class="lead">{t('demo.it.lead')}</p>
      {refused ? (
        <Notice kind="warn">
          {t(refused === 'drill' && !trials.hasBackup() ? 'demo.it.noBackup' : 'demo.it.busy')}
        </Notice>
      ) : null}
      <h2>{t('demo.it.commands')}</h2>
      <form action="/demo/it/run" method="post">
        <input type="hidden" name="token" value={token} />
        <ul class="lists personas">
          {TRIALS.map((each) => (
            <li key={each}>
              <Button kind="quiet" name="what" value={each}>
                {t(`demo.it.${each}`)}
              </Button>
              <p>{t(`demo.it.${each}.text`)}</p>
            </li>
          ))}
        </ul>
      </form>
      {last ? (
        <p>
          <a href="/demo/it/run">{t(last.ended ? 'demo.it.last' : 'demo.it.running')}</a>{' '}
          <code>{last.command}</code>
        </p>
      ) : null}
      <h2 id="mail">{t('demo.it.mail')}</h2>
      <Notice kind={isFailing ? 'warn' : 'good'}>
        {t(isFailing ? 'demo.it.mail.fails' : 'demo.it.mail.works')}
      </Notice>
      <form action="/demo/it/mail" method="post">
        <input type="hidden" name="token" value={token} />
        <Button kind="quiet" name="fails" value={isFailing ? 'no' : 'yes'}>
          {t(isFailing ? 'demo.it.mail.mend' : 'demo.it.mail.break')}
        </Button>
      </form>
      <p>{t('demo.it.mail.text')}</p>
      <form action="/demo/enter" method="post">
        <Button kind="quiet" name="who" value="biel">
          {t('demo.it.biel')}
        </Button>
      </form>
    </>
  );
}

/** Stands where the output of a command comes, as it comes. Text of a page never has it. */
export const OUTPUT = '\u0001output\u0001';

/** `/demo/it/run`: what a command prints, as it prints it. */
export function RunPage({ t, trials }: Pick<ItProps, 't' | 'trials'>) {
  const run = trials.last();
  return (
    <>
      <BackLink href="/demo/it">{t('demo.it.back')}</BackLink>
      <h1>{t(`demo.it.${run?.what ?? 'doctor'}`)}</h1>
      <p>{t('demo.it.live')}</p>
      <section class="output" aria-label={t('demo.it.output')}>
        <pre lang="en">
          <strong>$ {run?.command}</strong>
          {'\n'}
          {OUTPUT}
        </pre>
      </section>
      <p>
        <a href="/demo/it">{t('demo.it.back')}</a>
      </p>
    </>
  );
}
