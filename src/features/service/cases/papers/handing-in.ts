import type { FileAt } from '../../../../domain/form/files.ts';
import type { Unit } from '../../../foundation/audit/service.ts';
import type { CasePapers } from '../../documents/service.ts';
import type { Case, HandInRefusal } from '../types.ts';
import { awaited, paperMistakes } from './rules.ts';

type PapersRefusal = Extract<HandInRefusal, { reason: 'invalid' | 'checking' }>;
type Which = Pick<Case, 'id' | 'office'>;

/** Returns why a case can't be handed in with these papers now; null: it can. */
export async function refusalOfPapers(
  papers: CasePapers,
  { tx, now }: Unit,
  { id, office }: Which,
  files: readonly FileAt[],
): Promise<PapersRefusal | null> {
  const there = await papers.list(tx, { office, case: id });
  const mistakes = paperMistakes(files, there);
  if (mistakes.length > 0) return { ok: false, reason: 'invalid', mistakes };
  const late = awaited(files, there, now);
  return late && { ok: false, reason: 'checking', name: late.name };
}

/**
 * Removes the papers that are not handed in: of questions that don't apply any more, and of things that were taken out. `before`: the ids of
 * those that were handed in before, which stay.
 */
export async function dropOthers(
  papers: CasePapers,
  unit: Unit,
  { id, office }: Which,
  files: readonly FileAt[],
  before: ReadonlySet<string> = new Set(),
): Promise<void> {
  const space = { office, case: id };
  const named = new Set([...before, ...files.map(({ file }) => file.document)]);
  const there = await papers.list(unit.tx, space);
  const others = there.filter((each) => each.kind === 'inbox' && !named.has(each.id));
  await papers.remove(
    unit,
    space,
    others.map((each) => each.id),
  );
}
