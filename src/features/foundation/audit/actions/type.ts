/** Actions of one area: whether each changes something or shows something, and what it means. */
export type Actions = Record<string, { kind: 'deed' | 'look'; means: string }>;
