import type { ComponentChildren } from 'preact';
import type { PageKey } from '../../../domain/office/clips.ts';
import { type InterpretedLanguage, WRITTEN } from '../../../lib/i18n/interpreted.ts';
import { type ShortKey, shortIn } from '../../../lib/i18n/short.ts';
import type { MessageKey, Translate } from '../../../lib/i18n/translate.ts';
import { pageKeyOf } from '../page-key.ts';

/** The words of the pages of a booking that a reader of another language meets, and the text that each stands for. */
const WORDS: readonly [MessageKey, ShortKey][] = [
  ['interpreter.word.day', 'word.day'],
  ['interpreter.word.time', 'word.time'],
  ['citizen.details.name', 'word.name'],
  ['citizen.details.phone', 'word.phone'],
  ['citizen.details.email', 'word.email'],
  ['citizen.continue', 'word.continue'],
  ['citizen.check.confirm', 'word.confirm'],
  ['citizen.manage.change', 'word.change'],
  ['citizen.manage.cancel', 'word.cancel'],
];

/** The words of the pages with their meaning in another language. */
export function Words({ t, language }: { t: Translate; language: InterpretedLanguage }) {
  return (
    <dl class="summary">
      {WORDS.map(([word, meaning]) => (
        <div key={word}>
          <dt>
            <bdi lang={t.language}>{t(word)}</bdi>
          </dt>
          <dd>{shortIn(language, meaning)}</dd>
        </div>
      ))}
    </dl>
  );
}

/** What a page asks for, and the button that leads on; pages that are not here have no guide. */
const STEPS: Partial<Record<PageKey, { text: ShortKey; button?: MessageKey }>> = {
  procedure: { text: 'step.procedure', button: 'citizen.procedure.seeTimes' },
  times: { text: 'step.times', button: 'citizen.continue' },
  details: { text: 'step.details', button: 'citizen.continue' },
  check: { text: 'step.check', button: 'citizen.check.confirm' },
  appointment: { text: 'step.appointment' },
};

/** What to do on this page, in the language of the interpreter that is asked for. It comes before the page's own content. */
export function Guide(props: { t: Translate; path: string; language: InterpretedLanguage }) {
  const { t, path, language } = props;
  const key = pageKeyOf(path);
  const step = key && STEPS[key];
  if (!step) return null;
  const { tag, dir } = WRITTEN[language];
  return (
    <div class="guide no-print" lang={tag} dir={dir}>
      <p>
        <Filled text={shortIn(language, step.text)}>
          {step.button ? (
            <strong lang={t.language} dir="ltr">
              {t(step.button)}
            </strong>
          ) : null}
        </Filled>
      </p>
      <details>
        <summary>{shortIn(language, 'words')}</summary>
        <Words t={t} language={language} />
      </details>
    </div>
  );
}

/** A text with its blank `{button}` filled in. */
function Filled({ text, children }: { text: string; children: ComponentChildren }) {
  const [before, after] = text.split('{button}');
  if (after === undefined) return <>{text}</>;
  return (
    <>
      {before}
      {children}
      {after}
    </>
  );
}
