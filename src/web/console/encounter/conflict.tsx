import type { Conflict, DraftPart } from '../../../features/service/encounter/types.ts';
import { Notice } from '../../../ui/parts.tsx';
import type { DeskVisit } from '../visit.tsx';
import { itemIn, nameOf } from '../words.ts';

type Met = Pick<Conflict, 'current' | 'who' | 'collisions'>;

/**
 * Another person's text in the same place, with the choices. Its buttons belong to the form: each leads
 * to a page, with or
 * without scripts.
 */
export function ConflictPanel({ visit, conflict }: { visit: DeskVisit; conflict: Met }) {
  const { t } = visit;
  const { who, collisions } = conflict;
  const name = who ?? t('staff.actor.staff');
  return (
    <section id="conflict" aria-labelledby="conflict-title" tabIndex={-1}>
      <Notice kind="warn">
        <h3 id="conflict-title">{t('attending.conflict.title', { who: name })}</h3>
        <p>{t(collisions.length > 0 ? 'attending.conflict.text' : 'attending.conflict.merged')}</p>
        {collisions.map((part) => (
          <Theirs key={part} visit={visit} conflict={conflict} part={part} />
        ))}
        {collisions.length > 0 ? (
          <p>
            <button type="submit" name="action" value="save" class="button quiet">
              {t('attending.conflict.keep')}
            </button>
          </p>
        ) : null}
      </Notice>
    </section>
  );
}

function Theirs({ visit, conflict, part }: { visit: DeskVisit; conflict: Met; part: DraftPart }) {
  const { t } = visit;
  return (
    <div class="theirs">
      <h4>{t(`staff.encounter.${part}`)}</h4>
      <div class="typed">{said(visit, conflict, part) || t('attending.conflict.nothing')}</div>
      <p class="row">
        <button type="submit" name="action" value={`take-${part}`} class="link">
          {t('attending.conflict.take')}
          <span class="hide"> {t(`staff.encounter.${part}`)}</span>
        </button>
        {part === 'notes' || part === 'items' ? (
          <button type="submit" name="action" value={`both-${part}`} class="link">
            {t('attending.conflict.both')}
            <span class="hide"> {t(`staff.encounter.${part}`)}</span>
          </button>
        ) : null}
      </p>
    </div>
  );
}

function said({ t, office }: DeskVisit, { current }: Met, part: DraftPart): string {
  const { outcomes, wrapUpCodes } = office.settings;
  switch (part) {
    case 'items':
      return current.items
        .map((each) =>
          [itemIn(t, office, each), each.outcome && nameOf(t, outcomes, each.outcome)]
            .filter(Boolean)
            .join(' – '),
        )
        .join('\n');
    case 'identity':
      return current.identity ? t(`staff.identity.${current.identity}`) : '';
    case 'wrapUp':
      return current.wrapUp ? nameOf(t, wrapUpCodes, current.wrapUp) : '';
    case 'notes':
    case 'identityNote':
      return current[part];
  }
}
