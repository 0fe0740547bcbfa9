import type { ComponentChildren } from 'preact';
import { TextArea } from '../../../ui/forms.tsx';
import { Tag } from '../../../ui/parts.tsx';
import { dueIn, type Names, teamName, whenIn } from '../cases/words.ts';
import type { DeskVisit } from '../visit.tsx';

/** A row of an inbox: when it is due, and who handles it. */
interface HandledRow {
  due: Temporal.PlainDate | null;
  closedAt: Temporal.Instant | null;
  assignee: number | null;
  team: string | null;
}

/**
 * The cells of when something is due and who handles it. `standsStill`: what is said in place of the day while the term stands still; `nobody`: where it has
 * no team either.
 */
export function DueAndWho(props: {
  visit: DeskVisit;
  names: Names;
  row: HandledRow;
  nobody: string;
  standsStill?: string | undefined;
}) {
  const { visit, names, row, nobody, standsStill } = props;
  const { t } = visit;
  const due = dueIn(visit, row.due);
  return (
    <>
      <td>
        {row.closedAt ? (
          t('caseDesk.closedAt', { when: whenIn(visit, row.closedAt) })
        ) : standsStill ? (
          <span class="soft">{standsStill}</span>
        ) : due.kind ? (
          <Tag kind={due.kind}>{due.text}</Tag>
        ) : (
          due.text
        )}
      </td>
      <td>
        {row.assignee === null ? (
          <span class="soft">{(row.team && teamName(visit, row.team)) || nobody}</span>
        ) : (
          (names.get(row.assignee) ?? '')
        )}
      </td>
    </>
  );
}

/** What officials write for each other. `nameOf`: who wrote it; `children`: the way to write another one. */
export function Notes(props: {
  visit: DeskVisit;
  notes: readonly { id: string | number; at: Temporal.Instant; by: string; text: string }[];
  nameOf(by: string): string;
  children?: ComponentChildren;
}) {
  const { visit, notes, nameOf, children } = props;
  const { t } = visit;
  return (
    <section aria-labelledby="notes">
      <h2 id="notes">{t('caseDesk.notes')}</h2>
      <p class="small soft">{t('caseDesk.notes.text')}</p>
      {notes.map(({ id, at, by, text }) => (
        <article key={id} class="case-note">
          <p class="small soft">
            {t('caseDesk.by', { name: nameOf(by), when: whenIn(visit, at) })}
          </p>
          <p class="said">{text}</p>
        </article>
      ))}
      {children}
    </section>
  );
}

/** The form of a new note. `at`: the page of what it is about. */
export function NoteForm(props: {
  visit: DeskVisit;
  at: string;
  typed: { text: string; error?: string | undefined } | undefined;
  most: number;
}) {
  const { visit, at, typed, most } = props;
  const { t } = visit;
  return (
    <form method="post" action={`${at}/note`}>
      <TextArea
        name="note"
        label={t('caseDesk.note')}
        value={typed?.text}
        error={typed?.error}
        rows={3}
        maxLength={most}
        action="notes"
      />
      <button type="submit" class="button quiet small">
        {t('caseDesk.note.add')}
      </button>
    </form>
  );
}
