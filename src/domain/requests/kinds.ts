/** What somebody may write to the town about, without a form. */
export const REQUEST_KINDS = ['complaint', 'suggestion', 'incident', 'question', 'thanks'] as const;

export type RequestKind = (typeof REQUEST_KINDS)[number];
