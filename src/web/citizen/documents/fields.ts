/** Returns the name of a line's file field. */
export const fileField = (line: string): string => `file-${line || 'other'}`;
