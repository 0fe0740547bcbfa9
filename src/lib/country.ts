/** ISO 3166-1 alpha-2: whose telephone numbers are read and said without a prefix. */
export const COUNTRY = 'ES';
/** What its numbers begin with in E.164. */
export const CALLING_CODE = '+34';
