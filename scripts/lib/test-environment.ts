/**
 * What tests and the programs that they start find in the environment, whatever machine they run on: a browser writes names with accents by the locale, PostgreSQL sorts by it,
 * and Node words and compares by it. Tests about time zones name theirs.
 */
export const TEST_ENVIRONMENT = {
  LANG: 'C.UTF-8',
  LC_ALL: 'C.UTF-8',
  LANGUAGE: 'en',
  TZ: 'UTC',
} as const;
