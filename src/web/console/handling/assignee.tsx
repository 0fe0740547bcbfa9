import type { ComponentChildren } from 'preact';
import { can } from '../../../domain/roles.ts';
import { SelectField } from '../../../ui/forms.tsx';
import { Key } from '../key.tsx';
import type { DeskVisit } from '../visit.tsx';
import type { Person } from './people.ts';

/** A case is masculine and a request feminine in Catalan and Spanish. */
const WORDS = {
  caseDesk: {
    heading: 'caseDesk.column.assignee',
    you: 'caseDesk.assignee.you',
    take: 'caseDesk.take',
    giveBack: 'caseDesk.giveBack',
    release: 'caseDesk.release',
    giveTo: 'caseDesk.giveTo',
    give: 'caseDesk.give',
  },
  requestDesk: {
    heading: 'requestDesk.column.assignee',
    you: 'requestDesk.assignee.you',
    take: 'requestDesk.take',
    giveBack: 'requestDesk.giveBack',
    release: 'requestDesk.release',
    giveTo: 'requestDesk.giveTo',
    give: 'requestDesk.give',
  },
} as const;

interface AssigneeProps {
  visit: DeskVisit;
  /** The page of the case or the request, and which state of it that page shows. */
  at: string;
  seen: string | number;
  /** Whose words these are. */
  words: keyof typeof WORDS;
  assignee: number | null;
  /** Of whoever handles it. */
  name: string | undefined;
  /** Whether it may be taken, and given to somebody. */
  isOpen: boolean;
  people: readonly Person[];
  /** What follows: the team that has it. */
  children: ComponentChildren;
}

/** Who handles a case or a request: to take it, to give it back, and for those who coordinate, to give it to somebody. */
export function Assignee(props: AssigneeProps) {
  const { visit, at, seen, assignee, name, isOpen, people, children } = props;
  const { t, viewer } = visit;
  const words = WORDS[props.words];
  const isMine = assignee === viewer.staff;
  return (
    <section aria-labelledby="assignee">
      <h2 id="assignee">{t(words.heading)}</h2>
      <p>
        {assignee === null
          ? t('caseDesk.assignee.none')
          : isMine
            ? t(words.you)
            : (name ?? t('caseDesk.who.staff'))}
      </p>
      {isOpen ? (
        <form method="post" action={`${at}/assignee`} class="row">
          <input type="hidden" name="seen" value={seen} />
          {isMine ? null : (
            <button
              type="submit"
              class="button quiet small"
              name="to"
              value="me"
              data-action="takeCase"
            >
              {t(words.take)} <Key action="takeCase" />
            </button>
          )}
          {isMine || (assignee !== null && can(viewer, 'coordinate')) ? (
            <button type="submit" class="button quiet small" name="to" value="none">
              {t(isMine ? words.giveBack : words.release)}
            </button>
          ) : null}
        </form>
      ) : null}
      {isOpen ? (
        <GiveTo
          at={at}
          seen={seen}
          others={people.filter(({ staff }) => staff !== assignee && staff !== viewer.staff)}
          label={t(words.giveTo)}
          button={t(words.give)}
        />
      ) : null}
      {children}
    </section>
  );
}

/** A way to give it to a colleague; nothing where there is none. */
function GiveTo(props: {
  at: string;
  seen: string | number;
  others: readonly Person[];
  label: string;
  button: string;
}) {
  const { at, seen, others, label, button } = props;
  if (others.length === 0) return null;
  return (
    <form method="post" action={`${at}/assignee`} class="case-give">
      <input type="hidden" name="seen" value={seen} />
      <SelectField name="to" label={label}>
        {others.map(({ staff, name }) => (
          <option key={staff} value={String(staff)}>
            {name}
          </option>
        ))}
      </SelectField>
      <button type="submit" class="button quiet small">
        {button}
      </button>
    </form>
  );
}
