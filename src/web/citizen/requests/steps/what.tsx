import type { RequestQuestion } from '../../../../domain/requests/schema.ts';
import { type RawAnswers, REQUEST_LENGTH } from '../../../../features/service/requests/rules.ts';
import type { WriteMistakes } from '../../../../features/service/requests/service.ts';
import { Button } from '../../../../ui/buttons.tsx';
import { Checkboxes, Radios, TextArea, TextInput } from '../../../../ui/forms.tsx';
import { Say } from '../../../../ui/parts.tsx';
import { type Form, readForm } from '../../../form.ts';
import type { CitizenDeps } from '../../visit.tsx';
import {
  actionOf,
  mistakeText,
  onward,
  problemsOf,
  stepPage,
  type Writing,
  withWriting,
} from './frame.tsx';

interface Typed {
  text: string;
  answers: RawAnswers;
}

/** The name of the field of a question. */
const fieldOf = ({ id }: Pick<RequestQuestion, 'id'>): string => `q-${id}`;

/** `…/request/{secret}/what`: what it is about, and the questions of its type. */
export function whatPage(deps: CitizenDeps) {
  return {
    get: withWriting(deps, (writing) => {
      const { text, answers } = writing.row;
      const raw = Object.entries(answers).map(([id, given]) => [id, [given].flat()] as const);
      return show(writing, { text, answers: Object.fromEntries(raw) });
    }),

    post: withWriting(deps, async (writing) => {
      const { viewer, office, id, c } = writing.visit;
      const typed = typedIn(await readForm(c), writing.type.questions);
      const done = await deps.requests.writeText(viewer, office, id, typed);
      return 'mistakes' in done ? show(writing, typed, done.mistakes) : onward(writing, 'what');
    }),
  };
}

const typedIn = (form: Form, questions: readonly RequestQuestion[]): Typed => ({
  text: form.lines('text'),
  answers: Object.fromEntries(questions.map((each) => [each.id, form.all(fieldOf(each))])),
});

function show(writing: Writing, typed: Typed, mistakes: WriteMistakes = {}): Response {
  const { visit, type } = writing;
  const { t } = visit;
  return stepPage(
    writing,
    'what',
    { title: t(`requests.what.title.${type.kind}`), problems: problemsOf(t, mistakes) },
    <>
      {type.help ? (
        <p class="lead">
          <Say of={type.help} t={t} />
        </p>
      ) : null}
      <form class="form" action={actionOf(visit, 'what')} method="post" novalidate>
        <TextArea
          name="text"
          label={t('requests.what.text')}
          hint={t('requests.what.text.hint')}
          value={typed.text}
          error={mistakes['text'] && mistakeText(t, mistakes['text'])}
          rows={6}
          maxLength={REQUEST_LENGTH}
        />
        {type.questions.map((question) => (
          <Question
            key={question.id}
            writing={writing}
            question={question}
            given={typed.answers[question.id] ?? []}
            error={
              mistakes[fieldOf(question)] &&
              mistakeText(t, mistakes[fieldOf(question)] ?? 'missing')
            }
          />
        ))}
        <Button>{t('requests.next')}</Button>
      </form>
    </>,
  );
}

function Question(props: {
  writing: Writing;
  question: RequestQuestion;
  given: readonly string[];
  error: string | undefined;
}) {
  const { writing, question, given, error } = props;
  const { t } = writing.visit;
  const { type, options = [], label, help, required } = question;
  const [value = ''] = given;
  const common = {
    name: fieldOf(question),
    label: (
      <>
        <Say of={label} t={t} />
        {required ? null : ` ${t('requests.optional')}`}
      </>
    ),
    hint: help ? <Say of={help} t={t} /> : undefined,
    error,
  };
  const shown = options.map(({ id, label: words }) => ({
    value: id,
    label: <Say of={words} t={t} />,
  }));
  if (type === 'choice') return <Radios {...common} value={value} options={shown} />;
  if (type === 'choices') return <Checkboxes {...common} values={given} options={shown} />;
  if (type === 'date') return <TextInput {...common} type="date" short value={value} />;
  if (type === 'number')
    return <TextInput {...common} inputMode="numeric" short value={value} autocomplete="off" />;
  return <TextInput {...common} value={value} autocomplete="off" />;
}
