/** What is filled in in an answer. */
export interface AnswerFacts {
  reference: string;
  /** Of whoever sent the request; empty: unknown. */
  name: string;
  /** The name of the type, in the language of the answer. */
  type: string;
}

/** Returns the text of an answer with its blanks filled in. Where nobody knows the name, the greeting goes without it: "Hello, {name}:" is "Hello:". */
export function answerFrom(text: string, facts: AnswerFacts): string {
  const named = facts.name === '' ? text.replaceAll(/,?[ \u00a0]*\{name\}/g, '') : text;
  return named.replaceAll(
    /\{(reference|name|type)\}/g,
    (_, blank: keyof AnswerFacts) => facts[blank],
  );
}
