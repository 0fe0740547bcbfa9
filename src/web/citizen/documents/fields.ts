/** The field of a line's file. */
export const fileField = (line: string): string => `file-${line || 'other'}`;
