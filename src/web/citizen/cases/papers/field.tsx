import type { FileAnswer } from '../../../../domain/form/answers/things.ts';
import type { AppliedQuestion } from '../../../../domain/form/applied.ts';
import type { QuestionOf } from '../../../../domain/form/questions.ts';
import { isKept } from '../../../../features/service/documents/rules.ts';
import type { CasePaper } from '../../../../features/service/documents/types.ts';
import { Button, LinkButton } from '../../../../ui/buttons.tsx';
import { Say } from '../../../../ui/parts.tsx';
import { formatSize, formatWhy, StandingTag } from '../../../words/documents.tsx';
import type { Filling } from '../filling.ts';
import { fieldName } from '../mistakes.ts';
import { Label, spokenLabel } from '../words.tsx';

/** The buttons of a question for files: what each of them is named in the form that is sent. */
export const ADD = 'attach';
export const REMOVE = 'drop';
export const USE = 'use';
export const BRING = 'bring';

/** The query of a page from which a file was brought to an appointment: its document. */
export const BROUGHT = 'brought';

interface Props {
  filling: Filling;
  on: AppliedQuestion;
  question: QuestionOf<'file'>;
  /** Whether it is the one question of its page, whose title it is. */
  isAlone: boolean;
  error: string | undefined;
}

/** A question that is answered with files: those that are there, and a field for more. It works without scripts. */
export function FilesField({ filling, on, question, isAlone, error }: Props) {
  const { t } = filling.visit;
  const name = fieldName(question);
  const files = Array.isArray(on.answer) ? (on.answer as FileAnswer[]) : [];
  const { most } = question;
  const isFull = files.length >= most;
  return (
    <div class={error ? 'field wrong stack' : 'field stack'}>
      {isAlone ? (
        <h1>
          <Label of={question} t={t} />
        </h1>
      ) : (
        <p>
          <strong>
            <Label of={question} t={t} />
          </strong>
        </p>
      )}
      {question.help ? (
        <p class="hint">
          <Say of={question.help} t={t} />
        </p>
      ) : null}
      {files.length > 0 ? (
        <ul class="sent" aria-label={`${t('case.paper.here')}: ${spokenLabel(question, t)}`}>
          {files.map((file) => (
            <li key={file.document} class="stack">
              <File filling={filling} file={file} question={question} />
            </li>
          ))}
        </ul>
      ) : null}
      {isFull ? (
        <p class="soft" id={name}>
          {t('case.paper.full', { most })}
        </p>
      ) : (
        <Choose
          filling={filling}
          question={question}
          name={name}
          error={error}
          isMultiple={most - files.length > 1}
        />
      )}
      {isFull ? null : <FromSpaces filling={filling} question={question} files={files} />}
    </div>
  );
}

/** Returns whether a file and a document of an appointment seem to be one, so that it isn't offered twice. */
const isSame = ({ name, bytes }: FileAnswer, paper: { name: string; size: number }): boolean =>
  name === paper.name && bytes === paper.size;

/** The documents of the person's appointments about the case, each with the button that answers with it. */
function FromSpaces(props: {
  filling: Filling;
  question: QuestionOf<'file'>;
  files: readonly FileAnswer[];
}) {
  const { filling, question, files } = props;
  const { t, dates } = filling.visit;
  const spaces = filling.spaces.map((each) => ({
    ...each,
    papers: each.papers.filter((paper) => !files.some((file) => isSame(file, paper))),
  }));
  return (
    <>
      {spaces
        .filter(({ papers }) => papers.length > 0)
        .map(({ appointment, start, papers }) => (
          <section key={appointment} class="stack">
            <p>{t('talking.papers.here', { day: dates.longDay(start) })}</p>
            <ul class="sent">
              {papers.map(({ id, name, size }) => (
                <li key={id} class="row">
                  <span class="said">{name}</span>
                  <span class="soft">{formatSize(t, size)}</span>
                  <LinkButton name={USE} value={`${question.id} ${appointment} ${id}`}>
                    {t('talking.papers.use')}
                    <span class="hide"> {name}</span>
                  </LinkButton>
                </li>
              ))}
            </ul>
          </section>
        ))}
    </>
  );
}

/** A file that is there: its size, how it stands with its check, and the button that takes it out. */
function File(props: { filling: Filling; file: FileAnswer; question: QuestionOf<'file'> }) {
  const { filling, file, question } = props;
  const { t } = filling.visit;
  const paper = filling.opened.papers.find(({ id }) => id === file.document);
  const isThere = paper !== undefined && paper.state !== 'receiving';
  const why = paper && isThere ? whyOf(filling, paper) : t('case.paper.lost', { name: file.name });
  return (
    <>
      <p class="row">
        <span class="said">{file.name}</span>
        <span class="soft">{formatSize(t, file.bytes)}</span>
        {paper && isThere ? (
          <StandingTag t={t} entry={{ state: paper.state, review: null }} />
        ) : null}
      </p>
      {why ? <p class={paper && isKept(paper.state) ? 'soft' : 'mend'}>{why}</p> : null}
      <p>
        <LinkButton name={REMOVE} value={`${question.id} ${file.document}`}>
          {t('case.paper.remove')}
          <span class="hide"> {file.name}</span>
        </LinkButton>
      </p>
      {paper?.state === 'clean' ? (
        <AtAppointments filling={filling} file={file} question={question} />
      ) : null}
    </>
  );
}

/** At which appointments about the case a file is, and the buttons that bring it to the others. */
function AtAppointments(props: {
  filling: Filling;
  file: FileAnswer;
  question: QuestionOf<'file'>;
}) {
  const { filling, file, question } = props;
  const { t, dates, c } = filling.visit;
  const brought = c.req.query(BROUGHT) === file.document;
  return (
    <>
      {filling.spaces.map(({ appointment, start, takesPapers, papers }) => {
        const day = dates.longDay(start);
        if (papers.some((each) => isSame(file, each)))
          return (
            <p key={appointment} class="soft" role={brought ? 'status' : undefined}>
              {t('talking.papers.there', { day })}
            </p>
          );
        return takesPapers ? (
          <p key={appointment}>
            <LinkButton name={BRING} value={`${question.id} ${file.document} ${appointment}`}>
              {t('talking.papers.bring', { day })}
              <span class="hide"> {file.name}</span>
            </LinkButton>
          </p>
        ) : null;
      })}
    </>
  );
}

function whyOf({ visit: { t } }: Filling, paper: CasePaper): string | null {
  return paper.state === 'error' ? t('case.paper.slow') : formatWhy(t, paper);
}

/** The field in which files are chosen. */
function Choose(props: {
  filling: Filling;
  question: QuestionOf<'file'>;
  name: string;
  error: string | undefined;
  isMultiple: boolean;
}) {
  const { filling, question, name, error, isMultiple } = props;
  const { t } = filling.visit;
  const { accept, most, megabytes } = question;
  const kinds = accept.join(', ').toUpperCase();
  return (
    <>
      <label for={name}>
        {t('case.paper.choose', { most: isMultiple ? 2 : 1 })}
        <span class="hide">: {spokenLabel(question, t)}</span>
      </label>
      <p class="hint" id={`${name}-hint`}>
        {t('case.paper.hint', { most, kinds, megabytes })}
      </p>
      {error ? (
        <p class="mend" id={`${name}-error`}>
          {error}
        </p>
      ) : null}
      <input
        id={name}
        name={name}
        type="file"
        multiple={isMultiple}
        accept={accept.flatMap(endingsOf).join(',')}
        aria-describedby={`${name}-hint${error ? ` ${name}-error` : ''}`}
        aria-invalid={error ? 'true' : undefined}
      />
      <p>
        <Button kind="quiet" name={ADD} value={question.id}>
          {t('case.paper.add')}
          <span class="hide">: {spokenLabel(question, t)}</span>
        </Button>
      </p>
    </>
  );
}

/** Returns the endings of a kind, for the browser's list of files. */
const endingsOf = (kind: string): string[] =>
  kind === 'jpg' ? ['.jpg', '.jpeg'] : kind === 'heic' ? ['.heic', '.heif'] : [`.${kind}`];
