import type { Value } from '../types.ts';

/**
 * Returns the written chat of an office without a procedure. A topic that was about that procedure alone goes, with the prepared answers that
 * were for that topic alone; an answer that was taken from its page loses its source.
 */
export function chatWithout({ topics, answers, ...rest }: Value, code: string): Value {
  const left = Object.entries((topics ?? {}) as Record<string, Value>).flatMap(([key, topic]) => {
    const procedures = (topic.procedures as string[]).filter((each) => each !== code);
    return procedures.length > 0 ? [[key, { ...topic, procedures }] as const] : [];
  });
  const isLeft = (key: string) => left.some(([each]) => each === key);
  const kept = Object.entries((answers ?? {}) as Record<string, Value>).flatMap(([key, answer]) => {
    const { procedure, topics: its, ...more } = answer;
    const of = ((its ?? []) as string[]).filter(isLeft);
    if (of.length === 0 && ((its ?? []) as string[]).length > 0) return [];
    const source = procedure !== undefined && procedure !== code ? { procedure } : {};
    return [[key, { ...more, ...source, ...(of.length > 0 && { topics: of }) }] as const];
  });
  return {
    ...rest,
    ...(topics !== undefined && { topics: Object.fromEntries(left) }),
    ...(answers !== undefined && { answers: Object.fromEntries(kept) }),
  };
}
