import type { ComponentChildren } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { eurosInWords, numberInWords } from '../../../domain/form/answers/amounts.ts';
import { feeBefore } from '../../../domain/form/fee.ts';
import type { Question } from '../../../domain/form/questions.ts';
import {
  conditionInWords,
  questionsOf,
  ruleInWords,
  type Wording,
} from '../../../domain/form/rules/words.ts';
import type { Form, Step } from '../../../domain/form/schema.ts';
import { KNOWN_STATES, type KnownState, statesOf } from '../../../domain/form/states.ts';
import { versionOf } from '../../../domain/form/version.ts';
import type { Language, Texts } from '../../../lib/i18n/languages.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import { translateTo } from '../../../lib/i18n/translate.ts';
import { limitInWords } from './limits.ts';

const STYLE = `
body { font: 1.05rem/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; color: #16202a; background: #fff }
h1, h2, h3 { line-height: 1.25; overflow-wrap: break-word } h1 { font-size: clamp(1.5rem, 7vw, 2rem) } h2 { margin-top: 2.5rem; border-top: 1px solid #d9d6cf; padding-top: 1rem }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem } dt { font-weight: 600 } dd { margin: 0 }
li { margin: .6rem 0 } .soft { color: #4a5763 } .rule { border-left: 4px solid #0b5d66; padding-left: .75rem }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #d9d6cf }
@media (max-width: 30rem) { dl { grid-template-columns: 1fr } dd { margin-bottom: .5rem } th, td { padding: .3rem .3rem; overflow-wrap: anywhere } table { font-size: .9rem } }
`;

/**
 * Returns a form as one HTML page for people who read no code: what it asks, its conditions in words, its fee, and what happens then. The page
 * has no scripts and needs no other file, so it can be sent by mail and printed.
 */
export function formPreview(form: Form, language: Language): string {
  const t = translateTo(language);
  const wording = { t, questions: questionsOf(form) };
  const title = textOf(form.title, t) || form.procedure;
  const page = (
    <html lang={language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{t('form.preview.title', { title })}</title>
        <style dangerouslySetInnerHTML={{ __html: STYLE }} />
      </head>
      <body>
        <main>
          <h1>{title}</h1>
          {form.summary && <p>{textOf(form.summary, t)}</p>}
          <p class="soft">
            {t('form.preview.version', {
              procedure: form.procedure,
              version: versionOf(form).sha256.slice(0, 12),
            })}
          </p>
          <p class="soft">{t('form.preview.note')}</p>
          <Summary form={form} wording={wording} />
          <Needs form={form} t={t} />
          {form.steps.map((step, index) => (
            <StepPart key={step.id} step={step} number={index + 1} wording={wording} />
          ))}
          <Declarations form={form} wording={wording} />
          <States form={form} t={t} />
        </main>
      </body>
    </html>
  );
  return `<!doctype html>\n${renderToString(page)}\n`;
}

/** Returns a text in the language of the page alone: one that is not translated is marked. */
function textOf(texts: Texts | undefined, t: Translate): string {
  if (!texts) return '';
  const other = Object.values(texts)[0] ?? '';
  return texts[t.language] ?? `${other} ${t('form.preview.missing')}`;
}

function Summary({ form, wording }: { form: Form; wording: Wording }) {
  const { t } = wording;
  const { decision, retention } = form;
  const silence = decision?.silence ?? '';
  const days = decision?.workingDays;
  const rows: [string, ComponentChildren][] = [
    [t('form.preview.identity'), t(`form.identity.${form.identity}`)],
    [
      t('form.preview.behalf'),
      t(form.onBehalf ? 'form.preview.behalf.yes' : 'form.preview.behalf.no'),
    ],
    [t('form.preview.fee'), feeInWords(form, wording)],
    [t('form.preview.sign'), t(`form.sign.${form.sign}`)],
    [
      t('form.preview.registry'),
      t(form.registry ? 'form.preview.registry.yes' : 'form.preview.registry.no'),
    ],
    [
      t('form.preview.kept'),
      t('form.preview.retention', { days: retention.draftDays, years: retention.closedYears }),
    ],
  ];
  if (form.minutes !== undefined)
    rows.splice(2, 0, [
      t('form.preview.time'),
      t('form.preview.minutes', { minutes: form.minutes }),
    ]);
  if (form.atOnce) rows.push([t('form.preview.atOnce'), atOnceInWords(form.atOnce, wording)]);
  if (decision)
    rows.push([
      t('form.preview.decision'),
      days === undefined
        ? t('form.preview.decision.months', { count: decision.months ?? 0, silence })
        : t('form.preview.decision.days', { count: days, silence }),
    ]);
  return (
    <>
      <h2>{t('form.preview.atAGlance')}</h2>
      <dl>
        {rows.map(([name, value]) => (
          <>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </>
        ))}
      </dl>
    </>
  );
}

function atOnceInWords({ when }: NonNullable<Form['atOnce']>, wording: Wording): string {
  const { t } = wording;
  const what = t('form.preview.atOnce.residence');
  if (when === undefined) return what;
  return `${what} ${t('form.preview.onlyIf', { rule: conditionInWords(when, wording) })}`;
}

function feeInWords(form: Form, wording: Wording): string {
  const { t } = wording;
  const fee = feeBefore(form);
  if (fee.kind === 'none') return t('form.preview.noFee');
  if (fee.kind === 'fixed') return eurosInWords(fee.cents, t.language);
  return t('form.preview.euros', { amount: ruleInWords(form.fee, wording) });
}

function Needs({ form, t }: { form: Form; t: Translate }) {
  if (form.needs.length === 0) return null;
  return (
    <>
      <h2>{t('form.preview.needs')}</h2>
      <ul>
        {form.needs.map((each) => (
          <li key={each.name}>
            {textOf(each.name, t)}
            {each.note && <div class="soft">{textOf(each.note, t)}</div>}
          </li>
        ))}
      </ul>
    </>
  );
}

function OnlyIf({ when, wording }: { when: unknown; wording: Wording }) {
  if (when === undefined) return null;
  const rule = conditionInWords(when, wording);
  return <p class="rule">{wording.t('form.preview.onlyIf', { rule })}</p>;
}

function StepPart({ step, number, wording }: { step: Step; number: number; wording: Wording }) {
  const { t } = wording;
  const title = textOf(step.title, t) || step.id;
  return (
    <section>
      <h2>{t('form.preview.step', { number, title })}</h2>
      {step.text && <p>{textOf(step.text, t)}</p>}
      <OnlyIf when={step.when} wording={wording} />
      <Questions questions={step.questions} wording={wording} />
    </section>
  );
}

function Questions({ questions, wording }: { questions: readonly Question[]; wording: Wording }) {
  return (
    <ol>
      {questions.map((each) => (
        <QuestionPart key={each.id} question={each} wording={wording} />
      ))}
    </ol>
  );
}

function QuestionPart({ question, wording }: { question: Question; wording: Wording }) {
  const { t } = wording;
  const isNeeded = question.type !== 'computed' && question.required;
  const details = [
    ...limitInWords(question, wording),
    ...(question.type === 'computed'
      ? []
      : [t(isNeeded ? 'form.preview.required' : 'form.preview.optional')]),
  ];
  const from = question.type === 'computed' ? undefined : question.from;
  return (
    <li>
      <strong>{textOf(question.label, t) || `${question.id} ${t('form.preview.missing')}`}</strong>
      {question.help && <div>{textOf(question.help, t)}</div>}
      <div class="soft">{details.join(' · ')}</div>
      <OnlyIf when={question.when} wording={wording} />
      {from && <div class="soft">{t('form.preview.from', { from })}</div>}
      {'options' in question && (
        <ul>
          {question.options.map((each) => (
            <li key={each.id}>
              {textOf(each.label, t) || each.id}
              {each.help && <div class="soft">{textOf(each.help, t)}</div>}
            </li>
          ))}
        </ul>
      )}
      {question.type === 'group' && <Questions questions={question.questions} wording={wording} />}
    </li>
  );
}

function Declarations({ form, wording }: { form: Form; wording: Wording }) {
  const { t } = wording;
  if (form.declarations.length === 0) return null;
  return (
    <>
      <h2>{t('form.preview.declarations')}</h2>
      <ul>
        {form.declarations.map((each) => (
          <li key={each.id}>
            {textOf(each.text, t) || each.id}
            <div class="soft">
              {t(each.required ? 'form.preview.required' : 'form.preview.optional')}
            </div>
            <OnlyIf when={each.when} wording={wording} />
          </li>
        ))}
      </ul>
    </>
  );
}

function States({ form, t }: { form: Form; t: Translate }) {
  const { names, transitions } = statesOf(form);
  const isKnown = (code: string): code is KnownState =>
    (KNOWN_STATES as readonly string[]).includes(code);
  const name = (code: string) =>
    Object.hasOwn(names, code)
      ? textOf(names[code], t)
      : isKnown(code)
        ? t(`form.state.${code}`)
        : code;
  const heads = [
    t('form.preview.from.state'),
    t('form.preview.to.state'),
    t('form.preview.who'),
    t('form.preview.deadline'),
  ];
  return (
    <>
      <h2>{t('form.preview.states')}</h2>
      <table>
        <thead>
          <tr>
            {heads.map((each) => (
              <th scope="col" key={each}>
                {each}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {transitions.map(({ from, to, who, deadline }) => (
            <tr key={`${from} ${to} ${who}`}>
              <td>{name(from)}</td>
              <td>{name(to)}</td>
              <td>{t(`form.actor.${who}`)}</td>
              <td>{deadline === undefined ? '' : numberInWords(deadline, t.language)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
