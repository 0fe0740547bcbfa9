import { feeBefore } from '../../../../domain/form/fee.ts';
import { isSigned, levelOf, obstaclesTo, type SigningWay } from '../../../../domain/form/online.ts';
import type { Office } from '../../../../domain/office/types.ts';
import type { Forms } from '../../../foundation/forms/service.ts';
import type { PublishedForm } from '../../../foundation/forms/types.ts';
import { canGive } from '../../../foundation/identification/rules.ts';
import type { Identification } from '../../../foundation/identification/service.ts';

/** What the town has today to finish forms with. */
export interface Means {
  identification: Pick<Identification, 'offered'>;
  payments: { isOpen(): Promise<boolean> };
  signatures: { ways(): Promise<SigningWay[]> };
}

type Deps = Means & { forms: Pick<Forms, 'current'> };

/**
 * Returns the form of a procedure that can be finished today; null: it has none, something in it can't be done here yet, or nobody gives the
 * level that it demands. Whoever begins a case asks this first: its applicant, an official in an encounter, another system.
 */
export async function finishableForm(
  deps: Deps,
  office: Office,
  procedure: string,
): Promise<PublishedForm | null> {
  const form = await deps.forms.current(office, procedure);
  return form && (await isFinishable(deps, form)) ? form : null;
}

/** Returns the forms of an office's procedures that can be finished today, by the code of the procedure. */
export async function finishableForms(
  deps: Deps,
  office: Office,
): Promise<ReadonlyMap<string, PublishedForm>> {
  const means = askedOnce(deps);
  const found = await Promise.all(
    office.procedures.map(
      async ({ code }) =>
        [code, await finishableForm({ ...means, forms: deps.forms }, office, code)] as const,
    ),
  );
  return new Map(found.flatMap(([code, form]) => (form ? [[code, form] as const] : [])));
}

async function isFinishable(
  { identification, payments, signatures }: Means,
  { form }: PublishedForm,
): Promise<boolean> {
  const takesPayments = feeBefore(form).kind !== 'none' && (await payments.isOpen());
  const signs = isSigned(form) ? await signatures.ways() : [];
  if (obstaclesTo(form, { takesPayments, signs }).length > 0) return false;
  const level = levelOf(form);
  if (level === 'none') return true;
  return (await identification.offered()).some((each) => canGive(each, level));
}

/** Returns means that are asked at most once, for all forms of an office. */
function askedOnce({ identification, payments, signatures }: Means): Means {
  return {
    identification: { offered: once(() => identification.offered()) },
    payments: { isOpen: once(() => payments.isOpen()) },
    signatures: { ways: once(() => signatures.ways()) },
  };
}

function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | null = null;
  return () => {
    asked ??= ask();
    return asked;
  };
}
